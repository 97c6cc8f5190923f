/* The options of a network: comparing them and checking them.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_OPTIONS_H
#define RK_OPTIONS_H

#include <recur/network.h>

/* Whether two networks have the same sizes and options. */
bool rk_same_network(const recur_network *a, const recur_network *b);

/* GSL_EINVAL for a value out of range or an option that the cell does not have. */
int rk_check_network(const char *function, const recur_network *network);

/* For a training pass, besides: GSL_EUNIMPL for an activation whose slope its value does not tell.
 */
int rk_check_trainable(const char *function, const recur_network *network);

/* Whether a training pass draws masks. */
bool rk_draws_masks(const recur_network *network);

#endif
