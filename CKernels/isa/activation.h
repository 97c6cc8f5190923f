/* Activations of vectors: the formula; the slope from the value h = phi(z), which a training pass
   stores; and the slope from z, for activations whose value does not determine it. Comparisons are
   written so that NaN stays NaN.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_ACTIVATION_H
#define RK_ISA_ACTIVATION_H

#include "base/unreachable.h"
#include "isa/functions.h"
#include "isa/tile.h"

#include <recur/activation.h>

/* 1 / (1/|z| + 1) is also correct for infinite |z|. Every lane computes both forms. The smallest
   normal number keeps 1/|z| finite at 0, and does not change |z| > 1. */
RK_INLINE vec vec_softsign(vec z) {
  const vec a = vec_magnitude(z);
  return vec_with_sign(vec_select(a > 1, 1 / (1 / (a + RK_REAL_MIN) + 1), a / (1 + a)), z);
}

RK_INLINE vec vec_softplus(vec z) {
  const vec e = vec_exp_below_limit(-vec_magnitude(z));
  const vec rest = vec_log1p(e);
  return vec_select(z > 0, z + rest, rest);
}

/* z sigmoid(z), with the limit 0 at -infinity. For z so low that sigmoid(z) = exp(z) is subnormal
   but the product is not, exp(z / 2)^2 keeps the digits. */
RK_INLINE vec vec_silu(vec z) {
#ifdef RK_FLOAT
  const rk_real tail = -80;
#else
  const rk_real tail = -700;
#endif
  const vec finite = vec_at_least(z, -RK_REAL_MAX);
  const vec root = vec_exp_below_limit(vec_at_most(finite, tail) * (rk_real)0.5);
  return vec_select(finite < tail, finite * root * root, finite * vec_sigmoid(finite));
}

/* (1 - h)(1 + h) keeps the digits that 1 - h^2 loses as |h| nears 1. */
RK_INLINE vec vec_tanh_slope(vec h) {
  return (1 - h) * (1 + h);
}

RK_INLINE vec vec_sigmoid_slope(vec h) {
  return h * (1 - h);
}

/* s (1 + z (1 - s)), s = sigmoid(z) */
RK_INLINE vec vec_silu_slope(vec z) {
  const vec s = vec_sigmoid(z);
  return s * (1 + vec_at_most(vec_at_least(z, -RK_REAL_MAX), RK_REAL_MAX) * (1 - s));
}

/* All except tanh and sigmoid. Forward: phi(z), v = z. Backward: dh phi'(z), v = h = phi(z). */
RK_INLINE vec vec_formula(const recur_activation *phi, const bool backward, vec v, vec dh) {
  const rk_real alpha = (rk_real)phi->alpha, beta = (rk_real)phi->beta;
  const vec zero = {0};
  switch (phi->kind) {
  case RECUR_ACTIVATION_RELU:
    return vec_select(v <= 0, zero, backward ? dh : v);
  case RECUR_ACTIVATION_AFFINE:
    return backward ? dh * alpha : alpha * v + beta;
  case RECUR_ACTIVATION_LEAKY_RELU:
    return backward ? vec_select(v <= 0, dh * alpha, dh) : vec_select(v <= 0, alpha * v, v);
  case RECUR_ACTIVATION_THRESHOLDED_RELU:
    return backward ? vec_select(v == 0, zero, dh) : vec_select(v <= alpha, zero, v);
  case RECUR_ACTIVATION_SCALED_TANH: /* slope alpha beta (1 - u^2), where u = h / alpha */
    if (backward)
      return alpha == 0 ? zero : dh * (alpha * beta * vec_tanh_slope(v / alpha));
    return alpha * vec_tanh(beta * v);
  case RECUR_ACTIVATION_HARD_SIGMOID:
    return backward ? vec_select((v <= 0) | (v >= 1), zero, dh * alpha)
                    : vec_at_most(vec_at_least(alpha * v + beta, 0), 1);
  case RECUR_ACTIVATION_HARD_TANH:
    return backward ? vec_select((v <= alpha) | (v >= beta), zero, dh)
                    : vec_at_most(vec_at_least(v, alpha), beta);
  case RECUR_ACTIVATION_ELU: /* slope h + alpha below 0 */
    return backward ? vec_select(v <= 0, dh * (v + alpha), dh)
                    : vec_select(v <= 0, alpha * vec_expm1(vec_at_most(v, 0)), v);
  case RECUR_ACTIVATION_SOFTSIGN: { /* slope (1 - |h|)^2 */
    const vec rest = 1 - vec_magnitude(v);
    return backward ? dh * (rest * rest) : vec_softsign(v);
  }
  case RECUR_ACTIVATION_SOFTPLUS: /* slope 1 - exp(-h) */
    return backward ? -dh * vec_expm1(-v) : vec_softplus(v);
  case RECUR_ACTIVATION_SILU: /* no slope from the value: see vec_activation_backward */
    return backward ? zero : vec_silu(v);
  case RECUR_ACTIVATION_IDENTITY:
    return backward ? dh : v;
  case RECUR_ACTIVATION_TANH:
  case RECUR_ACTIVATION_SIGMOID:
  case RECUR_ACTIVATION_KINDS:;
  }
  RK_UNREACHABLE();
}

