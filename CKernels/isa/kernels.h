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
enum { RK_ROW_BYTES = 64, RK_MAX_GROUPS = 4 };

/* The right operand of a product, packed: `width` columns of each of `groups` (the gates), as
   vectors of lanes. A panel is up to four vectors, of all groups of some lanes, by k. */
typedef struct {
  size_t depth;         /* numbers that are summed */
  size_t groups, width; /* columns: groups, from 1 to 4, of width each */
  rk_real *panels;
} rk_packed_operand;

/* c[r][group g, column j] = start[r][g, j] + the sum over s < segments, k < depth / segments of
   a[r][s][k] b[s][k][g, j], one chain of fused multiply-adds in this order. */
typedef struct {
  const rk_packed_operand *b;
  size_t first, last; /* panels: from, to */
  size_t rows;
  const rk_real *a;
  size_t a_row, segments, a_segment; /* distances of rows and of segments, */
  ptrdiff_t a_step;                  /* and of k, which may go back */
  const rk_real *start;              /* NULL: zero */
  size_t start_row;
  rk_real *c;
  size_t c_row;
  size_t column[RK_MAX_GROUPS]; /* of each group's first number, in start and c */
  bool filled;                  /* whether rows of start and c are filled to whole vectors */
} rk_product_task;

struct rk_step; /* step.h */

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
  /* z = phi(z), and dz = dh phi'(z) from h = phi(z), of n consecutive numbers. */
  void (*values)(const recur_activation *phi, rk_real *z, size_t n);
  void (*gradients)(const recur_activation *phi, const rk_real *h, const rk_real *dh, rk_real *dz,
                    size_t n);

  /* Cells: numbers first to last - 1 of all rows of a step, where both are multiples of lanes. Each
     stands in the file of its cell. */
#define RK_LANES_OF(name) void (*name)(const struct rk_step *s, size_t first, size_t last)
  RK_LANES_OF(rnn_gate);
  RK_LANES_OF(rnn_gate_backward);
  RK_LANES_OF(residual_gate);
  RK_LANES_OF(gru_gates);
  RK_LANES_OF(gru_reset_gates);
  RK_LANES_OF(gru_candidate);
  RK_LANES_OF(gru_gates_backward);
  RK_LANES_OF(gru_reset_gate_backward);
  RK_LANES_OF(lstm_gates);
  RK_LANES_OF(lstm_output);
  RK_LANES_OF(lstm_gates_backward);
#undef RK_LANES_OF
} rk_kernels;

/* One for each file of this folder. */
extern const rk_kernels rk_kernels_avx512, rk_kernels_avx2, rk_kernels_neon, rk_kernels_portable;

/* The one that is in use, once rk_check_instruction_set has found that it can be: see
   recur/instruction_set.h. */
const rk_kernels *rk_kernels_in_use(void);

#endif
