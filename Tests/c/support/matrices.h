/* The matrices of a test, in both precisions (so without an include guard).

   Each has a guard around it, and padding between its rows if tda > size2; all of it, and the
   numbers at first, is one NaN of known bits. So what is read and should not be spoils the result,
   and what is written and should not be is found. All are kept in a list and freed together.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef MATRICES_H
#define MATRICES_H
enum { GUARD = 4, MOST_MATRICES = 256 };

/* Wider numbers than those tested, for what is expected. */
typedef long double wide;
static wide *wide_arrays[MOST_MATRICES];
static size_t wide_count;

static inline wide *wide_new(size_t n) {
  if (wide_count == MOST_MATRICES)
    abort();
  return wide_arrays[wide_count++] = calloc(n + 1, sizeof(wide));
}
#endif

typedef struct {
  MATRIX m; /* a test may change it: the true sizes are below */
  size_t rows, columns, tda, numbers;
  REAL *block, *copy;
} NAME(entry);

static NAME(entry) NAME(entries)[MOST_MATRICES];
static size_t NAME(entry_count);

static inline REAL NAME(sentinel)(void) {
  const union {
    __typeof__(SENTINEL_BITS) bits;
    REAL value;
  } sentinel = {SENTINEL_BITS};
  return sentinel.value;
}

static inline bool NAME(same_bits)(REAL a, REAL b) {
  return memcmp(&a, &b, sizeof a) == 0;
}

/* All of it sentinels. It stays where it is until free_all. */
static inline MATRIX *NAME(new_matrix)(size_t rows, size_t columns, size_t tda) {
  if (NAME(entry_count) == MOST_MATRICES)
    abort();
  NAME(entry) *e = &NAME(entries)[NAME(entry_count)++];
  *e = (NAME(entry)){.rows = rows, .columns = columns, .tda = tda};
  e->numbers = rows * tda + 2 * GUARD;
  e->block = malloc(e->numbers * sizeof(REAL));
  e->copy = malloc(e->numbers * sizeof(REAL));
  for (size_t i = 0; i < e->numbers; i++)
    e->copy[i] = e->block[i] = NAME(sentinel)();
  e->m = (MATRIX){.size1 = rows, .size2 = columns, .tda = tda, .data = e->block + GUARD};
  return &e->m;
}

/* With 0 to 3 numbers of padding. */
static inline MATRIX *NAME(new_padded)(size_t rows, size_t columns) {
  return NAME(new_matrix)(rows, columns, columns + check_random_below(4));
}

/* With stride 1 to 3. */
static inline VECTOR NAME(new_vector)(size_t size) {
  const MATRIX *m = NAME(new_padded)(size, 1);
  return (VECTOR){.size = size, .stride = m->tda, .data = m->data};
}

/* A vector as a matrix of one column. */
static inline MATRIX NAME(column)(const VECTOR *v) {
  return (MATRIX){.size1 = v->size, .size2 = 1, .tda = v->stride, .data = v->data};
}

static inline MATRIX NAME(rows)(const MATRIX *m, size_t first, size_t count) {
  MATRIX rows = *m;
  rows.data += first * m->tda;
  rows.size1 = count;
  return rows;
}

static inline void NAME(fill)(const MATRIX *m, REAL value) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      AT(m, i, j) = value;
}

static inline void NAME(randomize)(const MATRIX *m, double scale) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      AT(m, i, j) = (REAL)(scale * check_random());
}

static inline MATRIX *NAME(new_random)(size_t rows, size_t columns, double scale) {
  MATRIX *m = NAME(new_padded)(rows, columns);
  NAME(randomize)(m, scale);
  return m;
}

static inline VECTOR NAME(new_random_vector)(size_t size) {
  const VECTOR v = NAME(new_vector)(size);
  const MATRIX column = NAME(column)(&v);
  NAME(randomize)(&column, 1);
  return v;
}

