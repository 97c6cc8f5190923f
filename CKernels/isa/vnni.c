/* AVX-512 VNNI multiplies unsigned and signed bytes. A state q becomes the two bytes of q + 2^15:

     sum of w q = 2^8 (sum of w high) + (sum of w low) - 2^15 (sum of w)

   Intermediate sums may wrap around, the result does not.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#if defined __x86_64__
#include "isa/vnni.h"

#include <immintrin.h>

#define VNNI __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512vnni")))

enum { BLOCK = 128 /* quads whose bytes are separated at a time */, QUADS = 8 /* in a vector */ };

/* From four 16-bit numbers each to their four low bytes and then their four high bytes. */
VNNI static void separate(size_t quads, const int16_t *q, uint8_t *bytes) {
  const __m512i order =
      _mm512_broadcast_i32x4(_mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15));
  const __m512i offset = _mm512_set1_epi16((short)0x8000);
  for (size_t k = 0; k < quads; k += QUADS) {
    const __m512i numbers = _mm512_xor_si512(_mm512_loadu_si512(q + 4 * k), offset);
    _mm512_store_si512(bytes + 8 * k, _mm512_shuffle_epi8(numbers, order));
  }
}

VNNI static inline __attribute__((always_inline)) __m512i four_bytes(const uint8_t *bytes) {
  int32_t four;
  __builtin_memcpy(&four, bytes, sizeof four);
  return _mm512_set1_epi32(four);
}

VNNI static inline __attribute__((always_inline)) void
dot_vectors(const size_t N, size_t quads, const void *panel, const int16_t *q, int32_t *sums) {
  _Alignas(64) uint8_t bytes[8 * BLOCK];
  const __m512i *totals = panel, *w = totals + 2 * N;
  __m512i low[4], high[4];
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++)
    low[v] = high[v] = _mm512_setzero_si512();
  for (size_t first = 0; first < quads; first += BLOCK) {
    const size_t count = quads - first < BLOCK ? quads - first : BLOCK;
    separate(count, q + 4 * first, bytes);
    for (size_t k = 0; k < count; k++, w += N) {
      const __m512i low_bytes = four_bytes(bytes + 8 * k);
      const __m512i high_bytes = four_bytes(bytes + 8 * k + 4);
#pragma GCC unroll 4
      for (size_t v = 0; v < N; v++) {
        const __m512i weights = _mm512_loadu_si512(w + v);
        low[v] = _mm512_dpbusd_epi32(low[v], low_bytes, weights);
        high[v] = _mm512_dpbusd_epi32(high[v], high_bytes, weights);
      }
    }
  }
#pragma GCC unroll 4
  for (size_t v = 0; v < N; v++) {
    const __m512i total = _mm512_slli_epi32(_mm512_loadu_si512(totals + v), 15);
    const __m512i all = _mm512_add_epi32(_mm512_slli_epi32(high[v], 8), low[v]);
    _mm512_storeu_si512(sums + 16 * v, _mm512_sub_epi32(all, total));
  }
}

VNNI void rk_dot_panel_vnni(size_t N, size_t quads, const void *panel, const int16_t *q,
                            int32_t *sums) {
  switch (N) {
  case 1:
    dot_vectors(1, quads, panel, q, sums);
    break;
  case 2:
    dot_vectors(2, quads, panel, q, sums);
    break;
  case 3:
    dot_vectors(3, quads, panel, q, sums);
    break;
  default:
    dot_vectors(4, quads, panel, q, sums);
  }
}
#else
typedef int rk_other_processor; /* ISO C forbids an empty translation unit */
#endif
