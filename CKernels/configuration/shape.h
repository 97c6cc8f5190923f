/* What a network's description says in numbers, and whether it is in order.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_SHAPE_H
#define RK_SHAPE_H

#include <recur/network.h>

/* How many cells there are. */
enum { RK_CELLS = RECUR_CELL_LSTM + 1 };

typedef struct {
  size_t I, H, L, D;
  size_t P;        /* size of h */
  size_t G;        /* gates */
  size_t K;        /* numbers that a step keeps for each unit, the gates first, cell state apart */
  bool cell_state; /* whether there is c */
} rk_shape;

/* Of a network that is in order. */
rk_shape rk_shape_of(const recur_network *network);

/* I or, above the first layer, D * P. */
size_t rk_layer_input(const rk_shape *shape, size_t layer);

/* Whether two networks have the same sizes and options. */
bool rk_same_network(const recur_network *a, const recur_network *b);

/* Whether a training pass draws masks. */
bool rk_draws_masks(const recur_network *network);

/* GSL_EINVAL for what is out of range or an option that the cell does not have. */
int rk_check_network(const char *function, const recur_network *network);

/* For a training pass, besides: GSL_EUNIMPL for an activation without a slope. */
int rk_check_trainable(const char *function, const recur_network *network);

/* The same for one activation. */
int rk_check_activation(const char *function, const char *argument, const recur_activation *a);
int rk_check_slope(const char *function, const char *argument, const recur_activation *a);

/* What the constructors begin with. */
recur_network rk_network(recur_cell_kind kind, size_t input_size, size_t hidden_size);

#endif
