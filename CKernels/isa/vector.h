/* Vectors for the kernels, which are written once for all instruction sets: LANES elements in the
   compilers' vector extensions. The operators + - * / and comparisons work element by element; a
   comparison sets all bits of a lane or none.

   The file of an instruction set defines RK_VECTOR_BYTES, the number of elements of both types
   (RK_LANES, RK_LANES_FLOAT), and RK_FMA and RK_FMA_FLOAT, a b + c with one rounding. It may also
   define instructions that have the results of several operations here:

     RK_MIN(a, b), RK_MAX(a, b)  a < b ? a : b, a > b ? a : b
     RK_SCALE(v, n)              v 2^n for an integer n, rounded once
     RK_LOAD_HALF(p)             halves as single-precision numbers

   and RK_KEEP(v), a statement that needs v in a register.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_VECTOR_H
#define RK_ISA_VECTOR_H

#include "base/half.h"
#include "base/precision.h"

#include <stdint.h>

/* A header that is compiled alone, by an editor or a check, uses the portable set. */
#ifndef RK_VECTOR_BYTES
#include "isa/portable.h"
#endif

/* RK_MAX is RK_MAX_FLOAT in single precision. */
#ifdef RK_FLOAT
#define RK_OF_PRECISION(name) name##_FLOAT
#else
#define RK_OF_PRECISION(name) name
#endif

#define RK_INLINE static inline __attribute__((always_inline, unused))
#define LANES (RK_VECTOR_BYTES / sizeof(rk_real))
#define MANTISSA_BITS (RK_REAL_MANT_DIG - 1)

#ifdef RK_FLOAT
typedef int32_t vec_bit;
_Static_assert(LANES == RK_LANES_FLOAT, "RK_LANES_FLOAT");
#else
typedef int64_t vec_bit;
_Static_assert(LANES == RK_LANES, "RK_LANES");
#endif

typedef rk_real vec __attribute__((vector_size(RK_VECTOR_BYTES)));
typedef vec_bit vec_bits __attribute__((vector_size(RK_VECTOR_BYTES)));
typedef rk_real vec_unaligned
    __attribute__((vector_size(RK_VECTOR_BYTES), aligned(sizeof(rk_real)), may_alias));

RK_INLINE vec vec_load(const rk_real *p) {
  return *(const vec_unaligned *)p;
}

/* v, in a register at this point. Otherwise, compilers may repeat its load for each use, or load so
   many vectors in advance that registers run out. */
RK_INLINE vec vec_kept(vec v) {
#ifdef RK_KEEP
  RK_KEEP(v);
#endif
  return v;
}

RK_INLINE void vec_store(rk_real *p, vec v) {
  *(vec_unaligned *)p = v;
}

/* x in all lanes. x - 0 is x even if x is -0. */
RK_INLINE vec vec_all(rk_real x) {
  return x - (vec){0};
}

RK_INLINE vec vec_fma(vec a, vec b, vec c) {
  return RK_OF_PRECISION(RK_FMA)(a, b, c);
}

/* a where the mask is set, otherwise b. */
RK_INLINE vec vec_select(vec_bits mask, vec a, vec b) {
  return (vec)((mask & (vec_bits)a) | (~mask & (vec_bits)b));
}

/* a > b ? a : b */
RK_INLINE vec vec_larger(vec a, vec b) {
#ifdef RK_MAX
  return RK_OF_PRECISION(RK_MAX)(a, b);
#else
  return vec_select(a > b, a, b);
#endif
}

/* The minimum and the maximum of v and a limit. NaN stays NaN, because it compares false. */
RK_INLINE vec vec_at_most(vec v, rk_real limit) {
#ifdef RK_MIN
  return RK_OF_PRECISION(RK_MIN)(vec_all(limit), v);
#else
  return vec_select(v > limit, vec_all(limit), v);
#endif
}

RK_INLINE vec vec_at_least(vec v, rk_real limit) {
  return vec_larger(vec_all(limit), v);
}

RK_INLINE vec vec_magnitude(vec v) {
  return (vec)((vec_bits)v & ~(vec_bits)vec_all(-(rk_real)0));
}

