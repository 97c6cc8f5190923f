/* Rows of matrices, and sums of rows, four vectors at a time.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_ROWS_H
#define RK_ISA_ROWS_H

#include "isa/tile.h"

RK_INLINE rk_real *row_at(const gsl_matrix *m, size_t r) {
  return m->data + r * m->tda;
}

/* Copies n elements. */
RK_INLINE void copy_row(const rk_real *from, rk_real *to, size_t n) {
  size_t k = 0;
  for (; k + LANES <= n; k += LANES)
    vec_store(to + k, vec_load(from + k));
  if (k < n)
    tile_store(to + k, vec_load(from + k), n - k);
}

RK_INLINE void add_row_vectors(const rk_real *rows, size_t row, size_t count, bool descending,
                               rk_real *sum, const size_t N, size_t last) {
  vec s[RK_PANEL_VECTORS];
  for (size_t v = 0; v < N; v++)
    s[v] = tile_load(sum + v * LANES, v + 1 < N ? LANES : last);
  for (size_t k = 0; k < count; k++) {
    const rk_real *from = rows + (descending ? count - 1 - k : k) * row;
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      s[v] += tile_load(from + v * LANES, v + 1 < N ? LANES : last);
  }
  for (size_t v = 0; v < N; v++)
    tile_store(sum + v * LANES, s[v], v + 1 < N ? LANES : last);
}

static void add_rows(const rk_real *rows, size_t row, size_t count, bool descending, rk_real *sum,
                     size_t n) {
  size_t k = 0;
  enum { WIDE = RK_PANEL_VECTORS };
  for (; k + WIDE * LANES <= n; k += WIDE * LANES)
    add_row_vectors(rows + k, row, count, descending, sum + k, WIDE, LANES);
  for (; k + LANES <= n; k += LANES)
    add_row_vectors(rows + k, row, count, descending, sum + k, 1, LANES);
  if (k < n)
    add_row_vectors(rows + k, row, count, descending, sum + k, 1, n - k);
}

#endif
