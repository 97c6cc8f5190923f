/* The product of R rows and a panel of N vectors, which all matrix products of the library use.

   For any R, N and vector width, each element of c is one chain of fused multiply-adds, so it
   depends only on its own row and column.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_TILE_H
#define RK_ISA_TILE_H

#include "base/unreachable.h"
#include "isa/kernels.h"
#include "isa/vector.h"

#include <stddef.h>

typedef struct {
  size_t summands, depth; /* one summand, unless the storage is full */
  const rk_real *a;
  size_t a_row, a_summand;
  ptrdiff_t a_step;
  const void *panel;    /* N vectors for each k or, of bfloat16, for two; not of integers */
  const rk_real *next;  /* a vector for each k, fetched into the second-level cache; or NULL */
  const rk_real *start; /* or NULL */
  size_t start_row;
  rk_real *c;
  size_t c_row;
  size_t column[RK_PANEL_VECTORS]; /* the first column of each vector in start and c; of
                                      each group if they are paired */
  size_t last;                     /* the lanes of the last vector that exist in start and c */
} tile;

/* Pairs of groups: each group has half a vector, and two of them share one. This is the number of
   vectors. */
#define TILE_PAIRS(groups) (((groups) + 1) / 2)

RK_INLINE vec tile_load(const rk_real *p, size_t lanes) {
  if (lanes == LANES)
    return vec_load(p);
  vec v = {0};
  for (size_t k = 0; k < lanes; k++)
    v[k] = p[k];
  return v;
}

RK_INLINE void tile_store(rk_real *p, vec v, size_t lanes) {
  if (lanes == LANES)
    vec_store(p, v);
  else
    for (size_t k = 0; k < lanes; k++)
      p[k] = v[k];
}

/* Two consecutive k of bfloat16 share words: the second element is in the upper half. */
enum { TILE_MOST_TERMS = 2 };

RK_INLINE size_t tile_terms(const recur_weight_storage storage) {
  return storage == RECUR_STORAGE_BFLOAT16 ? 2 : 1;
}

/* Vector v of a panel, for one k or for two that share words. */
RK_INLINE vec tile_panel_vector(const recur_weight_storage storage, const char *panel, size_t v) {
#ifdef RK_FLOAT
  if (storage == RECUR_STORAGE_HALF)
    return vec_load_half((const rk_half *)panel + v * LANES);
#else
  (void)storage;
#endif
  return vec_load((const rk_real *)panel + v * LANES);
}

/* The elements of one k. */
RK_INLINE vec tile_term(const recur_weight_storage storage, vec loaded, size_t term) {
#ifdef RK_FLOAT
  if (storage == RECUR_STORAGE_BFLOAT16)
    return term == 0 ? vec_lower_bfloat16(loaded) : vec_upper_bfloat16(loaded);
#endif
  (void)storage;
  (void)term;
  return loaded;
}

/* The start of a sum. If groups are paired, vector v is that of groups 2 v and 2 v + 1. */
RK_INLINE vec tile_start(const size_t N, const size_t paired, const tile *t, size_t r, size_t v) {
  if (t->start == NULL)
    return (vec){0};
  const rk_real *start = t->start + r * t->start_row;
  if (paired == 0)
    return tile_load(start + t->column[v], v + 1 < N ? LANES : t->last);
  return vec_lower_halves(vec_load(start + t->column[2 * v]),
                          2 * v + 1 == paired ? (vec){0} : vec_load(start + t->column[2 * v + 1]));
}

/* Stores a sum. Each half of a pair is filled with zeros to a whole vector. */
RK_INLINE void tile_end(const size_t N, const size_t paired, const tile *t, size_t r, size_t v,
                        vec sum) {
  rk_real *c = t->c + r * t->c_row;
  if (paired == 0) {
    tile_store(c + t->column[v], sum, v + 1 < N ? LANES : t->last);
    return;
  }
  vec_store(c + t->column[2 * v], vec_lower_halves(sum, (vec){0}));
  if (2 * v + 1 < paired)
    vec_store(c + t->column[2 * v + 1], vec_upper_halves(sum, (vec){0}));
}

/* Adds the products of N vectors and a column of the left operand, which begins at a, or two
   columns for vectors that share words. The elements of the columns stay in registers. */
