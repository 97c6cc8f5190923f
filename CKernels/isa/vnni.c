/* AVX-512 VNNI multiplies unsigned and signed bytes. A state q becomes the byte q + 128:

     sum of w q = (sum of w (q + 128)) - 128 (sum of w)

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#if defined __x86_64__
#include "isa/vnni.h"

#include "isa/kernels.h"

#include <immintrin.h>

#define VNNI __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512vnni")))
_Static_assert(RK_DOT_ROWS == 4, "dot_rows() divides the rows into 4, 2 and 1");

#define VNNI_INLINE VNNI static inline __attribute__((always_inline))

VNNI_INLINE __m512i four_bytes(const int8_t *q) {
  int32_t four;
  __builtin_memcpy(&four, q, sizeof four);
  return _mm512_xor_si512(_mm512_set1_epi32(four), _mm512_set1_epi8((char)0x80));
}

/* sums[r][v] += the products of one quad of R rows. */
VNNI_INLINE void add_quad(const size_t N, const size_t R, const __m512i *w, const int8_t *q,
                          size_t q_row, __m512i sums[4][4]) {
#pragma GCC unroll 4
  for (size_t r = 0; r < R; r++) {
    const __m512i bytes = four_bytes(q + r * q_row);
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      sums[r][v] = _mm512_dpbusd_epi32(sums[r][v], bytes, _mm512_loadu_si512(w + v));
  }
}

/* With one or two rows, even and odd quads have separate sums, to hide the latency of products. */
VNNI_INLINE void dot_vectors(const size_t N, const size_t R, size_t quads, const __m512i *panel,
                             const int8_t *q, size_t q_row, int32_t *sums) {
  const __m512i *w = panel + 2 * N;
  __m512i even[4][4], odd[4][4];
#pragma GCC unroll 4
  for (size_t r = 0; r < R; r++)
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++)
      even[r][v] = odd[r][v] = _mm512_setzero_si512();
  size_t k = 0;
  for (; R <= 2 && k + 2 <= quads; k += 2, w += 2 * N) {
    add_quad(N, R, w, q + 4 * k, q_row, even);
    add_quad(N, R, w + N, q + 4 * k + 4, q_row, odd);
  }
  for (; k < quads; k++, w += N)
    add_quad(N, R, w, q + 4 * k, q_row, even);
#pragma GCC unroll 4
  for (size_t r = 0; r < R; r++)
#pragma GCC unroll 4
    for (size_t v = 0; v < N; v++) {
      const __m512i total = _mm512_slli_epi32(_mm512_loadu_si512(panel + v), 7);
      const __m512i all = _mm512_add_epi32(even[r][v], odd[r][v]);
      _mm512_storeu_si512(sums + 16 * (r * N + v), _mm512_sub_epi32(all, total));
    }
}

VNNI_INLINE void dot_rows(const size_t N, size_t rows, size_t quads, const void *panel,
                          const int8_t *q, size_t q_row, int32_t *sums) {
  if (rows == 4) {
    dot_vectors(N, 4, quads, panel, q, q_row, sums);
    return;
  }
  if (rows >= 2)
    dot_vectors(N, 2, quads, panel, q, q_row, sums);
  if (rows % 2 == 1)
    dot_vectors(N, 1, quads, panel, q + (rows - 1) * q_row, q_row, sums + 16 * N * (rows - 1));
}

VNNI void rk_dot_panel_vnni(size_t N, size_t rows, size_t quads, const void *panel, const int8_t *q,
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
#else
typedef int rk_other_processor; /* ISO C forbids an empty translation unit */
#endif
