/* AVX2 with fused multiply-add: 16 registers of 32 bytes.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#if defined __x86_64__
#define RK_INSTRUCTION_SET avx2
#define RK_TARGET "avx2,fma,f16c"
#define RK_VECTOR_BYTES 32
#define RK_LANES 4
#define RK_LANES_FLOAT 8

#include <immintrin.h>
#define RK_FMA(a, b, c) (vec) _mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c))
#define RK_FMA_FLOAT(a, b, c) (vec) _mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c))
#define RK_MIN(a, b) (vec) _mm256_min_pd((__m256d)(a), (__m256d)(b))
#define RK_MIN_FLOAT(a, b) (vec) _mm256_min_ps((__m256)(a), (__m256)(b))
#define RK_MAX(a, b) (vec) _mm256_max_pd((__m256d)(a), (__m256d)(b))
#define RK_MAX_FLOAT(a, b) (vec) _mm256_max_ps((__m256)(a), (__m256)(b))

#define RK_LOAD_HALF(p) (vec) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(p)))
#define RK_KEEP(v) __asm__ volatile("" : "+x"(v))

#define RK_DOT_256

#define RK_TILE_ROWS 6
#define RK_TILE_ROWS_1 6
#define RK_TILE_ROWS_2 6
#define RK_TILE_ROWS_3 3
#define RK_TILE_ROWS_4 3
#define RK_TILE_ROWS_CONVERTED_1 6
#define RK_TILE_ROWS_CONVERTED_2 4
#define RK_TILE_ROWS_CONVERTED_3 2
#define RK_TILE_ROWS_CONVERTED_4 2

#include "isa/set.h"
#else
typedef int rk_other_processor; /* ISO C forbids an empty translation unit */
#endif
