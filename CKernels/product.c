/* The seam to the matrix products: a CBLAS.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "product.h"

#include <gsl/gsl_cblas.h>

static void KERNEL(product, any)(enum CBLAS_TRANSPOSE op_a, enum CBLAS_TRANSPOSE op_b,
                                 const MATRIX *a, const MATRIX *b, REAL beta, MATRIX *c) {
  /* A CBLAS may refuse the leading dimensions of empty matrices. */
  if (c->size1 == 0 || c->size2 == 0)
    return;
  const size_t k = op_a == CblasNoTrans ? a->size2 : a->size1;
  if (k == 0 && beta == 1)
    return;
  CBLAS(gemm)
  (CblasRowMajor, op_a, op_b, (int)c->size1, (int)c->size2, (int)k, 1, a->data, (int)a->tda,
   b->data, (int)b->tda, beta, c->data, (int)c->tda);
}

void KERNEL(product, nt)(const MATRIX *a, const MATRIX *b, REAL beta, MATRIX *c) {
  KERNEL(product, any)(CblasNoTrans, CblasTrans, a, b, beta, c);
}

void KERNEL(product, nn)(const MATRIX *a, const MATRIX *b, REAL beta, MATRIX *c) {
  KERNEL(product, any)(CblasNoTrans, CblasNoTrans, a, b, beta, c);
}

void KERNEL(product, tn)(const MATRIX *a, const MATRIX *b, REAL beta, MATRIX *c) {
  KERNEL(product, any)(CblasTrans, CblasNoTrans, a, b, beta, c);
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "product.c"
#endif
