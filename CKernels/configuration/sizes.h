/* The sizes that follow from the description of a network.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_SIZES_H
#define RK_SIZES_H

#include <recur/network.h>

typedef struct {
  size_t I, H, L, D;
  size_t P;        /* size of h */
  size_t G;        /* gates */
  size_t K;        /* values that a step stores for each unit: the gates first, without c */
  bool cell_state; /* whether there is c */
} rk_sizes;

/* The network must have passed rk_check_network. */
rk_sizes rk_sizes_of(const recur_network *network);

/* The input size of a layer: I, above the first layer D * P. */
size_t rk_layer_input(const rk_sizes *sizes, size_t layer);

#endif
