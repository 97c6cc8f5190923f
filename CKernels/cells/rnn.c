/* The simple recurrent cell: see recur/rnn.h for the equations.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/environment.h"
#include "cells/cell.h"
#include "configuration/activations.h"
#include "math/activation.h"
#include "math/product.h"

#include <recur/rnn.h>

/* h = phi(a) */
static void rnn_phase_forward(const rk_forward_step *s, size_t first, size_t last) {
  gsl_matrix a = s->gates;
  rk_cell_recurrent_forward(s, 0, &s->h_in, a.data, a.tda, &a, first, last);
  s->layer.kernels->rnn_gate(s, first, last);
}

/* da = dh o phi'(a) */
static void rnn_phase_gate_backward(const rk_backward_step *s, size_t first, size_t last) {
  s->layer.kernels->rnn_gate_backward(s, first, last);
}

/* dh_prev = W_hh^T da */
static void rnn_phase_state_backward(const rk_backward_step *s, size_t first, size_t last) {
  gsl_matrix dh = s->dh;
  rk_cell_recurrent_backward(s, 0, &s->gates, false, &dh, first, last);
}

static void rnn_run(const rk_forward_run *r) {
  r->layer.kernels->rnn_run(r);
}

const rk_cell_functions rk_rnn_functions = {
    .ranges = {{0, 1}},
    .set_constants = rk_cell_set_constants,
    .run = rnn_run,
    .forward = {{rnn_phase_forward, false}},
    .backward = {{rnn_phase_gate_backward, false}, {rnn_phase_state_backward, true}},
    .gradients = rk_cell_gradients,
};

/* Diagnostics */

int recur_rnn_error_terms(const gsl_matrix *weight_hh, const recur_activation *phi,
                          const gsl_matrix *h, size_t t, const gsl_matrix *dh_t,
                          gsl_matrix *delta) {
  RK_COMPUTES;
  RK_REQUIRE(weight_hh);
  RK_REQUIRE(phi);
  RK_REQUIRE(h);
  RK_REQUIRE(dh_t);
  RK_TRY(rk_check_activation(__func__, "phi", phi));
  RK_TRY(rk_check_slope(__func__, "phi", phi));
  const size_t H = weight_hh->size1, B = dh_t->size1;
  RK_TRY(rk_check_size(__func__, "H", H, 1));
  if (B > 0 && t >= h->size1 / B)
    return rk_fail(GSL_EINVAL, __func__, "t", "is %zu, expected less than T = %zu", t,
                   h->size1 / B);
  const size_t rows = B == 0 ? 0 : (t + 1) * B;
  const operand operands[] = {
      REQUIRED(matrix, INPUT, weight_hh, H, H),
      REQUIRED(matrix, INPUT, h, h->size1, H),
      REQUIRED(matrix, INPUT, dh_t, B, H),
      REQUIRED(matrix, OUTPUT, delta, rows, H),
  };
  RK_CHECK(operands);
  for (size_t k = rows == 0 ? 0 : t + 1; k-- > 0;) {
    const gsl_matrix h_k = rk_matrix_rows(h, k * B, B);
    gsl_matrix delta_k = rk_matrix_rows(delta, k * B, B);
    if (k < t) {
      const gsl_matrix next = rk_matrix_rows(delta, (k + 1) * B, B);
      rk_product_nn(&next, weight_hh, 0, &delta_k);
    }
    rk_activation_gradient(phi, &h_k, k < t ? &delta_k : dh_t, &delta_k);
  }
  return GSL_SUCCESS;
}
