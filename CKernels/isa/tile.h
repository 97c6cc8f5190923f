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
  size_t summands, depth;
  const rk_real *a;
  size_t a_row, a_summand;
  ptrdiff_t a_step;
  const void *panel;    /* N vectors for each k, of rk_real or of rk_half */
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

/* Vector v of a panel. */
RK_INLINE vec tile_panel_vector(const recur_weight_storage storage, const char *panel, size_t v) {
#ifdef RK_FLOAT
  if (storage == RECUR_STORAGE_HALF)
    return vec_load_half((const rk_half *)panel + v * LANES);
#else
  (void)storage;
#endif
  return vec_load((const rk_real *)panel + v * LANES);
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

/* R and N are constants, such that the sums fit into the registers of the instruction set. So are
   the storage, fetch, and paired: the number of groups that are in pairs, or 0. */
RK_INLINE void tile_multiply(const size_t R, const size_t N, const recur_weight_storage storage,
                             const bool fetch, const size_t paired, const tile *t) {
  vec sum[RK_TILE_ROWS][RK_PANEL_VECTORS];
  const char *panel = t->panel;
  const rk_real *next = t->next;
#pragma GCC unroll 16
  for (size_t r = 0; r < R; r++)
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      sum[r][v] = tile_start(N, paired, t, r, v);
  for (size_t s = 0; s < t->summands; s++) {
    const rk_real *a = t->a + s * t->a_summand;
    for (size_t k = 0; k < t->depth; k++, a += t->a_step) {
      vec b[RK_PANEL_VECTORS];
      if (fetch) {
        __builtin_prefetch(next, 0, 2);
        next += LANES;
      }
#pragma GCC unroll 4
      for (size_t v = 0; v < N; v++)
        b[v] = tile_panel_vector(storage, panel, v);
      panel += N * LANES * rk_storage_bytes(storage);
#pragma GCC unroll 16
      for (size_t r = 0; r < R; r++) {
        const vec all = vec_all(a[r * t->a_row]);
#pragma GCC unroll 4
        for (size_t v = 0; v < N; v++)
          sum[r][v] = vec_fma(all, b[v], sum[r][v]);
      }
    }
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
#define RK_ROWS_TO_6(N) RK_ROWS_TO_3(N) RK_ROWS(4, N) RK_ROWS(5, N) RK_ROWS(6, N)
#define RK_ROWS_TO_8(N) RK_ROWS_TO_6(N) RK_ROWS(7, N) RK_ROWS(8, N)
#define RK_ROWS_TO(most, N) RK_PASTE(RK_ROWS_TO_, most)(N)
#define RK_TILES(name, N, stored, fetched, pairs)                                                  \
  static void name(size_t rows, const tile *t) {                                                   \
    const recur_weight_storage storage = stored;                                                   \
    const bool fetch = fetched;                                                                    \
    const size_t paired = pairs;                                                                   \
    switch (rows) { RK_ROWS_TO(RK_TILE_ROWS_##N, N) default : RK_UNREACHABLE(); }                  \
  }
RK_TILES(tile_multiply_1, 1, RECUR_STORAGE_FULL, false, 0)
RK_TILES(tile_multiply_2, 2, RECUR_STORAGE_FULL, false, 0)
RK_TILES(tile_multiply_3, 3, RECUR_STORAGE_FULL, false, 0)
RK_TILES(tile_multiply_4, 4, RECUR_STORAGE_FULL, false, 0)
RK_TILES(tile_multiply_3_fetching, 3, RECUR_STORAGE_FULL, true, 0)
RK_TILES(tile_multiply_4_fetching, 4, RECUR_STORAGE_FULL, true, 0)
RK_TILES(tile_multiply_2_paired, 1, RECUR_STORAGE_FULL, false, 2)
RK_TILES(tile_multiply_3_paired, 2, RECUR_STORAGE_FULL, false, 3)
RK_TILES(tile_multiply_4_paired, 2, RECUR_STORAGE_FULL, false, 4)

#ifdef RK_FLOAT
RK_TILES(tile_multiply_1_half, 1, RECUR_STORAGE_HALF, false, 0)
RK_TILES(tile_multiply_2_half, 2, RECUR_STORAGE_HALF, false, 0)
RK_TILES(tile_multiply_3_half, 3, RECUR_STORAGE_HALF, false, 0)
RK_TILES(tile_multiply_4_half, 4, RECUR_STORAGE_HALF, false, 0)
#endif

/* The maximum number of rows of a tile of N vectors. */
static const unsigned char tile_rows[RK_PANEL_VECTORS + 1] = {0, RK_TILE_ROWS_1, RK_TILE_ROWS_2,
                                                              RK_TILE_ROWS_3, RK_TILE_ROWS_4};

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
#endif

#endif