RK_INLINE void tile_add_by_vector(const size_t R, const size_t N,
                                  const recur_weight_storage storage, const size_t terms,
                                  const tile *t, const rk_real *a, const char *panel,
                                  vec sum[RK_TILE_ROWS][RK_PANEL_VECTORS]) {
  vec all[TILE_MOST_TERMS][RK_TILE_ROWS];
#pragma GCC unroll 2
  for (size_t i = 0; i < terms; i++, a += t->a_step)
#pragma GCC unroll 16
    for (size_t r = 0; r < R; r++)
      all[i][r] = vec_all(a[r * t->a_row]);
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++) {
    const vec once = tile_panel_vector(storage, panel, v);
    const vec loaded = R * terms > 1 ? vec_kept(once) : once;
#pragma GCC unroll 2
    for (size_t i = 0; i < terms; i++) {
      const vec b = tile_term(storage, loaded, i);
#pragma GCC unroll 16
      for (size_t r = 0; r < R; r++)
        sum[r][v] = vec_fma(all[i][r], b, sum[r][v]);
    }
  }
}

/* The same, but the vectors stay in registers. */
RK_INLINE void tile_add_by_row(const size_t R, const size_t N, const recur_weight_storage storage,
                               const size_t terms, const tile *t, const rk_real *a,
                               const char *panel, vec sum[RK_TILE_ROWS][RK_PANEL_VECTORS]) {
  vec loaded[RK_PANEL_VECTORS], b[RK_PANEL_VECTORS];
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++)
    loaded[v] = vec_kept(tile_panel_vector(storage, panel, v));
#pragma GCC unroll 2
  for (size_t i = 0; i < terms; i++, a += t->a_step) {
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      b[v] = tile_term(storage, loaded[v], i);
#pragma GCC unroll 16
    for (size_t r = 0; r < R; r++) {
      const vec all = vec_all(a[r * t->a_row]);
#pragma GCC unroll 4
      for (size_t v = 0; v < N; v++)
        sum[r][v] = vec_fma(all, b[v], sum[r][v]);
    }
  }
}

/* With 16 registers, 3 rows of 4 vectors need all of them: 12 for the sums, 3 for the elements of a
   column, and one for a vector. With the vectors in registers, compilers would spill a sum. */
RK_INLINE void tile_add_products(const size_t R, const size_t N, const recur_weight_storage storage,
                                 const size_t terms, const tile *t, const rk_real *a,
                                 const char *panel, vec sum[RK_TILE_ROWS][RK_PANEL_VECTORS]) {
  if (R < N)
    tile_add_by_vector(R, N, storage, terms, t, a, panel, sum);
  else
    tile_add_by_row(R, N, storage, terms, t, a, panel, sum);
}

/* R and N are constants, such that the sums fit into the registers of the instruction set. So are
   the storage, fetch, and paired: the number of groups that are in pairs, or 0. */
RK_INLINE void tile_multiply(const size_t R, const size_t N, const recur_weight_storage storage,
                             const bool fetch, const size_t paired, const tile *t) {
  vec sum[RK_TILE_ROWS][RK_PANEL_VECTORS];
  const size_t terms = tile_terms(storage), row = N * LANES * rk_panel_element_bytes(storage);
  const char *panel = t->panel;
  const rk_real *next = t->next;
#pragma GCC unroll 16
  for (size_t r = 0; r < R; r++)
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      sum[r][v] = tile_start(N, paired, t, r, v);
  for (size_t s = 0; s < t->summands; s++) {
    const rk_real *a = t->a + s * t->a_summand;
    size_t k = 0;
    for (; k + terms <= t->depth; k += terms, panel += row) {
      if (fetch) {
        __builtin_prefetch(next, 0, 2);
        next += LANES;
      }
      tile_add_products(R, N, storage, terms, t, a, panel, sum);
      a += (ptrdiff_t)terms * t->a_step;
    }
    if (terms > 1 && k < t->depth)
      tile_add_products(R, N, storage, 1, t, a, panel, sum);
  }
#pragma GCC unroll 16
  for (size_t r = 0; r < R; r++)
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      tile_end(N, paired, t, r, v, sum[r][v]);
}

/* One function for each N, with a case for each R. */
#define RK_ROWS(R, N)                                                                              \
  case R:                                                                                          \
    tile_multiply(R, N, storage, fetch, paired, t);                                                \
    break;
#define RK_ROWS_TO_2(N) RK_ROWS(1, N) RK_ROWS(2, N)
#define RK_ROWS_TO_3(N) RK_ROWS_TO_2(N) RK_ROWS(3, N)
#define RK_ROWS_TO_4(N) RK_ROWS_TO_3(N) RK_ROWS(4, N)
#define RK_ROWS_TO_5(N) RK_ROWS_TO_4(N) RK_ROWS(5, N)
#define RK_ROWS_TO_6(N) RK_ROWS_TO_5(N) RK_ROWS(6, N)
#define RK_ROWS_TO_8(N) RK_ROWS_TO_6(N) RK_ROWS(7, N) RK_ROWS(8, N)
#define RK_ROWS_TO(most, N) RK_PASTE(RK_ROWS_TO_, most)(N)
#define RK_TILES(name, most, N, stored, fetched, pairs)                                            \
  static void name(size_t rows, const tile *t) {                                                   \
    const recur_weight_storage storage = stored;                                                   \
    const bool fetch = fetched;                                                                    \
    const size_t paired = pairs;                                                                   \
    switch (rows) { RK_ROWS_TO(most, N) default : RK_UNREACHABLE(); }                              \
  }
