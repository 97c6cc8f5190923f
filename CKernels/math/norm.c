/* Euclidean norms.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/norm.h"

#include <math.h>

static rk_real rk_norm_scaled(const rk_real *v, size_t n) {
  rk_real largest = 0;
  for (size_t j = 0; j < n; j++)
    largest = rk_fmax(largest, rk_fabs(v[j]));
  if (largest == 0 || isinf(largest))
    return largest;
  rk_real sum = 0;
  for (size_t j = 0; j < n; j++) {
    const rk_real ratio = v[j] / largest;
    sum += ratio * ratio;
  }
  return largest * rk_sqrt(sum);
}

/* The sum of squares, in 16 partial sums: the most lanes of any vector, so that every instruction
   set gives the same result. */
static rk_real rk_norm_square(const rk_real *v, size_t n) {
  rk_real sum[16] = {0};
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

static rk_real rk_norm_of(const rk_real *v, size_t n) {
  /* Below this, the sum may have lost squares to underflow. */
  const rk_real smallest = (rk_real)n * (RK_REAL_MIN / RK_REAL_EPSILON);
  const rk_real sum = rk_norm_square(v, n);
  if (isinf(sum) || sum < smallest)
    return rk_norm_scaled(v, n);
  return rk_sqrt(sum);
}

void rk_norm_rows(const gsl_matrix *m, rk_real *norms) {
  for (size_t i = 0; i < m->size1; i++)
    norms[i] = rk_norm_of(m->data + i * m->tda, m->size2);
}
