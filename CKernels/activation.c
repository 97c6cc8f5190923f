/* Activations over consecutive numbers: the value of each beside its slope, which is said in terms
   of the value h.

   Comparisons are written so that NaN stays NaN.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "activation.h"

#include <math.h>
#include <stdbool.h>

static inline REAL KERNEL(sigmoid, value)(REAL z) {
  /* exp of what is negative does not overflow. */
  const REAL e = LIBM(exp)(-LIBM(fabs)(z)), s = 1 / (1 + e);
  return z < 0 ? e * s : s;
}

/* (1 - h)(1 + h) keeps the digits that 1 - h^2 loses as |h| nears 1. */
static inline REAL KERNEL(tanh, slope)(REAL h) {
  return (1 - h) * (1 + h);
}

/* 1 / (1/|z| + 1) is right where |z| is infinite. */
static inline REAL KERNEL(softsign, value)(REAL z) {
  const REAL a = LIBM(fabs)(z);
  return LIBM(copysign)(a > 1 ? 1 / (1 / a + 1) : a / (1 + a), z);
}

static inline REAL KERNEL(softsign, slope)(REAL h) {
  const REAL rest = 1 - LIBM(fabs)(h);
  return rest * rest;
}

static inline REAL KERNEL(softplus, value)(REAL z) {
  const REAL rest = LIBM(log1p)(LIBM(exp)(-LIBM(fabs)(z)));
  return z > 0 ? z + rest : rest;
}

static inline REAL KERNEL(hard_sigmoid, value)(REAL z, REAL alpha, REAL beta) {
  const REAL line = alpha * z + beta;
  return line < 0 ? 0 : line > 1 ? 1 : line;
}

/* alpha beta (1 - u^2), where u = h / alpha */
static inline REAL KERNEL(scaled_tanh, slope)(REAL h, REAL alpha, REAL beta) {
  return alpha == 0 ? 0 : alpha * beta * KERNEL(tanh, slope)(h / alpha);
}

#define EACH(k, statement)                                                                         \
  for (size_t k = 0; k < n; k++)                                                                   \
    statement;                                                                                     \
  break

void KERNEL(activation, forward)(const recur_activation *phi, REAL *z, size_t n) {
  const REAL alpha = (REAL)phi->alpha, beta = (REAL)phi->beta;
  switch (phi->function) {
  case RECUR_TANH:
    EACH(k, z[k] = LIBM(tanh)(z[k]));
  case RECUR_SIGMOID:
    EACH(k, z[k] = KERNEL(sigmoid, value)(z[k]));
  case RECUR_RELU:
    EACH(k, z[k] = z[k] <= 0 ? 0 : z[k]);
  case RECUR_IDENTITY:
    break;
  case RECUR_AFFINE:
    EACH(k, z[k] = alpha * z[k] + beta);
  case RECUR_LEAKY_RELU:
    EACH(k, z[k] = z[k] <= 0 ? alpha * z[k] : z[k]);
  case RECUR_THRESHOLDED_RELU:
    EACH(k, z[k] = z[k] <= alpha ? 0 : z[k]);
  case RECUR_SCALED_TANH:
    EACH(k, z[k] = alpha * LIBM(tanh)(beta * z[k]));
  case RECUR_HARD_SIGMOID:
    EACH(k, z[k] = KERNEL(hard_sigmoid, value)(z[k], alpha, beta));
  case RECUR_ELU:
    EACH(k, z[k] = z[k] <= 0 ? alpha * LIBM(expm1)(z[k]) : z[k]);
  case RECUR_SOFTSIGN:
    EACH(k, z[k] = KERNEL(softsign, value)(z[k]));
  case RECUR_SOFTPLUS:
    EACH(k, z[k] = KERNEL(softplus, value)(z[k]));
  }
}

