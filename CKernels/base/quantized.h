/* Weights and states as small integers: w is about scale * q, with one scale for each row.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_QUANTIZED_H
#define RK_QUANTIZED_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Weights and states are integers from -127 to 127. Rows of states are padded to whole vectors. The
   number of terms is limited by the memory on the stack for some rows of states; sums of as many
   products of bytes have 32 bits. */
enum { RK_INT8_MAX = 127, RK_INT8_ROW = 16, RK_INT8_TERMS = 8192 };
_Static_assert(INT32_MAX / UINT8_MAX / RK_INT8_MAX >= RK_INT8_TERMS, "sums have 32 bits");

/* Rows whose elements are all below this are zero: the inverse of their maximum could overflow. */
#define RK_QUANTIZED_MIN 0x1p-96f

/* The scale of a row of weights with this maximum magnitude. It has 16 significant bits, so that
   its products with the integers are exact, and the scale of these products is the same. */
static inline float rk_int8_scale(float maximum) {
  if (maximum < RK_QUANTIZED_MIN)
    return 0;
  const float exact = maximum / RK_INT8_MAX;
  uint32_t bits;
  float scale;
  memcpy(&bits, &exact, sizeof bits);
  bits = (bits + 0x80) & ~UINT32_C(0xff);
  memcpy(&scale, &bits, sizeof scale);
  return scale;
}

/* The nearest integer, ties to even. */
static inline int8_t rk_int8_of(float w, float scale) {
  if (scale == 0)
    return 0;
  const float q = rintf(w / scale);
  return (int8_t)(q > RK_INT8_MAX ? RK_INT8_MAX : q < -RK_INT8_MAX ? -RK_INT8_MAX : q);
}

/* The number of integers of a row of states, padded. */
static inline size_t rk_int8_row(size_t terms) {
  return (terms + RK_INT8_ROW - 1) / RK_INT8_ROW * RK_INT8_ROW;
}

#endif
