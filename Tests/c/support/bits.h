/* The bits of a value of the precision under test.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef BITS_H
#define BITS_H

#include "base/precision.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef RK_FLOAT
typedef uint32_t real_bits;
#else
typedef uint64_t real_bits;
#endif

static inline rk_real number_of_bits(real_bits bits) {
  rk_real x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline real_bits bits_of_number(rk_real x) {
  real_bits bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline bool same_bits(rk_real a, rk_real b) {
  return bits_of_number(a) == bits_of_number(b);
}

#endif
