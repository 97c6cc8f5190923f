/* The vocabulary in which the kernels are written, once for all instruction sets: vectors of LANES
   numbers in the compilers' vector extensions, where + - * / and comparisons are written as usual
   and a comparison gives all bits of a lane or none. What an instruction set has of its own stands
   in its own file: RK_VECTOR_BYTES, how many numbers that is (RK_LANES, RK_LANES_FLOAT), and RK_FMA
   and RK_FMA_FLOAT, a b + c in one rounding.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_FLOAT
#define INLINE static inline __attribute__((always_inline, unused))
#define NUMBERS KERNEL(vector, numbers)
#define BITS KERNEL(vector, bits)
#define UNALIGNED KERNEL(vector, unaligned)
#define LANES (RK_VECTOR_BYTES / sizeof(REAL))
#define LOAD KERNEL(vector, load)
#define STORE KERNEL(vector, store)
#define ALL KERNEL(vector, all)
#define FMA KERNEL(vector, fma)
#define SELECT KERNEL(vector, select)
#define MANTISSA_BITS (LIMIT(MANT_DIG) - 1)
typedef int64_t KERNEL(vector, bit);
#else
typedef int32_t KERNEL(vector, bit);
#endif

#ifndef RECUR_FLOAT
_Static_assert(LANES == RK_LANES, "RK_LANES");
#else
_Static_assert(LANES == RK_LANES_FLOAT, "RK_LANES_FLOAT");
#endif

typedef REAL NUMBERS __attribute__((vector_size(RK_VECTOR_BYTES)));
typedef KERNEL(vector, bit) BITS __attribute__((vector_size(RK_VECTOR_BYTES)));
typedef REAL UNALIGNED
    __attribute__((vector_size(RK_VECTOR_BYTES), aligned(sizeof(REAL)), may_alias));

INLINE NUMBERS KERNEL(vector, load)(const REAL *p) {
  return *(const UNALIGNED *)p;
}

INLINE void KERNEL(vector, store)(REAL *p, NUMBERS v) {
  *(UNALIGNED *)p = v;
}

/* x - 0 is x, also where x is -0. */
INLINE NUMBERS KERNEL(vector, all)(REAL x) {
  return x - (NUMBERS){0};
}

INLINE NUMBERS KERNEL(vector, fma)(NUMBERS a, NUMBERS b, NUMBERS c) {
#ifdef RECUR_FLOAT
  return RK_FMA_FLOAT(a, b, c);
#else
  return RK_FMA(a, b, c);
#endif
}

/* a where the mask is set, and b elsewhere. */
INLINE NUMBERS KERNEL(vector, select)(BITS mask, NUMBERS a, NUMBERS b) {
  return (NUMBERS)((mask & (BITS)a) | (~mask & (BITS)b));
}

/* Of NaN both are NaN, since no comparison with it is true. */
INLINE NUMBERS KERNEL(vector, at_most)(NUMBERS v, REAL limit) {
  return SELECT(v > limit, ALL(limit), v);
}

INLINE NUMBERS KERNEL(vector, at_least)(NUMBERS v, REAL limit) {
  return SELECT(v < limit, ALL(limit), v);
}

INLINE NUMBERS KERNEL(vector, magnitude)(NUMBERS v) {
  return (NUMBERS)((BITS)v & ~(BITS)ALL(-(REAL)0));
}

/* |magnitude| with the sign of v. */
INLINE NUMBERS KERNEL(vector, with_sign)(NUMBERS magnitude, NUMBERS v) {
  const BITS sign = (BITS)ALL(-(REAL)0);
  return (NUMBERS)((~sign & (BITS)magnitude) | (sign & (BITS)v));
}

/* The lower or upper halves of a and b, a lane of each in turn. */
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

INLINE NUMBERS KERNEL(vector, interleave_low)(NUMBERS a, NUMBERS b) {
#ifdef RECUR_FLOAT
  return __builtin_shufflevector(a, b, RK_LOW(RK_LANES_FLOAT));
#else
  return __builtin_shufflevector(a, b, RK_LOW(RK_LANES));
#endif
}

INLINE NUMBERS KERNEL(vector, interleave_high)(NUMBERS a, NUMBERS b) {
#ifdef RECUR_FLOAT
  return __builtin_shufflevector(a, b, RK_HIGH(RK_LANES_FLOAT));
#else
  return __builtin_shufflevector(a, b, RK_HIGH(RK_LANES));
#endif
}
