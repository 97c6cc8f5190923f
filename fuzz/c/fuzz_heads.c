/* Output layers: linear, softmax and cross-entropy, forward and backward. Labels may be out of
   range.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "numbers.h"
#include "target.h"

typedef struct {
  size_t N, I, O;
  numbers values;
  bool bounded;
  recur_linear_parameters p, dp;
  gsl_matrix x, y, dy, dx;
} head;

/* Parameters in one vector, or in views of their own. */
static recur_linear_parameters take_parameters(reader *r, head *q) {
  recur_linear_parameters p = {0};
  const unsigned byte = take_byte(r);
  if (byte % 4 == 0) {
    const gsl_vector theta = random_vector(&q->values, q->O * q->I + q->O, 1);
    REQUIRE(CALL(recur_linear_parameters_view, (&theta, q->I, q->O, &p)));
    size_t count = 0;
    REQUIRE(CALL(recur_linear_parameters_count, (q->I, q->O, &count)) && count == theta.size);
  } else {
    p.weight = random_matrix(r, &q->values, q->O, q->I);
    p.bias = random_vector(&q->values, q->O, 1 + byte / 8 % 3);
  }
  if (byte % 8 >= 6)
    p.bias = (gsl_vector){.size = q->O, .stride = 1};
  return p;
}

static void take_head(reader *r, head *q) {
  const size_t N = take_size(r) - 1, I = take_size(r), O = take_size(r);
  *q = (head){.N = N, .I = I, .O = O};
  q->values = take_numbers(r);
  q->bounded = !q->values.special;
  q->p = take_parameters(r, q);
  q->dp = take_parameters(r, q);
  q->x = random_matrix(r, &q->values, q->N, q->I);
  q->y = arena_matrix(r, q->N, q->O);
  q->dy = random_matrix(r, &q->values, q->N, q->O);
  q->dx = arena_matrix(r, q->N, q->I);
}

/* Each row alone has bit-identical results. */
static void check_row(reader *r, const head *q,
                      int (*forward)(const recur_linear_parameters *, const gsl_matrix *,
                                     gsl_matrix *)) {
  if (q->N == 0)
    return;
  const size_t i = take_below(r, q->N);
  const gsl_matrix x = {.size1 = 1, .size2 = q->I, .tda = q->I, .data = q->x.data + i * q->x.tda};
  const gsl_matrix row = {.size1 = 1, .size2 = q->O, .tda = q->O, .data = q->y.data + i * q->y.tda};
  gsl_matrix y = arena_matrix(r, 1, q->O);
  REQUIRE(forward(&q->p, &x, &y) == GSL_SUCCESS);
  REQUIRE(same_numbers(&row, &y));
}

/* Gradients of parameters may be absent, and dx may be NULL. */
static const recur_linear_parameters *take_gradients(reader *r, head *q, gsl_matrix **dx) {
  const unsigned byte = take_byte(r);
  *dx = byte % 4 == 3 ? NULL : &q->dx;
  if (byte / 4 % 4 == 3)
    q->dp.weight = (gsl_matrix){0};
  return byte / 16 % 4 == 3 ? NULL : &q->dp;
}

static void linear(reader *r, head *q) {
  gsl_matrix *dx;
  const recur_linear_parameters *dp = take_gradients(r, q, &dx);
  REQUIRE(CALL(recur_linear_forward, (&q->p, &q->x, &q->y)));
  check_row(r, q, recur_linear_forward);
  REQUIRE(CALL(recur_linear_backward, (&q->p, &q->x, &q->dy, dx, dp)));
  if (q->bounded)
    REQUIRE(all_finite(&q->y) && (dx == NULL || all_finite(dx)));
}

/* Probabilities are from 0 to 1, and their sum is 1 up to rounding. */
static void check_probabilities(const head *q) {
  for (size_t i = 0; q->bounded && i < q->N; i++) {
    double sum = 0;
    for (size_t j = 0; j < q->O; j++) {
      const double y = (double)q->y.data[i * q->y.tda + j];
      REQUIRE(y >= 0 && y <= 1);
      sum += y;
    }
    REQUIRE(fabs(sum - 1) <= 4 * (double)(q->O + 1) * RK_REAL_EPSILON);
  }
}

static void softmax(reader *r, head *q) {
  gsl_matrix *dx;
  const recur_linear_parameters *dp = take_gradients(r, q, &dx);
  REQUIRE(CALL(recur_softmax_forward, (&q->p, &q->x, &q->y)));
  check_row(r, q, recur_softmax_forward);
  check_probabilities(q);
  size_t bytes = 0;
  REQUIRE(CALL(recur_softmax_workspace_bytes, (q->N, q->O, &bytes)) && bytes > 0);
  recur_softmax_workspace *w = recur_softmax_workspace_alloc(q->N, q->O);
  REQUIRE(ALLOCATED(w, recur_softmax_workspace_alloc));
  REQUIRE(CALL(recur_softmax_backward, (&q->p, &q->x, &q->y, &q->dy, dx, dp, w)));
  if (q->bounded && dx != NULL)
    REQUIRE(all_finite(dx));
  recur_softmax_workspace_free(w);
}

/* N labels. *valid becomes false if one is out of range. */
static gsl_vector_int take_labels(reader *r, const head *q, bool *valid) {
  const size_t stride = 1 + take_below(r, 3);
  int *data = arena_take(q->N, 1, stride, sizeof(int), 0);
  *valid = true;
  for (size_t i = 0; i < q->N; i++) {
    const unsigned byte = take_byte(r);
    const bool wild = byte >= 252;
    data[i * stride] = byte == 255   ? INT_MIN
                       : byte == 254 ? INT_MAX
                       : byte == 253 ? (int)q->O
                       : byte == 252 ? -1
                                     : (int)(byte % q->O);
    *valid = *valid && !wild;
  }
  return (gsl_vector_int){.size = q->N, .stride = stride, .data = data};
}

static void cross_entropy(reader *r, head *q) {
  bool valid;
  gsl_matrix *dx;
  const recur_linear_parameters *dp = take_gradients(r, q, &dx);
  const gsl_vector_int labels = take_labels(r, q, &valid);
  gsl_vector loss = arena_vector(q->N, 1 + take_below(r, 3));
  const gsl_vector dloss = random_vector(&q->values, q->N, 1 + take_below(r, 3));
  REQUIRE(CALL(recur_softmax_cross_entropy_forward, (&q->p, &q->x, &labels, &q->y, &loss)) ==
          valid);
  recur_softmax_workspace *w = recur_softmax_workspace_alloc(q->N, q->O);
  REQUIRE(ALLOCATED(w, recur_softmax_workspace_alloc));
  REQUIRE(CALL(recur_softmax_cross_entropy_backward,
               (&q->p, &q->x, &labels, &q->y, &dloss, dx, dp, w)) == valid);
  recur_softmax_workspace_free(w);
  if (!valid || !q->bounded)
    return;
  check_probabilities(q);
  for (size_t i = 0; i < q->N; i++) {
    const rk_real one = loss.data[i * loss.stride];
    REQUIRE(isfinite(one) && one >= 0);
  }
}

static void fuzz(reader *r) {
  static void (*const heads[])(reader *, head *) = {linear, softmax, cross_entropy};
  void (*const run)(reader *, head *) = heads[take_below(r, COUNT(heads))];
  head q;
  take_head(r, &q);
  run(r, &q);
}

#include "entry.h"
