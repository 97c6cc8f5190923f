/* recur/network.h: NaN and infinities go where the equations take them, and nowhere else.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/network_problem.h"

/* How many numbers are NaN in the rows of one sequence, from a step on. */
static size_t NAME(nan_count)(const MATRIX *m, size_t B, size_t b, size_t from) {
  size_t count = 0;
  for (size_t i = from * B + b; i < m->size1; i += B)
    for (size_t j = 0; j < m->size2; j++)
      count += isnan(AT(m, i, j)) ? 1 : 0;
  return count;
}

static bool NAME(has_nan)(const MATRIX *m, size_t B, size_t b) {
  return m != NULL && NAME(nan_count)(m, B, b, 0) > 0;
}

/* NaN in the input of one sequence reaches all of its outputs from that step on, and no other. */
static void NAME(test_nan_forward)(const recur_network *network) {
  const size_t T = 4, B = 3, spoilt = 1;
  NAME(problem) q;
  NAME(new_problem)(&q, network, T, B, 0);
  NAME(note)(&q, "NaN in x");
  AT(q.x, 2 * B + spoilt, 1) = (REAL)NAN;
  NAME(run_both)(&q);
  CHECK(NAME(nan_count)(q.y, B, spoilt, 2) == 2 * q.P);
  CHECK(NAME(nan_count)(q.y, B, spoilt, 0) == 2 * q.P);
  CHECK(NAME(nan_count)(q.hT, B, spoilt, 0) == q.L * q.P);
  CHECK(NAME(has_nan)(q.dx, B, spoilt));
  for (size_t b = 0; b < B; b++)
    if (b != spoilt) {
      const MATRIX *const others[] = {q.y, q.hT, q.cT, q.dx, q.dh0, q.dc0};
      for (size_t k = 0; k < COUNT(others); k++)
        CHECK(!NAME(has_nan)(others[k], B, b));
    }
  NAME(end_problem)(&q);
}

/* NaN in the gradient of one sequence reaches the steps before it, and the shared parameters. */
static void NAME(test_nan_backward)(const recur_network *network) {
  const size_t T = 4, B = 2;
  NAME(problem) q;
  NAME(new_problem)(&q, network, T, B, 0);
  NAME(note)(&q, "NaN in dy");
  AT(q.dy, 2 * B + 1, 0) = (REAL)NAN;
  NAME(run_both)(&q);
  CHECK(NAME(nan_count)(q.dx, B, 1, 3) == 0 && NAME(nan_count)(q.dx, B, 1, 0) == 3 * q.I);
  CHECK(NAME(nan_count)(q.dh0, B, 1, 0) == q.L * q.P);
  CHECK(!NAME(has_nan)(q.dx, B, 0) && !NAME(has_nan)(q.dh0, B, 0) && !NAME(has_nan)(q.dc0, B, 0));
  for (size_t t = 0; t < T; t++)
    CHECK(isnan(AT(q.dh_norms, (q.L - 1) * T + t, 1)) == (t <= 2));
  CHECK(isnan(q.gradients.data[0]));
  NAME(end_problem)(&q);
}

/* An infinite input saturates gates that have limits. */
static void NAME(test_infinite_input)(const recur_network *network) {
  NAME(problem) q;
  NAME(new_problem)(&q, network, 3, 2, 0);
  NAME(note)(&q, "infinite x");
  AT(q.x, 0, 0) = (REAL)INFINITY;
  AT(q.x, 3, 1) = (REAL)-INFINITY;
  NAME(run_both)(&q);
  bool all = true;
  for (size_t i = 0; i < q.y->size1; i++)
    for (size_t j = 0; j < q.y->size2; j++)
      all = all && isfinite(AT(q.y, i, j));
  for (size_t i = 0; i < q.dx->size1; i++)
    for (size_t j = 0; j < q.dx->size2; j++)
      all = all && isfinite(AT(q.dx, i, j));
  CHECK(all);
  NAME(end_problem)(&q);
}

