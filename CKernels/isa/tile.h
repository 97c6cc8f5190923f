/* The product of R rows and a panel of N vectors: the one place in which the library multiplies.

   Each number of c is one chain of fused multiply-adds, whatever R, N and the width of a vector
   are: so it depends on nothing but its own row and column.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

typedef struct {
  size_t segments, depth;
  const REAL *a;
  size_t a_row, a_segment;
  ptrdiff_t a_step;
  const REAL *panel; /* N vectors for each k */
  const REAL *start; /* or NULL */
  size_t start_row;
  REAL *c;
  size_t c_row;
  size_t column[4]; /* of each vector, in start and c */
  size_t last;      /* lanes of the last vector that start and c have; LANES if all */
} KERNEL(tile, task);
#define TILE KERNEL(tile, task)

INLINE NUMBERS KERNEL(tile, load)(const REAL *p, size_t lanes) {
  if (lanes == LANES)
    return LOAD(p);
  NUMBERS v = {0};
  for (size_t k = 0; k < lanes; k++)
    v[k] = p[k];
  return v;
}

INLINE void KERNEL(tile, store)(REAL *p, NUMBERS v, size_t lanes) {
  if (lanes == LANES)
    STORE(p, v);
  else
    for (size_t k = 0; k < lanes; k++)
      p[k] = v[k];
}

/* In registers for every constant R and N that an instruction set has room for. */
INLINE void KERNEL(tile, multiply)(const size_t R, const size_t N, const TILE *t) {
  NUMBERS sum[RK_TILE_ROWS][4];
  const REAL *panel = t->panel;
#pragma GCC unroll 16
  for (size_t r = 0; r < R; r++)
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      sum[r][v] = t->start == NULL ? (NUMBERS){0}
                                   : KERNEL(tile, load)(t->start + r * t->start_row + t->column[v],
                                                        v + 1 < N ? LANES : t->last);
  for (size_t s = 0; s < t->segments; s++) {
    const REAL *a = t->a + s * t->a_segment;
    for (size_t k = 0; k < t->depth; k++, a += t->a_step, panel += N * LANES) {
      NUMBERS b[4];
#pragma GCC unroll 4
      for (size_t v = 0; v < N; v++)
        b[v] = LOAD(panel + v * LANES);
#pragma GCC unroll 16
      for (size_t r = 0; r < R; r++) {
        const NUMBERS all = ALL(a[r * t->a_row]);
#pragma GCC unroll 4
        for (size_t v = 0; v < N; v++)
          sum[r][v] = FMA(all, b[v], sum[r][v]);
      }
    }
  }
#pragma GCC unroll 16
  for (size_t r = 0; r < R; r++)
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      KERNEL(tile, store)
  (t->c + r * t->c_row + t->column[v], sum[r][v], v + 1 < N ? LANES : t->last);
}

/* One function for each N; R and N are constants in each case. */
#define ROWS(R, N)                                                                                 \
  case R:                                                                                          \
    KERNEL(tile, multiply)(R, N, t);                                                               \
    break;
#define TILES(N)                                                                                   \
  static void KERNEL(tile, multiply_##N)(size_t rows, const TILE *t) {                             \
    switch (rows) {                                                                                \
      RK_TILES_##N(ROWS, N) default : __builtin_trap(); /* RK_TILE_ROWS_##N says more */           \
    }                                                                                              \
  }
TILES(1)
TILES(2)
TILES(3)
TILES(4)

/* How many rows a tile of N vectors has at most. */
static const unsigned char KERNEL(tile, rows)[5] = {0, RK_TILE_ROWS_1, RK_TILE_ROWS_2,
                                                    RK_TILE_ROWS_3, RK_TILE_ROWS_4};

static void (*const KERNEL(tile, widths)[5])(size_t, const TILE *) = {
    NULL, KERNEL(tile, multiply_1), KERNEL(tile, multiply_2), KERNEL(tile, multiply_3),
    KERNEL(tile, multiply_4)};
