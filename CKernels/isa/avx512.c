/* AVX-512: 32 registers of 64 bytes.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#if defined __x86_64__
#define RK_INSTRUCTION_SET avx512
#define RK_TARGET "avx512f,avx512vl,avx512dq,avx512bw,fma"
#define RK_VECTOR_BYTES 64
#define RK_LANES 8
#define RK_LANES_FLOAT 16

#include <immintrin.h>
#define RK_FMA(a, b, c) (vec) _mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c))
#define RK_FMA_FLOAT(a, b, c) (vec) _mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c))
#define RK_MIN(a, b) (vec) _mm512_min_pd((__m512d)(a), (__m512d)(b))
#define RK_MIN_FLOAT(a, b) (vec) _mm512_min_ps((__m512)(a), (__m512)(b))
#define RK_MAX(a, b) (vec) _mm512_max_pd((__m512d)(a), (__m512d)(b))
#define RK_MAX_FLOAT(a, b) (vec) _mm512_max_ps((__m512)(a), (__m512)(b))
#define RK_SCALE(v, n) (vec) _mm512_scalef_pd((__m512d)(v), (__m512d)(n))
#define RK_SCALE_FLOAT(v, n) (vec) _mm512_scalef_ps((__m512)(v), (__m512)(n))

#define RK_LOAD_HALF(p) (vec) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(p)))
#define RK_KEEP(v) __asm__ volatile("" : "+v"(v))

#define RK_DOT_256

#define RK_TILE_ROWS 8
#define RK_TILE_ROWS_1 8
#define RK_TILE_ROWS_2 8
#define RK_TILE_ROWS_3 8
#define RK_TILE_ROWS_4 6
#define RK_TILE_ROWS_CONVERTED_1 8
#define RK_TILE_ROWS_CONVERTED_2 8
#define RK_TILE_ROWS_CONVERTED_3 5
#define RK_TILE_ROWS_CONVERTED_4 5

#include "isa/set.h"
#include "isa/vnni.h"

RK_KERNELS(avx512vnni, RK_DOT(rk_dot_panel_vnni));
#else
typedef int rk_other_processor; /* ISO C forbids an empty translation unit */
#endif
