/* recur/network.h: single precision gives what double does, to its rounding.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/network_problem.h"

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network_precisions.c"

/* Numbers that both precisions have. */
static void copy_rounded(const gsl_matrix *from, const gsl_matrix_float *to) {
  for (size_t i = 0; from != NULL && i < from->size1; i++)
    for (size_t j = 0; j < from->size2; j++) {
      AT(to, i, j) = (float)AT(from, i, j);
      AT(from, i, j) = AT(to, i, j);
    }
}

static void compare(const gsl_matrix *a, const gsl_matrix_float *b, size_t n, wide magnitude) {
  wide worst = 0;
  for (size_t i = 0; a != NULL && i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++) {
      const wide difference = fabsl((wide)AT(a, i, j) - AT(b, i, j));
      if (!(difference <= worst))
        worst = difference;
    }
  CHECK(worst <= check_tolerance(n, FLT_EPSILON, magnitude));
}

static void test_twins(const recur_network *network) {
  double_problem q;
  float_problem r;
  double_new_problem(&q, network, 5, 4, 0);
  float_new_problem(&r, network, 5, 4, 0);
  q.batch.lengths = r.batch.lengths = new_lengths(5, 4);
  q.batch.seed = r.batch.seed = check_random_bits();
  const gsl_matrix theta = double_column(&q.parameters), dtheta = double_column(&q.gradients);
  const gsl_matrix_float theta_r = float_column(&r.parameters),
                         dtheta_r = float_column(&r.gradients);
  const gsl_matrix *const from[] = {&theta, &dtheta, q.x, q.h0, q.c0, q.dy, q.dhT, q.dcT};
  const gsl_matrix_float *const to[] = {&theta_r, &dtheta_r, r.x, r.h0, r.c0, r.dy, r.dhT, r.dcT};
  for (size_t k = 0; k < COUNT(from); k++)
    copy_rounded(from[k], to[k]);
  double_run_both(&q);
  float_run_both(&r);
  const gsl_matrix *const a[] = {&dtheta, q.y, q.hT, q.cT, q.dx, q.dh0, q.dc0, q.dh_norms};
  const gsl_matrix_float *const b[] = {&dtheta_r, r.y, r.hT, r.cT, r.dx, r.dh0, r.dc0, r.dh_norms};
  for (size_t k = 0; k < COUNT(a); k++)
    compare(a[k], b[k], q.B * double_operations(&q), double_largest(&q));
  double_end_problem(&q);
  float_end_problem(&r);
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      const recur_network network = with_random_options(network_case(k, 3, 4, 2, D), -1);
      test_twins(&network);
    }
  return check_end();
}
#endif
