/* Long short-term memory: see recur/lstm.h for the equations.

   Kept of a step: i, f, g, o (coupled: i, g, o), and c. Backward leaves the gradients of the gates'
   inputs in their places.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include "math/product.h"

#include <recur/lstm.h>

#define VIEWS KERNEL(parameters, views)

#ifndef RECUR_FLOAT
recur_network recur_lstm(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_LSTM, input_size, hidden_size);
}
#endif

static void KERNEL(lstm, forward)(const STEP *s, size_t first, size_t last) {
  MATRIX a = s->gates;
  KERNEL(cell, recurrent_forward)(s, 0, &s->h_in, a.data, a.tda, &a, first, last);
  s->isa->lstm_forward(s, first, last);
}

static void KERNEL(lstm, gates_backward)(const STEP *s, size_t first, size_t last) {
  s->isa->lstm_backward(s, first, last);
}

/* dh_prev = W_hh^T da */
static void KERNEL(lstm, state_backward)(const STEP *s, size_t first, size_t last) {
  MATRIX dh = s->dh;
  KERNEL(cell, recurrent_backward)(s, 0, &s->gates, false, &dh, first, last);
}

/* dp += the sum over rows of da o c */
static void KERNEL(lstm, add_peephole_gradient)(const STEP *s, size_t group, const MATRIX *c,
                                                bool descending, REAL *dp) {
  const MATRIX da = KERNEL(cell, group)(s, group);
  size_t first, last;
  rk_share(s->member, c->size2, RK_GRADIENT_GRAIN, &first, &last);
  for (size_t i = 0; i < c->size1; i++) {
    const size_t row = descending ? c->size1 - 1 - i : i;
    for (size_t k = first; k < last; k++)
      dp[k] += da.data[row * da.tda + k] * c->data[row * c->tda + k];
  }
}

/* i and f see c_{t-1}, o sees c_t. */
static void KERNEL(lstm, gradients)(const STEP *s, const VIEWS *dp, bool descending) {
  const size_t H = s->m.size2, out = s->cell->coupled ? 1 : 2;
  REAL *dpeephole = dp->part[RK_WEIGHT_PEEPHOLE].data;
  KERNEL(cell, gradients)(s, dp, descending);
  for (size_t g = 0; dpeephole != NULL && g < out; g++)
    KERNEL(lstm, add_peephole_gradient)(s, g, &s->c_prev, descending, dpeephole + g * H);
  if (dpeephole != NULL)
    KERNEL(lstm, add_peephole_gradient)(s, out + 1, &s->c, descending, dpeephole + out * H);
}

const KERNEL(cell, functions) KERNEL(lstm, functions) = {
    .parts = {{0, 4}},
    .biases = KERNEL(cell, biases),
    .forward = {{KERNEL(lstm, forward), false}},
    .backward = {{KERNEL(lstm, gates_backward), false}, {KERNEL(lstm, state_backward), true}},
    .products = KERNEL(cell, products),
    .gradients = KERNEL(lstm, gradients),
};

/* With a projection */

/* h = W_hr m */
static void KERNEL(lstm_projected, project)(const STEP *s, size_t first, size_t last) {
  MATRIX h = s->h;
  KERNEL(cell, multiply)(s, &s->weights->hr, &s->m, 1, NULL, 0, &h, first, last);
}

/* m, for dW_hr, and dm = W_hr^T dh */
static void KERNEL(lstm_projected, backward)(const STEP *s, size_t first, size_t last) {
  STEP of_m = *s;
  of_m.m = s->m_out;
  s->isa->lstm_output(&of_m, first, last);
  MATRIX dm = s->m;
  KERNEL(cell, multiply)(s, &s->weights->hr, &s->dh_out, 1, NULL, 0, &dm, first, last);
  s->isa->lstm_backward(s, first, last);
}

static void KERNEL(lstm_projected, gradients)(const STEP *s, const VIEWS *dp, bool descending) {
  const MATRIX dh = s->dh_out;
  KERNEL(lstm, gradients)(s, dp, descending);
  if (dp->part[RK_WEIGHT_HR].data == NULL)
    return;
  size_t first, last;
  rk_share(s->member, dh.size2, RK_GRADIENT_GRAIN, &first, &last);
  const MATRIX columns = KERNEL(matrix, columns)(&dh, first, last - first);
  MATRIX dW = KERNEL(matrix, rows)(&dp->part[RK_WEIGHT_HR], first, last - first);
  KERNEL(product, add_tn)(&columns, &s->m_out, descending, &dW);
}

const KERNEL(cell, functions) KERNEL(lstm_projected, functions) = {
    .parts = {{0, 4}},
    .biases = KERNEL(cell, biases),
    .forward = {{KERNEL(lstm, forward), false}, {KERNEL(lstm_projected, project), true}},
    .backward = {{KERNEL(lstm_projected, backward), false}, {KERNEL(lstm, state_backward), true}},
    .products = KERNEL(cell, products),
    .gradients = KERNEL(lstm_projected, gradients),
};

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "lstm.c"
#endif
