/* y = W x + b for each row, and its gradients, for output layers; without argument checks.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_AFFINE_H
#define RK_AFFINE_H

#include "base/matrix.h"
#include "base/precision.h"

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

/* Weight and bias, and their gradients, as operands for rk_check. */
#define AFFINE_IN(p, O, I)                                                                         \
  REQUIRED(matrix_view, INPUT, &p->weight, O, I), OPTIONAL(vector_view, INPUT, &p->bias, O)
#define AFFINE_OUT(dp, O, I)                                                                       \
  OPTIONAL(matrix_view, OUTPUT, &dp->weight, O, I), OPTIONAL(vector_view, OUTPUT, &dp->bias, O)

/* y = x W^T + b; a bias without data is zero. */
void rk_affine_forward(const gsl_matrix *weight, const gsl_vector *bias, const gsl_matrix *x,
                       gsl_matrix *y);

/* dx = dy W; dW += dy^T x; db += the sum of the rows of dy. Skips dx if it is NULL, and dW and db
   if they have no data. */
void rk_affine_backward(const gsl_matrix *weight, const gsl_matrix *x, const gsl_matrix *dy,
                        gsl_matrix *dx, const gsl_matrix *dweight, const gsl_vector *dbias);

#endif
