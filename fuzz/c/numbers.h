/* The elements of arguments: random numbers from a seed, in ranges that the input chooses.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NUMBERS_H
#define NUMBERS_H

#include "arena.h"

typedef struct {
  uint64_t state;
  double scale; /* the largest absolute value */
  bool special; /* also infinities, NaN, subnormal and extreme numbers */
} numbers;

static inline numbers take_numbers(reader *r) {
  static const double scales[] = {1, 1, 1, 0.25, 4, 0, 1e3, 1e-3};
  const unsigned byte = take_byte(r);
  return (numbers){.state = 1 + take_byte(r), .scale = scales[byte % 8], .special = byte >= 248};
}

/* Splitmix64 (Steele, Lea, Flood 2014). */
static inline uint64_t next_word(numbers *n) {
  uint64_t z = n->state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static inline rk_real next_number(numbers *n) {
  static const rk_real special[] = {(rk_real)INFINITY, -(rk_real)INFINITY, (rk_real)NAN,
                                    RK_REAL_TRUE_MIN,  RK_REAL_MAX,        -RK_REAL_MAX,
                                    -RK_REAL_MIN,      (rk_real)-0.0};
  const uint64_t word = next_word(n);
  if (n->special && word % 8 == 0)
    return special[word / 8 % 8];
  return (rk_real)(n->scale * (double)((int64_t)(word >> 32) - INT32_MAX) / INT32_MAX);
}

static inline void fill(const gsl_matrix *m, numbers *n) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      m->data[i * m->tda + j] = next_number(n);
}

static inline gsl_matrix random_matrix(reader *r, numbers *n, size_t rows, size_t columns) {
  const gsl_matrix m = arena_matrix(r, rows, columns);
  fill(&m, n);
  return m;
}

/* A vector as a matrix of one column. */
static inline gsl_matrix as_column(const gsl_vector *v) {
  return (gsl_matrix){.size1 = v->size, .size2 = 1, .tda = v->stride, .data = v->data};
}

static inline gsl_vector random_vector(numbers *n, size_t size, size_t stride) {
  const gsl_vector v = arena_vector(size, stride);
  const gsl_matrix column = as_column(&v);
  fill(&column, n);
  return v;
}

/* Whether two numbers are bit-identical or both NaN, whose sign and payload are not defined.
 */
static inline bool same_number(rk_real a, rk_real b) {
  return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

static inline bool same_numbers(const gsl_matrix *a, const gsl_matrix *b) {
  bool same = a->size1 == b->size1 && a->size2 == b->size2;
  for (size_t i = 0; same && i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++)
      same = same && same_number(a->data[i * a->tda + j], b->data[i * b->tda + j]);
  return same;
}

static inline bool all_finite(const gsl_matrix *m) {
  bool finite = true;
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      finite = finite && isfinite(m->data[i * m->tda + j]);
  return finite;
}

#endif
