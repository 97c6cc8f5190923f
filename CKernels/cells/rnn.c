/* The simple recurrent cell: see recur/rnn.h for the equations.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"
#include "math/activation.h"
#include "math/product.h"

#include <recur/rnn.h>

#ifndef RECUR_FLOAT
recur_network recur_rnn(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_RNN, input_size, hidden_size);
}
#endif

/* h = phi(a) */
static void KERNEL(rnn, forward)(const STEP *s, size_t first, size_t last) {
  MATRIX a = s->gates;
  KERNEL(cell, recurrent_forward)(s, 0, &s->h_in, a.data, a.tda, &a, first, last);
  s->isa->rnn_forward(s, first, last);
}

/* da = dh o phi'(a) */
static void KERNEL(rnn, gate_backward)(const STEP *s, size_t first, size_t last) {
  s->isa->rnn_backward(s, first, last);
}

/* dh_prev = W_hh^T da */
static void KERNEL(rnn, state_backward)(const STEP *s, size_t first, size_t last) {
  MATRIX dh = s->dh;
  KERNEL(cell, recurrent_backward)(s, 0, &s->gates, false, &dh, first, last);
}

const KERNEL(cell, functions) KERNEL(rnn, functions) = {
    .parts = {{0, 1}},
    .biases = KERNEL(cell, biases),
    .forward = {{KERNEL(rnn, forward), false}},
    .backward = {{KERNEL(rnn, gate_backward), false}, {KERNEL(rnn, state_backward), true}},
    .gradients = KERNEL(cell, gradients),
};

/* Diagnostics */

int RECUR(rnn, error_terms)(const MATRIX *weight_hh, const recur_activation *phi, const MATRIX *h,
                            size_t t, const MATRIX *dh_t, MATRIX *delta) {
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
    const MATRIX h_k = KERNEL(matrix, rows)(h, k * B, B);
    MATRIX delta_k = KERNEL(matrix, rows)(delta, k * B, B);
    if (k < t) {
      const MATRIX next = KERNEL(matrix, rows)(delta, (k + 1) * B, B);
      KERNEL(product, nn)(&next, weight_hh, 0, &delta_k);
    }
    KERNEL(activation, backward_rows)(phi, &h_k, k < t ? &delta_k : dh_t, &delta_k);
  }
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "rnn.c"
#endif
