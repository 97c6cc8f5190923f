/* NEON of 64-bit Arm: 32 registers of 16 bytes.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#if defined __aarch64__
#define RK_INSTRUCTION_SET neon
#define RK_VECTOR_BYTES 16
#define RK_LANES 2
#define RK_LANES_FLOAT 4

#include <arm_neon.h>
#define RK_FMA(a, b, c) (vec) vfmaq_f64((float64x2_t)(c), (float64x2_t)(a), (float64x2_t)(b))
#define RK_FMA_FLOAT(a, b, c) (vec) vfmaq_f32((float32x4_t)(c), (float32x4_t)(a), (float32x4_t)(b))

#define RK_LOAD_HALF(p) (vec) vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)))

#define RK_DOT_NEON

#define RK_TILE_ROWS 6
#define RK_TILE_ROWS_1 6
#define RK_TILE_ROWS_2 6
#define RK_TILE_ROWS_3 6
#define RK_TILE_ROWS_4 6
#define RK_TILE_ROWS_CONVERTED_1 6
#define RK_TILE_ROWS_CONVERTED_2 6
#define RK_TILE_ROWS_CONVERTED_3 6
#define RK_TILE_ROWS_CONVERTED_4 5

#include "isa/set.h"
#else
typedef int rk_other_processor; /* ISO C forbids an empty translation unit */
#endif
