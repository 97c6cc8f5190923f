/* The residual cell: see recur/residual.h for the equations.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include <recur/residual.h>

#ifndef RECUR_FLOAT
recur_network recur_residual(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_RESIDUAL, input_size, hidden_size);
}
#endif

/* h = h_prev + phi(a) */
static void KERNEL(residual, forward)(const STEP *s, size_t first, size_t last) {
  MATRIX a = s->gates;
  KERNEL(cell, recurrent_forward)(s, 0, &s->h_in, a.data, a.tda, &a, first, last);
  s->isa->residual_forward(s, first, last);
}

/* dh_prev = dh + W_hh^T da */
static void KERNEL(residual, state_backward)(const STEP *s, size_t first, size_t last) {
  MATRIX dh = s->dh;
  KERNEL(cell, recurrent_backward)(s, 0, &s->gates, true, &dh, first, last);
}

/* da = dh o phi'(a) */
static void KERNEL(residual, gate_backward)(const STEP *s, size_t first, size_t last) {
  s->isa->rnn_backward(s, first, last);
}

const KERNEL(cell, functions) KERNEL(residual, functions) = {
    .parts = {{0, 1}},
    .biases = KERNEL(cell, biases),
    .forward = {{KERNEL(residual, forward), false}},
    .backward = {{KERNEL(residual, gate_backward), false},
                 {KERNEL(residual, state_backward), true}},
    .gradients = KERNEL(cell, gradients),
};

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "residual.c"
#endif
