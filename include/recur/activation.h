/* Activation functions: those of ONNX, and the identity.

   alpha and beta are read where the formula has them, and have to be 0 elsewhere. Slopes are taken
   from the value h = phi(z), which is what a training pass keeps; where z = 0 is a corner, the
   slope is the one to its left. RECUR_ACTIVATION_LEAKY_RELU and RECUR_ACTIVATION_ELU with a
   negative alpha are not invertible so: they are for inference only; the slope of
   RECUR_ACTIVATION_THRESHOLDED_RELU is 0 where its value is.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_ACTIVATION_H
#define RECUR_ACTIVATION_H

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
  RECUR_ACTIVATION_SOFTPLUS          /* log(1 + exp(z)) */
} recur_activation_kind;

typedef struct {
  recur_activation_kind kind;
  double alpha, beta;
} recur_activation;

/* A function with ONNX's default constants: leaky ReLU 0.01, thresholded ReLU 1, hard sigmoid 0.2
   and 0.5, ELU 1; and where ONNX has none, affine 1 and 0, scaled tanh 1 and 1. */
recur_activation recur_activation_default(recur_activation_kind function);

#ifdef __cplusplus
}
#endif

#endif
