/* Sums of products of 8-bit weights and 8-bit states, exactly, in 32-bit integers. Both are from
   -127 to 127. A row of states that is not finite may have any bytes; its scale is NaN.

   A panel has N vectors of LANES * 4 bytes for each four terms: the four weights of lane 0, then of
   lane 1, ... The number of terms is padded with zeros to a multiple of 4.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_DOT_H
#define RK_ISA_DOT_H

#include "isa/vector.h"

#include <string.h>

#if defined RK_DOT_256
/* A vector of 64 bytes is computed in two parts. */
enum { DOT_PARTS = RK_VECTOR_BYTES / 32 };

/* w q = (w sign(q)) |q|. The sum of two of them is at most 2 * 127^2, which fits in 16 bits. */
RK_INLINE void dot_vectors(const size_t N, size_t quads, const int8_t *w, const int8_t *q,
                           int32_t *sums) {
  __m256i sum[4 * DOT_PARTS];
#pragma GCC unroll 8
  for (size_t p = 0; p < N * DOT_PARTS; p++)
    sum[p] = _mm256_setzero_si256();
  for (size_t k = 0; k < quads; k++) {
    int32_t four;
    memcpy(&four, q + 4 * k, sizeof four);
    const __m256i terms = _mm256_set1_epi32(four), sizes = _mm256_abs_epi8(terms);
#pragma GCC unroll 8
    for (size_t p = 0; p < N * DOT_PARTS; p++, w += 32) {
      const __m256i weights = _mm256_loadu_si256((const __m256i *)w);
      const __m256i pairs = _mm256_maddubs_epi16(sizes, _mm256_sign_epi8(weights, terms));
      sum[p] = _mm256_add_epi32(sum[p], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
  }
#pragma GCC unroll 8
  for (size_t p = 0; p < N * DOT_PARTS; p++)
    _mm256_storeu_si256((__m256i *)(sums + 8 * p), sum[p]);
}
#elif defined RK_DOT_NEON
RK_INLINE void dot_vectors(const size_t N, size_t quads, const int8_t *w, const int8_t *q,
                           int32_t *sums) {
  int32x4_t low[4], high[4]; /* for each lane, two sums until the end */
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++)
    low[v] = high[v] = vdupq_n_s32(0);
  for (size_t k = 0; k < quads; k++) {
    int32_t four;
    memcpy(&four, q + 4 * k, sizeof four);
    const int8x8_t terms = vreinterpret_s8_s32(vdup_n_s32(four));
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++, w += 16) {
      const int8x16_t weights = vld1q_s8(w);
      low[v] = vpadalq_s16(low[v], vmull_s8(vget_low_s8(weights), terms));
      high[v] = vpadalq_s16(high[v], vmull_s8(vget_high_s8(weights), terms));
    }
  }
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++)
    vst1q_s32(sums + 4 * v, vpaddq_s32(low[v], high[v]));
}
#else
RK_INLINE void dot_vectors(const size_t N, size_t quads, const int8_t *w, const int8_t *q,
                           int32_t *sums) {
  for (size_t i = 0; i < N * LANES; i++)
    sums[i] = 0;
  for (size_t k = 0; k < quads; k++)
    for (size_t i = 0; i < N * LANES; i++, w += 4)
      sums[i] += w[0] * q[4 * k] + w[1] * q[4 * k + 1] + w[2] * q[4 * k + 2] + w[3] * q[4 * k + 3];
}
#endif

RK_INLINE void dot_rows(const size_t N, size_t rows, size_t quads, const void *panel,
                        const int8_t *q, size_t q_row, int32_t *sums) {
  const int8_t *w = (const int8_t *)panel + 2 * N * RK_VECTOR_BYTES;
  for (size_t r = 0; r < rows; r++)
    dot_vectors(N, quads, w, q + r * q_row, sums + r * N * LANES);
}

/* The sums of N vectors of lanes for each row. The panel begins with the sums of each column's
   weights, which this function does not need, and the scales. */
static void dot_panel(size_t N, size_t rows, size_t quads, const void *panel, const int8_t *q,
                      size_t q_row, int32_t *sums) {
  switch (N) {
  case 1:
    dot_rows(1, rows, quads, panel, q, q_row, sums);
    break;
  case 2:
    dot_rows(2, rows, quads, panel, q, q_row, sums);
    break;
  case 3:
    dot_rows(3, rows, quads, panel, q, q_row, sums);
    break;
  default:
    dot_rows(4, rows, quads, panel, q, q_row, sums);
  }
}

#endif
