/* The gated recurrent unit: see recur/gru.h for the equations.

   Stored for each step: r, z, n, and q (reset after) or s (reset before). Backward replaces r, z
   and n by the gradients of their inputs, and q by its gradient; s stays.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include <recur/gru.h>

/* The indices of the ranges, and of gates in a row. */
enum { RANGE_RZ, RANGE_N };
enum { GATE_N = 2, GATE_FOURTH = 3 };

static void gru_phase_gates_backward(const rk_backward_step *s, size_t first, size_t last) {
  s->layer.kernels->gru_gates_backward(s, first, last);
}

/* dU_n += da_n x^T, where da_n are the gradients of `gate`; likewise for r and z, with h_in. */
static void gru_add_gradients(const rk_backward_step *s, size_t gate, const gsl_matrix *x,
                              const rk_parameter_views *dp, bool descending) {
  const gsl_matrix *dW = &dp->matrix[RK_WEIGHT_HH], *db = &dp->matrix[RK_BIAS_HH];
  const bool normalized = s->layer.cell->layer_normalization;
  const gsl_matrix da_n = rk_cell_gate(&s->layer, &s->gates, gate);
  const gsl_matrix dv_rz = normalized ? s->products : s->gates;
  const gsl_matrix dv_n = normalized ? rk_cell_gate(&s->layer, &s->products, GATE_N) : da_n;
  rk_cell_add_gradients(s, &s->gates, &dv_rz, 2, &s->h_in, dW, db, 0, descending);
  rk_cell_add_gradients(s, &da_n, &dv_n, 1, x, dW, db, GATE_N * s->layer.H, descending);
}

/* Reset after the product */

/* b_in and b_hn are not added up, because the reset gate acts between them. */
static void gru_set_constants(const rk_layer_constants *layer, const rk_parameter_views *p) {
  const rk_real *b_ih = p->matrix[RK_BIAS_IH].data, *b_hh = p->matrix[RK_BIAS_HH].data;
  const size_t H = layer->H;
  rk_cell_set_constants(layer, p);
  for (size_t k = 0; layer->cell->bias && k < H; k++) {
    layer->bias[GATE_N * layer->gate_stride + k] = b_ih[GATE_N * H + k];
    layer->bias[GATE_FOURTH * layer->gate_stride + k] = b_hh[GATE_N * H + k];
  }
}

/* q = U_n h + b_hn */
static void gru_phase_forward(const rk_forward_step *s, size_t first, size_t last) {
  gsl_matrix rz = s->gates, q = rk_cell_gate(&s->layer, &s->gates, GATE_FOURTH);
  const rk_real *bias = s->layer.bias + GATE_FOURTH * s->layer.gate_stride;
  rk_cell_recurrent_forward(s, RANGE_RZ, &s->h_in, rz.data, rz.tda, &rz, first, last);
  rk_cell_recurrent_forward(s, RANGE_N, &s->h_in, bias, 0, &q, first, last);
  s->layer.kernels->gru_gates(s, first, last);
}

/* dh_prev = dh o z + U_n^T dq + U_r^T da_r + U_z^T da_z; dh already has the first term. */
static void gru_phase_state_backward(const rk_backward_step *s, size_t first, size_t last) {
  const gsl_matrix dq = rk_cell_gate(&s->layer, &s->gates, GATE_FOURTH);
  gsl_matrix dh = s->dh;
  rk_cell_recurrent_backward(s, RANGE_N, &dq, true, &dh, first, last);
  rk_cell_recurrent_backward(s, RANGE_RZ, &s->gates, true, &dh, first, last);
}

static void gru_gradients(const rk_backward_step *s, const rk_parameter_views *dp,
                          bool descending) {
  gru_add_gradients(s, GATE_FOURTH, &s->h_in, dp, descending);
}

static void gru_run(const rk_forward_run *r) {
  r->layer.kernels->gru_run(r);
}

const rk_cell_functions rk_gru_functions = {
    .ranges = {{0, 2}, {2, 1}},
    .set_constants = gru_set_constants,
    .run = gru_run,
    .forward = {{gru_phase_forward, false}},
    .backward = {{gru_phase_gates_backward, false}, {gru_phase_state_backward, true}},
    .products = rk_cell_products,
    .gradients = gru_gradients,
};

/* Reset before the product */

/* s = r o h */
static gsl_matrix gru_before_reset_state(const rk_layer_constants *layer, const gsl_matrix *gates) {
  return rk_matrix_columns(gates, GATE_FOURTH * layer->gate_stride, layer->H);
}

static void gru_before_phase_reset(const rk_forward_step *s, size_t first, size_t last) {
  gsl_matrix rz = s->gates;
  rk_cell_recurrent_forward(s, RANGE_RZ, &s->h_in, rz.data, rz.tda, &rz, first, last);
  s->layer.kernels->gru_reset_gates(s, first, last);
}

static void gru_before_phase_update(const rk_forward_step *s, size_t first, size_t last) {
  const gsl_matrix reset = gru_before_reset_state(&s->layer, &s->gates);
  gsl_matrix n = rk_cell_gate(&s->layer, &s->gates, GATE_N);
  rk_cell_recurrent_forward(s, RANGE_N, &reset, n.data, n.tda, &n, first, last);
  s->layer.kernels->gru_candidate(s, first, last);
}

/* ds = U_n^T da_n */
static void gru_before_phase_reset_backward(const rk_backward_step *s, size_t first, size_t last) {
  const gsl_matrix da_n = rk_cell_gate(&s->layer, &s->gates, GATE_N);
  gsl_matrix ds = s->scratch;
  rk_cell_recurrent_backward(s, RANGE_N, &da_n, false, &ds, first, last);
  s->layer.kernels->gru_reset_gate_backward(s, first, last);
}

/* dh_prev = dh o z + ds o r + U_r^T da_r + U_z^T da_z; dh already has the first two terms. */
static void gru_before_phase_state_backward(const rk_backward_step *s, size_t first, size_t last) {
  gsl_matrix dh = s->dh;
  rk_cell_recurrent_backward(s, RANGE_RZ, &s->gates, true, &dh, first, last);
}

static void gru_before_products(const rk_backward_step *s, const rk_parameter_views *p) {
  const gsl_matrix reset = gru_before_reset_state(&s->layer, &s->gates),
                   *weight = &p->matrix[RK_WEIGHT_HH];
  rk_cell_products_of(s, weight, &s->h_in, 0, 2);
  rk_cell_products_of(s, weight, &reset, 2, 1);
}

static void gru_before_gradients(const rk_backward_step *s, const rk_parameter_views *dp,
                                 bool descending) {
  const gsl_matrix reset = gru_before_reset_state(&s->layer, &s->gates);
  gru_add_gradients(s, GATE_N, &reset, dp, descending);
}

const rk_cell_functions rk_gru_before_functions = {
    .ranges = {{0, 2}, {2, 1}},
    .set_constants = rk_cell_set_constants,
    .forward = {{gru_before_phase_reset, false}, {gru_before_phase_update, false}},
    .backward = {{gru_phase_gates_backward, false},
                 {gru_before_phase_reset_backward, false},
                 {gru_before_phase_state_backward, true}},
    .products = gru_before_products,
    .gradients = gru_before_gradients,
};
