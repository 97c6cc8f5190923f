/* Parts of a problem as separate problems: some steps of some sequences, with the same values; and
   the comparison of their results with the whole.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NETWORK_PARTS_H
#define NETWORK_PARTS_H

#include "support/network_problem.h"

/* Steps t0 to t1 - 1 of n sequences. */
typedef struct {
  size_t t0, t1;
  const size_t *which;
  size_t n;
} part;

static inline part whole_of(size_t T, size_t B) {
  size_t *which = new_sizes(B);
  for (size_t b = 0; b < B; b++)
    which[b] = b;
  return (part){.t1 = T, .which = which, .n = B};
}

typedef enum { BITS, ROUNDED } closeness;

static inline gsl_matrix row_of(const gsl_matrix *m, size_t i) {
  return rows_of(m, i, 1);
}

/* Copy the rows of a part out of a sequence matrix or into it; likewise for a state. */
static inline void cut_sequence(const gsl_matrix *all, size_t B, const part *p,
                                const gsl_matrix *cut) {
  for (size_t i = 0; i < cut->size1; i++) {
    const gsl_matrix from = row_of(all, (p->t0 + i / p->n) * B + p->which[i % p->n]);
    const gsl_matrix to = row_of(cut, i);
    copy_matrix(&from, &to);
  }
}

static inline void cut_state(const gsl_matrix *all, size_t B, const part *p,
                             const gsl_matrix *cut) {
  for (size_t i = 0; all != NULL && i < cut->size1; i++) {
    const gsl_matrix from = row_of(all, i / p->n * B + p->which[i % p->n]);
    const gsl_matrix to = row_of(cut, i);
    copy_matrix(&from, &to);
  }
}

/* L*D*T x B */
static inline void cut_norms(const gsl_matrix *all, size_t T, const part *p,
                             const gsl_matrix *cut) {
  const size_t steps = p->t1 - p->t0;
  for (size_t i = 0; i < cut->size1; i++)
    for (size_t j = 0; j < p->n; j++)
      AT(cut, i, j) = AT(all, i / steps * T + p->t0 + i % steps, p->which[j]);
}

static inline const size_t *cut_lengths(const problem *q, const part *p) {
  if (q->batch.lengths == NULL)
    return NULL;
  size_t *lengths = new_sizes(p->n);
  for (size_t j = 0; j < p->n; j++) {
    const size_t length = q->batch.lengths[p->which[j]];
    lengths[j] = length < p->t0 ? 0 : (length < p->t1 ? length : p->t1) - p->t0;
  }
  return lengths;
}

static inline void new_part(problem *r, const problem *q, const part *p, recur_mode mode,
                            size_t segment) {
  *r = describe(&q->network, p->t1 - p->t0, p->n);
  r->mode = mode;
  r->segment = segment;
  r->batch = q->batch;
  r->batch.first_step += p->t0;
  r->batch.first_sequence += p->n > 0 ? p->which[0] : 0;
  r->batch.lengths = cut_lengths(q, p);
  randomize_arguments(r);
  settle(r);
  memcpy(r->theta->data, q->parameters.data, q->count * sizeof(rk_real));
  memcpy(r->dtheta->data, q->gradients.data, q->count * sizeof(rk_real));
  cut_sequence(q->x, q->B, p, r->x);
  cut_sequence(q->dy, q->B, p, r->dy);
  cut_state(q->h0, q->B, p, r->h0);
  cut_state(q->c0, q->B, p, r->c0);
  cut_state(q->dhT, q->B, p, r->dhT);
  cut_state(q->dcT, q->B, p, r->dcT);
  allocate(r);
}

/* A copy of a problem. */
static inline void new_twin(problem *r, const problem *q) {
  const part all = whole_of(q->T, q->B);
  new_part(r, q, &all, q->mode, q->segment);
}

static inline void end_part(problem *r) {
  recur_network_workspace_free(r->w);
  recur_network_weights_free(r->weights);
}

/* If one of the matrices is NULL, there is nothing to compare. */
static inline bool alike(const gsl_matrix *a, const gsl_matrix *b, closeness how, size_t n,
                         wide magnitude) {
  if (a == NULL || b == NULL)
    return true;
  if (how == BITS)
    return equal_bits(a, b);
  wide worst = 0;
  for (size_t i = 0; i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++) {
      const wide difference = fabsl((wide)AT(a, i, j) - AT(b, i, j));
      if (!(difference <= worst))
        worst = difference;
    }
  return worst <= check_tolerance(n, RK_REAL_EPSILON, magnitude);
}

/* Compares the outputs of a part with the whole. States at its ends are compared if they are also
   ends of the whole. */
static inline void compare_sequences(const problem *q, const problem *r, const part *p,
                                     closeness how) {
  const size_t n = 2 * operations(q);
  const wide magnitude = magnitude_of(q);
  const gsl_matrix *y = new_padded(r->T * r->B, r->D * r->P);
  const gsl_matrix *dx = new_padded(r->T * r->B, r->I);
  const gsl_matrix *norms = new_padded(r->L * r->D * r->T, r->B);
  cut_sequence(q->y, q->B, p, y);
  cut_sequence(q->dx, q->B, p, dx);
  cut_norms(q->dh_norms, q->T, p, norms);
  CHECK(alike(y, r->y, how, n, magnitude));
  if (r->mode == RECUR_MODE_INFERENCE)
    return;
  CHECK(alike(dx, r->dx, how, n, magnitude));
  CHECK(alike(norms, r->dh_norms, how, n, magnitude));
}

static inline void compare_state(const problem *q, const gsl_matrix *all, const part *p,
                                 const gsl_matrix *of_part, closeness how) {
  if (all == NULL || of_part == NULL)
    return;
  const gsl_matrix *cut = new_padded(of_part->size1, of_part->size2);
  cut_state(all, q->B, p, cut);
  CHECK(alike(cut, of_part, how, 2 * operations(q), magnitude_of(q)));
}

static inline void compare_dtheta(const problem *q, const problem *r, closeness how) {
  const gsl_matrix a = as_column(&q->gradients), b = as_column(&r->gradients);
  CHECK(alike(&a, &b, how, 2 * q->B * operations(q), magnitude_of(q)));
}

static inline void compare_part(const problem *q, const problem *r, const part *p, closeness how) {
  compare_sequences(q, r, p, how);
  if (p->t1 == q->T) {
    compare_state(q, q->hT, p, r->hT, how);
    compare_state(q, q->cT, p, r->cT, how);
  }
  if (p->t0 == 0 && r->mode == RECUR_MODE_TRAINING) {
    compare_state(q, q->dh0, p, r->dh0, how);
    compare_state(q, q->dc0, p, r->dc0, how);
  }
}

/* Compares all outputs of two problems that should be the same. */
static inline void compare(const problem *q, const problem *r, closeness how) {
  const part all = whole_of(q->T, q->B);
  compare_part(q, r, &all, how);
  if (r->mode == RECUR_MODE_TRAINING)
    compare_dtheta(q, r, how);
}

#endif
