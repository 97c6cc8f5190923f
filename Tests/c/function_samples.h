/* Arguments for functions: numbers of all kinds, and more of those where the functions of
   CKernels/isa/functions.h bend. In both precisions (so without an include guard).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

static REAL KERNEL(number, of_bits)(uint64_t all) {
#ifdef RECUR_FLOAT
  const uint32_t bits = (uint32_t)all;
#else
  const uint64_t bits = all;
#endif
  REAL x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static uint64_t KERNEL(bits, of_number)(REAL x) {
#ifdef RECUR_FLOAT
  uint32_t bits;
#else
  uint64_t bits;
#endif
  memcpy(&bits, &x, sizeof x);
  return bits;
}

/* x moved by few or many ulps, at most 2^bits. */
static REAL KERNEL(sample, near)(REAL x, size_t bits) {
  const uint64_t move = check_random_bits() >> (64 - check_random_below(bits) - 1);
  const uint64_t at = KERNEL(bits, of_number)(x);
  return KERNEL(number, of_bits)(check_random_bits() & 1 ? at + move : at - move);
}

/* Where the results of either precision begin to be 1, subnormal, 0 or infinite, where functions.h
   clamps, and the ends of the numbers. */
static REAL KERNEL(sample, bend)(void) {
  static const double ends[] = {LIMIT(TRUE_MIN), LIMIT(MIN), LIMIT(EPSILON), LIMIT(MAX)};
  static const double bends[] = {0.5, 1,     8.32,  9.02, 15,    16.64,  17.33, 18.72,  19.07,
                                 30,  36.05, 37.43, 60,   87.34, 88.73,  89,    103.28, 103.98,
                                 105, 708.4, 709.8, 710,  744.5, 745.14, 746};
  const size_t first = sizeof ends / sizeof ends[0], others = sizeof bends / sizeof bends[0];
  const size_t k = check_random_below(first + others);
  return KERNEL(sample, near)((REAL)(k < first ? ends[k] : bends[k - first]), LIMIT(MANT_DIG) - 1);
}

static REAL KERNEL(sample, at)(uint64_t k) {
  const uint64_t bits = check_random_bits();
  const REAL sign = bits & 1 ? 1 : -1;
  switch (k % 8) {
  case 0:
    return (REAL)check_random();
  case 1:
    return (REAL)check_random() * 40;
  case 2:
    return (REAL)check_random() * (sizeof(REAL) == 8 ? 800 : 120);
  case 3:
    return sign * KERNEL(sample, bend)();
  case 4: { /* near multiples of ln 2 / 2, where exp(x) is 2^n or the next n begins */
    const double multiple = (double)check_random_below(bits & 2 ? 120 : 2200);
    return sign *
           KERNEL(sample, near)((REAL)(0.34657359027997265471 * multiple), LIMIT(MANT_DIG) - 1);
  }
  case 5: /* from very small to 32 */
    return sign * LIBM(ldexp)((REAL)check_random(), 5 - (int)check_random_below(80));
  case 6: /* subnormal */
    return sign * KERNEL(number, of_bits)((bits >> 1) % (UINT64_C(1) << (LIMIT(MANT_DIG) - 1)));
  default:
    return KERNEL(number, of_bits)(bits);
  }
}
