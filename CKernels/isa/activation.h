/* Activations of vectors: the value, and its slope in terms of the value h = phi(z), which is what
   a training pass keeps. Comparisons are written so that NaN stays NaN.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/* 1 / (1/|z| + 1) is right where |z| is infinite. */
INLINE NUMBERS KERNEL(softsign, value)(NUMBERS z) {
  const NUMBERS a = KERNEL(vector, magnitude)(z);
  return KERNEL(vector, with_sign)(SELECT(a > 1, 1 / (1 / a + 1), a / (1 + a)), z);
}

INLINE NUMBERS KERNEL(softplus, value)(NUMBERS z) {
  const NUMBERS e = KERNEL(vector, exp_below_limit)(-KERNEL(vector, magnitude)(z));
  const NUMBERS rest = KERNEL(vector, log1p)(e);
  return SELECT(z > 0, z + rest, rest);
}

/* (1 - h)(1 + h) keeps the digits that 1 - h^2 loses as |h| nears 1. */
INLINE NUMBERS KERNEL(tanh, slope)(NUMBERS h) {
  return (1 - h) * (1 + h);
}

INLINE NUMBERS KERNEL(sigmoid, slope)(NUMBERS h) {
  return h * (1 - h);
}

static NUMBERS KERNEL(activation, other_value)(const recur_activation *phi, NUMBERS z) {
  const REAL alpha = (REAL)phi->alpha, beta = (REAL)phi->beta;
  const NUMBERS zero = {0};
  switch (phi->function) {
  case RECUR_TANH:
  case RECUR_SIGMOID:
  case RECUR_IDENTITY:
    break;
  case RECUR_RELU:
    return SELECT(z <= 0, zero, z);
  case RECUR_AFFINE:
    return alpha * z + beta;
  case RECUR_LEAKY_RELU:
    return SELECT(z <= 0, alpha * z, z);
  case RECUR_THRESHOLDED_RELU:
    return SELECT(z <= alpha, zero, z);
  case RECUR_SCALED_TANH:
    return alpha * KERNEL(vector, tanh)(beta * z);
  case RECUR_HARD_SIGMOID:
    return KERNEL(vector, at_most)(KERNEL(vector, at_least)(alpha * z + beta, 0), 1);
  case RECUR_ELU:
    return SELECT(z <= 0, alpha * KERNEL(vector, expm1)(KERNEL(vector, at_most)(z, 0)), z);
  case RECUR_SOFTSIGN:
    return KERNEL(softsign, value)(z);
  case RECUR_SOFTPLUS:
    return KERNEL(softplus, value)(z);
  }
  return z;
}

/* The usual ones without a call. */
INLINE NUMBERS KERNEL(activation, value)(const recur_activation *phi, NUMBERS z) {
  if (phi->function == RECUR_SIGMOID)
    return KERNEL(vector, sigmoid)(z);
  if (phi->function == RECUR_TANH)
    return KERNEL(vector, tanh)(z);
  return KERNEL(activation, other_value)(phi, z);
}

static NUMBERS KERNEL(activation, other_gradient)(const recur_activation *phi, NUMBERS h,
                                                  NUMBERS dh) {
  const REAL alpha = (REAL)phi->alpha, beta = (REAL)phi->beta;
  const NUMBERS zero = {0};
  switch (phi->function) {
  case RECUR_TANH:
  case RECUR_SIGMOID:
  case RECUR_IDENTITY:
    break;
  case RECUR_RELU:
    return SELECT(h <= 0, zero, dh);
  case RECUR_AFFINE:
    return dh * alpha;
  case RECUR_LEAKY_RELU:
    return SELECT(h <= 0, dh * alpha, dh);
  case RECUR_THRESHOLDED_RELU:
    return SELECT(h == 0, zero, dh);
  case RECUR_SCALED_TANH: /* alpha beta (1 - u^2), where u = h / alpha */
    return alpha == 0 ? zero : dh * (alpha * beta * KERNEL(tanh, slope)(h / alpha));
  case RECUR_HARD_SIGMOID:
    return SELECT((h <= 0) | (h >= 1), zero, dh * alpha);
  case RECUR_ELU:
    return SELECT(h <= 0, dh * (h + alpha), dh);
  case RECUR_SOFTSIGN: {
    const NUMBERS rest = 1 - KERNEL(vector, magnitude)(h);
    return dh * (rest * rest);
  }
  case RECUR_SOFTPLUS: /* 1 - exp(-h) */
    return -dh * KERNEL(vector, expm1)(-h);
  }
  return dh;
}

/* dh phi'(z) */
INLINE NUMBERS KERNEL(activation, gradient)(const recur_activation *phi, NUMBERS h, NUMBERS dh) {
  if (phi->function == RECUR_SIGMOID)
    return dh * KERNEL(sigmoid, slope)(h);
  if (phi->function == RECUR_TANH)
    return dh * KERNEL(tanh, slope)(h);
  return KERNEL(activation, other_gradient)(phi, h, dh);
}

/* Over n consecutive numbers; dz may be h or dh. */

static void KERNEL(activation, values)(const recur_activation *phi, REAL *z, size_t n) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t lanes = n - k < LANES ? n - k : LANES;
    const NUMBERS v = KERNEL(tile, load)(z + k, lanes);
    KERNEL(tile, store)(z + k, KERNEL(activation, value)(phi, v), lanes);
  }
}

static void KERNEL(activation, gradients)(const recur_activation *phi, const REAL *h,
                                          const REAL *dh, REAL *dz, size_t n) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t lanes = n - k < LANES ? n - k : LANES;
    const NUMBERS value = KERNEL(tile, load)(h + k, lanes), d = KERNEL(tile, load)(dh + k, lanes);
    KERNEL(tile, store)(dz + k, KERNEL(activation, gradient)(phi, value, d), lanes);
  }
}
