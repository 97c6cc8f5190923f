/* The cells of recur/rnn.h, recur/residual.h, recur/gru.h and recur/lstm.h in networks, with every
   option and activation: outputs and gradients compared with plain loops.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_check.h"

/* Every cell, with several layers and directions, with lengths, random options and segments. */
static void test_cells(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t L = 1; L <= 3; L++)
      for (size_t D = 1; D <= 2; D++)
        for (int options = 0; options < RANDOM_OPTIONS; options++) {
          const recur_network network = with_random_options(network_case(k, 2, 3, L, D), options);
          check_network(&network, 4, 3, 0, false, 0);
          check_network(&network, 4, 5, 0, true, 0);
          if (D == 1)
            check_network(&network, 5, 8, 2, true, 0);
        }
}

static void test_lstm_options(void) {
  for (int options = 0; options < LSTM_OPTIONS; options++) {
    recur_network network = lstm_with(options, 3, 4);
    check_network(&network, 3, 2, 0, false, 0);
    network.layers = network.directions = 2;
    check_network(&network, 3, 3, 0, true, 0);
    network = with_random_options(network, -1);
    check_network(&network, 3, 3, 0, true, 0);
  }
}

/* Every activation in every role, on both sides of its corners, with and without clamping. */
static void test_activations(void) {
  for (recur_activation_kind f = RECUR_ACTIVATION_TANH; f < RECUR_ACTIVATION_SILU; f++)
    for (int clamped = 0; clamped <= 1; clamped++) {
      recur_activation a = recur_activation_default(f);
      if (f == RECUR_ACTIVATION_HARD_TANH)
        a = (recur_activation){f, -0.3, 0.2};
      if (f == RECUR_ACTIVATION_THRESHOLDED_RELU)
        a.alpha = 0.2;
      recur_network networks[] = {recur_rnn(3, 4), recur_residual(3, 4), recur_gru(3, 4),
                                  recur_lstm(3, 4), recur_lstm(3, 4)};
      for (size_t k = 0; k < COUNT(networks); k++) {
        recur_cell *cell = &networks[k].cell;
        *(k < 2 ? &cell->f : k < 4 ? &cell->g : &cell->h) = a;
        cell->gate_clamp = clamped ? 0.5 : 0;
        check_network(&networks[k], 3, 3, 0, false, 0);
        cell->f = a;
        check_network(&networks[k], 2, 2, 0, false, 0);
      }
    }
}

/* The clamped value is all that a pass stores, so the gradient is 0 at the limit, too. */
static void test_slope_at_limit(void) {
  for (int k = -4; k <= 4; k++) {
    recur_network network = recur_rnn(1, 1);
    network.cell.gate_clamp = 0.5;
    problem q;
    new_problem(&q, &network, 1, 1, 0);
    const gsl_matrix theta = as_column(&q.parameters);
    fill(&theta, 0);
    AT(&theta, 0, 0) = 1;
    AT(q.x, 0, 0) = (rk_real)k / 4;
    AT(q.dy, 0, 0) = 1;
    q.dhT = NULL;
    run_both(&q);
    CHECK((AT(q.dx, 0, 0) == 0) == (k <= -2 || k >= 2));
    end_problem(&q);
  }
}

/* At a corner, the slope is the one to its left. */
static void test_slope_at_zero(void) {
  static const struct {
    recur_activation phi;
    double slope;
  } cases[] = {
      {{RECUR_ACTIVATION_RELU, 0, 0}, 0},           {{RECUR_ACTIVATION_LEAKY_RELU, 0.25, 0}, 0.25},
      {{RECUR_ACTIVATION_ELU, 0.5, 0}, 0.5},        {{RECUR_ACTIVATION_THRESHOLDED_RELU, 0, 0}, 0},
      {{RECUR_ACTIVATION_HARD_SIGMOID, 0.5, 0}, 0}, {{RECUR_ACTIVATION_HARD_SIGMOID, 0.5, 1}, 0}};
  for (size_t k = 0; k < COUNT(cases); k++) {
    recur_network network = recur_rnn(1, 1);
    network.cell.f = cases[k].phi;
    problem q;
    new_problem(&q, &network, 1, 1, 0);
    const gsl_matrix theta = as_column(&q.parameters);
    fill(&theta, 0);
    AT(&theta, 0, 0) = 1;
    AT(q.x, 0, 0) = 0;
    AT(q.dy, 0, 0) = 1;
    q.dhT = NULL;
    run_both(&q);
    CHECK(AT(q.dx, 0, 0) == (rk_real)cases[k].slope);
    end_problem(&q);
  }
}

int main(void) {
  check_begin();
  test_cells();
  test_lstm_options();
  test_activations();
  test_slope_at_zero();
  test_slope_at_limit();
  return check_end();
}
