/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The linear output layer, applied to each row of a matrix.
 *
 *     y = W x + b
 *     dx = W^T dy      dW += sum dy x^T      db += sum dy
 *
 * N is the number of rows, one for each example: `T*B` for a sequence, or any number. I is the
 * number of input features (the `D*P` outputs of a recurrent network that precedes the layer), and
 * O the number of output features; both are at least 1.
 *
 * The functions add to dW and db, and overwrite y and dx. No output may overlap another argument.
 * The functions allocate nothing and may be called from any thread.
 *
 * Equivalents: torch.nn.Linear, keras.layers.Dense, ONNX Gemm.
 */

#ifndef RECUR_LINEAR_H
#define RECUR_LINEAR_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <recur/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The parameters of a linear layer, or their gradients: views that own no memory.
 *
 * As parameters, a bias without data (data = NULL) means that there is no bias. As gradients, a
 * view without data means that this gradient is not computed.
 */
typedef struct {
  gsl_matrix weight; /**< W: `O x I`. */
  gsl_vector bias;   /**< b: O elements. */
} recur_linear_parameters;

/** Computes the number of parameters of a linear layer with a bias, `O*I + O`.
 *
 * @param input_size   I, at least 1
 * @param output_size  O, at least 1
 * @param count        output: the number of parameters
 * @return GSL_SUCCESS; GSL_EFAULT if count is NULL; GSL_EINVAL if a size is invalid or the
 *   parameters do not fit into memory.
 */
RECUR_MUST_USE int recur_linear_parameters_count(size_t input_size, size_t output_size,
                                                 size_t *count);

/** Creates views of the weight and the bias in one vector.
 *
 * The vector has the weight first, row by row, and then the bias. It must outlive the views.
 * Although theta is const, the views are writable: write through them only if theta itself is
 * writable.
 *
 * @param theta        `O*I + O` elements, stride 1
 * @param input_size   I, at least 1
 * @param output_size  O, at least 1
 * @param p            output: the views
 * @return GSL_SUCCESS; GSL_EFAULT if theta or p is NULL; GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if a size or the stride is invalid.
 */
RECUR_MUST_USE int recur_linear_parameters_view(const gsl_vector *theta, size_t input_size,
                                                size_t output_size, recur_linear_parameters *p);

/** Computes `y = W x + b` for each row.
 *
 * @param p  the parameters; the bias may have no data
 * @param x  `N x I`
 * @param y  output: `N x O`
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL or the weight has no data; GSL_EBADLEN if
 *   a shape is wrong; GSL_EINVAL if y overlaps another argument.
 */
RECUR_MUST_USE int recur_linear_forward(const recur_linear_parameters *p, const gsl_matrix *x,
                                        gsl_matrix *y);

/** Computes the gradients of the input and the parameters from the gradient of the output.
 *
 * @param p   the parameters of the forward pass
 * @param x   `N x I`, the input of the forward pass
 * @param dy  `N x O`
 * @param dx  output: `N x I`, overwritten; or NULL
 * @param dp  output: the gradients are added to it; NULL, or a view without data, for none
 * @return GSL_SUCCESS; GSL_EFAULT if p, x or dy is NULL or the weight has no data; GSL_EBADLEN if a
 *   shape is wrong; GSL_EINVAL if an output overlaps another argument.
 */
RECUR_MUST_USE int recur_linear_backward(const recur_linear_parameters *p, const gsl_matrix *x,
                                         const gsl_matrix *dy, gsl_matrix *dx,
                                         const recur_linear_parameters *dp);

/** Single-precision twin of recur_linear_parameters. */
typedef struct {
  gsl_matrix_float weight; /**< W: `O x I`. */
  gsl_vector_float bias;   /**< b: O elements. */
} recur_linear_float_parameters;

/** Single-precision twin of recur_linear_parameters_count(). */
RECUR_MUST_USE int recur_linear_float_parameters_count(size_t input_size, size_t output_size,
                                                       size_t *count);

/** Single-precision twin of recur_linear_parameters_view(). */
RECUR_MUST_USE int recur_linear_float_parameters_view(const gsl_vector_float *theta,
                                                      size_t input_size, size_t output_size,
                                                      recur_linear_float_parameters *p);

/** Single-precision twin of recur_linear_forward(). */
RECUR_MUST_USE int recur_linear_float_forward(const recur_linear_float_parameters *p,
                                              const gsl_matrix_float *x, gsl_matrix_float *y);

/** Single-precision twin of recur_linear_backward(). */
RECUR_MUST_USE int recur_linear_float_backward(const recur_linear_float_parameters *p,
                                               const gsl_matrix_float *x,
                                               const gsl_matrix_float *dy, gsl_matrix_float *dx,
                                               const recur_linear_float_parameters *dp);

#ifdef __cplusplus
}
#endif

#endif
