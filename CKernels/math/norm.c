/* Euclidean norms.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/norm.h"

#include <float.h>
#include <math.h>

static REAL KERNEL(norm, scaled)(const REAL *v, size_t n) {
  REAL largest = 0;
  for (size_t j = 0; j < n; j++)
    largest = LIBM(fmax)(largest, LIBM(fabs)(v[j]));
  if (largest == 0 || isinf(largest))
    return largest;
  REAL sum = 0;
  for (size_t j = 0; j < n; j++) {
    const REAL ratio = v[j] / largest;
    sum += ratio * ratio;
  }
  return largest * LIBM(sqrt)(sum);
}

/* In as many sums as a vector has lanes anywhere, so that it is the same in all. */
static REAL KERNEL(norm, square)(const REAL *v, size_t n) {
  REAL sum[16] = {0};
  size_t j = 0;
  for (; j + 16 <= n; j += 16)
    for (size_t k = 0; k < 16; k++)
      sum[k] += v[j + k] * v[j + k];
  for (size_t k = 0; j + k < n; k++)
    sum[k] += v[j + k] * v[j + k];
  for (size_t half = 8; half > 0; half /= 2)
    for (size_t k = 0; k < half; k++)
      sum[k] += sum[k + half];
  return sum[0];
}

static REAL KERNEL(norm, of)(const REAL *v, size_t n) {
  /* Below this, squares that underflowed could be missed in the sum. */
  const REAL smallest = (REAL)n * (LIMIT(MIN) / LIMIT(EPSILON));
  const REAL sum = KERNEL(norm, square)(v, n);
  if (isinf(sum) || sum < smallest)
    return KERNEL(norm, scaled)(v, n);
  return LIBM(sqrt)(sum);
}

void KERNEL(norm, rows)(const MATRIX *m, REAL *norms) {
  for (size_t i = 0; i < m->size1; i++)
    norms[i] = KERNEL(norm, of)(m->data + i * m->tda, m->size2);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "norm.c"
#endif