void KERNEL(activation, backward)(const recur_activation *phi, const REAL *h, const REAL *dh,
                                  REAL *dz, size_t n) {
  const REAL alpha = (REAL)phi->alpha, beta = (REAL)phi->beta;
  switch (phi->function) {
  case RECUR_TANH:
    EACH(k, dz[k] = dh[k] * KERNEL(tanh, slope)(h[k]));
  case RECUR_SIGMOID:
    EACH(k, dz[k] = dh[k] * (h[k] * (1 - h[k])));
  case RECUR_RELU:
    EACH(k, dz[k] = h[k] <= 0 ? 0 : dh[k]);
  case RECUR_IDENTITY:
    EACH(k, dz[k] = dh[k]);
  case RECUR_AFFINE:
    EACH(k, dz[k] = dh[k] * alpha);
  case RECUR_LEAKY_RELU:
    EACH(k, dz[k] = h[k] <= 0 ? dh[k] * alpha : dh[k]);
  case RECUR_THRESHOLDED_RELU:
    EACH(k, dz[k] = h[k] == 0 ? 0 : dh[k]);
  case RECUR_SCALED_TANH:
    EACH(k, dz[k] = dh[k] * KERNEL(scaled_tanh, slope)(h[k], alpha, beta));
  case RECUR_HARD_SIGMOID:
    EACH(k, dz[k] = h[k] <= 0 || h[k] >= 1 ? 0 : dh[k] * alpha);
  case RECUR_ELU:
    EACH(k, dz[k] = h[k] <= 0 ? dh[k] * (h[k] + alpha) : dh[k]);
  case RECUR_SOFTSIGN:
    EACH(k, dz[k] = dh[k] * KERNEL(softsign, slope)(h[k]));
  case RECUR_SOFTPLUS: /* 1 - exp(-h) */
    EACH(k, dz[k] = -dh[k] * LIBM(expm1)(-h[k]));
  }
}

#undef EACH

void KERNEL(gate, forward)(const recur_activation *phi, double clip, const REAL *bias, REAL *z,
                           size_t n) {
  const REAL limit = (REAL)clip;
  if (bias != NULL)
    for (size_t k = 0; k < n; k++)
      z[k] += bias[k];
  if (clip != 0)
    for (size_t k = 0; k < n; k++)
      z[k] = z[k] > limit ? limit : z[k] < -limit ? -limit : z[k];
  KERNEL(activation, forward)(phi, z, n);
}

void KERNEL(gate, backward)(const recur_activation *phi, double clip, const REAL *h, const REAL *dh,
                            REAL *dz, size_t n) {
  if (clip == 0) {
    KERNEL(activation, backward)(phi, h, dh, dz, n);
    return;
  }
  REAL low = -(REAL)clip, high = (REAL)clip;
  KERNEL(activation, forward)(phi, &low, 1);
  KERNEL(activation, forward)(phi, &high, 1);
  for (size_t k = 0; k < n; k++) {
    const bool clamped = h[k] == low || h[k] == high;
    REAL d;
    KERNEL(activation, backward)(phi, &h[k], &dh[k], &d, 1);
    dz[k] = clamped ? 0 : d;
  }
}

void KERNEL(gate, forward_rows)(const recur_activation *phi, double clip, const REAL *bias,
                                const MATRIX *z) {
  for (size_t i = 0; i < z->size1; i++) {
    REAL *row = z->data + i * z->tda;
    KERNEL(gate, forward)(phi, clip, bias, row, z->size2);
  }
}

void KERNEL(gate, backward_rows)(const recur_activation *phi, double clip, const MATRIX *h,
                                 const MATRIX *dh, const MATRIX *dz) {
  for (size_t i = 0; i < h->size1; i++) {
    const REAL *value = h->data + i * h->tda, *from = dh->data + i * dh->tda;
    KERNEL(gate, backward)(phi, clip, value, from, dz->data + i * dz->tda, h->size2);
  }
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "activation.c"
#endif
