/* Long short-term memory: see recur/lstm.h for the equations.

   Stored for each step: i, f, g, o (coupled: i, g, o), and c. Backward replaces the gates by the
   gradients of their inputs.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include "math/product.h"

#include <recur/lstm.h>
#include <string.h>

static void lstm_phase_forward(const rk_forward_step *s, size_t first, size_t last) {
  gsl_matrix a = s->gates;
  rk_cell_recurrent_forward(s, 0, &s->h_in, a.data, a.tda, &a, first, last);
  s->layer.kernels->lstm_gates(s, first, last);
}

static void lstm_phase_gates_backward(const rk_backward_step *s, size_t first, size_t last) {
  s->layer.kernels->lstm_gates_backward(s, first, last);
}

/* dh_prev = W_hh^T da */
static void lstm_phase_state_backward(const rk_backward_step *s, size_t first, size_t last) {
  gsl_matrix dh = s->dh;
  rk_cell_recurrent_backward(s, 0, &s->gates, false, &dh, first, last);
}

/* dp += the sum over rows of da o c */
static void lstm_add_peephole_gradient(const rk_backward_step *s, size_t gate, const gsl_matrix *c,
                                       bool descending, rk_real *dp) {
  const gsl_matrix da = rk_cell_gate(&s->layer, &s->gates, gate);
  size_t first, last;
  rk_share(s->thread, c->size2, RK_GRADIENT_GRAIN, &first, &last);
  for (size_t i = 0; i < c->size1; i++) {
    const size_t row = descending ? c->size1 - 1 - i : i;
    for (size_t k = first; k < last; k++)
      dp[k] += da.data[row * da.tda + k] * c->data[row * c->tda + k];
  }
}

/* The peepholes of i and f multiply c_{t-1}, that of o multiplies c_t. */
static void lstm_gradients(const rk_backward_step *s, const rk_parameter_views *dp,
                           bool descending) {
  const size_t H = s->layer.H, out = s->layer.cell->coupled_gates ? 1 : 2;
  rk_real *dpeephole = dp->matrix[RK_WEIGHT_PEEPHOLE].data;
  rk_cell_gradients(s, dp, descending);
  for (size_t g = 0; dpeephole != NULL && g < out; g++)
    lstm_add_peephole_gradient(s, g, &s->c_prev, descending, dpeephole + g * H);
  if (dpeephole != NULL)
    lstm_add_peephole_gradient(s, out + 1, &s->c, descending, dpeephole + out * H);
}

/* Peepholes, like biases, are gate_stride apart. */
static void lstm_set_constants(const rk_layer_constants *layer, const rk_parameter_views *p) {
  const gsl_matrix *peepholes = &p->matrix[RK_WEIGHT_PEEPHOLE];
  rk_cell_set_constants(layer, p);
  for (size_t g = 0; peepholes->data != NULL && g < peepholes->size1; g++)
    memcpy(layer->peepholes + g * layer->gate_stride, peepholes->data + g * peepholes->tda,
           layer->H * sizeof(rk_real));
}

static void lstm_run(const rk_forward_run *r) {
  r->layer.kernels->lstm_run(r);
}

const rk_cell_functions rk_lstm_functions = {
    .ranges = {{0, 4}},
    .set_constants = lstm_set_constants,
    .run = lstm_run,
    .forward = {{lstm_phase_forward, false}},
    .backward = {{lstm_phase_gates_backward, false}, {lstm_phase_state_backward, true}},
    .products = rk_cell_products,
    .gradients = lstm_gradients,
};

/* With a projection */

/* h = W_hr m */
static void lstm_projected_phase_project(const rk_forward_step *s, size_t first, size_t last) {
  gsl_matrix h = s->h;
  rk_cell_multiply(&s->layer, &s->layer.weights->hr, s->back, &s->m, 1, NULL, 0, &h, first, last);
}

/* Recomputes m, for dW_hr; dm = W_hr^T dh. */
static void lstm_projected_phase_backward(const rk_backward_step *s, size_t first, size_t last) {
  gsl_matrix dm = s->dm;
  s->layer.kernels->lstm_output(s, first, last);
  rk_cell_multiply(&s->layer, &s->layer.weights->hr, s->back, &s->dh_in, 1, NULL, 0, &dm, first,
                   last);
  s->layer.kernels->lstm_gates_backward(s, first, last);
}

static void lstm_projected_gradients(const rk_backward_step *s, const rk_parameter_views *dp,
                                     bool descending) {
  const gsl_matrix dh = s->dh_in;
  lstm_gradients(s, dp, descending);
  if (dp->matrix[RK_WEIGHT_HR].data == NULL)
    return;
  size_t first, last;
  rk_share(s->thread, dh.size2, RK_GRADIENT_GRAIN, &first, &last);
  const gsl_matrix columns = rk_matrix_columns(&dh, first, last - first);
  gsl_matrix dW = rk_matrix_rows(&dp->matrix[RK_WEIGHT_HR], first, last - first);
  rk_product_add_tn(&columns, &s->m, descending, &dW);
}

const rk_cell_functions rk_lstm_projected_functions = {
    .ranges = {{0, 4}},
    .set_constants = lstm_set_constants,
    .forward = {{lstm_phase_forward, false}, {lstm_projected_phase_project, true}},
    .backward = {{lstm_projected_phase_backward, false}, {lstm_phase_state_backward, true}},
    .products = rk_cell_products,
    .gradients = lstm_projected_gradients,
};
