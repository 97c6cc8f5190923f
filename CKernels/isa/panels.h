/* Packed operands: the layout of their panels, packing, and the product for any number of rows.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_PANELS_H
#define RK_ISA_PANELS_H

#include "isa/kernels.h"
#include "isa/quantized.h"
#include "isa/tile.h"

/* Panel p: n vectors of each group, from lane p * (RK_PANEL_VECTORS / groups) * LANES on. */
typedef struct {
  size_t n, lane;
  void *elements; /* by k, or by pairs of k: vector 0 of each group, then vector 1, ... */
} panel_view;

/* RK_PANEL_VECTORS / groups: a division takes as long as a row of a small product. */
static const unsigned char panel_wide[RK_MAX_GROUPS + 1] = {0, 4, 2, 1, 1};

RK_INLINE panel_view panel_at(const rk_packed_operand *b, size_t p) {
  const size_t wide = panel_wide[b->groups], vectors = (b->width + LANES - 1) / LANES;
  const size_t first = p * wide, n = vectors - first < wide ? vectors - first : wide;
  const size_t before = rk_panel_rows(b->storage, b->depth) * b->groups * first * LANES *
                        rk_panel_element_bytes(b->storage);
  return (panel_view){.n = n, .lane = first * LANES, .elements = (char *)b->panels + before};
}

/* Double precision has full storage only. */
RK_INLINE bool panel_stores(const rk_packed_operand *b, recur_weight_storage storage) {
#ifdef RK_FLOAT
  return b->storage == storage;
#else
  (void)b;
  return storage == RECUR_STORAGE_FULL;
#endif
}

/* Whether at most half a vector of each of G groups is left for a panel with n vectors of each,
   from a lane on. Then, with full storage, two groups share a vector: at H = 40, an LSTM has 10
   vectors of 16 lanes instead of 12. */
RK_INLINE bool panel_has_pairs(const rk_packed_operand *b, size_t G, size_t n, size_t lane) {
  return G > 1 && n == 1 && lane + LANES / 2 >= b->width;
}

RK_INLINE bool panel_is_paired(const rk_packed_operand *b, const panel_view *panel) {
  return panel_stores(b, RECUR_STORAGE_FULL) &&
         panel_has_pairs(b, b->groups, panel->n, panel->lane);
}

/* The vectors of a panel for each k. */
RK_INLINE size_t panel_vectors(const rk_packed_operand *b, const panel_view *panel) {
  return panel_is_paired(b, panel) ? TILE_PAIRS(b->groups) : panel->n * b->groups;
}

RK_INLINE size_t panel_count(const rk_packed_operand *b) {
  const size_t wide = RK_PANEL_VECTORS / b->groups * LANES;
  return (b->width + wide - 1) / wide;
}

/* An operand that exceeds the second-level cache comes from the third or from memory. If several
   blocks of rows use a panel, each of them can fetch a part of the next one. */
enum { FETCHING_BLOCKS = 3 };

RK_INLINE bool panel_fetches(const rk_packed_operand *b, size_t blocks) {
  return blocks >= FETCHING_BLOCKS && panel_stores(b, RECUR_STORAGE_FULL) &&
         b->depth * b->groups * b->width > RK_SECOND_LEVEL_BYTES / sizeof(rk_real);
}

RK_INLINE size_t panel_most_rows(const rk_packed_operand *b, size_t N) {
#ifdef RK_FLOAT
  if (!panel_stores(b, RECUR_STORAGE_FULL))
    return tile_rows_converted[N];
#else
  (void)b;
#endif
  return tile_rows[N];
}

RK_INLINE tile_function *panel_tile(const rk_packed_operand *b, const panel_view *panel,
                                    bool fetches) {
  const size_t N = panel->n * b->groups;
  if (panel_is_paired(b, panel))
    return tile_pairs[b->groups];
#ifdef RK_FLOAT
  if (panel_stores(b, RECUR_STORAGE_HALF))
    return tile_widths_half[N];
  if (panel_stores(b, RECUR_STORAGE_BFLOAT16))
    return tile_widths_bfloat16[N];
#endif
  return fetches ? tile_widths_fetching[N] : tile_widths[N];
}

