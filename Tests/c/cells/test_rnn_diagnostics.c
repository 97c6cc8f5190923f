/* recur_network_backward's norms of dL/dh_t, also where their squares overflow or vanish, and
   recur_rnn_error_terms.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/network_problem.h"

/* dL/dh_t by its definition: what a small change of one h_t does to the loss. */
static void NAME(test_norms)(const recur_network *network, bool ragged) {
  NAME(problem) q;
  NAME(new_problem)(&q, network, 3, 3, 0);
  q.batch.lengths = ragged ? new_lengths(3, 3) : NULL;
  q.batch.seed = check_random_bits();
  NAME(note)(&q, "norms");
  NAME(run_both)(&q);
  oracle o = NAME(oracle_of)(&q);
  const size_t rows = q.L * q.D * q.T * q.B;
  number *nudges = o.nudges = new_numbers(rows * q.P);
  wide *norms = wide_new(rows), magnitude = 1;
  for (size_t row = 0; row < rows; row++) {
    for (size_t k = 0; k < q.P; k++) {
      nudges[row * q.P + k] = tiny * _Complex_I;
      oracle_forward(&o);
      const wide dh = cimagl(NAME(loss)(&q, &o)) / tiny;
      norms[row] += dh * dh;
      nudges[row * q.P + k] = 0;
    }
    norms[row] = sqrtl(norms[row]);
    check_see(&magnitude, norms[row]);
  }
  CHECK(NAME(is)(q.dh_norms, norms, NAME(operations)(&q), magnitude));
  NAME(end_problem)(&q);
}

/* One gradient of some size; its norm is known. */
static void NAME(check_norm)(const REAL *dh, size_t H, wide expected) {
  const recur_network network = recur_rnn(1, H);
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 1, 2, 0);
  check_note("%s norm of %zu about %Lg", TEXT(REAL), H, expected);
  NAME(fill)(q.dy, 0);
  q.dhT = NULL;
  for (size_t k = 0; k < H; k++)
    AT(q.dy, 1, k) = dh[k];
  NAME(run_both)(&q);
  CHECK(AT(q.dh_norms, 0, 0) == 0);
  if (expected > LARGEST)
    CHECK(isinf(AT(q.dh_norms, 0, 1)));
  else
    CHECK(fabsl(AT(q.dh_norms, 0, 1) - expected) <= check_tolerance(H + 3, EPSILON, expected));
  NAME(end_problem)(&q);
}

static void NAME(test_extreme_norms)(void) {
  const REAL huge = sizeof(REAL) == sizeof(double) ? (REAL)1e200 : (REAL)1e30;
  const REAL small = 1 / huge, largest = LARGEST, smallest = SMALLEST;
  const REAL scales[] = {1, huge, -huge, small, -small, largest / 16, smallest * 1024};
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

/* W_hh of a network of one layer. */
static MATRIX NAME(weight_hh)(const NAME(problem) * q) {
  return (MATRIX){
      .size1 = q->H, .size2 = q->H, .tda = q->H, .data = q->parameters.data + q->H * q->I};
}

/* phi' where phi(z) = h */
static wide NAME(slope)(const recur_activation *phi, wide h) {
  return phi->kind == RECUR_ACTIVATION_TANH ? 1 - h * h : h > 0 ? 1 : phi->alpha;
}

/* delta_{t,k} of one t by the recursion, from the h in the problem. */
static wide *NAME(naive_error_terms)(const NAME(problem) * q, size_t t, const MATRIX *dh_t,
                                     wide *magnitude) {
  const size_t B = q->B, H = q->H;
  const MATRIX W = NAME(weight_hh)(q);
  wide *delta = wide_new((t + 1) * B * H);
  for (size_t step = t + 1; step-- > 0;)
    for (size_t b = 0; b < B; b++)
      for (size_t k = 0; k < H; k++) {
        const size_t row = step * B + b;
        wide dh = step == t ? AT(dh_t, b, k) : 0;
        for (size_t j = 0; step < t && j < H; j++)
          dh += AT(&W, j, k) * delta[(row + B) * H + j];
        delta[row * H + k] = dh * NAME(slope)(&q->network.cell.f, AT(q->y, row, k));
        check_see(magnitude, dh);
      }
  return delta;
}

/* Summed over t, the error terms are the dz of back-propagation, and give its gradients: equations
   6.39 to 6.41 of the book that recur/rnn.h names, literally. */
static void NAME(check_sums)(const NAME(problem) * q, const wide *dz_sums, wide magnitude) {
  const size_t B = q->B, I = q->I, H = q->H, n = q->T * NAME(operations)(q);
  wide *dtheta = wide_new(q->count), *dW_ih = dtheta, *dW_hh = dW_ih + H * I;
  wide *db_ih = dW_hh + H * H, *db_hh = db_ih + H;
  for (size_t row = 0; row < q->T * B; row++)
    for (size_t j = 0; j < H; j++) {
      const wide dz = dz_sums[row * H + j];
      db_ih[j] += dz;
      db_hh[j] += dz;
      for (size_t i = 0; i < I; i++)
        dW_ih[j * I + i] += dz * AT(q->x, row, i);
      for (size_t k = 0; k < H; k++)
        dW_hh[j * H + k] += dz * (row < B ? AT(q->h0, row, k) : AT(q->y, row - B, k));
      check_see(&magnitude, dz);
    }
  const MATRIX all = NAME(column)(&q->gradients);
  CHECK(NAME(grew_by)(&all, 1, dtheta, n, magnitude));
}

static void NAME(test_error_terms)(size_t T, size_t B, recur_activation phi) {
  recur_network network = recur_rnn(2, 3);
  network.cell.f = phi;
  NAME(problem) q;
  NAME(new_problem)(&q, &network, T, B, 0);
  q.dhT = NULL;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  const MATRIX W = NAME(weight_hh)(&q);
  wide *sums = wide_new(T * B * q.H), magnitude = 1;
  for (size_t t = 0; t < T; t++) {
    const MATRIX dh_t = NAME(rows)(q.dy, t * B, B);
    MATRIX *delta = NAME(new_padded)((t + 1) * B, q.H);
    NAME(remember)();
    CHECK(RECUR(rnn, error_terms)(&W, &phi, q.y, t, &dh_t, delta) == GSL_SUCCESS);
    CHECK(NAME(untouched)(q.y) && NAME(untouched)(q.dy) && NAME(untouched)(&W));
    const wide *expected = NAME(naive_error_terms)(&q, t, &dh_t, &magnitude);
    CHECK(NAME(is)(delta, expected, (t + 1) * (q.H + 8), magnitude));
    for (size_t i = 0; i < (t + 1) * B * q.H; i++)
      sums[i] += AT(delta, i / q.H, i % q.H);
  }
  NAME(remember)();
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  NAME(check_sums)(&q, sums, magnitude);
  NAME(end_problem)(&q);
}

static void NAME(run)(void) {
  static const recur_activation functions[] = {{RECUR_ACTIVATION_TANH, 0, 0},
                                               {RECUR_ACTIVATION_RELU, 0, 0},
                                               {RECUR_ACTIVATION_LEAKY_RELU, 0.3, 0}};
  for (size_t k = 0; k < COUNT(functions); k++)
    for (size_t T = 1; T <= 5; T++)
      for (size_t B = 0; B <= 3; B++)
        NAME(test_error_terms)(T, B, functions[k]);
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      recur_network network = network_case(k, 2, 3, 2, D);
      network.dropout = 0.25;
      NAME(test_norms)(&network, false);
      NAME(test_norms)(&network, true);
    }
  NAME(test_extreme_norms)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_rnn_diagnostics.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
