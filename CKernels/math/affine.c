/* y = W x + b over every row, and its gradients.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/affine.h"

#include "math/product.h"

void KERNEL(affine, forward)(const MATRIX *weight, const VECTOR *bias, const MATRIX *x, MATRIX *y) {
  KERNEL(product, nt)(x, weight, 0, y);
  if (bias->data == NULL)
    return;
  for (size_t i = 0; i < y->size1; i++) {
    REAL *row = y->data + i * y->tda;
    for (size_t j = 0; j < y->size2; j++)
      row[j] += bias->data[j * bias->stride];
  }
}

void KERNEL(affine, backward)(const MATRIX *weight, const MATRIX *x, const MATRIX *dy, MATRIX *dx,
                              const MATRIX *dweight, const VECTOR *dbias) {
  if (dx != NULL)
    KERNEL(product, nn)(dy, weight, 0, dx);
  MATRIX dW = *dweight;
  if (dW.data != NULL)
    KERNEL(product, add_tn)(dy, x, false, &dW);
  VECTOR db = *dbias;
  if (db.data != NULL)
    KERNEL(matrix, add_sum_of_rows)(dy, &db);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "affine.c"
#endif
