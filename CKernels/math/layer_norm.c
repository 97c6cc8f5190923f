/* Layer normalization: see layer_norm.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/layer_norm.h"

#include <math.h>

/* Loops over the elements of the gates: k is the index in the row, i in the gains. */
#define EACH(gates, k, i)                                                                          \
  for (size_t g_ = 0, i = 0; g_ < (gates).count; g_++)                                             \
    for (size_t k = g_ * (gates).gate_stride; k < g_ * (gates).gate_stride + (gates).H; k++, i++)

/* v = v^; returns the scale 1 / sqrt(var + epsilon). */
static rk_real rk_layer_norm_normalize(rk_normalized gates, rk_real *v) {
  const rk_real n = (rk_real)(gates.count * gates.H);
  rk_real mean = 0, variance = 0;
  EACH(gates, k, i) {
    mean += v[k];
  }
  mean /= n;
  EACH(gates, k, i) {
    v[k] -= mean;
    variance += v[k] * v[k];
  }
  const rk_real scale = 1 / rk_sqrt(variance / n + gates.epsilon);
  EACH(gates, k, i) {
    v[k] *= scale;
  }
  return scale;
}

void rk_layer_norm_forward(rk_normalized gates, const rk_real *gain, gsl_matrix *v) {
  for (size_t r = 0; r < v->size1; r++) {
    rk_real *row = v->data + r * v->tda;
    rk_layer_norm_normalize(gates, row);
    EACH(gates, k, i) {
      row[k] *= gain[i];
    }
  }
}

/* dgain += dy o v^, and with d = dy o gain, dv = (d - mean(d) - v^ mean(d o v^)) / sqrt(...) */
static void rk_layer_norm_backward_row(rk_normalized gates, const rk_real *gain, const rk_real *dy,
                                       rk_real *dgain, rk_real *v) {
  const rk_real n = (rk_real)(gates.count * gates.H);
  const rk_real scale = rk_layer_norm_normalize(gates, v);
  rk_real mean = 0, along = 0;
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

void rk_layer_norm_backward(rk_normalized gates, const rk_real *gain, const gsl_matrix *dy,
                            rk_real *dgain, bool descending, gsl_matrix *v) {
  for (size_t i = 0; i < v->size1; i++) {
    const size_t r = descending ? v->size1 - 1 - i : i;
    rk_real *row = v->data + r * v->tda;
    rk_layer_norm_backward_row(gates, gain, dy->data + r * dy->tda, dgain, row);
  }
}

#undef EACH
