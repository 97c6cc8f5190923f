/* Parts of a problem as problems of their own: some steps of some sequences, with the same numbers;
   and the comparison of what they give with the whole. In both precisions (so without an include
   guard).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/network_problem.h"

#ifndef NETWORK_PARTS_H
#define NETWORK_PARTS_H
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
#endif

static inline MATRIX NAME(row_of)(const MATRIX *m, size_t i) {
  return NAME(rows)(m, i, 1);
}

/* The rows of a sequence matrix that are those of a part, or into their places; and of a state. */
static inline void NAME(cut_sequence)(const MATRIX *all, size_t B, const part *p,
                                      const MATRIX *cut) {
  for (size_t i = 0; i < cut->size1; i++) {
    const MATRIX from = NAME(row_of)(all, (p->t0 + i / p->n) * B + p->which[i % p->n]);
    const MATRIX to = NAME(row_of)(cut, i);
    NAME(copy_matrix)(&from, &to);
  }
}

static inline void NAME(cut_state)(const MATRIX *all, size_t B, const part *p, const MATRIX *cut) {
  for (size_t i = 0; all != NULL && i < cut->size1; i++) {
    const MATRIX from = NAME(row_of)(all, i / p->n * B + p->which[i % p->n]);
    const MATRIX to = NAME(row_of)(cut, i);
    NAME(copy_matrix)(&from, &to);
  }
}

/* L*D*T x B */
static inline void NAME(cut_norms)(const MATRIX *all, size_t T, const part *p, const MATRIX *cut) {
  const size_t steps = p->t1 - p->t0;
  for (size_t i = 0; i < cut->size1; i++)
    for (size_t j = 0; j < p->n; j++)
      AT(cut, i, j) = AT(all, i / steps * T + p->t0 + i % steps, p->which[j]);
}

static inline const size_t *NAME(cut_lengths)(const NAME(problem) * q, const part *p) {
  if (q->batch.lengths == NULL)
    return NULL;
  size_t *lengths = new_sizes(p->n);
  for (size_t j = 0; j < p->n; j++) {
    const size_t length = q->batch.lengths[p->which[j]];
    lengths[j] = length < p->t0 ? 0 : (length < p->t1 ? length : p->t1) - p->t0;
  }
  return lengths;
}

static inline void NAME(new_part)(NAME(problem) * r, const NAME(problem) * q, const part *p,
                                  recur_mode pass, size_t segment) {
  *r = NAME(describe)(&q->network, p->t1 - p->t0, p->n);
  r->pass = pass;
  r->segment = segment;
  r->batch = q->batch;
  r->batch.first_step += p->t0;
  r->batch.first_sequence += p->n > 0 ? p->which[0] : 0;
  r->batch.lengths = NAME(cut_lengths)(q, p);
  NAME(randomize_arguments)(r);
  NAME(settle)(r);
  memcpy(r->theta->data, q->parameters.data, q->count * sizeof(REAL));
  memcpy(r->dtheta->data, q->gradients.data, q->count * sizeof(REAL));
  NAME(cut_sequence)(q->x, q->B, p, r->x);
  NAME(cut_sequence)(q->dy, q->B, p, r->dy);
  NAME(cut_state)(q->h0, q->B, p, r->h0);
  NAME(cut_state)(q->c0, q->B, p, r->c0);
  NAME(cut_state)(q->dhT, q->B, p, r->dhT);
  NAME(cut_state)(q->dcT, q->B, p, r->dcT);
  NAME(allocate)(r);
}

/* The same problem once more. */
static inline void NAME(new_twin)(NAME(problem) * r, const NAME(problem) * q) {
  const part all = whole_of(q->T, q->B);
  NAME(new_part)(r, q, &all, q->pass, q->segment);
}

static inline void NAME(end_part)(NAME(problem) * r) {
  RECUR(network, workspace_free)(r->w);
  RECUR(network, weights_free)(r->weights);
}

/* What is missing on one side is not compared. */
static inline bool NAME(alike)(const MATRIX *a, const MATRIX *b, closeness how, size_t n,
                               wide magnitude) {
  if (a == NULL || b == NULL)
    return true;
  if (how == BITS)
    return NAME(equal_bits)(a, b);
  wide worst = 0;
  for (size_t i = 0; i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++) {
      const wide difference = fabsl((wide)AT(a, i, j) - AT(b, i, j));
      if (!(difference <= worst))
        worst = difference;
    }
  return worst <= check_tolerance(n, EPSILON, magnitude);
}

/* The outputs of a part, in which the states at its ends are those of the whole if it has those
   ends, against the whole's. */
static inline void NAME(compare_sequences)(const NAME(problem) * q, const NAME(problem) * r,
                                           const part *p, closeness how) {
  const size_t n = 2 * NAME(operations)(q);
  const wide magnitude = NAME(largest)(q);
  const MATRIX *y = NAME(new_padded)(r->T * r->B, r->D * r->P);
  const MATRIX *dx = NAME(new_padded)(r->T * r->B, r->I);
  const MATRIX *norms = NAME(new_padded)(r->L * r->D * r->T, r->B);
  NAME(cut_sequence)(q->y, q->B, p, y);
  NAME(cut_sequence)(q->dx, q->B, p, dx);
  NAME(cut_norms)(q->dh_norms, q->T, p, norms);
  CHECK(NAME(alike)(y, r->y, how, n, magnitude));
  if (r->pass == RECUR_MODE_INFERENCE)
    return;
  CHECK(NAME(alike)(dx, r->dx, how, n, magnitude));
  CHECK(NAME(alike)(norms, r->dh_norms, how, n, magnitude));
}

static inline void NAME(compare_state)(const NAME(problem) * q, const MATRIX *all, const part *p,
                                       const MATRIX *of_part, closeness how) {
  if (all == NULL || of_part == NULL)
    return;
  const MATRIX *cut = NAME(new_padded)(of_part->size1, of_part->size2);
  NAME(cut_state)(all, q->B, p, cut);
  CHECK(NAME(alike)(cut, of_part, how, 2 * NAME(operations)(q), NAME(largest)(q)));
}

static inline void NAME(compare_dtheta)(const NAME(problem) * q, const NAME(problem) * r,
                                        closeness how) {
  const MATRIX a = NAME(column)(&q->gradients), b = NAME(column)(&r->gradients);
  CHECK(NAME(alike)(&a, &b, how, 2 * q->B * NAME(operations)(q), NAME(largest)(q)));
}

static inline void NAME(compare_part)(const NAME(problem) * q, const NAME(problem) * r,
                                      const part *p, closeness how) {
  NAME(compare_sequences)(q, r, p, how);
  if (p->t1 == q->T) {
    NAME(compare_state)(q, q->hT, p, r->hT, how);
    NAME(compare_state)(q, q->cT, p, r->cT, how);
  }
  if (p->t0 == 0 && r->pass == RECUR_MODE_TRAINING) {
    NAME(compare_state)(q, q->dh0, p, r->dh0, how);
    NAME(compare_state)(q, q->dc0, p, r->dc0, how);
  }
}

/* All outputs of two that ought to be the same. */
static inline void NAME(compare)(const NAME(problem) * q, const NAME(problem) * r, closeness how) {
  const part all = whole_of(q->T, q->B);
  NAME(compare_part)(q, r, &all, how);
  if (r->pass == RECUR_MODE_TRAINING)
    NAME(compare_dtheta)(q, r, how);
}
