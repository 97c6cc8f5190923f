/* The softmax of a row: see softmax_row.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/softmax_row.h"

/* The term of the largest logit is exactly 1, so log1p of the other terms keeps all digits of a
   loss near 0. */
void rk_softmax_row(rk_real *z, size_t O, rk_real *largest, rk_real *log_rest) {
  size_t top = 0;
  for (size_t j = 1; j < O; j++)
    if (z[j] > z[top])
      top = j;
  *largest = z[top];
  rk_real rest = 0;
  for (size_t j = 0; j < O; j++) {
    z[j] = rk_exp(z[j] - *largest);
    if (j != top)
      rest += z[j];
  }
  *log_rest = rk_log1p(rest);
  const rk_real sum = z[top] + rest;
  for (size_t j = 0; j < O; j++)
    z[j] /= sum;
}

void rk_softmax_row_backward(const rk_real *y, const rk_real *dy, rk_real *dz, size_t O) {
  rk_real mean = 0;
  for (size_t j = 0; j < O; j++)
    mean += y[j] * dy[j];
  for (size_t j = 0; j < O; j++)
    dz[j] = y[j] * (dy[j] - mean);
}