#define RK_FULL_TILES(name, N, fetched, pairs)                                                     \
  RK_TILES(name, RK_TILE_ROWS_##N, N, RECUR_STORAGE_FULL, fetched, pairs)
RK_FULL_TILES(tile_multiply_1, 1, false, 0)
RK_FULL_TILES(tile_multiply_2, 2, false, 0)
RK_FULL_TILES(tile_multiply_3, 3, false, 0)
RK_FULL_TILES(tile_multiply_4, 4, false, 0)
RK_FULL_TILES(tile_multiply_3_fetching, 3, true, 0)
RK_FULL_TILES(tile_multiply_4_fetching, 4, true, 0)
RK_FULL_TILES(tile_multiply_2_paired, 1, false, 2)
RK_FULL_TILES(tile_multiply_3_paired, 2, false, 3)
RK_FULL_TILES(tile_multiply_4_paired, 2, false, 4)

#ifdef RK_FLOAT
#define RK_CONVERTED_TILES(name, N, stored)                                                        \
  RK_TILES(name, RK_TILE_ROWS_CONVERTED_##N, N, stored, false, 0)
RK_CONVERTED_TILES(tile_multiply_1_half, 1, RECUR_STORAGE_HALF)
RK_CONVERTED_TILES(tile_multiply_2_half, 2, RECUR_STORAGE_HALF)
RK_CONVERTED_TILES(tile_multiply_3_half, 3, RECUR_STORAGE_HALF)
RK_CONVERTED_TILES(tile_multiply_4_half, 4, RECUR_STORAGE_HALF)
RK_CONVERTED_TILES(tile_multiply_1_bfloat16, 1, RECUR_STORAGE_BFLOAT16)
RK_CONVERTED_TILES(tile_multiply_2_bfloat16, 2, RECUR_STORAGE_BFLOAT16)
RK_CONVERTED_TILES(tile_multiply_3_bfloat16, 3, RECUR_STORAGE_BFLOAT16)
RK_CONVERTED_TILES(tile_multiply_4_bfloat16, 4, RECUR_STORAGE_BFLOAT16)
#endif

/* The maximum number of rows of a tile of N vectors. Tiles of converted vectors are smaller,
   because the conversion needs registers. */
static const unsigned char tile_rows[RK_PANEL_VECTORS + 1] = {0, RK_TILE_ROWS_1, RK_TILE_ROWS_2,
                                                              RK_TILE_ROWS_3, RK_TILE_ROWS_4};
#ifdef RK_FLOAT
static const unsigned char tile_rows_converted[RK_PANEL_VECTORS + 1] = {
    0, RK_TILE_ROWS_CONVERTED_1, RK_TILE_ROWS_CONVERTED_2, RK_TILE_ROWS_CONVERTED_3,
    RK_TILE_ROWS_CONVERTED_4};
#endif

typedef void tile_function(size_t rows, const tile *t);

static tile_function *const tile_widths[RK_PANEL_VECTORS + 1] = {
    NULL, tile_multiply_1, tile_multiply_2, tile_multiply_3, tile_multiply_4};

/* With t->next; narrow panels are too small for that. */
static tile_function *const tile_widths_fetching[RK_PANEL_VECTORS + 1] = {
    NULL, tile_multiply_1, tile_multiply_2, tile_multiply_3_fetching, tile_multiply_4_fetching};

/* By the number of paired groups. */
static tile_function *const tile_pairs[RK_MAX_GROUPS + 1] = {
    NULL, NULL, tile_multiply_2_paired, tile_multiply_3_paired, tile_multiply_4_paired};

#ifdef RK_FLOAT
static tile_function *const tile_widths_half[RK_PANEL_VECTORS + 1] = {
    NULL, tile_multiply_1_half, tile_multiply_2_half, tile_multiply_3_half, tile_multiply_4_half};

static tile_function *const tile_widths_bfloat16[RK_PANEL_VECTORS + 1] = {
    NULL, tile_multiply_1_bfloat16, tile_multiply_2_bfloat16, tile_multiply_3_bfloat16,
    tile_multiply_4_bfloat16};
#endif

#endif
