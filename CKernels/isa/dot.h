/* Sums of products of 8-bit weights and 16-bit states, exactly, in 32-bit integers.

   A panel has N vectors of LANES * 4 bytes for each four terms: the four weights of lane 0, then of
   lane 1, ... The number of terms is padded with zeros to a multiple of 4.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_DOT_H
#define RK_ISA_DOT_H

#include "isa/vector.h"

#include <string.h>

#if defined RK_DOT_256
/* Each half of a vector of 64 bytes, or a vector of 32: 8 lanes, whose weights are widened in two
   parts. A lane has two sums until the end. */
enum { DOT_PARTS = RK_VECTOR_BYTES / 32 };

RK_INLINE __m256i dot_of_weights(const int8_t *w, __m256i terms, __m256i sum) {
  const __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)w));
  return _mm256_add_epi32(sum, _mm256_madd_epi16(wide, terms));
}

RK_INLINE void dot_vectors(const size_t N, size_t quads, const int8_t *w, const int16_t *q,
                           int32_t *sums) {
  __m256i low[4 * DOT_PARTS], high[4 * DOT_PARTS];
#pragma GCC unroll 8
  for (size_t p = 0; p < N * DOT_PARTS; p++)
    low[p] = high[p] = _mm256_setzero_si256();
  for (size_t k = 0; k < quads; k++) {
    int64_t four;
    memcpy(&four, q + 4 * k, sizeof four);
    const __m256i terms = _mm256_set1_epi64x(four);
#pragma GCC unroll 8
    for (size_t p = 0; p < N * DOT_PARTS; p++, w += 32) {
      low[p] = dot_of_weights(w, terms, low[p]);
      high[p] = dot_of_weights(w + 16, terms, high[p]);
    }
  }
  /* Sums of neighbors: lanes 0 1 4 5 2 3 6 7. */
#pragma GCC unroll 8
  for (size_t p = 0; p < N * DOT_PARTS; p++) {
    const __m256i lanes = _mm256_hadd_epi32(low[p], high[p]);
    _mm256_storeu_si256((__m256i *)(sums + 8 * p), _mm256_permute4x64_epi64(lanes, 0xd8));
  }
}
#elif defined RK_DOT_NEON
RK_INLINE void dot_vectors(const size_t N, size_t quads, const int8_t *w, const int16_t *q,
                           int32_t *sums) {
  int32x4_t sum[4][4]; /* for each lane, four sums until the end */
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++)
    for (size_t i = 0; i < 4; i++)
      sum[v][i] = vdupq_n_s32(0);
  for (size_t k = 0; k < quads; k++) {
    const int16x4_t terms = vld1_s16(q + 4 * k);
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++, w += 16) {
      const int8x16_t weights = vld1q_s8(w);
      const int16x8_t low = vmovl_s8(vget_low_s8(weights)), high = vmovl_s8(vget_high_s8(weights));
      sum[v][0] = vmlal_s16(sum[v][0], vget_low_s16(low), terms);
      sum[v][1] = vmlal_s16(sum[v][1], vget_high_s16(low), terms);
      sum[v][2] = vmlal_s16(sum[v][2], vget_low_s16(high), terms);
      sum[v][3] = vmlal_s16(sum[v][3], vget_high_s16(high), terms);
    }
  }
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++)
    vst1q_s32(sums + 4 * v,
              vpaddq_s32(vpaddq_s32(sum[v][0], sum[v][1]), vpaddq_s32(sum[v][2], sum[v][3])));
}
#else
RK_INLINE void dot_vectors(const size_t N, size_t quads, const int8_t *w, const int16_t *q,
                           int32_t *sums) {
  for (size_t i = 0; i < N * LANES; i++)
    sums[i] = 0;
  for (size_t k = 0; k < quads; k++)
    for (size_t i = 0; i < N * LANES; i++, w += 4)
      sums[i] += w[0] * q[4 * k] + w[1] * q[4 * k + 1] + w[2] * q[4 * k + 2] + w[3] * q[4 * k + 3];
}
#endif

/* The sums of N vectors of lanes. The panel begins with the sums of each column's weights, which
   this function does not need, and the scales. */
static void dot_panel(size_t N, size_t quads, const void *panel, const int16_t *q, int32_t *sums) {
  const int8_t *w = (const int8_t *)panel + 2 * N * RK_VECTOR_BYTES;
  switch (N) {
  case 1:
    dot_vectors(1, quads, w, q, sums);
    break;
  case 2:
    dot_vectors(2, quads, w, q, sums);
    break;
  case 3:
    dot_vectors(3, quads, w, q, sums);
    break;
  default:
    dot_vectors(4, quads, w, q, sums);
  }
}

#endif
