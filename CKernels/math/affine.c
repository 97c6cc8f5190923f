/* y = W x + b for each row, and its gradients.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/affine.h"

#include "math/product.h"

void rk_affine_forward(const gsl_matrix *weight, const gsl_vector *bias, const gsl_matrix *x,
                       gsl_matrix *y) {
  rk_product_nt(x, weight, 0, y);
  if (bias->data == NULL)
    return;
  for (size_t i = 0; i < y->size1; i++) {
    rk_real *row = y->data + i * y->tda;
    for (size_t j = 0; j < y->size2; j++)
      row[j] += bias->data[j * bias->stride];
  }
}

void rk_affine_backward(const gsl_matrix *weight, const gsl_matrix *x, const gsl_matrix *dy,
                        gsl_matrix *dx, const gsl_matrix *dweight, const gsl_vector *dbias) {
  if (dx != NULL)
    rk_product_nn(dy, weight, 0, dx);
  gsl_matrix dW = *dweight;
  if (dW.data != NULL)
    rk_product_add_tn(dy, x, false, &dW);
  gsl_vector db = *dbias;
  if (db.data != NULL)
    rk_matrix_add_sum_of_rows(dy, &db);
}
