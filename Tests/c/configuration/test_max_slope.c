/* The supremum of an activation's slope.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"

#include <float.h>
#include <math.h>
#include <recur/activation.h>
#include <recur/error.h>

static void test_suprema(void) {
  static const struct {
    recur_activation phi;
    double slope;
  } cases[] = {
      {{RECUR_ACTIVATION_TANH, 0, 0}, 1},
      {{RECUR_ACTIVATION_SIGMOID, 0, 0}, 0.25},
      {{RECUR_ACTIVATION_RELU, 0, 0}, 1},
      {{RECUR_ACTIVATION_IDENTITY, 0, 0}, 1},
      {{RECUR_ACTIVATION_AFFINE, -2, 5}, 2},
      {{RECUR_ACTIVATION_LEAKY_RELU, 0.5, 0}, 1},
      {{RECUR_ACTIVATION_LEAKY_RELU, 3, 0}, 3},
      {{RECUR_ACTIVATION_LEAKY_RELU, -3, 0}, 3},
      {{RECUR_ACTIVATION_THRESHOLDED_RELU, 2, 0}, 1},
      {{RECUR_ACTIVATION_SCALED_TANH, -0.5, 3}, 1.5},
      {{RECUR_ACTIVATION_HARD_SIGMOID, -0.5, 2}, 0.5},
      {{RECUR_ACTIVATION_ELU, 0.5, 0}, 1},
      {{RECUR_ACTIVATION_ELU, -3, 0}, 3},
      {{RECUR_ACTIVATION_SOFTSIGN, 0, 0}, 1},
      {{RECUR_ACTIVATION_SOFTPLUS, 0, 0}, 1},
      {{RECUR_ACTIVATION_HARD_TANH, -2, 3}, 1},
  };
  for (size_t k = 0; k < COUNT(cases); k++) {
    check_note("case %zu, function %d", k, (int)cases[k].phi.kind);
    CHECK(recur_activation_max_slope(&cases[k].phi) == cases[k].slope);
  }
}

/* s (1 + z (1 - s)), where s = sigmoid(z) and z = 2 coth(z / 2), which is solved by iteration. */
static void test_silu(void) {
  const recur_activation silu = recur_activation_default(RECUR_ACTIVATION_SILU);
  double z = 2;
  for (int k = 0; k < 100; k++)
    z = 2 / tanh(z / 2);
  const double s = 1 / (1 + exp(-z)), largest = s * (1 + z * (1 - s));
  CHECK(fabs(recur_activation_max_slope(&silu) - largest) <= 4 * DBL_EPSILON);
}

static void test_refusals(void) {
  const recur_activation none = {RECUR_ACTIVATION_KINDS, 0, 0};
  CHECK(isnan(recur_activation_max_slope(&none)));
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(isnan(recur_activation_max_slope(NULL)));
}

int main(void) {
  check_begin();
  test_suprema();
  test_silu();
  test_refusals();
  return check_end();
}
