/* recur/network.h, with the cells of recur/rnn.h, recur/residual.h, recur/gru.h and recur/lstm.h:
   every output against plain loops, every gradient against their derivative in a random direction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/network_problem.h"

#ifndef FLOAT_PASS
enum { OPTIONAL_ARGUMENTS = 11, NOTHING_OPTIONAL = (1 << OPTIONAL_ARGUMENTS) - 1 };
#endif

/* Takes away the optional arguments of the mask. */
static void NAME(take_away)(NAME(problem) * q, int absent) {
  MATRIX **const matrices[OPTIONAL_ARGUMENTS - 1] = {&q->h0,  &q->c0,  &q->hT, &q->cT,  &q->dy,
                                                     &q->dhT, &q->dcT, &q->dx, &q->dh0, &q->dc0};
  for (size_t k = 0; k < COUNT(matrices); k++)
    if (absent & 1 << k)
      *matrices[k] = NULL;
  if (absent & 1 << COUNT(matrices))
    q->dtheta = NULL;
  if (absent & 1)
    q->dh_norms = NULL;
}

static void NAME(check_inputs_untouched)(const NAME(problem) * q) {
  const MATRIX theta = NAME(column)(&q->parameters);
  const MATRIX *const inputs[] = {&theta, q->x, q->h0, q->c0, q->dy, q->dhT, q->dcT};
  for (size_t k = 0; k < COUNT(inputs); k++)
    CHECK(NAME(untouched)(inputs[k]));
}

static void NAME(check_forward)(const NAME(problem) * q, oracle *o) {
  oracle_forward(o);
  if (q->y != NULL)
    CHECK(NAME(holds)(q, q->y, oracle_y(o), o->magnitude));
  if (q->hT != NULL)
    CHECK(NAME(holds)(q, q->hT, o->hT, o->magnitude));
  if (q->cT != NULL)
    CHECK(NAME(holds)(q, q->cT, o->cT, o->magnitude));
}

/* A gradient of some numbers of the oracle's, in a random direction; one that was added to is what
   it was before, and the rest. */
static void NAME(check_gradient)(const NAME(problem) * q, oracle *o, number *numbers,
                                 const MATRIX *gradient, bool added) {
  const size_t count = gradient->size1 * gradient->size2;
  wide along = 0, magnitude = o->magnitude;
  for (size_t k = 0; k < count; k++) {
    const REAL *at = &AT(gradient, k / gradient->size2, k % gradient->size2);
    const wide v = check_random();
    along += v * (*at - (added ? NAME(before)(at) : 0));
    numbers[k] += tiny * v * _Complex_I;
    check_see(&magnitude, *at);
  }
  oracle_forward(o);
  const wide expected = cimagl(NAME(loss)(q, o)) / tiny;
  check_see(&magnitude, expected);
  CHECK(fabsl(along - expected) <= check_tolerance(NAME(operations)(q), EPSILON, magnitude));
  for (size_t k = 0; k < count; k++)
    numbers[k] = creall(numbers[k]);
}

static void NAME(check_backward)(const NAME(problem) * q, oracle *o) {
  const MATRIX dtheta = NAME(column)(&q->gradients);
  if (q->dx != NULL)
    NAME(check_gradient)(q, o, o->x, q->dx, false);
  if (q->dh0 != NULL)
    NAME(check_gradient)(q, o, o->h0, q->dh0, false);
  if (q->dc0 != NULL)
    NAME(check_gradient)(q, o, o->c0, q->dc0, false);
  if (q->dtheta != NULL)
    NAME(check_gradient)(q, o, o->theta, &dtheta, true);
  else
    CHECK(NAME(untouched)(&dtheta));
}

static void NAME(check_network)(const recur_network *network, size_t T, size_t B, size_t segment,
                                bool ragged, int absent) {
  NAME(problem) q;
  NAME(new_problem)(&q, network, T, B, segment);
  q.batch.lengths = ragged ? new_lengths(T, B) : NULL;
  q.batch.seed = check_random_bits();
  NAME(take_away)(&q, absent);
  char what[40];
  snprintf(what, sizeof what, "absent %x", (unsigned)absent);
  oracle o = NAME(oracle_of)(&q);
  NAME(note)(&q, what);
  NAME(remember)();
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(check_inputs_untouched)(&q);
  NAME(check_forward)(&q, &o);
  NAME(remember)();
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  NAME(check_inputs_untouched)(&q);
  CHECK(NAME(untouched)(q.y));
  NAME(check_backward)(&q, &o);
  NAME(end_problem)(&q);
}