/* |magnitude| with the sign of v. */
RK_INLINE vec vec_with_sign(vec magnitude, vec v) {
  const vec_bits sign = (vec_bits)vec_all(-(rk_real)0);
  return (vec)((~sign & (vec_bits)magnitude) | (sign & (vec_bits)v));
}

#ifdef RK_FLOAT
#ifdef RK_LOAD_HALF
RK_INLINE vec vec_load_half(const rk_half *p) {
  return RK_LOAD_HALF(p);
}
#else
typedef rk_half half_lanes
    __attribute__((vector_size(RK_VECTOR_BYTES / 2), aligned(sizeof(rk_half)), may_alias));

/* Halves that are finite. A subnormal one is its fraction times 2^-24. */
RK_INLINE vec vec_load_half(const rk_half *p) {
  const vec_bits bits = __builtin_convertvector(*(const half_lanes *)p, vec_bits);
  const vec_bits magnitude = bits & 0x7fff, sign = (bits & 0x8000) << 16;
  const vec normal = (vec)((magnitude << 13) + ((127 - 15) << 23));
  const vec subnormal = __builtin_convertvector(magnitude, vec) * 0x1p-24f;
  return (vec)((vec_bits)vec_select(magnitude < 0x400, subnormal, normal) | sign);
}
#endif

/* The elements in the lower or upper halves of words. */
RK_INLINE vec vec_lower_bfloat16(vec words) {
  return (vec)((vec_bits)words << 16);
}

RK_INLINE vec vec_upper_bfloat16(vec words) {
  return (vec)((vec_bits)words & -0x10000);
}
#endif

/* Interleave the lanes of the lower or upper halves of a and b. */
#define RK_PASTE(a, b) a##b
#define RK_LOW(lanes) RK_PASTE(RK_LOW_, lanes)
#define RK_HIGH(lanes) RK_PASTE(RK_HIGH_, lanes)
#define RK_LOW_2 0, 2
#define RK_HIGH_2 1, 3
#define RK_LOW_4 0, 4, 1, 5
#define RK_HIGH_4 2, 6, 3, 7
#define RK_LOW_8 0, 8, 1, 9, 2, 10, 3, 11
#define RK_HIGH_8 4, 12, 5, 13, 6, 14, 7, 15
#define RK_LOW_16 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define RK_HIGH_16 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31

/* The lower halves of a and b, and the upper ones, as words of 8 bytes. */
#define RK_LOWER(words) RK_PASTE(RK_LOWER_, words)
#define RK_UPPER(words) RK_PASTE(RK_UPPER_, words)
#define RK_LOWER_2 0, 2
#define RK_UPPER_2 1, 3
#define RK_LOWER_4 0, 1, 4, 5
#define RK_UPPER_4 2, 3, 6, 7
#define RK_LOWER_8 0, 1, 2, 3, 8, 9, 10, 11
#define RK_UPPER_8 4, 5, 6, 7, 12, 13, 14, 15

typedef int64_t vec_words __attribute__((vector_size(RK_VECTOR_BYTES)));

RK_INLINE vec vec_lower_halves(vec a, vec b) {
  return (vec)__builtin_shufflevector((vec_words)a, (vec_words)b, RK_LOWER(RK_LANES));
}

RK_INLINE vec vec_upper_halves(vec a, vec b) {
  return (vec)__builtin_shufflevector((vec_words)a, (vec_words)b, RK_UPPER(RK_LANES));
}

RK_INLINE vec vec_interleave_low(vec a, vec b) {
#ifdef RK_FLOAT
  return __builtin_shufflevector(a, b, RK_LOW(RK_LANES_FLOAT));
#else
  return __builtin_shufflevector(a, b, RK_LOW(RK_LANES));
#endif
}

RK_INLINE vec vec_interleave_high(vec a, vec b) {
#ifdef RK_FLOAT
  return __builtin_shufflevector(a, b, RK_HIGH(RK_LANES_FLOAT));
#else
  return __builtin_shufflevector(a, b, RK_HIGH(RK_LANES));
#endif
}

#endif
