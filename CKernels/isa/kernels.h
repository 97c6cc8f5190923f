/* What every instruction set provides, as a table of functions: the product with a packed operand,
   sums of rows, activations, and the equations of each cell element by element. All of them give
   the same bits.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_KERNELS_H
#define RK_ISA_KERNELS_H

#include "base/precision.h"

#include <recur/activation.h>
#include <stdbool.h>
#include <stddef.h>

/* Rows of vectors are filled up to this many bytes, the widest vector there is. */
enum { RK_ROW_BYTES = 64 };

/* A panel has at most so many vectors side by side, and a product as many groups of columns. */
enum { RK_PANEL_VECTORS = 4, RK_MAX_GROUPS = RK_PANEL_VECTORS };

/* The right operand of a product, packed: `width` columns of each of `groups` (the gates), as
   vectors of lanes. A panel is up to four vectors, of all groups of some lanes, by k. */
typedef struct {
  size_t depth;         /* numbers that are summed */
  size_t groups, width; /* columns: groups, from 1 to 4, of width each */
  rk_real *panels;
} rk_packed_operand;

/* c[r][group g, column j] = start[r][g, j] + the sum over s < summands, k < depth / summands of
   a[r][s][k] b[s][k][g, j], one chain of fused multiply-adds in this order. */
typedef struct {
  const rk_packed_operand *b;
  size_t first, last; /* panels: from, to */
  size_t rows;
  const rk_real *a;
  size_t a_row, summands, a_summand; /* distances of rows and of summands, */
  ptrdiff_t a_step;                  /* and of k, which may go back */
  const rk_real *start;              /* NULL: zero */
  size_t start_row;
  rk_real *c;
  size_t c_row;
  size_t column[RK_MAX_GROUPS]; /* of each group's first number, in start and c */
  bool filled;                  /* whether rows of start and c are filled to whole vectors */
} rk_product_task;

struct rk_forward_step; /* isa/step.h */
struct rk_backward_step;

typedef void rk_forward_kernel(const struct rk_forward_step *s, size_t first, size_t last);
typedef void rk_backward_kernel(const struct rk_backward_step *s, size_t first, size_t last);

typedef struct {
  const char *name;
  size_t lanes;
  void (*multiply)(const rk_product_task *task);
  /* Row k of a packed operand of one group, from width consecutive numbers. */
  void (*pack_row)(const rk_packed_operand *b, size_t k, const rk_real *row);
  /* All of it, from the columns of W^T: row g*width + j of W, of depth numbers, is column j of
     group g. */
  void (*pack_transposed)(const rk_packed_operand *b, const rk_real *w, size_t w_row);
  /* sum += the rows of n consecutive numbers, the first first, or last if `descending`. */
  void (*add_rows)(const rk_real *rows, size_t row, size_t count, bool descending, rk_real *sum,
                   size_t n);
  /* Of n consecutive elements: h = phi(z); dz = dh phi'(z) from h = phi(z); and the same from z. */
  void (*activation_forward)(const recur_activation *phi, const rk_real *z, rk_real *h, size_t n);
  void (*activation_gradient)(const recur_activation *phi, const rk_real *h, const rk_real *dh,
                              rk_real *dz, size_t n);
  void (*activation_backward)(const recur_activation *phi, const rk_real *z, const rk_real *dh,
                              rk_real *dz, size_t n);

  /* Cells, element by element: units first to last - 1 of all rows of a step, where both are
     multiples of lanes. Each stands in the file of its cell. */
  rk_forward_kernel *rnn_gate, *residual_gate;
  rk_forward_kernel *gru_gates, *gru_reset_gates, *gru_candidate;
  rk_forward_kernel *lstm_gates;
  rk_backward_kernel *rnn_gate_backward;
  rk_backward_kernel *gru_gates_backward, *gru_reset_gate_backward;
  rk_backward_kernel *lstm_output, *lstm_gates_backward;
} rk_kernels;

/* One for each instruction set. */
extern const rk_kernels rk_kernels_avx512, rk_kernels_avx2, rk_kernels_neon, rk_kernels_portable;

/* The one that is in use, once rk_check_instruction_set has found that it can be: see
   recur/instruction_set.h. */
const rk_kernels *rk_kernels_in_use(void);

#endif
