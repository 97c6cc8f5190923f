/* Arguments for functions: numbers of all kinds, with more samples where the functions in
   CKernels/isa/functions.h change their behavior.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef FUNCTION_SAMPLES_H
#define FUNCTION_SAMPLES_H

#include "support/bits.h"
#include "support/check.h"

/* x moved by up to 2^bits ulps. */
static rk_real sample_near(rk_real x, size_t bits) {
  const uint64_t move = check_random_bits() >> (64 - check_random_below(bits) - 1);
  const uint64_t at = bits_of_number(x);
  return number_of_bits((real_bits)(check_random_bits() & 1 ? at + move : at - move));
}

/* The points where results of either precision become 1, subnormal, 0 or infinite, where
   functions.h clamps, and the ends of the range. */
static rk_real sample_bend(void) {
  static const double ends[] = {RK_REAL_TRUE_MIN, RK_REAL_MIN, RK_REAL_EPSILON, RK_REAL_MAX};
  static const double bends[] = {0.5, 1,     8.32,  9.02, 15,    16.64,  17.33, 18.72,  19.07,
                                 30,  36.05, 37.43, 60,   87.34, 88.73,  89,    103.28, 103.98,
                                 105, 708.4, 709.8, 710,  744.5, 745.14, 746};
  const size_t first = COUNT(ends), others = COUNT(bends);
  const size_t k = check_random_below(first + others);
  return sample_near((rk_real)(k < first ? ends[k] : bends[k - first]), RK_REAL_MANT_DIG - 1);
}

static rk_real sample_at(uint64_t k) {
  const uint64_t bits = check_random_bits();
  const rk_real sign = bits & 1 ? 1 : -1;
  switch (k % 8) {
  case 0:
    return (rk_real)check_random();
  case 1:
    return (rk_real)check_random() * 40;
  case 2:
    return (rk_real)check_random() * (sizeof(rk_real) == 8 ? 800 : 120);
  case 3:
    return sign * sample_bend();
  case 4: { /* near multiples of ln 2 / 2, where exp(x) is 2^n or the next n begins */
    const double multiple = (double)check_random_below(bits & 2 ? 120 : 2200);
    return sign * sample_near((rk_real)(0.34657359027997265471 * multiple), RK_REAL_MANT_DIG - 1);
  }
  case 5: /* from tiny to 32 */
    return sign * (rk_real)ldexp((rk_real)check_random(), 5 - (int)check_random_below(80));
  case 6: /* subnormal */
    return sign * number_of_bits((bits >> 1) % (UINT64_C(1) << (RK_REAL_MANT_DIG - 1)));
  default:
    return number_of_bits((real_bits)bits);
  }
}

#endif
