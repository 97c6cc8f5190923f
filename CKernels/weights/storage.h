/* The storage of matrices in inference: what can be stored, and the rounding.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_STORAGE_H
#define RK_STORAGE_H

#include "weights/parameters.h"

/* Checks that this precision supports the storage of a network. */
int rk_check_storage(const char *function, const recur_network *network);

/* Checks that the matrices can be rounded to the storage of their network, which is the node of a
   model, or has the name NULL. */
int rk_check_storable(const char *function, const char *node, const recur_network *network,
                      const gsl_vector *theta);

#endif
