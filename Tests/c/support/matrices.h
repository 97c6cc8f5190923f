/* The matrices of a test.

   Each matrix has guard elements around it, and padding between its rows if tda > size2. These, and
   initially the elements, are a NaN with known bits. So an invalid read spoils the result, and an
   invalid write is detected. All matrices are in a list and freed together.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef MATRICES_H
#define MATRICES_H

#include "base/precision.h"
#include "support/bits.h"
#include "support/check.h"
#include "support/wide.h"

#define AT(m, i, j) ((m)->data[(i) * (m)->tda + (j)])

enum { GUARD = 4, MOST_MATRICES = 1024 };

typedef struct {
  gsl_matrix m; /* a test may change it; the true sizes follow */
  size_t rows, columns, tda, numbers;
  rk_real *block, *copy;
} guarded;

static guarded guarded_matrices[MOST_MATRICES];
static size_t guarded_count;

static inline rk_real sentinel(void) {
#ifdef RK_FLOAT
  return number_of_bits(UINT32_C(0x7fc0beef));
#else
  return number_of_bits(UINT64_C(0x7ff8dead00beef01));
#endif
}

/* A matrix of sentinels. Its address is valid until free_all. */
static inline gsl_matrix *new_matrix(size_t rows, size_t columns, size_t tda) {
  if (guarded_count == MOST_MATRICES)
    abort();
  guarded *e = &guarded_matrices[guarded_count++];
  *e = (guarded){.rows = rows, .columns = columns, .tda = tda};
  e->numbers = rows * tda + 2 * GUARD;
  e->block = malloc(e->numbers * sizeof(rk_real));
  e->copy = malloc(e->numbers * sizeof(rk_real));
  for (size_t i = 0; i < e->numbers; i++)
    e->copy[i] = e->block[i] = sentinel();
  e->m = (gsl_matrix){.size1 = rows, .size2 = columns, .tda = tda, .data = e->block + GUARD};
  return &e->m;
}

/* A matrix with 0 to 3 elements of padding. */
static inline gsl_matrix *new_padded(size_t rows, size_t columns) {
  return new_matrix(rows, columns, columns + check_random_below(4));
}

/* A vector with stride 1 to 3. */
static inline gsl_vector new_vector(size_t size) {
  const gsl_matrix *m = new_padded(size, 1);
  return (gsl_vector){.size = size, .stride = m->tda, .data = m->data};
}

/* A vector as a matrix of one column. */
static inline gsl_matrix as_column(const gsl_vector *v) {
  return (gsl_matrix){.size1 = v->size, .size2 = 1, .tda = v->stride, .data = v->data};
}

static inline gsl_matrix rows_of(const gsl_matrix *m, size_t first, size_t count) {
  gsl_matrix rows = *m;
  rows.data += first * m->tda;
  rows.size1 = count;
  return rows;
}

static inline void fill(const gsl_matrix *m, rk_real value) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      AT(m, i, j) = value;
}

static inline void randomize(const gsl_matrix *m, double scale) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      AT(m, i, j) = (rk_real)(scale * check_random());
}

static inline gsl_matrix *new_random(size_t rows, size_t columns, double scale) {
  gsl_matrix *m = new_padded(rows, columns);
  randomize(m, scale);
  return m;
}

static inline gsl_vector new_random_vector(size_t size) {
  const gsl_vector v = new_vector(size);
  const gsl_matrix column = as_column(&v);
  randomize(&column, 1);
  return v;
}

static inline void copy_matrix(const gsl_matrix *from, const gsl_matrix *to) {
  for (size_t i = 0; i < from->size1; i++)
    for (size_t j = 0; j < from->size2; j++)
      AT(to, i, j) = AT(from, i, j);
}

static inline bool equal_bits(const gsl_matrix *a, const gsl_matrix *b) {
  bool equal = a->size1 == b->size1 && a->size2 == b->size2;
  for (size_t i = 0; equal && i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++)
      equal = equal && same_bits(AT(a, i, j), AT(b, i, j));
  return equal;
}

/* Remembers the content of every matrix, including padding. */
static inline void remember(void) {
  for (size_t k = 0; k < guarded_count; k++)
    memcpy(guarded_matrices[k].copy, guarded_matrices[k].block,
           guarded_matrices[k].numbers * sizeof(rk_real));
}

/* Whether every matrix is unchanged since remember, bit for bit. */
static inline bool nothing_touched(void) {
  bool same = true;
  for (size_t k = 0; k < guarded_count; k++)
    same = same && memcmp(guarded_matrices[k].copy, guarded_matrices[k].block,
                          guarded_matrices[k].numbers * sizeof(rk_real)) == 0;
  return same;
}

/* The remembered value at an address in one of the matrices. */
static inline rk_real remembered(const rk_real *at) {
  for (size_t k = 0; k < guarded_count; k++) {
    const guarded *e = &guarded_matrices[k];
    if (at >= e->block && at < e->block + e->numbers)
      return e->copy[at - e->block];
  }
  abort();
}

/* Whether a matrix is unchanged since remember; true for NULL. */
static inline bool untouched(const gsl_matrix *m) {
  bool same = true;
  for (size_t i = 0; m != NULL && i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      same = same && same_bits(AT(m, i, j), remembered(&AT(m, i, j)));
  return same;
}

static inline bool padding_untouched(void) {
  bool intact = true;
  for (size_t k = 0; k < guarded_count; k++) {
    const guarded *e = &guarded_matrices[k];
    for (size_t i = 0; i < e->numbers; i++) {
      const bool outside = i < GUARD || i >= e->numbers - GUARD;
      if (outside || (i - GUARD) % e->tda >= e->columns)
        intact = intact && same_bits(e->block[i], sentinel());
    }
  }
  return intact;
}

static inline void free_all(void) {
  CHECK(padding_untouched());
  for (size_t k = 0; k < guarded_count; k++) {
    free(guarded_matrices[k].block);
    free(guarded_matrices[k].copy);
  }
  guarded_count = 0;
  wide_free_all();
}

/* Whether a matrix is times * sum up to rounding, plus its remembered values if `added`. */
static inline bool within_tolerance(const gsl_matrix *m, bool added, unsigned times,
                                    const wide *sum, size_t n, wide magnitude) {
  wide worst = 0;
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++) {
      const wide before = added ? remembered(&AT(m, i, j)) : 0;
      const wide expected = before + times * sum[i * m->size2 + j];
      check_see(&magnitude, before);
      check_see(&magnitude, expected);
      const wide difference = fabsl(AT(m, i, j) - expected);
      if (!(difference <= worst))
        worst = difference;
    }
  return worst <= check_tolerance(n, RK_REAL_EPSILON, magnitude);
}

/* Checks an output that is overwritten. */
static inline bool is_near(const gsl_matrix *m, const wide *expected, size_t n, wide magnitude) {
  return within_tolerance(m, false, 1, expected, n, magnitude);
}

/* Checks an output that is added to: the remembered values plus times * sum. */
static inline bool grew_by(const gsl_matrix *m, unsigned times, const wide *sum, size_t n,
                           wide magnitude) {
  return within_tolerance(m, true, times, sum, n + times, times * magnitude);
}

#endif
