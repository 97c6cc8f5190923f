/* The gated recurrent unit: see recur/gru.h for the equations.

   Kept of a step: r, z, n, and q (reset after) or s (before). Backward leaves the gradients of the
   inputs of r, z and n, and in the place of q that of q; s stays.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include <recur/gru.h>

/* The parts of W_hh, and the groups of a row of gates. */
enum { PART_RZ, PART_N };
enum { GROUP_N = 2, GROUP_LAST = 3 };

static void gru_phase_gates_backward(const rk_step *s, size_t first, size_t last) {
  s->isa->gru_gates_backward(s, first, last);
}

/* dU_n += da_n x^T, where da_n is in `group`, and as much for r and z. */
static void gru_add_gradients(const rk_step *s, size_t group, const gsl_matrix *x,
                              const rk_parameter_views *dp, bool descending) {
  const gsl_matrix *dW = &dp->part[RK_WEIGHT_HH], *db = &dp->part[RK_BIAS_HH];
  const bool normalized = s->cell->layer_norm;
  const gsl_matrix da_n = rk_cell_gate_columns(s, group);
  const gsl_matrix dv_rz = normalized ? s->products : s->gates;
  const gsl_matrix dv_n =
      normalized ? rk_matrix_columns(&s->products, 2 * s->group, s->group) : da_n;
  rk_cell_add_gradients(s, &s->gates, &dv_rz, 2, &s->h_in, dW, db, 0, descending);
  rk_cell_add_gradients(s, &da_n, &dv_n, 1, x, dW, db, 2 * s->m.size2, descending);
}

/* Reset after the product */

/* What b_hn is added to differs from what b_in is, since the reset gate stands between. */
static void gru_biases(const rk_step *s, const rk_parameter_views *p) {
  const rk_real *b_ih = p->part[RK_BIAS_IH].data, *b_hh = p->part[RK_BIAS_HH].data;
  const size_t H = s->m.size2;
  rk_cell_biases(s, p);
  for (size_t k = 0; s->cell->bias && k < H; k++) {
    s->bias[GROUP_N * s->group + k] = b_ih[2 * H + k];
    s->bias[GROUP_LAST * s->group + k] = b_hh[2 * H + k];
  }
}

/* q = U_n h + b_hn */
static void gru_phase_forward(const rk_step *s, size_t first, size_t last) {
  gsl_matrix rz = s->gates, q = rk_cell_gate_columns(s, GROUP_LAST);
  const rk_real *bias = s->bias + GROUP_LAST * s->group;
  rk_cell_recurrent_forward(s, PART_RZ, &s->h_in, rz.data, rz.tda, &rz, first, last);
  rk_cell_recurrent_forward(s, PART_N, &s->h_in, bias, 0, &q, first, last);
  s->isa->gru_gates(s, first, last);
}

/* dh_prev = dh o z + U_n^T dq + U_r^T da_r + U_z^T da_z, the first of which is there. */
static void gru_phase_state_backward(const rk_step *s, size_t first, size_t last) {
  const gsl_matrix dq = rk_cell_gate_columns(s, GROUP_LAST);
  gsl_matrix dh = s->dh;
  rk_cell_recurrent_backward(s, PART_N, &dq, true, &dh, first, last);
  rk_cell_recurrent_backward(s, PART_RZ, &s->gates, true, &dh, first, last);
}

static void gru_gradients(const rk_step *s, const rk_parameter_views *dp, bool descending) {
  gru_add_gradients(s, GROUP_LAST, &s->h_in, dp, descending);
}

const rk_cell_functions rk_gru_functions = {
    .parts = {{0, 2}, {2, 1}},
    .biases = gru_biases,
    .forward = {{gru_phase_forward, false}},
    .backward = {{gru_phase_gates_backward, false}, {gru_phase_state_backward, true}},
    .products = rk_cell_products,
    .gradients = gru_gradients,
};

/* Reset before the product */

/* s = r o h */
static gsl_matrix gru_before_reset_state(const rk_step *s) {
  return rk_matrix_columns(&s->gates, GROUP_LAST * s->group, s->m.size2);
}

static void gru_before_phase_reset(const rk_step *s, size_t first, size_t last) {
  gsl_matrix rz = s->gates;
  rk_cell_recurrent_forward(s, PART_RZ, &s->h_in, rz.data, rz.tda, &rz, first, last);
  s->isa->gru_reset_gates(s, first, last);
}

static void gru_before_phase_update(const rk_step *s, size_t first, size_t last) {
  const gsl_matrix reset = gru_before_reset_state(s);
  gsl_matrix n = rk_cell_gate_columns(s, GROUP_N);
  rk_cell_recurrent_forward(s, PART_N, &reset, n.data, n.tda, &n, first, last);
  s->isa->gru_candidate(s, first, last);
}

/* ds = U_n^T da_n */
static void gru_before_phase_reset_backward(const rk_step *s, size_t first, size_t last) {
  const gsl_matrix da_n = rk_cell_gate_columns(s, GROUP_N);
  gsl_matrix ds = s->scratch;
  rk_cell_recurrent_backward(s, PART_N, &da_n, false, &ds, first, last);
  s->isa->gru_reset_gate_backward(s, first, last);
}

/* dh_prev = dh o z + ds o r + U_r^T da_r + U_z^T da_z, the first two of which are there. */
static void gru_before_phase_state_backward(const rk_step *s, size_t first, size_t last) {
  gsl_matrix dh = s->dh;
  rk_cell_recurrent_backward(s, PART_RZ, &s->gates, true, &dh, first, last);
}

static void gru_before_products(const rk_step *s, const rk_parameter_views *p) {
  const gsl_matrix reset = gru_before_reset_state(s), *weight = &p->part[RK_WEIGHT_HH];
  rk_cell_products_of(s, weight, &s->h_in, 0, 2);
  rk_cell_products_of(s, weight, &reset, 2, 1);
}

static void gru_before_gradients(const rk_step *s, const rk_parameter_views *dp, bool descending) {
  const gsl_matrix reset = gru_before_reset_state(s);
  gru_add_gradients(s, GROUP_N, &reset, dp, descending);
}

const rk_cell_functions rk_gru_before_functions = {
    .parts = {{0, 2}, {2, 1}},
    .biases = rk_cell_biases,
    .forward = {{gru_before_phase_reset, false}, {gru_before_phase_update, false}},
    .backward = {{gru_phase_gates_backward, false},
                 {gru_before_phase_reset_backward, false},
                 {gru_before_phase_state_backward, true}},
    .products = gru_before_products,
    .gradients = gru_before_gradients,
};
