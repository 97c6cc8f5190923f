/* y = W x + b over every row, and its gradients: what layers and cells are built of, unchecked.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

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
void KERNEL(affine, forward)(const MATRIX *weight, const VECTOR *bias, const MATRIX *x, MATRIX *y);

/* dx = dy W; dW += dy^T x; db += the sum of the rows of dy. dx may be NULL, and the others without
   data, where a gradient is not wanted. */
void KERNEL(affine, backward)(const MATRIX *weight, const MATRIX *x, const MATRIX *dy, MATRIX *dx,
                              const MATRIX *dweight, const VECTOR *dbias);
