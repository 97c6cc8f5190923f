/* recur/network.h: NaN and infinities propagate according to the equations, and no further.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_problem.h"

/* The number of NaN in the rows of one sequence, from a step on. */
static size_t nan_count(const gsl_matrix *m, size_t B, size_t b, size_t from) {
  size_t count = 0;
  for (size_t i = from * B + b; i < m->size1; i += B)
    for (size_t j = 0; j < m->size2; j++)
      count += isnan(AT(m, i, j)) ? 1 : 0;
  return count;
}

static bool has_nan(const gsl_matrix *m, size_t B, size_t b) {
  return m != NULL && nan_count(m, B, b, 0) > 0;
}

/* NaN in the input of one sequence reaches all its outputs from that step on, and no others. */
static void test_nan_forward(const recur_network *network) {
  const size_t T = 4, B = 3, spoilt = 1;
  problem q;
  new_problem(&q, network, T, B, 0);
  note(&q, "NaN in x");
  AT(q.x, 2 * B + spoilt, 1) = (rk_real)NAN;
  run_both(&q);
  CHECK(nan_count(q.y, B, spoilt, 2) == 2 * q.P);
  CHECK(nan_count(q.y, B, spoilt, 0) == 2 * q.P);
  CHECK(nan_count(q.hT, B, spoilt, 0) == q.L * q.P);
  CHECK(has_nan(q.dx, B, spoilt));
  for (size_t b = 0; b < B; b++)
    if (b != spoilt) {
      const gsl_matrix *const others[] = {q.y, q.hT, q.cT, q.dx, q.dh0, q.dc0};
      for (size_t k = 0; k < COUNT(others); k++)
        CHECK(!has_nan(others[k], B, b));
    }
  end_problem(&q);
}

/* NaN in the gradient of one sequence reaches the steps before it, and the shared parameters. */
static void test_nan_backward(const recur_network *network) {
  const size_t T = 4, B = 2;
  problem q;
  new_problem(&q, network, T, B, 0);
  note(&q, "NaN in dy");
  AT(q.dy, 2 * B + 1, 0) = (rk_real)NAN;
  run_both(&q);
  CHECK(nan_count(q.dx, B, 1, 3) == 0 && nan_count(q.dx, B, 1, 0) == 3 * q.I);
  CHECK(nan_count(q.dh0, B, 1, 0) == q.L * q.P);
  CHECK(!has_nan(q.dx, B, 0) && !has_nan(q.dh0, B, 0) && !has_nan(q.dc0, B, 0));
  for (size_t t = 0; t < T; t++)
    CHECK(isnan(AT(q.dh_norms, (q.L - 1) * T + t, 1)) == (t <= 2));
  CHECK(isnan(q.gradients.data[0]));
  end_problem(&q);
}

/* An infinite input saturates bounded gates. */
static void test_infinite_input(const recur_network *network) {
  problem q;
  new_problem(&q, network, 3, 2, 0);
  note(&q, "infinite x");
  AT(q.x, 0, 0) = (rk_real)INFINITY;
  AT(q.x, 3, 1) = (rk_real)-INFINITY;
  run_both(&q);
  bool all = true;
  for (size_t i = 0; i < q.y->size1; i++)
    for (size_t j = 0; j < q.y->size2; j++)
      all = all && isfinite(AT(q.y, i, j));
  for (size_t i = 0; i < q.dx->size1; i++)
    for (size_t j = 0; j < q.dx->size2; j++)
      all = all && isfinite(AT(q.dx, i, j));
  CHECK(all);
  end_problem(&q);
}

static void test_infinity(void) {
  recur_network network = recur_rnn(2, 3);
  problem q;
  new_problem(&q, &network, 1, 2, 0);
  AT(q.x, 0, 0) = (rk_real)INFINITY;
  AT(q.dhT, 1, 0) = (rk_real)INFINITY;
  run_both(&q);
  for (size_t k = 0; k < 3; k++)
    CHECK(AT(q.y, 0, k) == (q.parameters.data[k * 2] > 0 ? 1 : -1));
  CHECK(isinf(AT(q.dh_norms, 0, 1)) && isinf(AT(q.dx, 1, 0)) && isinf(AT(q.dh0, 1, 2)));
  end_problem(&q);
  network.cell.f.kind = RECUR_ACTIVATION_RELU;
  new_problem(&q, &network, 1, 2, 0);
  AT(q.x, 0, 0) = (rk_real)-INFINITY;
  CHECK(forward(&q) == GSL_SUCCESS);
  for (size_t k = 0; k < 3; k++)
    CHECK(AT(q.y, 0, k) == (q.parameters.data[k * 2] > 0 ? 0 : (rk_real)INFINITY));
  end_problem(&q);
}

/* Every activation at the infinities; NaN stays NaN. */
static void test_activations(void) {
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
    problem q;
    new_problem(&q, &network, 1, 3, 0);
    note(&q, "activation");
    q.parameters.data[0] = 1;
    AT(q.x, 0, 0) = (rk_real)-INFINITY;
    AT(q.x, 1, 0) = (rk_real)INFINITY;
    AT(q.x, 2, 0) = (rk_real)NAN;
    CHECK(forward(&q) == GSL_SUCCESS);
    CHECK(AT(q.y, 0, 0) == (rk_real)ends[k].below && AT(q.y, 1, 0) == (rk_real)ends[k].above);
    CHECK(isnan(AT(q.y, 2, 0)));
    end_problem(&q);
  }
}

int main(void) {
  check_begin();
  test_infinity();
  test_activations();
  const recur_network limited[] = {recur_rnn(2, 3), recur_residual(2, 3), recur_gru(2, 3),
                                   lstm_with(0, 2, 3), lstm_with(4 + 8, 2, 3)};
  for (size_t k = 0; k < COUNT(limited); k++)
    for (size_t L = 1; L <= 2; L++) {
      recur_network network = limited[k];
      network.layers = L;
      test_nan_forward(&network);
      test_nan_backward(&network);
      test_infinite_input(&network);
    }
  recur_network normalized[] = {recur_gru(2, 3), recur_lstm(2, 3)};
  for (size_t k = 0; k < COUNT(normalized); k++) {
    normalized[k].cell.layer_normalization = true;
    test_nan_forward(&normalized[k]);
    test_nan_backward(&normalized[k]);
  }
  return check_end();
}
