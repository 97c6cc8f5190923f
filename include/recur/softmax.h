/* The softmax output head: a linear layer (recur/linear.h) and softmax over each row,

     y_t = softmax(W_y h_t + b_y)

   with its gradient from dy, or fused with the cross-entropy of class labels, which is exact where
   softmax and logarithm apart would overflow or lose every digit:

     loss_t = log sum_j exp(z_tj) - z_t,label         z = W_y h + b_y
     dz_t   = (y_t - onehot(label_t)) dloss_t

   Rows are examples: T*B of them for a sequence. H hidden units, O classes, both at least 1.
   Gradients of parameters are added to, other outputs overwritten; no output may overlap another
   argument. The workspace is scratch of T*B x O for the backward functions, which need no memory of
   a forward call: y is what they start from.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_SOFTMAX_H
#define RECUR_SOFTMAX_H

#include <recur/linear.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct recur_softmax_workspace recur_softmax_workspace;
RECUR_MUST_USE int recur_softmax_workspace_bytes(size_t rows, size_t O, size_t *bytes);
RECUR_MUST_USE recur_softmax_workspace *recur_softmax_workspace_alloc(size_t rows, size_t O);
void recur_softmax_workspace_free(recur_softmax_workspace *w);

RECUR_MUST_USE int recur_softmax_forward(const recur_linear_parameters *p,
                                         const gsl_matrix *h, /* T*B x H */
                                         gsl_matrix *y);      /* out: T*B x O */

RECUR_MUST_USE int recur_softmax_backward(const recur_linear_parameters *p,
                                          const gsl_matrix *h,  /* T*B x H */
                                          const gsl_matrix *y,  /* T*B x O, from forward */
                                          const gsl_matrix *dy, /* T*B x O */
                                          gsl_matrix *dh,       /* out: T*B x H, or NULL */
                                          const recur_linear_parameters *dp, /* added to, or NULL */
                                          recur_softmax_workspace *w);

/* Labels are 0 ... O - 1. The loss is given for every row: its weights in the sum or mean that is
   minimised come back as dloss. */
RECUR_MUST_USE int recur_softmax_cross_entropy_forward(const recur_linear_parameters *p,
                                                       const gsl_matrix *h,          /* T*B x H */
                                                       const gsl_vector_int *labels, /* T*B */
                                                       gsl_matrix *y,     /* out: T*B x O */
                                                       gsl_vector *loss); /* out: T*B, in nats */

RECUR_MUST_USE int
recur_softmax_cross_entropy_backward(const recur_linear_parameters *p,
                                     const gsl_matrix *h,               /* T*B x H */
                                     const gsl_vector_int *labels,      /* T*B */
                                     const gsl_matrix *y,               /* T*B x O */
                                     const gsl_vector *dloss,           /* T*B */
                                     gsl_matrix *dh,                    /* out: T*B x H or NULL */
                                     const recur_linear_parameters *dp, /* added to, or NULL */
                                     recur_softmax_workspace *w);

/* The same in single precision. */

typedef struct recur_softmax_float_workspace recur_softmax_float_workspace;
RECUR_MUST_USE int recur_softmax_float_workspace_bytes(size_t rows, size_t O, size_t *bytes);
RECUR_MUST_USE recur_softmax_float_workspace *recur_softmax_float_workspace_alloc(size_t rows,
                                                                                  size_t O);
void recur_softmax_float_workspace_free(recur_softmax_float_workspace *w);

RECUR_MUST_USE int recur_softmax_float_forward(const recur_linear_float_parameters *p,
                                               const gsl_matrix_float *h, gsl_matrix_float *y);
RECUR_MUST_USE int recur_softmax_float_backward(const recur_linear_float_parameters *p,
                                                const gsl_matrix_float *h,
                                                const gsl_matrix_float *y,
                                                const gsl_matrix_float *dy, gsl_matrix_float *dh,
                                                const recur_linear_float_parameters *dp,
                                                recur_softmax_float_workspace *w);
RECUR_MUST_USE int recur_softmax_float_cross_entropy_forward(const recur_linear_float_parameters *p,
                                                             const gsl_matrix_float *h,
                                                             const gsl_vector_int *labels,
                                                             gsl_matrix_float *y,
                                                             gsl_vector_float *loss);
RECUR_MUST_USE int recur_softmax_float_cross_entropy_backward(
    const recur_linear_float_parameters *p, const gsl_matrix_float *h, const gsl_vector_int *labels,
    const gsl_matrix_float *y, const gsl_vector_float *dloss, gsl_matrix_float *dh,
    const recur_linear_float_parameters *dp, recur_softmax_float_workspace *w);

#ifdef __cplusplus
}
#endif

#endif
