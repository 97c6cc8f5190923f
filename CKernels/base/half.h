/* Elements of IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_HALF_H
#define RK_HALF_H

#include <stdint.h>
#include <string.h>

typedef uint16_t rk_half;

/* Numbers of at least this magnitude are rounded beyond the largest half, 65504. */
#define RK_HALF_LIMIT 65520

/* The nearest half, ties to even, of a number below the limit. */
static inline rk_half rk_half_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  const uint32_t exponent = magnitude >> 23, smallest = 127 - 14;
  if (exponent < smallest - 11)
    return (rk_half)sign; /* less than half of the smallest subnormal half */
  const uint32_t lost = exponent < smallest ? 13 + smallest - exponent : 13;
  const uint32_t fraction =
      exponent < smallest ? (magnitude & 0x7fffff) | 0x800000 : magnitude - ((smallest - 1) << 23);
  const uint32_t kept = fraction >> lost, rest = fraction & ((1u << lost) - 1);
  const uint32_t middle = 1u << (lost - 1);
  return (rk_half)(sign | (kept + (rest > middle || (rest == middle && kept % 2 == 1))));
}

#endif