#ifdef RK_FLOAT
/* The integers of some rows, `q_row` apart, for all panels. */
static void panel_multiply_rows(const rk_product_task *task, const quantized_row *rows,
                                size_t q_row, size_t r0, size_t count) {
  const rk_packed_operand *b = task->b;
  const size_t rest = b->width % LANES;
  for (size_t i = task->first; i < task->last; i++) {
    const panel_view panel = panel_at(b, task->back ? task->first + task->last - 1 - i : i);
    const size_t N = panel.n * b->groups;
    const bool whole = task->filled || rest == 0 || panel.lane + panel.n * LANES <= b->width;
    tile t = {.a_row = q_row,
              .panel = panel.elements,
              .start_row = task->start_row,
              .c_row = task->c_row,
              .last = whole ? LANES : rest};
    for (size_t v = 0; v < N; v++)
      t.column[v] = task->column[v % b->groups] + panel.lane + v / b->groups * LANES;
    for (size_t r = 0; r < count; r += RK_DOT_ROWS) {
      t.start = task->start == NULL ? NULL : task->start + (r0 + r) * task->start_row;
      t.c = task->c + (r0 + r) * task->c_row;
      quantized_multiply(N, b, rows + r, count - r < RK_DOT_ROWS ? count - r : RK_DOT_ROWS, &t);
    }
  }
}

/* The maximum number of rows whose integers are computed at a time. */
enum { INT8_ROWS = 256 };

/* Its memory must not become a part of the other products' stack. */
static __attribute__((noinline)) void panel_multiply_int8(const rk_product_task *task) {
  _Alignas(RK_ROW_BYTES) int8_t q[RK_DOT_ROWS * RK_INT8_TERMS];
  quantized_row rows[INT8_ROWS];
  const size_t depth = task->b->depth, row = rk_int8_row(depth);
  const size_t fitting = sizeof q / row / RK_DOT_ROWS * RK_DOT_ROWS;
  const size_t most = fitting < INT8_ROWS ? fitting : INT8_ROWS;
  for (size_t r0 = 0; r0 < task->rows; r0 += most) {
    const size_t count = task->rows - r0 < most ? task->rows - r0 : most;
    for (size_t r = 0; r < count; r++)
      rows[r] = quantized_row_of(task->a + (r0 + r) * task->a_row, depth, q + r * row);
    panel_multiply_rows(task, rows, row, r0, count);
  }
}
#endif

static void panel_multiply(const rk_product_task *task) {
  const rk_packed_operand *b = task->b;
#ifdef RK_FLOAT
  if (panel_stores(b, RECUR_STORAGE_INT8)) {
    panel_multiply_int8(task);
    return;
  }
#endif
  const size_t rest = b->width % LANES;
  for (size_t i = task->first; i < task->last; i++) {
    const size_t p = task->back ? task->first + task->last - 1 - i : i;
    const panel_view panel = panel_at(b, p);
    const size_t N = panel_vectors(b, &panel), most = panel_most_rows(b, N);
    const size_t blocks = task->rows <= most ? task->rows > 0 : (task->rows + most - 1) / most;
    const bool whole = task->filled || rest == 0 || panel.lane + panel.n * LANES <= b->width;
    tile t = {.summands = task->summands,
              .depth = task->summands == 1 ? b->depth : b->depth / task->summands,
              .a_row = task->a_row,
              .a_step = task->a_step,
              .a_summand = task->a_summand,
              .panel = panel.elements,
              .start_row = task->start_row,
              .c_row = task->c_row,
              .last = whole ? LANES : rest};
    const bool fetches = panel_fetches(b, blocks) && (task->back ? p > 0 : p + 1 < panel_count(b));
    if (fetches)
      t.next = panel_at(b, task->back ? p - 1 : p + 1).elements;
    for (size_t v = 0; v < panel.n * b->groups; v++)
      t.column[v] = task->column[v % b->groups] + panel.lane + v / b->groups * LANES;
    /* Blocks of nearly equal size: seven rows become three and four, not six and one. */
    for (size_t k = 0, r = 0, end; k < blocks; k++, r = end) {
      end = k + 1 == blocks ? task->rows : task->rows * (k + 1) / blocks;
      t.a = task->a + r * t.a_row;
      t.start = task->start == NULL ? NULL : task->start + r * t.start_row;
      t.c = task->c + r * t.c_row;
      panel_tile(b, &panel, fetches && k < N)(end - r, &t);
      t.next += fetches ? b->depth * LANES : 0;
    }
  }
}

/* A row of a left operand: numbers, and for 8-bit weights integers. */
typedef struct {
  const rk_real *a;
#ifdef RK_FLOAT
  quantized_row integers;
#endif
} panel_row;

