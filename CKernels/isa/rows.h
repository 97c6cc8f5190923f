/* Rows of matrices, and sums of rows, four vectors of them at a time.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define ROW KERNEL(rows, at)

INLINE REAL *KERNEL(rows, at)(const MATRIX *m, size_t r) {
  return m->data + r * m->tda;
}

INLINE void KERNEL(rows, add_part)(const REAL *rows, size_t row, size_t count, bool descending,
                                   REAL *sum, const size_t N, size_t last) {
  NUMBERS s[4];
  for (size_t v = 0; v < N; v++)
    s[v] = KERNEL(tile, load)(sum + v * LANES, v + 1 < N ? LANES : last);
  for (size_t k = 0; k < count; k++) {
    const REAL *from = rows + (descending ? count - 1 - k : k) * row;
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      s[v] += KERNEL(tile, load)(from + v * LANES, v + 1 < N ? LANES : last);
  }
  for (size_t v = 0; v < N; v++)
    KERNEL(tile, store)(sum + v * LANES, s[v], v + 1 < N ? LANES : last);
}

static void KERNEL(rows, add)(const REAL *rows, size_t row, size_t count, bool descending,
                              REAL *sum, size_t n) {
  size_t k = 0;
  for (; k + 4 * LANES <= n; k += 4 * LANES)
    KERNEL(rows, add_part)(rows + k, row, count, descending, sum + k, 4, LANES);
  for (; k + LANES <= n; k += LANES)
    KERNEL(rows, add_part)(rows + k, row, count, descending, sum + k, 1, LANES);
  if (k < n)
    KERNEL(rows, add_part)(rows + k, row, count, descending, sum + k, 1, n - k);
}
