/* Activations of vectors: the value, and its slope in terms of the value h = phi(z), which is what
   a training pass keeps. Comparisons are written so that NaN stays NaN.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_ACTIVATION_H
#define RK_ISA_ACTIVATION_H

#include "isa/functions.h"
#include "isa/tile.h"

/* 1 / (1/|z| + 1) is right where |z| is infinite. */
RK_INLINE vec vec_softsign(vec z) {
  const vec a = vec_magnitude(z);
  return vec_with_sign(vec_select(a > 1, 1 / (1 / a + 1), a / (1 + a)), z);
}

RK_INLINE vec vec_softplus(vec z) {
  const vec e = vec_exp_below_limit(-vec_magnitude(z));
  const vec rest = vec_log1p(e);
  return vec_select(z > 0, z + rest, rest);
}

/* (1 - h)(1 + h) keeps the digits that 1 - h^2 loses as |h| nears 1. */
RK_INLINE vec vec_tanh_slope(vec h) {
  return (1 - h) * (1 + h);
}

RK_INLINE vec vec_sigmoid_slope(vec h) {
  return h * (1 - h);
}

static vec vec_other_activation(const recur_activation *phi, vec z) {
  const rk_real alpha = (rk_real)phi->alpha, beta = (rk_real)phi->beta;
  const vec zero = {0};
  switch (phi->kind) {
  case RECUR_ACTIVATION_TANH:
  case RECUR_ACTIVATION_SIGMOID:
  case RECUR_ACTIVATION_IDENTITY:
    break;
  case RECUR_ACTIVATION_RELU:
    return vec_select(z <= 0, zero, z);
  case RECUR_ACTIVATION_AFFINE:
    return alpha * z + beta;
  case RECUR_ACTIVATION_LEAKY_RELU:
    return vec_select(z <= 0, alpha * z, z);
  case RECUR_ACTIVATION_THRESHOLDED_RELU:
    return vec_select(z <= alpha, zero, z);
  case RECUR_ACTIVATION_SCALED_TANH:
    return alpha * vec_tanh(beta * z);
  case RECUR_ACTIVATION_HARD_SIGMOID:
    return vec_at_most(vec_at_least(alpha * z + beta, 0), 1);
  case RECUR_ACTIVATION_ELU:
    return vec_select(z <= 0, alpha * vec_expm1(vec_at_most(z, 0)), z);
  case RECUR_ACTIVATION_SOFTSIGN:
    return vec_softsign(z);
  case RECUR_ACTIVATION_SOFTPLUS:
    return vec_softplus(z);
  }
  return z;
}

/* The usual ones without a call. */
RK_INLINE vec vec_activation(const recur_activation *phi, vec z) {
  if (phi->kind == RECUR_ACTIVATION_SIGMOID)
    return vec_sigmoid(z);
  if (phi->kind == RECUR_ACTIVATION_TANH)
    return vec_tanh(z);
  return vec_other_activation(phi, z);
}

static vec vec_other_activation_gradient(const recur_activation *phi, vec h, vec dh) {
  const rk_real alpha = (rk_real)phi->alpha, beta = (rk_real)phi->beta;
  const vec zero = {0};
  switch (phi->kind) {
  case RECUR_ACTIVATION_TANH:
  case RECUR_ACTIVATION_SIGMOID:
  case RECUR_ACTIVATION_IDENTITY:
    break;
  case RECUR_ACTIVATION_RELU:
    return vec_select(h <= 0, zero, dh);
  case RECUR_ACTIVATION_AFFINE:
    return dh * alpha;
  case RECUR_ACTIVATION_LEAKY_RELU:
    return vec_select(h <= 0, dh * alpha, dh);
  case RECUR_ACTIVATION_THRESHOLDED_RELU:
    return vec_select(h == 0, zero, dh);
  case RECUR_ACTIVATION_SCALED_TANH: /* alpha beta (1 - u^2), where u = h / alpha */
    return alpha == 0 ? zero : dh * (alpha * beta * vec_tanh_slope(h / alpha));
  case RECUR_ACTIVATION_HARD_SIGMOID:
    return vec_select((h <= 0) | (h >= 1), zero, dh * alpha);
  case RECUR_ACTIVATION_ELU:
    return vec_select(h <= 0, dh * (h + alpha), dh);
  case RECUR_ACTIVATION_SOFTSIGN: {
    const vec rest = 1 - vec_magnitude(h);
    return dh * (rest * rest);
  }
  case RECUR_ACTIVATION_SOFTPLUS: /* 1 - exp(-h) */
    return -dh * vec_expm1(-h);
  }
  return dh;
}

/* dh phi'(z) */
RK_INLINE vec vec_activation_gradient(const recur_activation *phi, vec h, vec dh) {
  if (phi->kind == RECUR_ACTIVATION_SIGMOID)
    return dh * vec_sigmoid_slope(h);
  if (phi->kind == RECUR_ACTIVATION_TANH)
    return dh * vec_tanh_slope(h);
  return vec_other_activation_gradient(phi, h, dh);
}

/* Over n consecutive numbers; dz may be h or dh. */

static void activation_forward(const recur_activation *phi, rk_real *z, size_t n) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t lanes = n - k < LANES ? n - k : LANES;
    const vec v = tile_load(z + k, lanes);
    tile_store(z + k, vec_activation(phi, v), lanes);
  }
}

static void activation_backward(const recur_activation *phi, const rk_real *h, const rk_real *dh,
                                rk_real *dz, size_t n) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t lanes = n - k < LANES ? n - k : LANES;
    const vec value = tile_load(h + k, lanes), d = tile_load(dh + k, lanes);
    tile_store(dz + k, vec_activation_gradient(phi, value, d), lanes);
  }
}

#endif
