/* Networks with the options that determine the layout of parameters.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef LAYOUT_NETWORKS_H
#define LAYOUT_NETWORKS_H

#include "support/matrices.h"

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/parameters.h>
#include <recur/residual.h>
#include <recur/rnn.h>

static const recur_layout layouts[] = {RECUR_LAYOUT_PYTORCH, RECUR_LAYOUT_ONNX, RECUR_LAYOUT_KERAS,
                                       RECUR_LAYOUT_ONEDNN};

enum {
  NO_BIAS = 1,
  BEFORE = 2,
  PEEPHOLES = 4,
  COUPLED = 8,
  PROJECTION = 16,
  OPTIONS = 32,
  NORMALIZED = 32
};

static inline recur_network make(recur_cell_kind kind, size_t I, size_t H, int options) {
  recur_network (*const constructors[])(size_t, size_t) = {recur_rnn, recur_residual, recur_gru,
                                                           recur_lstm};
  recur_network n = constructors[kind](I, H);
  n.cell.bias = !(options & NO_BIAS);
  n.cell.reset = options & BEFORE ? RECUR_RESET_BEFORE : RECUR_RESET_AFTER;
  n.cell.peepholes = options & PEEPHOLES;
  n.cell.coupled_gates = options & COUPLED;
  n.cell.projection_size = options & PROJECTION ? H - 1 : 0;
  n.cell.layer_normalization = options & NORMALIZED;
  return n;
}

/* A parameter vector with stride 1, in a guarded matrix of one column. */
static inline gsl_vector new_theta(const recur_network *n, recur_layout layout) {
  size_t slices = 0, numbers = 0;
  CHECK(recur_parameters_count(n, layout, &slices, &numbers) == GSL_SUCCESS);
  return (gsl_vector){.size = numbers, .stride = 1, .data = new_matrix(numbers, 1, 1)->data};
}

static inline void fill_bits(const gsl_vector *v) {
  for (size_t i = 0; i < v->size; i++) {
    const uint64_t bits = check_random_bits();
    memcpy(&v->data[i], &bits, sizeof(rk_real));
  }
}

#endif
