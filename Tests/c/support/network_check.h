/* Compares every output of a network with the oracle, and every gradient with the oracle's
   derivative in a random direction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NETWORK_CHECK_H
#define NETWORK_CHECK_H

#include "support/problem_oracle.h"

enum { OPTIONAL_ARGUMENTS = 11, NOTHING_OPTIONAL = (1 << OPTIONAL_ARGUMENTS) - 1 };

/* Sets the optional arguments of a bit mask to NULL. */
static inline void take_away(problem *q, int absent) {
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

static inline void check_inputs_untouched(const problem *q) {
  const gsl_matrix theta = as_column(&q->parameters);
  const gsl_matrix *const inputs[] = {&theta, q->x, q->h0, q->c0, q->dy, q->dhT, q->dcT};
  for (size_t k = 0; k < COUNT(inputs); k++)
    CHECK(untouched(inputs[k]));
}

static inline void check_forward(const problem *q, oracle *o) {
  oracle_forward(o);
  if (q->y != NULL)
    CHECK(holds(q, q->y, oracle_y(o), o->magnitude));
  if (q->hT != NULL)
    CHECK(holds(q, q->hT, o->hT, o->magnitude));
  if (q->cT != NULL)
    CHECK(holds(q, q->cT, o->cT, o->magnitude));
}

/* Checks the gradient with respect to some of the oracle's numbers, in a random direction. If
   `added`, the remembered values are subtracted first. */
static inline void check_gradient(const problem *q, oracle *o, number *numbers,
                                  const gsl_matrix *gradient, bool added) {
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

static inline void check_backward(const problem *q, oracle *o) {
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

static inline void check_network(const recur_network *network, size_t T, size_t B, size_t segment,
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

#endif
