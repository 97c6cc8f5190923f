/* recur/network.h, with the cells of recur/rnn.h, recur/residual.h, recur/gru.h and recur/lstm.h:
   every output against plain loops, every gradient against their derivative in a random direction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/check.h"
#include "support/network_problem.h"

enum { OPTIONAL_ARGUMENTS = 11, NOTHING_OPTIONAL = (1 << OPTIONAL_ARGUMENTS) - 1 };

/* Takes away the optional arguments of the mask. */
static void take_away(problem *q, int absent) {
  gsl_matrix **const matrices[OPTIONAL_ARGUMENTS - 1] = {
      &q->h0, &q->c0, &q->hT, &q->cT, &q->dy, &q->dhT, &q->dcT, &q->dx, &q->dh0, &q->dc0};
  for (size_t k = 0; k < COUNT(matrices); k++)
    if (absent & 1 << k)
      *matrices[k] = NULL;
  if (absent & 1 << COUNT(matrices))
    q->dtheta = NULL;
  if (absent & 1)
    q->dh_norms = NULL;
}

static void check_inputs_untouched(const problem *q) {
  const gsl_matrix theta = as_column(&q->parameters);
  const gsl_matrix *const inputs[] = {&theta, q->x, q->h0, q->c0, q->dy, q->dhT, q->dcT};
  for (size_t k = 0; k < COUNT(inputs); k++)
    CHECK(untouched(inputs[k]));
}

static void check_forward(const problem *q, oracle *o) {
  oracle_forward(o);
  if (q->y != NULL)
    CHECK(holds(q, q->y, oracle_y(o), o->magnitude));
  if (q->hT != NULL)
    CHECK(holds(q, q->hT, o->hT, o->magnitude));
  if (q->cT != NULL)
    CHECK(holds(q, q->cT, o->cT, o->magnitude));
}

/* A gradient of some numbers of the oracle's, in a random direction; one that was added to is what
   it was before, and the rest. */
static void check_gradient(const problem *q, oracle *o, number *numbers, const gsl_matrix *gradient,
                           bool added) {
  const size_t count = gradient->size1 * gradient->size2;
  wide along = 0, magnitude = o->magnitude;
  for (size_t k = 0; k < count; k++) {
    const rk_real *at = &AT(gradient, k / gradient->size2, k % gradient->size2);
    const wide v = check_random();
    along += v * (*at - (added ? remembered(at) : 0));
    numbers[k] += tiny * v * _Complex_I;
    check_see(&magnitude, *at);
  }
  oracle_forward(o);
  const wide expected = cimagl(loss_of(q, o)) / tiny;
  check_see(&magnitude, expected);
  CHECK(fabsl(along - expected) <= check_tolerance(operations(q), RK_REAL_EPSILON, magnitude));
  for (size_t k = 0; k < count; k++)
    numbers[k] = creall(numbers[k]);
}

static void check_backward(const problem *q, oracle *o) {
  const gsl_matrix dtheta = as_column(&q->gradients);
  if (q->dx != NULL)
    check_gradient(q, o, o->x, q->dx, false);
  if (q->dh0 != NULL)
    check_gradient(q, o, o->h0, q->dh0, false);
  if (q->dc0 != NULL)
    check_gradient(q, o, o->c0, q->dc0, false);
  if (q->dtheta != NULL)
    check_gradient(q, o, o->theta, &dtheta, true);
  else
    CHECK(untouched(&dtheta));
}

static void check_network(const recur_network *network, size_t T, size_t B, size_t segment,
                          bool ragged, int absent) {
  problem q;
  new_problem(&q, network, T, B, segment);
  q.batch.lengths = ragged ? new_lengths(T, B) : NULL;
  q.batch.seed = check_random_bits();
  take_away(&q, absent);
  char what[40];
  snprintf(what, sizeof what, "absent %x", (unsigned)absent);
  oracle o = oracle_of(&q);
  note(&q, what);
  remember();
  CHECK(forward(&q) == GSL_SUCCESS);
  check_inputs_untouched(&q);
  check_forward(&q, &o);
  remember();
  CHECK(backward(&q) == GSL_SUCCESS);
  check_inputs_untouched(&q);
  CHECK(untouched(q.y));
  check_backward(&q, &o);
  end_problem(&q);
}

/* Every shape around 0, 1 and the widths of vectors, with the cells in turn. */
static void test_shapes(void) {
  static const size_t lengths[] = {0, 1, 2, 5}, widths[] = {1, 2, 3, 8, 9};
  size_t turn = 0;
  for (size_t t = 0; t < COUNT(lengths); t++)
    for (size_t b = 0; b < COUNT(lengths); b++)
      for (size_t i = 0; i < COUNT(widths); i++)
        for (size_t j = 0; j < COUNT(widths); j++, turn++) {
          const size_t L = 1 + turn % 2, D = 1 + turn / 2 % 2;
          const recur_network network =
              network_case(turn % NETWORK_CASES, widths[i], widths[j], L, D);
          check_network(&network, lengths[t], lengths[b], 0, turn % 3 == 0, 0);
        }
}

/* Every cell, in every depth and direction, with lengths, random options and segments. */
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

/* Blocks of several steps, with a remainder. */
static void test_blocks(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    const recur_network network = with_random_options(network_case(k, 3, 2, 2, 1 + k % 2), -1);
    check_network(&network, 19, 1, 0, false, 0);
    check_network(&network, 14, 3, k % 2 == 0 ? 7 : 0, true, 0);
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

/* Every activation in every place, on both sides of its corners, clamped and not. */
static void test_activations(void) {
  for (recur_activation_kind f = RECUR_ACTIVATION_TANH; f <= RECUR_ACTIVATION_SOFTPLUS; f++)
    for (int clamped = 0; clamped <= 1; clamped++) {
      recur_activation a = recur_activation_default(f);
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

/* A seeded choice of all combinations, about one in four. */
static void test_optional_arguments(void) {
  size_t turn = 0;
  for (int absent = 0; absent <= NOTHING_OPTIONAL;
       absent += 1 + (int)check_random_below(7), turn++) {
    const recur_network network = network_case(turn % NETWORK_CASES, 2, 3, 1 + turn % 2, 1);
    check_network(&network, 3, 2, 0, false, absent);
  }
  const recur_network network = recur_lstm(2, 3);
  check_network(&network, 3, 2, 0, true, NOTHING_OPTIONAL);
}

/* The slope at a corner is the one to its left. */
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
  test_shapes();
  test_cells();
  test_blocks();
  test_lstm_options();
  test_activations();
  test_optional_arguments();
  test_slope_at_zero();
  return check_end();
}
