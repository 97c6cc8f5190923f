/* Products of whole matrices, c = beta c + ..., where beta is 0 or 1. If beta is 0, c is not read,
   so it may have NaN. Each element of c is one chain of fused multiply-adds in the order of the
   terms, so it depends only on its own row and column. The letters in the names are those of BLAS:
   n for as is, t for transposed.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_PRODUCT_H
#define RK_PRODUCT_H

#include "base/precision.h"
#include "isa/kernels.h"

#include <gsl/gsl_matrix.h>
#include <stdbool.h>

/* c = beta c + a b^T    as in z = x W^T */
void rk_product_nt(const gsl_matrix *a, const gsl_matrix *b, rk_real beta, gsl_matrix *c);

/* c = beta c + a b      as in dx = dz W */
void rk_product_nn(const gsl_matrix *a, const gsl_matrix *b, rk_real beta, gsl_matrix *c);

/* c += a^T b            as in dW += dz^T x; from the last row to the first if `descending` */
void rk_product_add_tn(const gsl_matrix *a, const gsl_matrix *b, bool descending, gsl_matrix *c);

/* c = a b, with b packed as one group; or c += a b. a and c have b's depth and width as columns. */
void rk_product_packed(const rk_packed_operand *b, const gsl_matrix *a, bool add, gsl_matrix *c);

#endif