/* Every shape around 0, 1 and the widths of vectors, with the cells in turn. */
static void NAME(test_shapes)(void) {
  static const size_t lengths[] = {0, 1, 2, 5}, widths[] = {1, 2, 3, 8, 9};
  size_t turn = 0;
  for (size_t t = 0; t < COUNT(lengths); t++)
    for (size_t b = 0; b < COUNT(lengths); b++)
      for (size_t i = 0; i < COUNT(widths); i++)
        for (size_t j = 0; j < COUNT(widths); j++, turn++) {
          const size_t L = 1 + turn % 2, D = 1 + turn / 2 % 2;
          const recur_network network =
              network_case(turn % NETWORK_CASES, widths[i], widths[j], L, D);
          NAME(check_network)(&network, lengths[t], lengths[b], 0, turn % 3 == 0, 0);
        }
}

/* Every cell, in every depth and direction, with lengths, random options and segments. */
static void NAME(test_cells)(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t L = 1; L <= 3; L++)
      for (size_t D = 1; D <= 2; D++)
        for (int options = 0; options < RANDOM_OPTIONS; options++) {
          const recur_network network = with_random_options(network_case(k, 2, 3, L, D), options);
          NAME(check_network)(&network, 4, 3, 0, false, 0);
          NAME(check_network)(&network, 4, 5, 0, true, 0);
          if (D == 1)
            NAME(check_network)(&network, 5, 8, 2, true, 0);
        }
}

/* Blocks of several steps, with a remainder. */
static void NAME(test_blocks)(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    const recur_network network = with_random_options(network_case(k, 3, 2, 2, 1 + k % 2), -1);
    NAME(check_network)(&network, 19, 1, 0, false, 0);
    NAME(check_network)(&network, 14, 3, k % 2 == 0 ? 7 : 0, true, 0);
  }
}

static void NAME(test_lstm_options)(void) {
  for (int options = 0; options < LSTM_OPTIONS; options++) {
    recur_network network = lstm_with(options, 3, 4);
    NAME(check_network)(&network, 3, 2, 0, false, 0);
    network.layers = network.directions = 2;
    NAME(check_network)(&network, 3, 3, 0, true, 0);
    network = with_random_options(network, -1);
    NAME(check_network)(&network, 3, 3, 0, true, 0);
  }
}

/* Every activation in every place, on both sides of its corners, clamped and not. */
static void NAME(test_activations)(void) {
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
        NAME(check_network)(&networks[k], 3, 3, 0, false, 0);
        cell->f = a;
        NAME(check_network)(&networks[k], 2, 2, 0, false, 0);
      }
    }
}

/* A seeded choice of all combinations, about one in four. */
static void NAME(test_optional_arguments)(void) {
  size_t turn = 0;
  for (int absent = 0; absent <= NOTHING_OPTIONAL;
       absent += 1 + (int)check_random_below(7), turn++) {
    const recur_network network = network_case(turn % NETWORK_CASES, 2, 3, 1 + turn % 2, 1);
    NAME(check_network)(&network, 3, 2, 0, false, absent);
  }
  const recur_network network = recur_lstm(2, 3);
  NAME(check_network)(&network, 3, 2, 0, true, NOTHING_OPTIONAL);
}

/* The slope at a corner is the one to its left. */
static void NAME(test_slope_at_zero)(void) {
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
    NAME(problem) q;
    NAME(new_problem)(&q, &network, 1, 1, 0);
    const MATRIX theta = NAME(column)(&q.parameters);
    NAME(fill)(&theta, 0);
    AT(&theta, 0, 0) = 1;
    AT(q.x, 0, 0) = 0;
    AT(q.dy, 0, 0) = 1;
    q.dhT = NULL;
    NAME(run_both)(&q);
    CHECK(AT(q.dx, 0, 0) == (REAL)cases[k].slope);
    NAME(end_problem)(&q);
  }
}

static void NAME(run)(void) {
  NAME(test_shapes)();
  NAME(test_cells)();
  NAME(test_blocks)();
  NAME(test_lstm_options)();
  NAME(test_activations)();
  NAME(test_optional_arguments)();
  NAME(test_slope_at_zero)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
