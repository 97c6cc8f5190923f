/* Initialized parameters and matrices.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef INITIALIZATIONS_H
#define INITIALIZATIONS_H

#include "support/matrices.h"

#include <recur/lstm.h>
#include <recur/parameters.h>

static const uint64_t seed = 0x0123456789abcdef;
static const recur_scheme schemes[] = {RECUR_SCHEME_ZEROS, RECUR_SCHEME_UNIFORM,
                                       RECUR_SCHEME_GLOROT, RECUR_SCHEME_ORTHOGONAL,
                                       RECUR_SCHEME_BLOCK_ORTHOGONAL};

static inline recur_initialization all_of(recur_scheme scheme) {
  return (recur_initialization){.input = scheme,
                                .recurrent = scheme,
                                .bias = scheme == RECUR_SCHEME_ZEROS ? RECUR_SCHEME_ZEROS
                                                                     : RECUR_SCHEME_UNIFORM,
                                .seed = seed};
}

/* An LSTM with all kinds of slices. */
static inline recur_network large_lstm(size_t I, size_t H, size_t P) {
  recur_network n = recur_lstm(I, H);
  n.layers = 3;
  n.directions = 2;
  n.cell.peepholes = true;
  n.cell.projection_size = P;
  return n;
}

static inline gsl_vector new_theta(const recur_network *n) {
  size_t slices = 0, numbers = 0;
  CHECK(recur_parameters_count(n, RECUR_LAYOUT_PYTORCH, &slices, &numbers) == GSL_SUCCESS);
  return (gsl_vector){.size = numbers, .stride = 1, .data = new_matrix(numbers, 1, 1)->data};
}

static inline gsl_vector initialized(const recur_network *n, const recur_initialization *how) {
  gsl_vector theta = new_theta(n);
  CHECK(recur_parameters_initialize(n, how, &theta) == GSL_SUCCESS);
  return theta;
}

static inline gsl_matrix view(const recur_network *n, gsl_vector *theta, const char *name) {
  gsl_matrix slice = {0};
  CHECK(recur_parameters_view(n, theta, name, &slice) == GSL_SUCCESS);
  return slice;
}

static inline gsl_matrix *new_matrix_of(recur_scheme scheme, size_t rows, size_t columns,
                                        uint32_t stream) {
  gsl_matrix *m = new_padded(rows, columns);
  CHECK(recur_matrix_initialize(scheme, 4, seed, stream, m) == GSL_SUCCESS);
  return m;
}

#endif