static void NAME(test_infinity)(void) {
  recur_network network = recur_rnn(2, 3);
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 1, 2, 0);
  AT(q.x, 0, 0) = (REAL)INFINITY;
  AT(q.dhT, 1, 0) = (REAL)INFINITY;
  NAME(run_both)(&q);
  for (size_t k = 0; k < 3; k++)
    CHECK(AT(q.y, 0, k) == (q.parameters.data[k * 2] > 0 ? 1 : -1));
  CHECK(isinf(AT(q.dh_norms, 0, 1)) && isinf(AT(q.dx, 1, 0)) && isinf(AT(q.dh0, 1, 2)));
  NAME(end_problem)(&q);
  network.cell.f.kind = RECUR_ACTIVATION_RELU;
  NAME(new_problem)(&q, &network, 1, 2, 0);
  AT(q.x, 0, 0) = (REAL)-INFINITY;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  for (size_t k = 0; k < 3; k++)
    CHECK(AT(q.y, 0, k) == (q.parameters.data[k * 2] > 0 ? 0 : (REAL)INFINITY));
  NAME(end_problem)(&q);
}

/* Every activation at the ends of the line; NaN stays NaN. */
static void NAME(test_activations)(void) {
  static const struct {
    recur_activation phi;
    double below, above;
  } ends[] = {{{RECUR_ACTIVATION_TANH, 0, 0}, -1, 1},
              {{RECUR_ACTIVATION_SIGMOID, 0, 0}, 0, 1},
              {{RECUR_ACTIVATION_RELU, 0, 0}, 0, INFINITY},
              {{RECUR_ACTIVATION_IDENTITY, 0, 0}, -INFINITY, INFINITY},
              {{RECUR_ACTIVATION_AFFINE, -2, 1}, INFINITY, -INFINITY},
              {{RECUR_ACTIVATION_LEAKY_RELU, 0.5, 0}, -INFINITY, INFINITY},
              {{RECUR_ACTIVATION_THRESHOLDED_RELU, 1, 0}, 0, INFINITY},
              {{RECUR_ACTIVATION_SCALED_TANH, 2, 0.5}, -2, 2},
              {{RECUR_ACTIVATION_HARD_SIGMOID, 0.2, 0.5}, 0, 1},
              {{RECUR_ACTIVATION_ELU, 3, 0}, -3, INFINITY},
              {{RECUR_ACTIVATION_SOFTSIGN, 0, 0}, -1, 1},
              {{RECUR_ACTIVATION_SOFTPLUS, 0, 0}, 0, INFINITY}};
  for (size_t k = 0; k < COUNT(ends); k++) {
    recur_network network = recur_rnn(1, 1);
    network.cell.f = ends[k].phi;
    NAME(problem) q;
    NAME(new_problem)(&q, &network, 1, 3, 0);
    NAME(note)(&q, "activation");
    q.parameters.data[0] = 1;
    AT(q.x, 0, 0) = (REAL)-INFINITY;
    AT(q.x, 1, 0) = (REAL)INFINITY;
    AT(q.x, 2, 0) = (REAL)NAN;
    CHECK(NAME(forward)(&q) == GSL_SUCCESS);
    CHECK(AT(q.y, 0, 0) == (REAL)ends[k].below && AT(q.y, 1, 0) == (REAL)ends[k].above);
    CHECK(isnan(AT(q.y, 2, 0)));
    NAME(end_problem)(&q);
  }
}

static void NAME(run)(void) {
  NAME(test_infinity)();
  NAME(test_activations)();
  const recur_network limited[] = {recur_rnn(2, 3), recur_residual(2, 3), recur_gru(2, 3),
                                   lstm_with(0, 2, 3), lstm_with(4 + 8, 2, 3)};
  for (size_t k = 0; k < COUNT(limited); k++)
    for (size_t L = 1; L <= 2; L++) {
      recur_network network = limited[k];
      network.layers = L;
      NAME(test_nan_forward)(&network);
      NAME(test_nan_backward)(&network);
      NAME(test_infinite_input)(&network);
    }
  recur_network normalized[] = {recur_gru(2, 3), recur_lstm(2, 3)};
  for (size_t k = 0; k < COUNT(normalized); k++) {
    normalized[k].cell.layer_norm = true;
    NAME(test_nan_forward)(&normalized[k]);
    NAME(test_nan_backward)(&normalized[k]);
  }
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network_nonfinite.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
