/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The softmax output layer: a linear layer (recur/linear.h) followed by softmax over each row.
 *
 *     y_t = softmax(W_y h_t + b_y)
 *
 * There are two ways to its gradients: from dy, or fused with the cross-entropy of class labels.
 * The fused functions are accurate where a separate softmax and logarithm would overflow or lose
 * all digits:
 *
 *     loss_t = log sum_j exp(z_tj) - z_t,label         z = W_y h + b_y
 *     dz_t   = (y_t - onehot(label_t)) dloss_t
 *
 * N is the number of rows, one for each example: `T*B` for a sequence. H is the number of hidden
 * units and O the number of classes; both are at least 1.
 *
 * The functions add to the gradients of parameters and overwrite all other outputs. No output may
 * overlap another argument. Only recur_softmax_workspace_alloc() allocates memory. The functions
 * may be called from any thread, but a workspace serves one call at a time.
 */

#ifndef RECUR_SOFTMAX_H
#define RECUR_SOFTMAX_H

#include <recur/linear.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Scratch memory of `N x O` elements for the backward functions. Nothing is kept between calls. */
typedef struct recur_softmax_workspace recur_softmax_workspace;

/** Computes the size of a workspace in bytes.
 *
 * @param rows   N
 * @param O      the number of classes, at least 1
 * @param bytes  output: the number of bytes that recur_softmax_workspace_alloc() allocates
 * @return GSL_SUCCESS; GSL_EFAULT if bytes is NULL; GSL_EINVAL if a size is invalid.
 */
RECUR_MUST_USE int recur_softmax_workspace_bytes(size_t rows, size_t O, size_t *bytes);

/** Allocates a workspace.
 *
 * @param rows  N
 * @param O     the number of classes, at least 1
 * @return the workspace, to be freed with recur_softmax_workspace_free(); NULL, with GSL_EINVAL or
 *   GSL_ENOMEM in recur_last_error(), if a size is invalid or there is not enough memory.
 */
RECUR_MUST_USE recur_softmax_workspace *recur_softmax_workspace_alloc(size_t rows, size_t O);

/** Frees a workspace.
 *
 * @param w  the workspace, or NULL
 */
void recur_softmax_workspace_free(recur_softmax_workspace *w);

/** Computes the probabilities `y = softmax(W h + b)` for each row.
 *
 * @param p  the parameters: weight `O x H`, bias O elements or without data
 * @param h  `N x H`
 * @param y  output: `N x O`
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL or the weight has no data; GSL_EBADLEN if
 *   a shape is wrong; GSL_EINVAL if y overlaps another argument.
 */
RECUR_MUST_USE int recur_softmax_forward(const recur_linear_parameters *p, const gsl_matrix *h,
                                         gsl_matrix *y);

/** Computes the gradients from the gradient of the probabilities.
 *
 * @param p   the parameters of the forward pass
 * @param h   `N x H`, the input of the forward pass
 * @param y   `N x O`, the output of recur_softmax_forward()
 * @param dy  `N x O`
 * @param dh  output: `N x H`, overwritten; or NULL
 * @param dp  output: the gradients are added to it; NULL, or a view without data, for none
 * @param w   a workspace of N rows and O classes
 * @return GSL_SUCCESS; GSL_EFAULT if p, h, y, dy or w is NULL or the weight has no data;
 *   GSL_EBADLEN if a shape is wrong; GSL_EINVAL if an output overlaps another argument.
 */
RECUR_MUST_USE int recur_softmax_backward(const recur_linear_parameters *p, const gsl_matrix *h,
                                          const gsl_matrix *y, const gsl_matrix *dy, gsl_matrix *dh,
                                          const recur_linear_parameters *dp,
                                          recur_softmax_workspace *w);

