/* The gated recurrent unit: see recur/gru.h for the equations.

   Kept of a step: r, z, n, and q (reset after) or s (before). Backward leaves the gradients of the
   inputs of r, z and n, and in the place of q that of q; s stays.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include <recur/gru.h>

#define VIEWS KERNEL(parameters, views)

#ifndef RECUR_FLOAT
recur_network recur_gru(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_GRU, input_size, hidden_size);
}

/* The parts of W_hh, and the groups of a row of gates. */
enum { PART_RZ, PART_N };
enum { GROUP_N = 2, GROUP_LAST = 3 };
#endif

static void KERNEL(gru, gates_backward)(const STEP *s, size_t first, size_t last) {
  s->isa->gru_backward(s, first, last);
}

/* dU_n += da_n x^T, where da_n is in `group`, and as much for r and z. */
static void KERNEL(gru, add_gradients)(const STEP *s, size_t group, const MATRIX *x,
                                       const VIEWS *dp, bool descending) {
  const MATRIX *dW = &dp->part[RK_WEIGHT_HH], *db = &dp->part[RK_BIAS_HH];
  const bool normalized = s->cell->layer_norm;
  const MATRIX da_n = KERNEL(cell, group)(s, group);
  const MATRIX dv_rz = normalized ? s->products : s->gates;
  const MATRIX dv_n =
      normalized ? KERNEL(matrix, columns)(&s->products, 2 * s->group, s->group) : da_n;
  KERNEL(cell, add_gradients)(s, &s->gates, &dv_rz, 2, &s->h_in, dW, db, 0, descending);
  KERNEL(cell, add_gradients)(s, &da_n, &dv_n, 1, x, dW, db, 2 * s->m.size2, descending);
}

/* Reset after the product */

/* What b_hn is added to differs from what b_in is, since the reset gate stands between. */
static void KERNEL(gru, biases)(const STEP *s, const VIEWS *p) {
  const REAL *b_ih = p->part[RK_BIAS_IH].data, *b_hh = p->part[RK_BIAS_HH].data;
  const size_t H = s->m.size2;
  KERNEL(cell, biases)(s, p);
  for (size_t k = 0; s->cell->bias && k < H; k++) {
    s->bias[GROUP_N * s->group + k] = b_ih[2 * H + k];
    s->bias[GROUP_LAST * s->group + k] = b_hh[2 * H + k];
  }
}

/* q = U_n h + b_hn */
static void KERNEL(gru, forward)(const STEP *s, size_t first, size_t last) {
  MATRIX rz = s->gates, q = KERNEL(cell, group)(s, GROUP_LAST);
  const REAL *bias = s->bias + GROUP_LAST * s->group;
  KERNEL(cell, recurrent_forward)(s, PART_RZ, &s->h_in, rz.data, rz.tda, &rz, first, last);
  KERNEL(cell, recurrent_forward)(s, PART_N, &s->h_in, bias, 0, &q, first, last);
  s->isa->gru_forward(s, first, last);
}

/* dh_prev = dh o z + U_n^T dq + U_r^T da_r + U_z^T da_z, the first of which is there. */
static void KERNEL(gru, state_backward)(const STEP *s, size_t first, size_t last) {
  const MATRIX dq = KERNEL(cell, group)(s, GROUP_LAST);
  MATRIX dh = s->dh;
  KERNEL(cell, recurrent_backward)(s, PART_N, &dq, true, &dh, first, last);
  KERNEL(cell, recurrent_backward)(s, PART_RZ, &s->gates, true, &dh, first, last);
}

static void KERNEL(gru, gradients)(const STEP *s, const VIEWS *dp, bool descending) {
  KERNEL(gru, add_gradients)(s, GROUP_LAST, &s->h_in, dp, descending);
}

const KERNEL(cell, functions) KERNEL(gru, functions) = {
    .parts = {{0, 2}, {2, 1}},
    .biases = KERNEL(gru, biases),
    .forward = {{KERNEL(gru, forward), false}},
    .backward = {{KERNEL(gru, gates_backward), false}, {KERNEL(gru, state_backward), true}},
    .products = KERNEL(cell, products),
    .gradients = KERNEL(gru, gradients),
};

/* Reset before the product */

/* s = r o h */
static MATRIX KERNEL(gru_before, reset_state)(const STEP *s) {
  return KERNEL(matrix, columns)(&s->gates, GROUP_LAST * s->group, s->m.size2);
}

static void KERNEL(gru_before, reset)(const STEP *s, size_t first, size_t last) {
  MATRIX rz = s->gates;
  KERNEL(cell, recurrent_forward)(s, PART_RZ, &s->h_in, rz.data, rz.tda, &rz, first, last);
  s->isa->gru_reset(s, first, last);
}

static void KERNEL(gru_before, update)(const STEP *s, size_t first, size_t last) {
  const MATRIX reset = KERNEL(gru_before, reset_state)(s);
  MATRIX n = KERNEL(cell, group)(s, GROUP_N);
  KERNEL(cell, recurrent_forward)(s, PART_N, &reset, n.data, n.tda, &n, first, last);
  s->isa->gru_update(s, first, last);
}

/* ds = U_n^T da_n */
static void KERNEL(gru_before, reset_backward)(const STEP *s, size_t first, size_t last) {
  const MATRIX da_n = KERNEL(cell, group)(s, GROUP_N);
  MATRIX ds = s->scratch;
  KERNEL(cell, recurrent_backward)(s, PART_N, &da_n, false, &ds, first, last);
  s->isa->gru_reset_backward(s, first, last);
}

/* dh_prev = dh o z + ds o r + U_r^T da_r + U_z^T da_z, the first two of which are there. */
static void KERNEL(gru_before, state_backward)(const STEP *s, size_t first, size_t last) {
  MATRIX dh = s->dh;
  KERNEL(cell, recurrent_backward)(s, PART_RZ, &s->gates, true, &dh, first, last);
}

static void KERNEL(gru_before, products)(const STEP *s, const VIEWS *p) {
  const MATRIX reset = KERNEL(gru_before, reset_state)(s), *weight = &p->part[RK_WEIGHT_HH];
  KERNEL(cell, products_of)(s, weight, &s->h_in, 0, 2);
  KERNEL(cell, products_of)(s, weight, &reset, 2, 1);
}

static void KERNEL(gru_before, gradients)(const STEP *s, const VIEWS *dp, bool descending) {
  const MATRIX reset = KERNEL(gru_before, reset_state)(s);
  KERNEL(gru, add_gradients)(s, GROUP_N, &reset, dp, descending);
}

const KERNEL(cell, functions) KERNEL(gru_before, functions) = {
    .parts = {{0, 2}, {2, 1}},
    .biases = KERNEL(cell, biases),
    .forward = {{KERNEL(gru_before, reset), false}, {KERNEL(gru_before, update), false}},
    .backward = {{KERNEL(gru, gates_backward), false},
                 {KERNEL(gru_before, reset_backward), false},
                 {KERNEL(gru_before, state_backward), true}},
    .products = KERNEL(gru_before, products),
    .gradients = KERNEL(gru_before, gradients),
};

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "gru.c"
#endif
