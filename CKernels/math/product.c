/* Products of unpacked matrices: panels of the right operand are packed on the stack, for some of
   the terms at a time, and for as many rows of the left operand as a second-level cache keeps from
   one panel to the next.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/product.h"

#include "base/matrix.h"
#include "isa/kernels.h"

/* With fewer rows, packing a panel would take too large a part of the time. */
enum { STACK_BYTES = 32768, LEFT_BYTES = RK_SECOND_LEVEL_BYTES, LEAST_ROWS = 256 };

/* Both operands, with the strides of rows and of terms. */
typedef struct {
  const rk_real *a, *b;
  size_t a_row, K;
  ptrdiff_t a_step, b_step;
} rk_product_operands;

/* c = beta c + a b, where row k of b is contiguous, or column k if `transposed`. */
static void rk_product_some_rows(const rk_product_operands *o, bool transposed, rk_real beta,
                                 gsl_matrix *c) {
  _Alignas(RK_ROW_BYTES) rk_real panel[STACK_BYTES / sizeof(rk_real)];
  const rk_kernels *isa = rk_kernels_in_use();
  const size_t wide = RK_PANEL_VECTORS * isa->lanes, most = sizeof panel / sizeof *panel / wide;
  for (size_t j = 0; j < c->size2; j += wide)
    for (size_t k = 0; k < o->K; k += most) {
      const rk_packed_operand part = {.depth = o->K - k < most ? o->K - k : most,
                                      .groups = 1,
                                      .width = c->size2 - j < wide ? c->size2 - j : wide,
                                      .panels = panel};
      if (transposed)
        isa->pack_transposed(&part, o->b + j * (size_t)o->b_step + k, (size_t)o->b_step);
      else
        isa->pack_rows(&part, 0, part.depth, o->b + (ptrdiff_t)k * o->b_step + j, o->b_step);
      isa->multiply(&(rk_product_task){.b = &part,
                                       .last = 1,
                                       .rows = c->size1,
                                       .a = o->a + (ptrdiff_t)k * o->a_step,
                                       .a_row = o->a_row,
                                       .a_step = o->a_step,
                                       .summands = 1,
                                       .start = k == 0 && beta == 0 ? NULL : c->data + j,
                                       .start_row = c->tda,
                                       .c = c->data + j,
                                       .c_row = c->tda});
    }
}

static void rk_product_any(const rk_product_operands *o, bool transposed, rk_real beta,
                           gsl_matrix *c) {
  if (o->K == 0) {
    if (beta == 0)
      rk_matrix_set_zero(c);
    return;
  }
  const size_t kept = LEFT_BYTES / sizeof(rk_real) / o->K;
  const size_t most = kept < LEAST_ROWS ? LEAST_ROWS : kept;
  for (size_t i = 0; i < c->size1; i += most) {
    rk_product_operands part = *o;
    part.a += i * o->a_row;
    gsl_matrix rows = rk_matrix_rows(c, i, c->size1 - i < most ? c->size1 - i : most);
    rk_product_some_rows(&part, transposed, beta, &rows);
  }
}

void rk_product_nt(const gsl_matrix *a, const gsl_matrix *b, rk_real beta, gsl_matrix *c) {
  const rk_product_operands o = {.a = a->data,
                                 .b = b->data,
                                 .a_row = a->tda,
                                 .K = b->size2,
                                 .a_step = 1,
                                 .b_step = (ptrdiff_t)b->tda};
  rk_product_any(&o, true, beta, c);
}

void rk_product_nn(const gsl_matrix *a, const gsl_matrix *b, rk_real beta, gsl_matrix *c) {
  const rk_product_operands o = {.a = a->data,
                                 .b = b->data,
                                 .a_row = a->tda,
                                 .K = b->size1,
                                 .a_step = 1,
                                 .b_step = (ptrdiff_t)b->tda};
  rk_product_any(&o, false, beta, c);
}

void rk_product_add_tn(const gsl_matrix *a, const gsl_matrix *b, bool descending, gsl_matrix *c) {
  const ptrdiff_t way = descending ? -1 : 1;
  const size_t first = descending && b->size1 != 0 ? b->size1 - 1 : 0;
  const rk_product_operands o = {.a = a->data + first * a->tda,
                                 .b = b->data + first * b->tda,
                                 .a_row = 1,
                                 .K = b->size1,
                                 .a_step = way * (ptrdiff_t)a->tda,
                                 .b_step = way * (ptrdiff_t)b->tda};
  rk_product_any(&o, false, 1, c);
}

void rk_product_packed(const rk_packed_operand *b, const gsl_matrix *a, bool add, gsl_matrix *c) {
  const rk_kernels *isa = rk_kernels_in_use();
  const size_t wide = RK_PANEL_VECTORS * isa->lanes;
  isa->multiply(
      &(rk_product_task){.b = b,
                         .last = b->width <= wide ? b->width > 0 : (b->width + wide - 1) / wide,
                         .rows = c->size1,
                         .a = a->data,
                         .a_row = a->tda,
                         .a_step = 1,
                         .summands = 1,
                         .start = add ? c->data : NULL,
                         .start_row = c->tda,
                         .c = c->data,
                         .c_row = c->tda});
}
