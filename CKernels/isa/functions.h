/* exp, expm1, tanh, sigmoid and log1p of vectors. Every instruction set performs the same
   operations in the same order, so results are bit-identical. NaN propagates, infinities are exact,
   and subnormal results are rounded once.

   With n = x / ln 2 rounded to an integer, and r = x - n ln 2, |r| <= ln 2 / 2:
   exp(x) = 2^n (1 + (exp(r) - 1)), where exp(r) - 1 = r + r^2 (1/2! + r/3! + r^2/4! + ...).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_FUNCTIONS_H
#define RK_ISA_FUNCTIONS_H

#include "isa/vector.h"

/* exp(x) = 2^n (1 + p), with n in the low bits of shifted. */
typedef struct {
  vec p;
  vec_bits shifted;
} vec_exp_parts;

/* Adding this to x leaves the integer nearest to x in the low bits. */
#define MAGIC ((rk_real)(INT64_C(3) << (RK_REAL_MANT_DIG - 2)))

/* x is NaN, or |x| is below about 2^10, so that n fits. */
RK_INLINE vec_exp_parts vec_exp_parts_of(vec x) {
#ifdef RK_FLOAT
  const rk_real per_ln2 = 0x1.715476p+0f;
  const rk_real ln2_high = 0x1.62e430p-1f, ln2_low = -0x1.05c610p-29f;
  static const rk_real inverse_factorials[] = {1.f / 5040, 1.f / 720, 1.f / 120,
                                               1.f / 24,   1.f / 6,   1.f / 2};
#else
  const rk_real per_ln2 = 0x1.71547652b82fep+0;
  const rk_real ln2_high = 0x1.62e42fefa39efp-1, ln2_low = 0x1.abc9e3b39803fp-56;
  static const rk_real inverse_factorials[] = {
      1. / 6227020800, 1. / 479001600, 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320,
      1. / 5040,       1. / 720,       1. / 120,      1. / 24,      1. / 6,      1. / 2};
#endif
  const int terms = sizeof inverse_factorials / sizeof inverse_factorials[0];
  const vec shifted = vec_fma(x, vec_all(per_ln2), vec_all(MAGIC)), n = shifted - MAGIC;
  const vec r = vec_fma(n, vec_all(-ln2_low), vec_fma(n, vec_all(-ln2_high), x));
  vec q = vec_all(inverse_factorials[0]);
#pragma GCC unroll 16
  for (int k = 1; k < terms; k++)
    q = vec_fma(q, r, vec_all(inverse_factorials[k]));
  return (vec_exp_parts){.p = vec_fma(r * r, q, r), .shifted = (vec_bits)shifted};
}

/* (1 + p) 2^n; a subnormal result is rounded once. */
#ifdef RK_SCALE
RK_INLINE vec vec_exp_value(vec_exp_parts e) {
  return RK_OF_PRECISION(RK_SCALE)(1 + e.p, (vec)e.shifted - MAGIC);
}
#else
/* 2^n, if that is a normal number. */
RK_INLINE vec vec_power_of_2(vec_bits n) {
  return (vec)((n + (RK_REAL_MAX_EXP - 1)) << MANTISSA_BITS);
}

RK_INLINE vec vec_exp_value(vec_exp_parts e) {
  /* In two steps, because 2^n itself may not be a normal number. The first step is exact. */
  const vec_bits n = e.shifted - (vec_bits)vec_all(MAGIC), half = n >> 1;
  return (1 + e.p) * vec_power_of_2(half) * vec_power_of_2(n - half);
}
#endif

/* exp(x); x may be below the limit of vec_exp_parts_of, where the result is 0. */
RK_INLINE vec vec_exp_below_limit(vec x) {
#ifdef RK_FLOAT
  const rk_real lowest = -105;
#else
  const rk_real lowest = -746;
#endif
  return vec_exp_value(vec_exp_parts_of(vec_at_least(x, lowest)));
}

/* Approximates 1 / d for d from 1 to 2, accurately enough to correct the rounding of a quotient. */
RK_INLINE vec vec_rough_inverse(vec d) {
  return vec_fma(d, vec_all((rk_real)-0.5), vec_all((rk_real)1.457));
}

/* a / d, corrected by the rounding errors of d and of the quotient. e = exp(-|x|) cannot overflow,
   d = 1 + e, and a is 1, or e for x < 0. */
RK_INLINE vec vec_sigmoid(vec x) {
  const vec e = vec_exp_below_limit(-vec_magnitude(x));
  const vec d = 1 + e, d_lost = (1 - d) + e;
  const vec a = vec_select(x < 0, e, vec_all(1)), y = a / d;
  const vec lost = vec_fma(-y, d_lost, vec_fma(-y, d, a));
  return vec_fma(vec_rough_inverse(d), lost, y);
}

/* m + lost = exp(x) - 1 = 2^n p + (2^n - 1), for x <= 0; -1 below the limit. */
typedef struct {
  vec m, lost;
} vec_expm1_parts;

RK_INLINE vec_expm1_parts vec_expm1_parts_of(vec x) {
#ifdef RK_FLOAT
  const rk_real lowest = -30;
#else
  const rk_real lowest = -60;
#endif
  const vec_exp_parts e = vec_exp_parts_of(vec_at_least(x, lowest));
  const vec scale = (vec)((e.shifted << MANTISSA_BITS) + (vec_bits)vec_all(1));
  const vec m = vec_fma(e.p, scale, scale - 1);
  return (vec_expm1_parts){.m = m, .lost = vec_fma(e.p, scale, (scale - 1) - m)};
}

/* exp(x) - 1 for x <= 0 */
RK_INLINE vec vec_expm1(vec x) {
  return vec_expm1_parts_of(x).m;
}

/* tanh |x| = -m / d, d = 2 + m, where m = exp(-2|x|) - 1 */
RK_INLINE vec vec_tanh(vec x) {
  const vec_expm1_parts e = vec_expm1_parts_of(-2 * vec_magnitude(x));
  const vec d = 2 + e.m, d_lost = (2 - d) + e.m, y = e.m / d;
  const vec lost = vec_fma(e.lost, 1 - y, -y * d_lost);
  return vec_with_sign(vec_fma(vec_rough_inverse(d), lost, y), x);
}

/* log(1 + e), 0 <= e <= 1: 2 artanh(s) = 2 s (1 + s^2 / 3 + s^4 / 5 + ...), s = e / (2 + e). */
RK_INLINE vec vec_log1p(vec e) {
#ifdef RK_FLOAT
  const int terms = 8;
#else
  const int terms = 17;
#endif
  const vec s = e / (2 + e), square = s * s;
  vec q = vec_all((rk_real)1 / (2 * terms + 1));
  for (int k = terms; k-- > 1;)
    q = vec_fma(q, square, vec_all((rk_real)1 / (2 * k + 1)));
  return vec_fma(2 * s * square, q, 2 * s);
}

#endif
