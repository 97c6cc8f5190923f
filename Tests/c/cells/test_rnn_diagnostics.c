/* recur_network_backward's norms of dL/dh_t, also where their squares overflow or vanish, and
   recur_rnn_error_terms.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/check.h"
#include "support/network_problem.h"

/* dL/dh_t by its definition: what a small change of one h_t does to the loss. */
static void test_norms(const recur_network *network, bool ragged) {
  problem q;
  new_problem(&q, network, 3, 3, 0);
  q.batch.lengths = ragged ? new_lengths(3, 3) : NULL;
  q.batch.seed = check_random_bits();
  note(&q, "norms");
  run_both(&q);
  oracle o = oracle_of(&q);
  const size_t rows = q.L * q.D * q.T * q.B;
  number *nudges = o.nudges = new_numbers(rows * q.P);
  wide *norms = wide_new(rows), magnitude = 1;
  for (size_t row = 0; row < rows; row++) {
    for (size_t k = 0; k < q.P; k++) {
      nudges[row * q.P + k] = tiny * _Complex_I;
      oracle_forward(&o);
      const wide dh = cimagl(loss_of(&q, &o)) / tiny;
      norms[row] += dh * dh;
      nudges[row * q.P + k] = 0;
    }
    norms[row] = sqrtl(norms[row]);
    check_see(&magnitude, norms[row]);
  }
  CHECK(is_near(q.dh_norms, norms, operations(&q), magnitude));
  end_problem(&q);
}

/* One gradient of some size; its norm is known. */
static void check_norm(const rk_real *dh, size_t H, wide expected) {
  const recur_network network = recur_rnn(1, H);
  problem q;
  new_problem(&q, &network, 1, 2, 0);
  check_note("norm of %zu about %Lg", H, expected);
  fill(q.dy, 0);
  q.dhT = NULL;
  for (size_t k = 0; k < H; k++)
    AT(q.dy, 1, k) = dh[k];
  run_both(&q);
  CHECK(AT(q.dh_norms, 0, 0) == 0);
  if (expected > RK_REAL_MAX)
    CHECK(isinf(AT(q.dh_norms, 0, 1)));
  else
    CHECK(fabsl(AT(q.dh_norms, 0, 1) - expected) <=
          check_tolerance(H + 3, RK_REAL_EPSILON, expected));
  end_problem(&q);
}

static void test_extreme_norms(void) {
  const rk_real huge = sizeof(rk_real) == sizeof(double) ? (rk_real)1e200 : (rk_real)1e30;
  const rk_real small = 1 / huge, largest = RK_REAL_MAX, smallest = RK_REAL_MIN;
  const rk_real scales[] = {1, huge, -huge, small, -small, largest / 16, smallest * 1024};
  for (size_t k = 0; k < COUNT(scales); k++) {
    const rk_real s = scales[k], dh[] = {3 * s, -4 * s, 12 * s, 0};
    check_norm(dh, 3, 13 * fabsl(s));
    check_norm(dh, 4, 13 * fabsl(s));
  }
  /* Squares that all but vanish beside others that do not. */
  const rk_real root = (rk_real)sqrt(smallest), mixed[] = {root, root, root, root};
  check_norm(mixed, 4, 2 * (wide)root);
  const rk_real too_large[] = {largest, largest, -largest};
  check_norm(too_large, 3, (wide)INFINITY);
  const rk_real infinite[] = {1, (rk_real)-INFINITY};
  check_norm(infinite, 2, (wide)INFINITY);
  const rk_real one[] = {smallest / 2};
  check_norm(one, 1, (wide)smallest / 2);
}

/* W_hh of a network of one layer. */
static gsl_matrix weight_hh(const problem *q) {
  return (gsl_matrix){
      .size1 = q->H, .size2 = q->H, .tda = q->H, .data = q->parameters.data + q->H * q->I};
}

/* phi' where phi(z) = h */
static wide slope(const recur_activation *phi, wide h) {
  return phi->kind == RECUR_ACTIVATION_TANH ? 1 - h * h : h > 0 ? 1 : phi->alpha;
}

/* delta_{t,k} of one t by the recursion, from the h in the problem. */
static wide *naive_error_terms(const problem *q, size_t t, const gsl_matrix *dh_t,
                               wide *magnitude) {
  const size_t B = q->B, H = q->H;
  const gsl_matrix W = weight_hh(q);
  wide *delta = wide_new((t + 1) * B * H);
  for (size_t step = t + 1; step-- > 0;)
    for (size_t b = 0; b < B; b++)
      for (size_t k = 0; k < H; k++) {
        const size_t row = step * B + b;
        wide dh = step == t ? AT(dh_t, b, k) : 0;
        for (size_t j = 0; step < t && j < H; j++)
          dh += AT(&W, j, k) * delta[(row + B) * H + j];
        delta[row * H + k] = dh * slope(&q->network.cell.f, AT(q->y, row, k));
        check_see(magnitude, dh);
      }
  return delta;
}

/* Summed over t, the error terms are the dz of back-propagation, and give its gradients: equations
   6.39 to 6.41 of the book that recur/rnn.h names, literally. */
static void check_sums(const problem *q, const wide *dz_sums, wide magnitude) {
  const size_t B = q->B, I = q->I, H = q->H, n = q->T * operations(q);
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
  const gsl_matrix all = as_column(&q->gradients);
  CHECK(grew_by(&all, 1, dtheta, n, magnitude));
}

static void test_error_terms(size_t T, size_t B, recur_activation phi) {
  recur_network network = recur_rnn(2, 3);
  network.cell.f = phi;
  problem q;
  new_problem(&q, &network, T, B, 0);
  q.dhT = NULL;
  CHECK(forward(&q) == GSL_SUCCESS);
  const gsl_matrix W = weight_hh(&q);
  wide *sums = wide_new(T * B * q.H), magnitude = 1;
  for (size_t t = 0; t < T; t++) {
    const gsl_matrix dh_t = rows_of(q.dy, t * B, B);
    gsl_matrix *delta = new_padded((t + 1) * B, q.H);
    remember();
    CHECK(recur_rnn_error_terms(&W, &phi, q.y, t, &dh_t, delta) == GSL_SUCCESS);
    CHECK(untouched(q.y) && untouched(q.dy) && untouched(&W));
    const wide *expected = naive_error_terms(&q, t, &dh_t, &magnitude);
    CHECK(is_near(delta, expected, (t + 1) * (q.H + 8), magnitude));
    for (size_t i = 0; i < (t + 1) * B * q.H; i++)
      sums[i] += AT(delta, i / q.H, i % q.H);
  }
  remember();
  CHECK(backward(&q) == GSL_SUCCESS);
  check_sums(&q, sums, magnitude);
  end_problem(&q);
}

int main(void) {
  check_begin();
  static const recur_activation functions[] = {{RECUR_ACTIVATION_TANH, 0, 0},
                                               {RECUR_ACTIVATION_RELU, 0, 0},
                                               {RECUR_ACTIVATION_LEAKY_RELU, 0.3, 0}};
  for (size_t k = 0; k < COUNT(functions); k++)
    for (size_t T = 1; T <= 5; T++)
      for (size_t B = 0; B <= 3; B++)
        test_error_terms(T, B, functions[k]);
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      recur_network network = network_case(k, 2, 3, 2, D);
      network.dropout = 0.25;
      test_norms(&network, false);
      test_norms(&network, true);
    }
  test_extreme_norms();
  return check_end();
}
