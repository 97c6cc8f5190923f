/* The properties of each activation: see activations.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "configuration/activations.h"

#include "base/check.h"
#include "base/environment.h"

#include <float.h>
#include <math.h>

/* Whether phi'(z) can be computed from phi(z). */
typedef enum { ALWAYS, UNLESS_ALPHA_IS_NEGATIVE, NEVER } invertible;

typedef struct {
  const char *name;
  bool uses_alpha, uses_beta;
  double alpha, beta; /* defaults: ONNX's, else PyTorch's, else neutral ones */
  invertible slope;
  double (*max_slope)(double alpha, double beta); /* the supremum of |phi'(z)| */
} traits;

static double one(double alpha, double beta) {
  (void)alpha, (void)beta;
  return 1;
}

static double quarter(double alpha, double beta) {
  (void)alpha, (void)beta;
  return 0.25;
}

static double of_alpha(double alpha, double beta) {
  (void)beta;
  return fabs(alpha);
}

static double of_alpha_or_one(double alpha, double beta) {
  (void)beta;
  return fmax(1, fabs(alpha));
}

static double of_alpha_times_beta(double alpha, double beta) {
  return fabs(alpha * beta);
}

/* At z = 2.39935728..., where z = 2 coth(z / 2). */
static double of_silu(double alpha, double beta) {
  (void)alpha, (void)beta;
  return 1.0998393201288669;
}

static const traits activations[RECUR_ACTIVATION_KINDS] = {
    [RECUR_ACTIVATION_TANH] = {"tanh", .max_slope = one},
    [RECUR_ACTIVATION_SIGMOID] = {"sigmoid", .max_slope = quarter},
    [RECUR_ACTIVATION_RELU] = {"ReLU", .max_slope = one},
    [RECUR_ACTIVATION_IDENTITY] = {"identity", .max_slope = one},
    [RECUR_ACTIVATION_AFFINE] = {"affine", true, true, 1, 0, .max_slope = of_alpha},
    [RECUR_ACTIVATION_LEAKY_RELU] = {"leaky ReLU", true, false, 0.01, 0, UNLESS_ALPHA_IS_NEGATIVE,
                                     of_alpha_or_one},
    [RECUR_ACTIVATION_THRESHOLDED_RELU] = {"thresholded ReLU", true, false, 1, 0, ALWAYS, one},
    [RECUR_ACTIVATION_SCALED_TANH] = {"scaled tanh", true, true, 1, 1, ALWAYS, of_alpha_times_beta},
    [RECUR_ACTIVATION_HARD_SIGMOID] = {"hard sigmoid", true, true, 0.2, 0.5, ALWAYS, of_alpha},
    [RECUR_ACTIVATION_ELU] = {"ELU", true, false, 1, 0, UNLESS_ALPHA_IS_NEGATIVE, of_alpha_or_one},
    [RECUR_ACTIVATION_SOFTSIGN] = {"softsign", .max_slope = one},
    [RECUR_ACTIVATION_SOFTPLUS] = {"softplus", .max_slope = one},
    [RECUR_ACTIVATION_HARD_TANH] = {"hard tanh", true, true, -1, 1, ALWAYS, one},
    [RECUR_ACTIVATION_SILU] = {"SiLU", .slope = NEVER, .max_slope = of_silu},
};

static const traits *traits_of(recur_activation_kind kind) {
  return (unsigned)kind < RECUR_ACTIVATION_KINDS ? &activations[kind] : NULL;
}

recur_activation recur_activation_default(recur_activation_kind kind) {
  const traits *t = traits_of(kind);
  return (recur_activation){.kind = kind, .alpha = t ? t->alpha : 0, .beta = t ? t->beta : 0};
}

double recur_activation_max_slope(const recur_activation *phi) {
  RK_COMPUTES;
  if (phi == NULL || rk_check_activation(__func__, "phi", phi) != GSL_SUCCESS)
    return NAN;
  return activations[phi->kind].max_slope(phi->alpha, phi->beta);
}

int rk_check_activation(const char *function, const char *argument, const recur_activation *phi) {
  const traits *t = traits_of(phi->kind);
  if (t == NULL)
    return rk_fail(GSL_EINVAL, function, argument, "has kind %d, expected a recur_activation_kind",
                   (int)phi->kind);
  if (!isfinite(phi->alpha) || !isfinite(phi->beta))
    return rk_fail(GSL_EINVAL, function, argument,
                   "has alpha %g and beta %g, expected finite values", phi->alpha, phi->beta);
  if (rk_is_subnormal(phi->alpha) || rk_is_subnormal(phi->beta))
    return rk_fail(GSL_EINVAL, function, argument,
                   "has alpha %g and beta %g, expected 0 or at least %g in magnitude", phi->alpha,
                   phi->beta, FLT_MIN);
  if ((phi->alpha != 0 && !t->uses_alpha) || (phi->beta != 0 && !t->uses_beta))
    return rk_fail(GSL_EINVAL, function, argument,
                   "has alpha %g and beta %g, expected 0 for a constant that %s does not use",
                   phi->alpha, phi->beta, t->name);
  if (phi->kind == RECUR_ACTIVATION_HARD_TANH && !(phi->alpha < phi->beta))
    return rk_fail(GSL_EINVAL, function, argument,
                   "has alpha %g and beta %g, expected alpha < beta", phi->alpha, phi->beta);
  return GSL_SUCCESS;
}

int rk_check_slope(const char *function, const char *argument, const recur_activation *phi) {
  const traits *t = &activations[phi->kind];
  if (t->slope == NEVER)
    return rk_fail(
        GSL_EUNIMPL, function, argument,
        "is %s, which supports inference only: its slope cannot be computed from its value",
        t->name);
  if (t->slope == UNLESS_ALPHA_IS_NEGATIVE && phi->alpha < 0)
    return rk_fail(
        GSL_EUNIMPL, function, argument,
        "is %s with alpha %g, expected at least 0 for training, which computes slopes from values",
        t->name, phi->alpha);
  return GSL_SUCCESS;
}
