/* Products of matrices as they are, without a packed operand: panels of the right operand are
   packed on the stack, some of the summed numbers at a time.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "product.h"

#include "isa/kernels.h"
#include "matrix.h"

#ifndef RECUR_FLOAT
enum { STACK_BYTES = 32768 };
#endif

/* c = beta c + a b, where b is k x m, or, transposed, m x k. */
static void KERNEL(product, any)(const REAL *a, size_t a_row, size_t a_step, const MATRIX *b,
                                 bool transposed, REAL beta, MATRIX *c) {
  _Alignas(RK_ROW_BYTES) REAL panel[STACK_BYTES / sizeof(REAL)];
  const KERNEL(isa, table) *isa = KERNEL(isa, chosen)();
  const size_t wide = 4 * isa->lanes, most = sizeof panel / sizeof *panel / wide;
  const size_t K = transposed ? b->size2 : b->size1;
  if (K == 0 && beta == 0)
    KERNEL(matrix, set_zero)(c);
  for (size_t j = 0; j < c->size2; j += wide)
    for (size_t k = 0; k < K; k += most) {
      const KERNEL(packed, operand) part = {.depth = K - k < most ? K - k : most,
                                            .groups = 1,
                                            .width = c->size2 - j < wide ? c->size2 - j : wide,
                                            .panels = panel};
      if (transposed)
        isa->pack_transposed(&part, b->data + j * b->tda + k, b->tda);
      for (size_t i = 0; !transposed && i < part.depth; i++)
        isa->pack_row(&part, i, b->data + (k + i) * b->tda + j);
      isa->multiply(&(KERNEL(product, task)){.b = &part,
                                             .last = 1,
                                             .rows = c->size1,
                                             .a = a + k * a_step,
                                             .a_row = a_row,
                                             .a_step = a_step,
                                             .segments = 1,
                                             .start = k == 0 && beta == 0 ? NULL : c->data + j,
                                             .start_row = c->tda,
                                             .c = c->data + j,
                                             .c_row = c->tda});
    }
}

void KERNEL(product, nt)(const MATRIX *a, const MATRIX *b, REAL beta, MATRIX *c) {
  KERNEL(product, any)(a->data, a->tda, 1, b, true, beta, c);
}

void KERNEL(product, nn)(const MATRIX *a, const MATRIX *b, REAL beta, MATRIX *c) {
  KERNEL(product, any)(a->data, a->tda, 1, b, false, beta, c);
}

void KERNEL(product, add_tn)(const MATRIX *a, const MATRIX *b, bool descending, MATRIX *c) {
  const size_t last = descending && b->size1 != 0 ? b->size1 - 1 : 0;
  const MATRIX order = {.size1 = b->size1,
                        .size2 = b->size2,
                        .tda = descending ? -b->tda : b->tda,
                        .data = b->data + last * b->tda};
  KERNEL(product, any)
  (a->data + last * a->tda, 1, descending ? -a->tda : a->tda, &order, false, 1, c);
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "product.c"
#endif