/** Computes the probabilities and the cross-entropy of class labels.
 *
 * The loss is computed for each row separately. The weights of the rows, in the sum or mean that is
 * minimized, are the argument dloss of the backward function.
 *
 * @param p       the parameters: weight `O x H`, bias O elements or without data
 * @param h       `N x H`
 * @param labels  N elements, from 0 to O - 1
 * @param y       output: `N x O`, the probabilities
 * @param loss    output: N elements, in nats
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL or the weight has no data; GSL_EBADLEN if
 *   a shape is wrong; GSL_EINVAL if a label is out of range or an output overlaps another argument.
 */
RECUR_MUST_USE int recur_softmax_cross_entropy_forward(const recur_linear_parameters *p,
                                                       const gsl_matrix *h,
                                                       const gsl_vector_int *labels, gsl_matrix *y,
                                                       gsl_vector *loss);

/** Computes the gradients from the gradients of the losses.
 *
 * @param p       the parameters of the forward pass
 * @param h       `N x H`, the input of the forward pass
 * @param labels  N elements, the labels of the forward pass
 * @param y       `N x O`, the output of recur_softmax_cross_entropy_forward()
 * @param dloss   N elements: the weight of each row in the loss that is minimized
 * @param dh      output: `N x H`, overwritten; or NULL
 * @param dp      output: the gradients are added to it; NULL, or a view without data, for none
 * @param w       a workspace of N rows and O classes
 * @return GSL_SUCCESS; GSL_EFAULT if p, h, labels, y, dloss or w is NULL or the weight has no data;
 *   GSL_EBADLEN if a shape is wrong; GSL_EINVAL if a label is out of range or an output overlaps
 *   another argument.
 */
RECUR_MUST_USE int
recur_softmax_cross_entropy_backward(const recur_linear_parameters *p, const gsl_matrix *h,
                                     const gsl_vector_int *labels, const gsl_matrix *y,
                                     const gsl_vector *dloss, gsl_matrix *dh,
                                     const recur_linear_parameters *dp, recur_softmax_workspace *w);

/** Single-precision twin of recur_softmax_workspace. */
typedef struct recur_softmax_float_workspace recur_softmax_float_workspace;

/** Single-precision twin of recur_softmax_workspace_bytes(). */
RECUR_MUST_USE int recur_softmax_float_workspace_bytes(size_t rows, size_t O, size_t *bytes);

/** Single-precision twin of recur_softmax_workspace_alloc(). */
RECUR_MUST_USE recur_softmax_float_workspace *recur_softmax_float_workspace_alloc(size_t rows,
                                                                                  size_t O);

/** Single-precision twin of recur_softmax_workspace_free(). */
void recur_softmax_float_workspace_free(recur_softmax_float_workspace *w);

/** Single-precision twin of recur_softmax_forward(). */
RECUR_MUST_USE int recur_softmax_float_forward(const recur_linear_float_parameters *p,
                                               const gsl_matrix_float *h, gsl_matrix_float *y);

/** Single-precision twin of recur_softmax_backward(). */
RECUR_MUST_USE int recur_softmax_float_backward(const recur_linear_float_parameters *p,
                                                const gsl_matrix_float *h,
                                                const gsl_matrix_float *y,
                                                const gsl_matrix_float *dy, gsl_matrix_float *dh,
                                                const recur_linear_float_parameters *dp,
                                                recur_softmax_float_workspace *w);

/** Single-precision twin of recur_softmax_cross_entropy_forward(). */
RECUR_MUST_USE int recur_softmax_float_cross_entropy_forward(const recur_linear_float_parameters *p,
                                                             const gsl_matrix_float *h,
                                                             const gsl_vector_int *labels,
                                                             gsl_matrix_float *y,
                                                             gsl_vector_float *loss);

/** Single-precision twin of recur_softmax_cross_entropy_backward(). */
RECUR_MUST_USE int recur_softmax_float_cross_entropy_backward(
    const recur_linear_float_parameters *p, const gsl_matrix_float *h, const gsl_vector_int *labels,
    const gsl_matrix_float *y, const gsl_vector_float *dloss, gsl_matrix_float *dh,
    const recur_linear_float_parameters *dp, recur_softmax_float_workspace *w);

#ifdef __cplusplus
}
#endif

#endif
