/* Products of matrices as they are, without a packed operand: panels of the right operand are
   packed on the stack, some of the summed numbers at a time.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/product.h"

#include "base/matrix.h"
#include "isa/kernels.h"

#ifndef RECUR_FLOAT
enum { STACK_BYTES = 32768 };
#endif

/* Operands as they are walked over: distances of rows, and of what is summed. */
typedef struct {
  const REAL *a, *b;
  size_t a_row, K;
  ptrdiff_t a_step, b_step;
} KERNEL(product, operands);

/* c = beta c + a b, where row k of b is consecutive, or, `transposed`, column k is. */
static void KERNEL(product, any)(const KERNEL(product, operands) * o, bool transposed, REAL beta,
                                 MATRIX *c) {
  _Alignas(RK_ROW_BYTES) REAL panel[STACK_BYTES / sizeof(REAL)];
  const KERNEL(isa, table) *isa = KERNEL(isa, chosen)();
  const size_t wide = 4 * isa->lanes, most = sizeof panel / sizeof *panel / wide;
  if (o->K == 0 && beta == 0)
    KERNEL(matrix, set_zero)(c);
  for (size_t j = 0; j < c->size2; j += wide)
    for (size_t k = 0; k < o->K; k += most) {
      const KERNEL(packed, operand) part = {.depth = o->K - k < most ? o->K - k : most,
                                            .groups = 1,
                                            .width = c->size2 - j < wide ? c->size2 - j : wide,
                                            .panels = panel};
      if (transposed)
        isa->pack_transposed(&part, o->b + j * (size_t)o->b_step + k, (size_t)o->b_step);
      for (size_t i = 0; !transposed && i < part.depth; i++)
        isa->pack_row(&part, i, o->b + (ptrdiff_t)(k + i) * o->b_step + j);
      isa->multiply(&(KERNEL(product, task)){.b = &part,
                                             .last = 1,
                                             .rows = c->size1,
                                             .a = o->a + (ptrdiff_t)k * o->a_step,
                                             .a_row = o->a_row,
                                             .a_step = o->a_step,
                                             .segments = 1,
                                             .start = k == 0 && beta == 0 ? NULL : c->data + j,
                                             .start_row = c->tda,
                                             .c = c->data + j,
                                             .c_row = c->tda});
    }
}

void KERNEL(product, nt)(const MATRIX *a, const MATRIX *b, REAL beta, MATRIX *c) {
  const KERNEL(product, operands) o = {.a = a->data,
                                       .b = b->data,
                                       .a_row = a->tda,
                                       .K = b->size2,
                                       .a_step = 1,
                                       .b_step = (ptrdiff_t)b->tda};
  KERNEL(product, any)(&o, true, beta, c);
}

void KERNEL(product, nn)(const MATRIX *a, const MATRIX *b, REAL beta, MATRIX *c) {
  const KERNEL(product, operands) o = {.a = a->data,
                                       .b = b->data,
                                       .a_row = a->tda,
                                       .K = b->size1,
                                       .a_step = 1,
                                       .b_step = (ptrdiff_t)b->tda};
  KERNEL(product, any)(&o, false, beta, c);
}

void KERNEL(product, add_tn)(const MATRIX *a, const MATRIX *b, bool descending, MATRIX *c) {
  const ptrdiff_t way = descending ? -1 : 1;
  const size_t first = descending && b->size1 != 0 ? b->size1 - 1 : 0;
  const KERNEL(product, operands) o = {.a = a->data + first * a->tda,
                                       .b = b->data + first * b->tda,
                                       .a_row = 1,
                                       .K = b->size1,
                                       .a_step = way * (ptrdiff_t)a->tda,
                                       .b_step = way * (ptrdiff_t)b->tda};
  KERNEL(product, any)(&o, false, 1, c);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "product.c"
#endif
