/* A linear layer with all its arguments, and the same computation in plain loops, from the
   equations in recur/linear.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef LINEAR_PROBLEM_H
#define LINEAR_PROBLEM_H

#include "support/matrices.h"

#include <recur/linear.h>

enum { NO_BIAS = 1, NO_DX = 2, NO_DP = 4, NO_DW = 8, NO_DB = 16, NOTHING_OPTIONAL = 31 };

/* Optional pointers may be set to NULL. */
typedef struct {
  size_t N, I, O;
  recur_linear_parameters p, gradients, *dp;
  gsl_matrix *x, *y, *dy, *dx;
} linear_layer;

static inline linear_layer new_layer(size_t N, size_t I, size_t O, int absent) {
  const gsl_vector no_vector = {0};
  const gsl_matrix no_matrix = {0};
  linear_layer q = {
      .N = N,
      .I = I,
      .O = O,
      .p = {*new_random(O, I, 1), new_random_vector(O)},
      .gradients = {*new_random(O, I, 1), new_random_vector(O)},
      .x = new_random(N, I, 1),
      .y = new_padded(N, O),
      .dy = new_random(N, O, 1),
      .dx = absent & NO_DX ? NULL : new_padded(N, I),
  };
  if (absent & NO_BIAS)
    q.p.bias = no_vector;
  if (absent & NO_DW)
    q.gradients.weight = no_matrix;
  if (absent & NO_DB)
    q.gradients.bias = no_vector;
  return q;
}

static inline size_t layer_operations(const linear_layer *q) {
  return q->N + q->I + q->O + 8;
}

static inline wide naive_layer(const linear_layer *q, wide *y) {
  wide magnitude = 0;
  for (size_t n = 0; n < q->N; n++)
    for (size_t o = 0; o < q->O; o++) {
      wide sum = q->p.bias.data ? q->p.bias.data[o * q->p.bias.stride] : 0;
      for (size_t i = 0; i < q->I; i++) {
        const wide term = (wide)AT(&q->p.weight, o, i) * AT(q->x, n, i);
        check_see(&magnitude, term);
        sum += term;
      }
      y[n * q->O + o] = sum;
      check_see(&magnitude, sum);
    }
  return magnitude;
}

/* Checks the gradients after `times` backward passes. dy is given in wide precision, with the
   magnitude of the terms that it is a sum of. */
static inline void check_gradients(const linear_layer *q, const wide *dy, unsigned times,
                                   size_t operations, wide magnitude) {
  const size_t N = q->N, I = q->I, O = q->O;
  wide *dx = wide_new(N * I), *dW = wide_new(O * I), *db = wide_new(O);
  for (size_t n = 0; n < N; n++)
    for (size_t o = 0; o < O; o++) {
      const wide d = dy[n * O + o];
      db[o] += d;
      check_see(&magnitude, d);
      for (size_t i = 0; i < I; i++) {
        dx[n * I + i] += AT(&q->p.weight, o, i) * d;
        dW[o * I + i] += d * AT(q->x, n, i);
      }
    }
  if (q->dx != NULL)
    CHECK(is_near(q->dx, dx, operations, magnitude));
  if (q->dp == NULL)
    return;
  const gsl_matrix bias = as_column(&q->dp->bias);
  if (q->dp->weight.data != NULL)
    CHECK(grew_by(&q->dp->weight, times, dW, operations, magnitude));
  if (bias.data != NULL)
    CHECK(grew_by(&bias, times, db, operations, magnitude));
}

/* Whether all arguments except the outputs of a backward pass are untouched. */
static inline bool layer_inputs_untouched(const linear_layer *q) {
  const gsl_matrix bias = as_column(&q->p.bias);
  return untouched(&q->p.weight) && (bias.data == NULL || untouched(&bias)) && untouched(q->x) &&
         untouched(q->dy);
}

#endif
