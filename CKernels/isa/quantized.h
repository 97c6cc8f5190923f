/* Products of states with 8-bit weights.

   A panel begins with the sums of the integers of each column and with the scales of the columns,
   a vector each for every vector of lanes. The integers follow in the layout of isa/dot.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_QUANTIZED_H
#define RK_ISA_QUANTIZED_H

#include "base/quantized.h"
#include "isa/kernels.h"
#include "isa/tile.h"

#ifdef RK_FLOAT
#include "isa/dot.h"

/* A row of states as integers: a is about scale * q. */
typedef struct {
  const int16_t *q;
  float scale;
} quantized_row;

typedef int32_t quantized_lanes __attribute__((vector_size(RK_VECTOR_BYTES)));
typedef int16_t quantized_vector
    __attribute__((vector_size(RK_VECTOR_BYTES / 2), aligned(2), may_alias));

/* The maximum magnitude; NaN if an element is not finite. */
RK_INLINE float quantized_maximum(const float *a, size_t n) {
  vec most = {0}, lost = {0};
  for (size_t k = 0; k < n; k += LANES) {
    const vec v = tile_load(a + k, n - k < LANES ? n - k : LANES), size = vec_magnitude(v);
    most = vec_select(size > most, size, most);
    lost += v - v;
  }
  float maximum = 0;
  for (size_t i = 0; i < LANES; i++) {
    maximum = most[i] > maximum ? most[i] : maximum;
    lost[0] += lost[i];
  }
  return lost[0] == 0 ? maximum : NAN;
}

/* Rounds n elements to the nearest integers, ties to even. A row that is not finite becomes NaN
   times zero. The row of integers is padded with zeros. */
RK_INLINE quantized_row quantized_row_of(const float *a, size_t n, int16_t *q) {
  const float maximum = quantized_maximum(a, n), limit = (float)rk_int16_max(n);
  const bool empty = !(maximum >= RK_QUANTIZED_MIN);
  const float inverse = empty ? 0 : limit / maximum;
  const vec magic = vec_all(0x1.8p23f);
  for (size_t k = 0; k < rk_int16_row(n); k += LANES) {
    vec v = {0};
    if (k < n && !empty)
      v = tile_load(a + k, n - k < LANES ? n - k : LANES);
    const vec shifted = vec_fma(v, vec_all(inverse), magic);
    const vec_bits rounded = (vec_bits)shifted - (vec_bits)magic;
    *(quantized_vector *)(q + k) = __builtin_convertvector(rounded, quantized_vector);
  }
  return (quantized_row){.q = q, .scale = empty ? maximum * 0 : maximum / limit};
}

/* c = start + the products of one panel with N vectors. `last` is the number of lanes of the last
   vector that exist in start and c. */
static void quantized_multiply(size_t N, const rk_packed_operand *b, const void *panel,
                               quantized_row a, const tile *t) {
  quantized_lanes sums[RK_PANEL_VECTORS];
  const float *scales = (const float *)panel + N * LANES;
  b->dot(N, (b->depth + 3) / 4, panel, a.q, (int32_t *)sums);
  for (size_t v = 0; v < N; v++) {
    const size_t lanes = v + 1 < N ? LANES : t->last;
    const vec scale = vec_load(scales + v * LANES) * a.scale;
    const vec start = t->start == NULL ? (vec){0} : tile_load(t->start + t->column[v], lanes);
    tile_store(t->c + t->column[v], vec_fma(__builtin_convertvector(sums[v], vec), scale, start),
               lanes);
  }
}

/* Packs one vector of a panel with N: up to LANES rows of W. */
RK_INLINE void quantized_pack_vector(const float *w, size_t w_row, size_t rows, size_t depth,
                                     char *panel, size_t v, size_t N) {
  int32_t *totals = (int32_t *)(panel + v * RK_VECTOR_BYTES);
  float *scales = (float *)(panel + (N + v) * RK_VECTOR_BYTES);
  int8_t *to = (int8_t *)(panel + (2 * N + v) * RK_VECTOR_BYTES);
  for (size_t i = 0; i < LANES; i++) {
    float maximum = 0;
    for (size_t k = 0; i < rows && k < depth; k++)
      maximum = fmaxf(maximum, fabsf(w[i * w_row + k]));
    scales[i] = rk_int8_scale(maximum);
    totals[i] = 0;
    for (size_t k = 0; k < (depth + 3) / 4 * 4; k++) {
      const int8_t q = i < rows && k < depth ? rk_int8_of(w[i * w_row + k], scales[i]) : 0;
      to[k / 4 * N * RK_VECTOR_BYTES + i * 4 + k % 4] = q;
      totals[i] += q;
    }
  }
}

#endif

#endif
