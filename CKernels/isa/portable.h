/* Any processor: vectors of 16 bytes in the compiler's vector extensions, and fused multiply-adds
   of the mathematics library, which are exact, but slow on a processor that has none.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_PORTABLE_H
#define RK_ISA_PORTABLE_H

#define RK_INSTRUCTION_SET portable
#define RK_VECTOR_BYTES 16
#define RK_LANES 2
#define RK_LANES_FLOAT 4

#include <math.h>
#define RK_FMA(a, b, c)                                                                            \
  (vec) {                                                                                          \
    fma((a)[0], (b)[0], (c)[0]), fma((a)[1], (b)[1], (c)[1])                                       \
  }
#define RK_FMA_FLOAT(a, b, c)                                                                      \
  (vec) {                                                                                          \
    fmaf((a)[0], (b)[0], (c)[0]), fmaf((a)[1], (b)[1], (c)[1]), fmaf((a)[2], (b)[2], (c)[2]),      \
        fmaf((a)[3], (b)[3], (c)[3])                                                               \
  }

#define RK_TILE_ROWS 2
#define RK_TILE_ROWS_1 2
#define RK_TILE_ROWS_2 2
#define RK_TILE_ROWS_3 2
#define RK_TILE_ROWS_4 2
#define RK_TILE_ROWS_CONVERTED_1 2
#define RK_TILE_ROWS_CONVERTED_2 2
#define RK_TILE_ROWS_CONVERTED_3 2
#define RK_TILE_ROWS_CONVERTED_4 2

#endif
