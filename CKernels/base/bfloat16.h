/* Elements of bfloat16: the upper 16 bits of a single-precision number, with 7 bits of fraction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_BFLOAT16_H
#define RK_BFLOAT16_H

#include <stdint.h>
#include <string.h>

typedef uint16_t rk_bfloat16;

/* Numbers of at least this magnitude are rounded to infinity. */
#define RK_BFLOAT16_LIMIT 0x1.ffp127f

/* The nearest bfloat16, ties to even, of a number below the limit. */
static inline rk_bfloat16 rk_bfloat16_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (rk_bfloat16)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#endif
