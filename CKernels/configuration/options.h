/* Comparing and checking the options of a network.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_OPTIONS_H
#define RK_OPTIONS_H

#include <recur/network.h>

/* The names of recur_weight_storage. */
extern const char *const rk_storage_names[];

/* Whether two networks have the same sizes and options. */
bool rk_same_network(const recur_network *a, const recur_network *b);

/* Returns GSL_EINVAL for a value out of range or an option that the cell does not support. */
int rk_check_network(const char *function, const recur_network *network);

/* The additional check for training: returns GSL_EUNIMPL for an activation whose slope cannot be
   computed from its value, and for a storage other than full. */
int rk_check_trainable(const char *function, const recur_network *network);

/* Whether a training pass draws masks. */
bool rk_draws_masks(const recur_network *network);

#endif
