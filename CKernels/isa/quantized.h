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
  const int8_t *q;
  float scale;
} quantized_row;

typedef int32_t quantized_lanes __attribute__((vector_size(RK_VECTOR_BYTES)));
typedef int8_t quantized_vector
    __attribute__((vector_size(RK_VECTOR_BYTES / 4), aligned(1), may_alias));

/* The maximum magnitudes so far, and zero, or NaN after a number that is not finite. */
typedef struct {
  vec most, invalid;
} quantized_extent;

RK_INLINE void quantized_extend(quantized_extent *e, vec v) {
  e->most = vec_larger(vec_magnitude(v), e->most);
  e->invalid += v - v;
}

/* The maximum of all lanes; NaN if an element is not finite. */
RK_INLINE float quantized_size(const quantized_extent *e) {
  float most[LANES], invalid[LANES];
  vec_store(most, e->most);
  vec_store(invalid, e->invalid);
  for (size_t n = LANES / 2; n > 0; n /= 2)
    for (size_t i = 0; i < n; i++) {
      most[i] = most[i + n] > most[i] ? most[i + n] : most[i];
      invalid[i] += invalid[i + n];
    }
  return invalid[0] == 0 ? most[0] : NAN;
}

/* Two accumulators hide the latency of the operations. */
RK_INLINE float quantized_maximum(const float *a, size_t n) {
  quantized_extent even = {{0}, {0}}, odd = {{0}, {0}};
  size_t k = 0;
  for (; k + 2 * LANES <= n; k += 2 * LANES) {
    quantized_extend(&even, vec_load(a + k));
    quantized_extend(&odd, vec_load(a + k + LANES));
  }
  for (; k < n; k += LANES)
    quantized_extend(&even, tile_load(a + k, n - k < LANES ? n - k : LANES));
  even.most = vec_larger(odd.most, even.most);
  even.invalid += odd.invalid;
  return quantized_size(&even);
}

RK_INLINE void quantized_round(vec v, float inverse, int8_t *q) {
  const vec magic = vec_all(0x1.8p23f), shifted = vec_fma(v, vec_all(inverse), magic);
  const vec_bits rounded = (vec_bits)shifted - (vec_bits)magic;
  *(quantized_vector *)q = __builtin_convertvector(rounded, quantized_vector);
}

/* Rounds n elements to the nearest integers, ties to even. A row that is not finite has the scale
   NaN. The row of integers is padded with zeros. */
RK_INLINE quantized_row quantized_row_of(const float *a, size_t n, int8_t *q) {
  const float maximum = quantized_maximum(a, n);
  const bool empty = !(maximum >= RK_QUANTIZED_MIN);
  const float inverse = empty ? 0 : RK_INT8_MAX / maximum;
  size_t k = 0;
  for (; k + LANES <= n; k += LANES)
    quantized_round(vec_load(a + k), inverse, q + k);
  for (; k < rk_int8_row(n); k += LANES)
    quantized_round(k < n ? tile_load(a + k, n - k) : (vec){0}, inverse, q + k);
  return (quantized_row){.q = q, .scale = empty ? maximum * 0 : maximum / RK_INT8_MAX};
}

/* c = start + the products of a panel of N vectors with up to RK_DOT_ROWS rows. a_row of the tile
   is the number of integers from one row to the next; `last` is the number of lanes of the last
   vector that exist in start and c. */
static void quantized_multiply(size_t N, const rk_packed_operand *b, const quantized_row *a,
                               size_t rows, const tile *t) {
  quantized_lanes sums[RK_DOT_ROWS * RK_PANEL_VECTORS];
  const float *scales = (const float *)t->panel + N * LANES;
  b->dot(N, rows, (b->depth + 3) / 4, t->panel, a->q, t->a_row, (int32_t *)sums);
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < N; v++) {
      const size_t lanes = v + 1 < N ? LANES : t->last;
      const vec scale = vec_load(scales + v * LANES) * a[r].scale;
      vec sum = {0};
      if (t->start != NULL)
        sum = tile_load(t->start + r * t->start_row + t->column[v], lanes);
      const vec products = __builtin_convertvector(sums[r * N + v], vec);
      tile_store(t->c + r * t->c_row + t->column[v], vec_fma(products, scale, sum), lanes);
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
