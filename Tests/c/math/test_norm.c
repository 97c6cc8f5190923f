/* The norms of dL/dh_t from recur_network_backward, also where their squares overflow or underflow.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/problem_oracle.h"

/* dL/dh_t by its definition: the effect of a small change of one h_t on the loss. */
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

/* A gradient with a known norm. */
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
  /* Squares that almost underflow, next to others that do not. */
  const rk_real root = (rk_real)sqrt(smallest), mixed[] = {root, root, root, root};
  check_norm(mixed, 4, 2 * (wide)root);
  const rk_real too_large[] = {largest, largest, -largest};
  check_norm(too_large, 3, (wide)INFINITY);
  const rk_real infinite[] = {1, (rk_real)-INFINITY};
  check_norm(infinite, 2, (wide)INFINITY);
  /* A pass reads a subnormal number as zero. */
  const rk_real subnormal[] = {smallest / 2};
  check_norm(subnormal, 1, 0);
}

int main(void) {
  check_begin();
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