static inline void NAME(copy_matrix)(const MATRIX *from, const MATRIX *to) {
  for (size_t i = 0; i < from->size1; i++)
    for (size_t j = 0; j < from->size2; j++)
      AT(to, i, j) = AT(from, i, j);
}

static inline bool NAME(equal_bits)(const MATRIX *a, const MATRIX *b) {
  bool equal = a->size1 == b->size1 && a->size2 == b->size2;
  for (size_t i = 0; equal && i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++)
      equal = equal && NAME(same_bits)(AT(a, i, j), AT(b, i, j));
  return equal;
}

/* Notes what every matrix holds, padding and all. */
static inline void NAME(remember)(void) {
  for (size_t k = 0; k < NAME(entry_count); k++)
    memcpy(NAME(entries)[k].copy, NAME(entries)[k].block, NAME(entries)[k].numbers * sizeof(REAL));
}

/* Whether every matrix holds, bit for bit, what it did. */
static inline bool NAME(nothing_touched)(void) {
  bool same = true;
  for (size_t k = 0; k < NAME(entry_count); k++)
    same = same && memcmp(NAME(entries)[k].copy, NAME(entries)[k].block,
                          NAME(entries)[k].numbers * sizeof(REAL)) == 0;
  return same;
}

/* The number that was remembered at an address in one of the matrices. */
static inline REAL NAME(before)(const REAL *at) {
  for (size_t k = 0; k < NAME(entry_count); k++) {
    const NAME(entry) *e = &NAME(entries)[k];
    if (at >= e->block && at < e->block + e->numbers)
      return e->copy[at - e->block];
  }
  abort();
}

/* Whether a matrix holds what was remembered; one that is missing does. */
static inline bool NAME(untouched)(const MATRIX *m) {
  bool same = true;
  for (size_t i = 0; m != NULL && i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      same = same && NAME(same_bits)(AT(m, i, j), NAME(before)(&AT(m, i, j)));
  return same;
}

static inline bool NAME(padding_untouched)(void) {
  bool intact = true;
  for (size_t k = 0; k < NAME(entry_count); k++) {
    const NAME(entry) *e = &NAME(entries)[k];
    for (size_t i = 0; i < e->numbers; i++) {
      const bool outside = i < GUARD || i >= e->numbers - GUARD;
      if (outside || (i - GUARD) % e->tda >= e->columns)
        intact = intact && NAME(same_bits)(e->block[i], NAME(sentinel)());
    }
  }
  return intact;
}

static inline void NAME(free_all)(void) {
  CHECK(NAME(padding_untouched)());
  for (size_t k = 0; k < NAME(entry_count); k++) {
    free(NAME(entries)[k].block);
    free(NAME(entries)[k].copy);
  }
  NAME(entry_count) = 0;
  for (size_t k = 0; k < wide_count; k++)
    free(wide_arrays[k]);
  wide_count = 0;
}

/* Whether a matrix is, to rounding, times * sum, plus what it was before if added. */
static inline bool NAME(near)(const MATRIX *m, bool added, unsigned times, const wide *sum,
                              size_t n, wide magnitude) {
  wide worst = 0;
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++) {
      const wide before = added ? NAME(before)(&AT(m, i, j)) : 0;
      const wide expected = before + times * sum[i * m->size2 + j];
      check_see(&magnitude, before);
      check_see(&magnitude, expected);
      const wide difference = fabsl(AT(m, i, j) - expected);
      if (!(difference <= worst))
        worst = difference;
    }
  return worst <= check_tolerance(n, EPSILON, magnitude);
}

/* For outputs that are overwritten. */
static inline bool NAME(is)(const MATRIX *m, const wide *expected, size_t n, wide magnitude) {
  return NAME(near)(m, false, 1, expected, n, magnitude);
}

/* For those that are added to: what was remembered plus times * sum. */
static inline bool NAME(grew_by)(const MATRIX *m, unsigned times, const wide *sum, size_t n,
                                 wide magnitude) {
  return NAME(near)(m, true, times, sum, n + times, times * magnitude);
}
