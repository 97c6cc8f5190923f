/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Activation functions: those of ONNX, the identity, hard tanh and SiLU.
 *
 * An activation is a kind and two constants, alpha and beta. A constant that the kind's formula
 * does not use must be 0.
 *
 * A training pass stores h = phi(z) instead of z, so networks compute the slope phi'(z) from h:
 *
 * - Where z = 0 is a corner, they use the slope to its left.
 * - The values of RECUR_ACTIVATION_SILU, and of RECUR_ACTIVATION_LEAKY_RELU and
 *   RECUR_ACTIVATION_ELU with a negative alpha, do not determine the slope. Networks support these
 *   for inference only.
 * - Where the value of RECUR_ACTIVATION_THRESHOLDED_RELU is 0, the slope is taken to be 0.
 *
 * The functions allocate nothing and may be called from any thread.
 */

#ifndef RECUR_ACTIVATION_H
#define RECUR_ACTIVATION_H

#include <gsl/gsl_matrix.h>
#include <recur/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The formula of an activation phi(z). */
typedef enum {
  RECUR_ACTIVATION_TANH,             /**< `tanh z` */
  RECUR_ACTIVATION_SIGMOID,          /**< `1 / (1 + exp(-z))` */
  RECUR_ACTIVATION_RELU,             /**< `max(0, z)` */
  RECUR_ACTIVATION_IDENTITY,         /**< `z` */
  RECUR_ACTIVATION_AFFINE,           /**< `alpha z + beta` */
  RECUR_ACTIVATION_LEAKY_RELU,       /**< `z` for z > 0, otherwise `alpha z` */
  RECUR_ACTIVATION_THRESHOLDED_RELU, /**< `z` for z > alpha, otherwise 0 */
  RECUR_ACTIVATION_SCALED_TANH,      /**< `alpha tanh(beta z)` */
  RECUR_ACTIVATION_HARD_SIGMOID,     /**< `min(1, max(0, alpha z + beta))` */
  RECUR_ACTIVATION_ELU,              /**< `z` for z > 0, otherwise `alpha (exp(z) - 1)` */
  RECUR_ACTIVATION_SOFTSIGN,         /**< `z / (1 + |z|)` */
  RECUR_ACTIVATION_SOFTPLUS,         /**< `log(1 + exp(z))` */
  RECUR_ACTIVATION_HARD_TANH,        /**< `min(beta, max(alpha, z))`; requires alpha < beta */
  RECUR_ACTIVATION_SILU,             /**< `z / (1 + exp(-z))`; inference only in networks */
  RECUR_ACTIVATION_KINDS             /**< The number of kinds. */
} recur_activation_kind;

/** An activation function: a formula and its constants. */
typedef struct {
  recur_activation_kind kind; /**< The formula. */
  double alpha; /**< The formula's alpha: finite, and 0 or at least FLT_MIN in magnitude;
                     0 if the formula has none. */
  double beta;  /**< The formula's beta, likewise. */
} recur_activation;

/** Returns an activation with its usual constants.
 *
 *                          alpha  beta
 *     affine                1      0
 *     leaky ReLU            0.01          ONNX
 *     thresholded ReLU      1             ONNX
 *     scaled tanh           1      1
 *     hard sigmoid          0.2    0.5    ONNX
 *     ELU                   1             ONNX
 *     hard tanh            -1      1      torch
 *
 * @param kind  the formula
 * @return the activation; all other kinds have alpha = beta = 0.
 */
recur_activation recur_activation_default(recur_activation_kind kind);

/** Returns the supremum of |phi'(z)| over all z.
 *
 * @param phi  the activation
 * @return the supremum; NaN if phi is NULL, or if it is invalid, which recur_last_error()
 *   describes.
 */
double recur_activation_max_slope(const recur_activation *phi);

/** Computes `h = phi(z)` for each element.
 *
 * @param phi  the activation
 * @param z    matrix of any shape
 * @param h    output: the shape of z; may be the same matrix as z
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if the shapes differ;
 *   GSL_EINVAL if phi is invalid or h overlaps a part of z.
 */
RECUR_MUST_USE int recur_activation_forward(const recur_activation *phi, const gsl_matrix *z,
                                            gsl_matrix *h);

/** Computes the gradient `dz = dh o phi'(z)`, where `o` is the element-wise product.
 *
 * Because it computes the slope from z, it supports every activation.
 *
 * @param phi  the activation
 * @param z    matrix of any shape, as in recur_activation_forward()
 * @param dh   the gradient of h: the shape of z
 * @param dz   output: the shape of z; may be the same matrix as dh
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if the shapes differ;
 *   GSL_EINVAL if phi is invalid, or dz overlaps z or a part of dh.
 */
RECUR_MUST_USE int recur_activation_backward(const recur_activation *phi, const gsl_matrix *z,
                                             const gsl_matrix *dh, gsl_matrix *dz);

/** Computes the slopes phi'(z) from `h = phi(z)`, as networks do.
 *
 * @param phi     the activation
 * @param h       the values phi(z): matrix of any shape
 * @param slopes  output: the shape of h; may be the same matrix as h
 * @return GSL_SUCCESS; GSL_EUNIMPL if the value does not determine the slope (SiLU; leaky ReLU and
 *   ELU with a negative alpha); GSL_EFAULT if an argument is NULL; GSL_EBADLEN if the shapes
 *   differ; GSL_EINVAL if phi is invalid or slopes overlaps a part of h.
 */
RECUR_MUST_USE int recur_activation_slopes(const recur_activation *phi, const gsl_matrix *h,
                                           gsl_matrix *slopes);

/** Single-precision twin of recur_activation_forward(). */
RECUR_MUST_USE int recur_activation_float_forward(const recur_activation *phi,
                                                  const gsl_matrix_float *z, gsl_matrix_float *h);

/** Single-precision twin of recur_activation_backward(). */
RECUR_MUST_USE int recur_activation_float_backward(const recur_activation *phi,
                                                   const gsl_matrix_float *z,
                                                   const gsl_matrix_float *dh,
                                                   gsl_matrix_float *dz);

/** Single-precision twin of recur_activation_slopes(). */
RECUR_MUST_USE int recur_activation_float_slopes(const recur_activation *phi,
                                                 const gsl_matrix_float *h,
                                                 gsl_matrix_float *slopes);

#ifdef __cplusplus
}
#endif

#endif