static vec vec_other_activation(const recur_activation *phi, vec z) {
  return vec_formula(phi, false, z, z);
}

static vec vec_other_activation_gradient(const recur_activation *phi, vec h, vec dh) {
  return vec_formula(phi, true, h, dh);
}

/* phi(z); sigmoid and tanh are inlined. */
RK_INLINE vec vec_activation(const recur_activation *phi, vec z) {
  if (phi->kind == RECUR_ACTIVATION_SIGMOID)
    return vec_sigmoid(z);
  if (phi->kind == RECUR_ACTIVATION_TANH)
    return vec_tanh(z);
  return vec_other_activation(phi, z);
}

/* dh phi'(z), from h = phi(z) */
RK_INLINE vec vec_activation_gradient(const recur_activation *phi, vec h, vec dh) {
  if (phi->kind == RECUR_ACTIVATION_SIGMOID)
    return dh * vec_sigmoid_slope(h);
  if (phi->kind == RECUR_ACTIVATION_TANH)
    return dh * vec_tanh_slope(h);
  return vec_other_activation_gradient(phi, h, dh);
}

/* dh phi'(z), from z. */
static vec vec_activation_backward(const recur_activation *phi, vec z, vec dh) {
  const rk_real alpha = (rk_real)phi->alpha;
  switch (phi->kind) {
  case RECUR_ACTIVATION_LEAKY_RELU:
    return vec_select(z <= 0, dh * alpha, dh);
  case RECUR_ACTIVATION_THRESHOLDED_RELU:
    return vec_select(z <= alpha, (vec){0}, dh);
  case RECUR_ACTIVATION_ELU:
    return vec_select(z <= 0, dh * (alpha * vec_exp_below_limit(vec_at_most(z, 0))), dh);
  case RECUR_ACTIVATION_SILU:
    return dh * vec_silu_slope(z);
  default:
    return vec_activation_gradient(phi, vec_activation(phi, z), dh);
  }
}

/* Loops over n contiguous elements. The output may be the same array as an input. */

RK_INLINE size_t lanes_at(size_t k, size_t n) {
  return n - k < LANES ? n - k : LANES;
}

static void activation_forward(const recur_activation *phi, const rk_real *z, rk_real *h,
                               size_t n) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t lanes = lanes_at(k, n);
    tile_store(h + k, vec_activation(phi, tile_load(z + k, lanes)), lanes);
  }
}

static void activation_gradient(const recur_activation *phi, const rk_real *h, const rk_real *dh,
                                rk_real *dz, size_t n) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t lanes = lanes_at(k, n);
    const vec value = tile_load(h + k, lanes);
    tile_store(dz + k, vec_activation_gradient(phi, value, tile_load(dh + k, lanes)), lanes);
  }
}

static void activation_backward(const recur_activation *phi, const rk_real *z, const rk_real *dh,
                                rk_real *dz, size_t n) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t lanes = lanes_at(k, n);
    const vec input = tile_load(z + k, lanes);
    tile_store(dz + k, vec_activation_backward(phi, input, tile_load(dh + k, lanes)), lanes);
  }
}

#endif
