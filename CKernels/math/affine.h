/* y = W x + b over every row, and its gradients: what output layers are built of, unchecked.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_AFFINE_H
#define RK_AFFINE_H

#include "base/matrix.h"
#include "base/precision.h"

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

/* A struct of weight and bias, and one of their gradients, as operands of rk_check. */
#define AFFINE_IN(p, O, I)                                                                         \
  REQUIRED(matrix_view, INPUT, &p->weight, O, I), OPTIONAL(vector_view, INPUT, &p->bias, O)
#define AFFINE_OUT(dp, O, I)                                                                       \
  OPTIONAL(matrix_view, OUTPUT, &dp->weight, O, I), OPTIONAL(vector_view, OUTPUT, &dp->bias, O)

/* y = x W^T + b; a bias without data is zero. */
void rk_affine_forward(const gsl_matrix *weight, const gsl_vector *bias, const gsl_matrix *x,
                       gsl_matrix *y);

/* dx = dy W; dW += dy^T x; db += the sum of the rows of dy. dx may be NULL, and the others without
   data, where a gradient is not wanted. */
void rk_affine_backward(const gsl_matrix *weight, const gsl_matrix *x, const gsl_matrix *dy,
                        gsl_matrix *dx, const gsl_matrix *dweight, const gsl_vector *dbias);

#endif
