/* exp, expm1, tanh, sigmoid and log1p of vectors. The same operations in the same order for every
   instruction set, so the same bits; NaN passes through, infinities are exact, and results that are
   subnormal are rounded once.

   With n = x / ln 2 to the nearest integer and r = x - n ln 2, |r| <= ln 2 / 2:
   exp(x) = 2^n (1 + (exp(r) - 1)), where exp(r) - 1 = r + r^2 (1/2! + r/3! + r^2/4! + ...).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/* exp(x) = 2^n (1 + p), n in the low bits of shifted. */
typedef struct {
  NUMBERS p;
  BITS shifted;
} KERNEL(exponential, parts);

#ifndef RECUR_FLOAT
/* Added to a number, it leaves the nearest integer in the low bits. */
#define MAGIC ((REAL)(INT64_C(3) << (LIMIT(MANT_DIG) - 2)))
#endif

/* For |x| below 2^10 or so, where n fits; or NaN. */
INLINE KERNEL(exponential, parts) KERNEL(exponential, parts_of)(NUMBERS x) {
#ifdef RECUR_FLOAT
  const REAL per_ln2 = 0x1.715476p+0f;
  const REAL ln2_high = 0x1.62e430p-1f, ln2_low = -0x1.05c610p-29f;
  static const REAL inverse_factorials[] = {1.f / 5040, 1.f / 720, 1.f / 120,
                                            1.f / 24,   1.f / 6,   1.f / 2};
#else
  const REAL per_ln2 = 0x1.71547652b82fep+0;
  const REAL ln2_high = 0x1.62e42fefa39efp-1, ln2_low = 0x1.abc9e3b39803fp-56;
  static const REAL inverse_factorials[] = {
      1. / 6227020800, 1. / 479001600, 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320,
      1. / 5040,       1. / 720,       1. / 120,      1. / 24,      1. / 6,      1. / 2};
#endif
  const int terms = sizeof inverse_factorials / sizeof inverse_factorials[0];
  const NUMBERS shifted = FMA(x, ALL(per_ln2), ALL(MAGIC)), n = shifted - MAGIC;
  const NUMBERS r = FMA(n, ALL(-ln2_low), FMA(n, ALL(-ln2_high), x));
  NUMBERS q = ALL(inverse_factorials[0]);
#pragma GCC unroll 16
  for (int k = 1; k < terms; k++)
    q = FMA(q, r, ALL(inverse_factorials[k]));
  return (KERNEL(exponential, parts)){.p = FMA(r * r, q, r), .shifted = (BITS)shifted};
}

/* 2^n, for n of a normal number. */
INLINE NUMBERS KERNEL(exponential, power_of_2)(BITS n) {
  return (NUMBERS)((n + (LIMIT(MAX_EXP) - 1)) << MANTISSA_BITS);
}

/* (1 + p) 2^n, rounded once where that is subnormal. */
INLINE NUMBERS KERNEL(exponential, value)(KERNEL(exponential, parts) e) {
  /* In two steps, since 2^n itself may be no normal number; the first is exact. */
  const BITS n = e.shifted - (BITS)ALL(MAGIC), half = n >> 1;
  return (1 + e.p) * KERNEL(exponential, power_of_2)(half) *
         KERNEL(exponential, power_of_2)(n - half);
}

/* Beyond the limits the result is 0 or infinite anyway. */
INLINE NUMBERS KERNEL(vector, exp_below_limit)(NUMBERS x) {
#ifdef RECUR_FLOAT
  const REAL lowest = -105;
#else
  const REAL lowest = -746;
#endif
  return KERNEL(exponential,
                value)(KERNEL(exponential, parts_of)(KERNEL(vector, at_least)(x, lowest)));
}

INLINE NUMBERS KERNEL(vector, exp)(NUMBERS x) {
#ifdef RECUR_FLOAT
  const REAL highest = 89;
#else
  const REAL highest = 710;
#endif
  return KERNEL(vector, exp_below_limit)(KERNEL(vector, at_most)(x, highest));
}

/* What is near enough to 1 / d, for d from 1 to 2, to correct a quotient by what rounding lost. */
INLINE NUMBERS KERNEL(vector, rough_inverse)(NUMBERS d) {
  return FMA(d, ALL((REAL)-0.5), ALL((REAL)1.457));
}

/* a / d, where a is 1 or e, d = 1 + e and e = exp(-|x|) does not overflow; and what both roundings
   lost. */
INLINE NUMBERS KERNEL(vector, sigmoid)(NUMBERS x) {
  const NUMBERS e = KERNEL(vector, exp_below_limit)(-KERNEL(vector, magnitude)(x));
  const NUMBERS d = 1 + e, d_lost = (1 - d) + e;
  const NUMBERS a = SELECT(x < 0, e, ALL(1)), y = a / d;
  const NUMBERS lost = FMA(-y, d_lost, FMA(-y, d, a));
  return FMA(KERNEL(vector, rough_inverse)(d), lost, y);
}

/* m + lost = exp(x) - 1 = 2^n p + (2^n - 1), for x <= 0; below the limit it is -1. */
typedef struct {
  NUMBERS m, lost;
} KERNEL(expm1, parts);

INLINE KERNEL(expm1, parts) KERNEL(expm1, parts_of)(NUMBERS x) {
#ifdef RECUR_FLOAT
  const REAL lowest = -30;
#else
  const REAL lowest = -60;
#endif
  const KERNEL(exponential, parts) e =
      KERNEL(exponential, parts_of)(KERNEL(vector, at_least)(x, lowest));
  const NUMBERS scale = (NUMBERS)((e.shifted << MANTISSA_BITS) + (BITS)ALL(1));
  const NUMBERS m = FMA(e.p, scale, scale - 1);
  return (KERNEL(expm1, parts)){.m = m, .lost = FMA(e.p, scale, (scale - 1) - m)};
}

/* exp(x) - 1 for x <= 0 */
INLINE NUMBERS KERNEL(vector, expm1)(NUMBERS x) {
  return KERNEL(expm1, parts_of)(x).m;
}

/* tanh |x| = -m / d, d = 2 + m, where m = exp(-2|x|) - 1 */
INLINE NUMBERS KERNEL(vector, tanh)(NUMBERS x) {
  const KERNEL(expm1, parts) e = KERNEL(expm1, parts_of)(-2 * KERNEL(vector, magnitude)(x));
  const NUMBERS d = 2 + e.m, d_lost = (2 - d) + e.m, y = e.m / d;
  const NUMBERS lost = FMA(e.lost, 1 - y, -y * d_lost);
  return KERNEL(vector, with_sign)(FMA(KERNEL(vector, rough_inverse)(d), lost, y), x);
}

/* log(1 + e) for e from 0 to 1: 2 artanh(s) = 2 s (1 + s^2 / 3 + s^4 / 5 + ...), s = e / (2 + e).
 */
INLINE NUMBERS KERNEL(vector, log1p)(NUMBERS e) {
#ifdef RECUR_FLOAT
  const int terms = 8;
#else
  const int terms = 17;
#endif
  const NUMBERS s = e / (2 + e), square = s * s;
  NUMBERS q = ALL((REAL)1 / (2 * terms + 1));
  for (int k = terms; k-- > 1;)
    q = FMA(q, square, ALL((REAL)1 / (2 * k + 1)));
  return FMA(2 * s * square, q, 2 * s);
}
