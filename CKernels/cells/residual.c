/* The residual cell: see recur/residual.h for the equations.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include <recur/residual.h>

/* h = h_prev + phi(a) */
static void residual_phase_forward(const rk_forward_step *s, size_t first, size_t last) {
  gsl_matrix a = s->gates;
  rk_cell_recurrent_forward(s, 0, &s->h_in, a.data, a.tda, &a, first, last);
  s->layer.kernels->residual_gate(s, first, last);
}

/* dh_prev = dh + W_hh^T da */
static void residual_phase_state_backward(const rk_backward_step *s, size_t first, size_t last) {
  gsl_matrix dh = s->dh;
  rk_cell_recurrent_backward(s, 0, &s->gates, true, &dh, first, last);
}

/* da = dh o phi'(a) */
static void residual_phase_gate_backward(const rk_backward_step *s, size_t first, size_t last) {
  s->layer.kernels->rnn_gate_backward(s, first, last);
}

static void residual_run(const rk_forward_run *r) {
  r->layer.kernels->residual_run(r);
}

const rk_cell_functions rk_residual_functions = {
    .ranges = {{0, 1}},
    .set_constants = rk_cell_set_constants,
    .run = residual_run,
    .forward = {{residual_phase_forward, false}},
    .backward = {{residual_phase_gate_backward, false}, {residual_phase_state_backward, true}},
    .gradients = rk_cell_gradients,
};