RK_INLINE panel_row panel_row_of(const bool full, const rk_packed_operand *b, const rk_real *a,
                                 int8_t *integers) {
  panel_row row = {.a = a};
#ifdef RK_FLOAT
  if (!full && panel_stores(b, RECUR_STORAGE_INT8))
    row.integers = quantized_row_of(a, b->depth, integers);
#endif
  (void)full;
  (void)b;
  (void)integers;
  return row;
}

#ifdef RK_FLOAT
/* The product of a row and a panel of N vectors whose storage is not full. */
RK_INLINE void panel_multiply_stored(size_t N, const rk_packed_operand *b, const panel_row *row,
                                     const tile *t) {
  if (panel_stores(b, RECUR_STORAGE_HALF))
    tile_widths_half[N](1, t);
  else if (panel_stores(b, RECUR_STORAGE_BFLOAT16))
    tile_widths_bfloat16[N](1, t);
  else
    quantized_multiply(N, b, &row->integers, 1, t);
}
#endif

/* c = start + the product with one row, for units first to last - 1 of G groups: whole panels. The
   groups are `stride` apart in start and c, whose rows are padded. The last panel comes first if
   `back`. `full` is a constant: whether the storage is. */
RK_INLINE void panel_multiply_row(const bool full, const size_t G, const rk_packed_operand *b,
                                  size_t first, size_t last, bool back, const panel_row *row,
                                  const rk_real *start, rk_real *c, size_t stride) {
  const recur_weight_storage storage = full ? RECUR_STORAGE_FULL : b->storage;
  const size_t wide = RK_PANEL_VECTORS / G, panels = ((last - first) / LANES + wide - 1) / wide;
  const size_t lane_bytes = rk_panel_rows(storage, b->depth) * G * rk_panel_element_bytes(storage);
  tile t = {.summands = 1, .depth = b->depth, .a = row->a, .a_step = 1, .last = LANES};
#pragma GCC unroll 4
  for (size_t v = 0; v < RK_PANEL_VECTORS; v++)
    t.column[v] = v % G * stride + v / G * LANES;
  for (size_t p = 0; p < panels; p++) {
    const size_t lane = first + (back ? panels - 1 - p : p) * wide * LANES;
    t.panel = (const char *)b->panels + lane * lane_bytes;
    t.start = start + lane;
    t.c = c + lane;
    const size_t n = (last - lane) / LANES;
#ifdef RK_FLOAT
    if (!full) {
      panel_multiply_stored((n < wide ? n : wide) * G, b, row, &t);
      continue;
    }
#endif
    if (panel_has_pairs(b, G, n, lane))
      tile_multiply(1, TILE_PAIRS(G), RECUR_STORAGE_FULL, false, G, &t);
    else if (n >= wide)
      tile_multiply(1, wide * G, RECUR_STORAGE_FULL, false, 0, &t);
    else if (G <= 2 && n == 1)
      tile_multiply(1, G, RECUR_STORAGE_FULL, false, 0, &t);
    else if (G == 1 && n == 2)
      tile_multiply(1, 2, RECUR_STORAGE_FULL, false, 0, &t);
    else if (G == 1)
      tile_multiply(1, 3, RECUR_STORAGE_FULL, false, 0, &t);
  }
}

/* N is a constant: the vectors of the panel. `last` is the number of lanes of the last vector. */
RK_INLINE void panel_pack_row(const size_t N, const rk_real *row, size_t last, rk_real *to) {
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++)
    vec_store(to + v * LANES, tile_load(row + v * LANES, v + 1 < N ? LANES : last));
}

static void panel_pack_rows(const rk_packed_operand *b, size_t first, size_t count,
                            const rk_real *rows, ptrdiff_t step) {
  for (size_t p = 0; p < panel_count(b); p++) {
    const panel_view panel = panel_at(b, p);
    const size_t rest = b->width - panel.lane, N = panel.n;
    const size_t last = rest < N * LANES ? rest - (N - 1) * LANES : LANES;
    const rk_real *row = rows + panel.lane;
    rk_real *to = (rk_real *)panel.elements + first * N * LANES;
    for (size_t k = 0; k < count; k++, row += step, to += N * LANES)
      if (N == RK_PANEL_VECTORS && last == LANES)
        panel_pack_row(RK_PANEL_VECTORS, row, LANES, to);
      else
        panel_pack_row(N, row, last, to);
  }
}

/* Transposes LANES elements of LANES rows into vectors `step` elements apart, in log2(LANES) rounds
   that interleave the vectors of the first half with those of the second. */
