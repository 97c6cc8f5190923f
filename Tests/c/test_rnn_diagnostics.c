/* recur/rnn.h: the norms of dL/dh_t, also where their squares overflow or vanish, and the error
   terms.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "check.h"
#include "precision.h"

#include "rnn_problem.h"

static void NAME(add)(const MATRIX *m, wide *sum) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      sum[i * m->size2 + j] += AT(m, i, j);
}

/* delta_{t,k} of one t by the recursion, from the h in the problem. */
static wide *NAME(naive_error_terms)(const NAME(problem) * q, size_t t, const MATRIX *dh_t,
                                     wide *magnitude) {
  const size_t B = q->B, H = q->H;
  wide *delta = wide_new((t + 1) * B * H);
  for (size_t step = t + 1; step-- > 0;)
    for (size_t b = 0; b < B; b++)
      for (size_t k = 0; k < H; k++) {
        const size_t row = step * B + b;
        wide dh = step == t ? AT(dh_t, b, k) : 0;
        for (size_t j = 0; step < t && j < H; j++)
          dh += AT(&q->p.weight_hh, j, k) * delta[(row + B) * H + j];
        const wide h = AT(q->h, row, k);
        delta[row * H + k] = dh * (q->phi == RECUR_TANH ? 1 - h * h : (h > 0 ? 1 : 0));
        check_see(magnitude, dh);
      }
  return delta;
}

/* Summed over t, the error terms are the dz of back-propagation, and give its gradients: equations
   6.39 to 6.41 of the book that recur/rnn.h names, literally. */
static void NAME(check_sums)(const NAME(problem) * q, const wide *dz_sums, wide magnitude) {
  const size_t B = q->B, I = q->I, H = q->H, n = q->T * NAME(backward_operations)(q);
  wide *dW_ih = wide_new(H * I), *dW_hh = wide_new(H * H), *db = wide_new(H);
  for (size_t row = 0; row < q->T * B; row++)
    for (size_t j = 0; j < H; j++) {
      const wide dz = dz_sums[row * H + j];
      db[j] += dz;
      for (size_t i = 0; i < I; i++)
        dW_ih[j * I + i] += dz * AT(q->x, row, i);
      for (size_t k = 0; k < H; k++)
        dW_hh[j * H + k] += dz * (row < B ? AT(q->h0, row, k) : AT(q->h, row - B, k));
      check_see(&magnitude, dz);
    }
  const MATRIX db_ih = NAME(column)(&q->dp->bias_ih), db_hh = NAME(column)(&q->dp->bias_hh);
  CHECK(NAME(grew_by)(&q->dp->weight_ih, 1, dW_ih, n, magnitude));
  CHECK(NAME(grew_by)(&q->dp->weight_hh, 1, dW_hh, n, magnitude));
  CHECK(NAME(grew_by)(&db_ih, 1, db, n, magnitude));
  CHECK(NAME(grew_by)(&db_hh, 1, db, n, magnitude));
}

static void NAME(test_error_terms)(size_t T, size_t B, recur_activation phi, recur_pass pass) {
  NAME(problem) q = NAME(new_problem)(T, B, 2, 3, phi);
  RECUR(rnn, workspace) *w = RECUR(rnn, alloc)(T, B, 2, 3, phi, pass);
  q.dp = &q.gradients;
  q.dhT = NULL;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  wide *sums = wide_new(T * B * q.H), magnitude = 0;
  for (size_t t = 0; t < T; t++) {
    const MATRIX dh_t = NAME(rows)(q.dh, t * B, B);
    MATRIX *delta = NAME(new_padded)((t + 1) * B, q.H);
    NAME(remember)();
    CHECK(RECUR(rnn, error_terms)(&q.p, q.h, t, &dh_t, delta, w) == GSL_SUCCESS);
    CHECK(NAME(untouched)(q.h) && NAME(untouched)(q.dh) && NAME(untouched)(&q.p.weight_hh));
    const wide *expected = NAME(naive_error_terms)(&q, t, &dh_t, &magnitude);
    CHECK(NAME(is)(delta, expected, (t + 1) * (q.H + 8), magnitude));
    NAME(add)(delta, sums);
  }
  NAME(remember)();
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  NAME(check_sums)(&q, sums, magnitude);
  RECUR(rnn, free)(w);
  NAME(end_problem)(&q);
}

/* One gradient of some size; its norm is known. */
static void NAME(check_norm)(const REAL *dh, size_t H, wide expected) {
  NAME(problem) q = NAME(new_problem)(1, 2, 1, H, RECUR_TANH);
  check_note("%s norm of %zu about %Lg", TEXT(REAL), H, expected);
  NAME(fill)(q.h, 0);
  NAME(fill)(q.dh, 0);
  q.dhT = NULL;
  for (size_t k = 0; k < H; k++)
    AT(q.dh, 1, k) = dh[k];
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  CHECK(AT(q.norms, 0, 0) == 0);
  if (expected > LARGEST)
    CHECK(isinf(AT(q.norms, 0, 1)));
  else
    CHECK(fabsl(AT(q.norms, 0, 1) - expected) <= check_tolerance(H + 3, EPSILON, expected));
  NAME(end_problem)(&q);
}

static void NAME(test_norms)(void) {
  const REAL huge = sizeof(REAL) == sizeof(double) ? (REAL)1e200 : (REAL)1e30;
  const REAL tiny = 1 / huge, largest = LARGEST, smallest = SMALLEST;
  const REAL scales[] = {1, huge, -huge, tiny, -tiny, largest / 16, smallest * 1024};
  for (size_t k = 0; k < COUNT(scales); k++) {
    const REAL s = scales[k], dh[] = {3 * s, -4 * s, 12 * s, 0};
    NAME(check_norm)(dh, 3, 13 * fabsl(s));
    NAME(check_norm)(dh, 4, 13 * fabsl(s));
  }
  /* Squares that all but vanish beside others that do not. */
  const REAL root = (REAL)sqrt(smallest), mixed[] = {root, root, root, root};
  NAME(check_norm)(mixed, 4, 2 * (wide)root);
  const REAL too_large[] = {largest, largest, -largest};
  NAME(check_norm)(too_large, 3, (wide)INFINITY);
  const REAL infinite[] = {1, (REAL)-INFINITY};
  NAME(check_norm)(infinite, 2, (wide)INFINITY);
  const REAL one[] = {smallest / 2};
  NAME(check_norm)(one, 1, (wide)smallest / 2);
}

static void NAME(run)(void) {
  static const recur_activation functions[] = {RECUR_TANH, RECUR_RELU};
  for (size_t k = 0; k < COUNT(functions); k++)
    for (size_t T = 1; T <= 5; T++)
      for (size_t B = 0; B <= 3; B++) {
        NAME(test_error_terms)(T, B, functions[k], RECUR_TRAINING);
        NAME(test_error_terms)(T, B, functions[k], RECUR_INFERENCE);
      }
  NAME(test_norms)();
}

#ifndef FLOAT_PASS
#include "switch_to_float.h"

#include "test_rnn_diagnostics.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
