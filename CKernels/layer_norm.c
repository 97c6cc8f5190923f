/* Layer normalisation.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "layer_norm.h"

#include <math.h>

#ifndef RECUR_FLOAT
static size_t width_of(size_t group, size_t first, size_t columns) {
  return group < columns - first ? group : columns - first;
}
#endif

/* v = v^, and what it was multiplied by: 1 / sqrt(var + 1e-5). */
static REAL KERNEL(layer_norm, normalize)(REAL *v, size_t n) {
  REAL mean = 0, variance = 0;
  for (size_t k = 0; k < n; k++)
    mean += v[k];
  mean /= (REAL)n;
  for (size_t k = 0; k < n; k++) {
    v[k] -= mean;
    variance += v[k] * v[k];
  }
  const REAL scale = 1 / LIBM(sqrt)(variance / (REAL)n + (REAL)1e-5);
  for (size_t k = 0; k < n; k++)
    v[k] *= scale;
  return scale;
}

void KERNEL(layer_norm, forward)(const REAL *gain, size_t group, MATRIX *v) {
  for (size_t i = 0; i < v->size1; i++)
    for (size_t first = 0; first < v->size2; first += group) {
      const size_t n = width_of(group, first, v->size2);
      REAL *row = v->data + i * v->tda + first;
      KERNEL(layer_norm, normalize)(row, n);
      for (size_t k = 0; k < n; k++)
        row[k] *= gain[first + k];
    }
}

/* dgain += dy o v^, and with d = dy o gain, dv = (d - mean(d) - v^ mean(d o v^)) / sqrt(...) */
static void KERNEL(layer_norm, backward_row)(const REAL *gain, const REAL *dy, REAL *dgain, REAL *v,
                                             size_t n) {
  const REAL scale = KERNEL(layer_norm, normalize)(v, n);
  REAL mean = 0, along = 0;
  for (size_t k = 0; k < n; k++) {
    mean += dy[k] * gain[k];
    along += dy[k] * gain[k] * v[k];
  }
  mean /= (REAL)n;
  along /= (REAL)n;
  for (size_t k = 0; dgain != NULL && k < n; k++)
    dgain[k] += dy[k] * v[k];
  for (size_t k = 0; k < n; k++)
    v[k] = scale * (dy[k] * gain[k] - mean - v[k] * along);
}

void KERNEL(layer_norm, backward)(const REAL *gain, size_t group, const MATRIX *dy, REAL *dgain,
                                  MATRIX *v) {
  for (size_t i = 0; i < v->size1; i++)
    for (size_t first = 0; first < v->size2; first += group) {
      const REAL *from = dy->data + i * dy->tda + first;
      REAL *row = v->data + i * v->tda + first, *sum = dgain == NULL ? NULL : dgain + first;
      const size_t n = width_of(group, first, v->size2);
      KERNEL(layer_norm, backward_row)(gain + first, from, sum, row, n);
    }
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "layer_norm.c"
#endif