RK_INLINE void panel_transpose(const rk_real *w, size_t w_row, rk_real *to, size_t step) {
  vec m[LANES], next[LANES];
#pragma GCC unroll 16
  for (size_t i = 0; i < LANES; i++)
    m[i] = vec_load(w + i * w_row);
#pragma GCC unroll 4
  for (size_t round = 1; round < LANES; round *= 2) {
#pragma GCC unroll 8
    for (size_t i = 0; i < LANES / 2; i++) {
      next[2 * i] = vec_interleave_low(m[i], m[i + LANES / 2]);
      next[2 * i + 1] = vec_interleave_high(m[i], m[i + LANES / 2]);
    }
#pragma GCC unroll 16
    for (size_t i = 0; i < LANES; i++)
      m[i] = next[i];
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < LANES; i++)
    vec_store(to + i * step, m[i]);
}

/* One vector of a panel, or the half of one, for each k: up to `lanes` rows of W, padded with 0. */
static void panel_pack_vector(const rk_real *w, size_t w_row, size_t rows, size_t depth,
                              rk_real *to, size_t lanes, size_t step) {
  size_t k = 0;
  for (; rows == LANES && k + LANES <= depth; k += LANES)
    panel_transpose(w + k, w_row, to + k * step, step);
  for (; k < depth; k++)
    for (size_t i = 0; i < lanes; i++)
      to[k * step + i] = i < rows ? w[i * w_row + k] : 0;
}

static void panel_pack_pairs(const rk_packed_operand *b, const panel_view *panel, const rk_real *w,
                             size_t w_row) {
  const size_t G = b->groups, rows = b->width - panel->lane;
  for (size_t g = 0; g < 2 * TILE_PAIRS(G); g++)
    panel_pack_vector(g < G ? w + (g * b->width + panel->lane) * w_row : NULL, w_row,
                      g < G ? rows : 0, b->depth, (rk_real *)panel->elements + g * (LANES / 2),
                      LANES / 2, TILE_PAIRS(G) * LANES);
}

#ifdef RK_FLOAT
static void panel_pack_vector_half(const rk_real *w, size_t w_row, size_t rows, size_t depth,
                                   rk_half *to, size_t step) {
  for (size_t k = 0; k < depth; k++)
    for (size_t i = 0; i < LANES; i++)
      to[k * step + i] = i < rows ? rk_half_of(w[i * w_row + k]) : 0;
}

/* The lower half of a word has an even k, and the upper half the next one, or 0. */
static void panel_pack_vector_bfloat16(const rk_real *w, size_t w_row, size_t rows, size_t depth,
                                       uint32_t *to, size_t step) {
  for (size_t k = 0; k < depth; k += 2, to += step)
    for (size_t i = 0; i < LANES; i++) {
      const uint32_t lower = i < rows ? rk_bfloat16_of(w[i * w_row + k]) : 0;
      const uint32_t upper = i < rows && k + 1 < depth ? rk_bfloat16_of(w[i * w_row + k + 1]) : 0;
      to[i] = upper << 16 | lower;
    }
}
#endif

static void panel_pack_transposed(const rk_packed_operand *b, const rk_real *w, size_t w_row) {
  for (size_t p = 0; p < panel_count(b); p++) {
    const panel_view panel = panel_at(b, p);
    const size_t N = panel.n * b->groups;
    if (panel_is_paired(b, &panel)) {
      panel_pack_pairs(b, &panel, w, w_row);
      continue;
    }
    for (size_t v = 0; v < N; v++) {
      const size_t lane = panel.lane + v / b->groups * LANES, rest = b->width - lane;
      const size_t row = v % b->groups * b->width + lane;
      const size_t rows = rest < LANES ? rest : LANES;
      const rk_real *from = w + row * w_row;
      if (panel_stores(b, RECUR_STORAGE_FULL))
        panel_pack_vector(from, w_row, rows, b->depth, (rk_real *)panel.elements + v * LANES, LANES,
                          N * LANES);
#ifdef RK_FLOAT
      else if (panel_stores(b, RECUR_STORAGE_HALF))
        panel_pack_vector_half(from, w_row, rows, b->depth, (rk_half *)panel.elements + v * LANES,
                               N * LANES);
      else if (panel_stores(b, RECUR_STORAGE_BFLOAT16))
        panel_pack_vector_bfloat16(from, w_row, rows, b->depth,
                                   (uint32_t *)panel.elements + v * LANES, N * LANES);
      else
        quantized_pack_vector(from, w_row, rows, b->depth, panel.elements, v, N);
#endif
    }
  }
}

#endif
