/* Activation functions: those of ONNX, the identity, hard tanh and SiLU.

   alpha and beta are read where the formula has them, and have to be 0 elsewhere. Networks compute
   slopes from the value h = phi(z), which is what a training pass stores; where z = 0 is a corner,
   the slope is the one to its left. RECUR_ACTIVATION_LEAKY_RELU and RECUR_ACTIVATION_ELU with a
   negative alpha, and RECUR_ACTIVATION_SILU, have values that do not tell the slope: networks take
   them for inference only. The slope of RECUR_ACTIVATION_THRESHOLDED_RELU is taken to be 0 where
   its value is 0.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_ACTIVATION_H
#define RECUR_ACTIVATION_H

#include <gsl/gsl_matrix.h>
#include <recur/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  RECUR_ACTIVATION_TANH,             /* tanh z */
  RECUR_ACTIVATION_SIGMOID,          /* 1 / (1 + exp(-z)) */
  RECUR_ACTIVATION_RELU,             /* max(0, z) */
  RECUR_ACTIVATION_IDENTITY,         /* z */
  RECUR_ACTIVATION_AFFINE,           /* alpha z + beta */
  RECUR_ACTIVATION_LEAKY_RELU,       /* z, below 0 alpha z */
  RECUR_ACTIVATION_THRESHOLDED_RELU, /* z above alpha, else 0 */
  RECUR_ACTIVATION_SCALED_TANH,      /* alpha tanh(beta z) */
  RECUR_ACTIVATION_HARD_SIGMOID,     /* min(1, max(0, alpha z + beta)) */
  RECUR_ACTIVATION_ELU,              /* z, below 0 alpha (exp(z) - 1) */
  RECUR_ACTIVATION_SOFTSIGN,         /* z / (1 + |z|) */
  RECUR_ACTIVATION_SOFTPLUS,         /* log(1 + exp(z)) */
  RECUR_ACTIVATION_HARD_TANH,        /* min(beta, max(alpha, z)), alpha < beta */
  RECUR_ACTIVATION_SILU,             /* z / (1 + exp(-z)) */
  RECUR_ACTIVATION_KINDS             /* how many there are */
} recur_activation_kind;

typedef struct {
  recur_activation_kind kind;
  double alpha, beta;
} recur_activation;

/* An activation with its usual constants: ONNX's (leaky ReLU 0.01, thresholded ReLU 1, hard sigmoid
   0.2 and 0.5, ELU 1) and torch's (hard tanh -1 and 1); affine 1 and 0, scaled tanh 1 and 1. */
recur_activation recur_activation_default(recur_activation_kind kind);

/* The supremum of |phi'(z)|; NaN, with recur_last_error, for a phi that is no activation. */
double recur_activation_max_slope(const recur_activation *phi);

/* h = phi(z), of matrices of one shape; h may be z. */
RECUR_MUST_USE int recur_activation_forward(const recur_activation *phi, const gsl_matrix *z,
                                            gsl_matrix *h /* out */);

/* dz = dh o phi'(z), of every activation, and of all z right and left of a corner; dz may be dh. */
RECUR_MUST_USE int recur_activation_backward(const recur_activation *phi, const gsl_matrix *z,
                                             const gsl_matrix *dh, gsl_matrix *dz /* out */);

/* slopes = phi'(z) where h = phi(z), as networks compute them; slopes may be h. GSL_EUNIMPL where
   values do not tell slopes. */
RECUR_MUST_USE int recur_activation_slopes(const recur_activation *phi, const gsl_matrix *h,
                                           gsl_matrix *slopes /* out */);

/* The same in single precision. */

RECUR_MUST_USE int recur_activation_float_forward(const recur_activation *phi,
                                                  const gsl_matrix_float *z, gsl_matrix_float *h);
RECUR_MUST_USE int recur_activation_float_backward(const recur_activation *phi,
                                                   const gsl_matrix_float *z,
                                                   const gsl_matrix_float *dh,
                                                   gsl_matrix_float *dz);
RECUR_MUST_USE int recur_activation_float_slopes(const recur_activation *phi,
                                                 const gsl_matrix_float *h,
                                                 gsl_matrix_float *slopes);

#ifdef __cplusplus
}
#endif

#endif
