/* Solves a problem with network_oracle.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef PROBLEM_ORACLE_H
#define PROBLEM_ORACLE_H

#include "support/network_masks.h"
#include "support/network_oracle.h"
#include "support/network_problem.h"

/* The size of the imaginary parts. */
static const wide tiny = 1e-100L;

static inline number *numbers_of(const gsl_matrix *m, size_t count) {
  number *all = new_numbers(count);
  for (size_t i = 0; m != NULL && i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      all[i * m->size2 + j] = AT(m, i, j);
  return all;
}

static inline oracle oracle_of(const problem *q) {
  const size_t TB = q->T * q->B, LD = q->L * q->D, mask = TB * q->D * q->P;
  const gsl_matrix theta = as_column(&q->parameters);
  const bool training = q->mode == RECUR_MODE_TRAINING,
             dropout = q->network.dropout != 0 && training;
  const bool recurrent = q->network.recurrent_dropout != 0 && training;
  wide *masks = dropout ? wide_new(q->L * mask) : NULL;
  for (size_t layer = 0; dropout && layer + 1 < q->L; layer++)
    read_masks(q, layer, masks + layer * mask);
  return (oracle){.network = &q->network,
                  .T = q->T,
                  .B = q->B,
                  .I = q->I,
                  .H = q->H,
                  .L = q->L,
                  .D = q->D,
                  .P = q->P,
                  .G = q->G,
                  .lengths = q->batch.lengths,
                  .theta = numbers_of(&theta, q->count),
                  .x = numbers_of(q->x, TB * q->I),
                  .h0 = numbers_of(q->h0, q->states * q->P),
                  .c0 = numbers_of(q->c0, q->states * q->H),
                  .masks = masks,
                  .recurrent_masks = recurrent ? recurrent_masks(q) : NULL,
                  .zoneout = zoneout_masks(q, 5, q->network.zoneout, q->P),
                  .cell_zoneout = zoneout_masks(q, 6, q->network.cell_zoneout, q->H),
                  .outputs = new_numbers(q->L * mask),
                  .hT = new_numbers(q->states * q->P),
                  .cT = new_numbers(q->states * q->H),
                  .gates = new_numbers(LD * TB * q->G * q->H),
                  .cells = new_numbers(LD * TB * q->H)};
}

/* Whether a matrix equals the real parts up to rounding. */
static inline bool holds(const problem *q, const gsl_matrix *m, const number *expected,
                         wide magnitude) {
  wide *real = wide_new(m->size1 * m->size2);
  for (size_t k = 0; k < m->size1 * m->size2; k++)
    real[k] = creall(expected[k]);
  return is_near(m, real, operations(q), magnitude);
}

/* The loss whose gradients are dy, dhT and dcT. */
static inline number loss_of(const problem *q, const oracle *o) {
  const gsl_matrix *const gradients[] = {q->dy, q->dhT, q->dcT};
  const number *const values[] = {oracle_y(o), o->hT, o->cT};
  number loss = 0;
  for (size_t k = 0; k < COUNT(gradients); k++) {
    const gsl_matrix *d = gradients[k];
    for (size_t i = 0; d != NULL && i < d->size1; i++)
      for (size_t j = 0; j < d->size2; j++)
        loss += AT(d, i, j) * values[k][i * d->size2 + j];
  }
  return loss;
}

#endif
