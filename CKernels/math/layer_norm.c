/* Layer normalisation: see layer_norm.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/layer_norm.h"

#include <math.h>

/* Every number of some gates: k its place in a row, i in the gains. */
#define EACH(gates, k, i)                                                                          \
  for (size_t g_ = 0, i = 0; g_ < (gates).count; g_++)                                             \
    for (size_t k = g_ * (gates).group; k < g_ * (gates).group + (gates).H; k++, i++)

/* v = v^, and what it was multiplied by: 1 / sqrt(var + 1e-5). */
static REAL KERNEL(layer_norm, normalize)(rk_normalized gates, REAL *v) {
  const REAL n = (REAL)(gates.count * gates.H);
  REAL mean = 0, variance = 0;
  EACH(gates, k, i) {
    mean += v[k];
  }
  mean /= n;
  EACH(gates, k, i) {
    v[k] -= mean;
    variance += v[k] * v[k];
  }
  const REAL scale = 1 / LIBM(sqrt)(variance / n + (REAL)1e-5);
  EACH(gates, k, i) {
    v[k] *= scale;
  }
  return scale;
}

void KERNEL(layer_norm, forward)(rk_normalized gates, const REAL *gain, MATRIX *v) {
  for (size_t r = 0; r < v->size1; r++) {
    REAL *row = v->data + r * v->tda;
    KERNEL(layer_norm, normalize)(gates, row);
    EACH(gates, k, i) {
      row[k] *= gain[i];
    }
  }
}

/* dgain += dy o v^, and with d = dy o gain, dv = (d - mean(d) - v^ mean(d o v^)) / sqrt(...) */
static void KERNEL(layer_norm, backward_row)(rk_normalized gates, const REAL *gain, const REAL *dy,
                                             REAL *dgain, REAL *v) {
  const REAL n = (REAL)(gates.count * gates.H);
  const REAL scale = KERNEL(layer_norm, normalize)(gates, v);
  REAL mean = 0, along = 0;
  EACH(gates, k, i) {
    mean += dy[k] * gain[i];
    along += dy[k] * gain[i] * v[k];
  }
  mean /= n;
  along /= n;
  EACH(gates, k, i) {
    if (dgain != NULL)
      dgain[i] += dy[k] * v[k];
    v[k] = scale * (dy[k] * gain[i] - mean - v[k] * along);
  }
}

void KERNEL(layer_norm, backward)(rk_normalized gates, const REAL *gain, const MATRIX *dy,
                                  REAL *dgain, bool descending, MATRIX *v) {
  for (size_t i = 0; i < v->size1; i++) {
    const size_t r = descending ? v->size1 - 1 - i : i;
    REAL *row = v->data + r * v->tda;
    KERNEL(layer_norm, backward_row)(gates, gain, dy->data + r * dy->tda, dgain, row);
  }
}

#undef EACH

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "layer_norm.c"
#endif
