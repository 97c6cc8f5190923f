/* The kernels of an instruction set, as a table of functions: the product with a packed operand,
   sums of rows, activations, and the element-wise equations of each cell. The results are
   bit-identical with all instruction sets.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_KERNELS_H
#define RK_ISA_KERNELS_H

#include "base/bfloat16.h"
#include "base/check.h"
#include "base/half.h"
#include "base/precision.h"

#include <recur/activation.h>
#include <recur/weight_storage.h>
#include <stdbool.h>
#include <stddef.h>

/* Weights beyond these sizes do not stay in a cache of the first or second level from one step to
   the next; the first level of current processors has 32 or 48 KiB. */
enum { RK_FIRST_LEVEL_BYTES = 40 << 10, RK_SECOND_LEVEL_BYTES = 1 << 20 };

/* The maximum number of vectors side by side in a panel, and of groups in an operand. */
enum { RK_PANEL_VECTORS = 4, RK_MAX_GROUPS = RK_PANEL_VECTORS };

enum { RK_DOT_ROWS = 4 };

/* Sums of products of integers, for up to RK_DOT_ROWS rows of states: isa/dot.h. */
typedef void rk_dot_kernel(size_t N, size_t rows, size_t quads, const void *panel, const int8_t *q,
                           size_t q_row, int32_t *sums);

/* The packed right operand of a product: `width` columns in each of `groups` groups (the gates). A
   panel has up to four vectors for each k: the same lanes of all groups. Its elements are rk_real
   or rk_half, or words with the rk_bfloat16 of two k. Panels of integers: isa/quantized.h. */
typedef struct {
  size_t depth;         /* terms of each sum */
  size_t groups, width; /* 1 to 4 groups of width columns each */
  recur_weight_storage storage;
  rk_dot_kernel *dot; /* with integers */
  void *panels;
} rk_packed_operand;

/* The rows of a panel and the size of their elements. Two elements of bfloat16 take the place of a
   float, and so do four integers; with these, each column has two floats besides. */
static inline size_t rk_panel_rows(recur_weight_storage storage, size_t depth) {
  return storage == RECUR_STORAGE_INT8       ? depth / 4 + (depth % 4 != 0) + 2
         : storage == RECUR_STORAGE_BFLOAT16 ? depth / 2 + depth % 2
                                             : depth;
}

static inline size_t rk_panel_element_bytes(recur_weight_storage storage) {
  return storage == RECUR_STORAGE_HALF ? sizeof(rk_half) : sizeof(rk_real);
}

/* c[r][group g, column j] = start[r][g, j] + the sum over s < summands, k < depth / summands of
   a[r][s][k] b[s][k][g, j], as one chain of fused multiply-adds in this order. */
typedef struct {
  const rk_packed_operand *b;
  size_t first, last; /* panels first to last - 1 */
  bool back;          /* the last panel comes first */
  size_t rows;
  const rk_real *a;
  size_t a_row, summands, a_summand; /* a_row, a_summand: strides of r and s */
  ptrdiff_t a_step;                  /* stride of k; may be negative */
  const rk_real *start;              /* NULL: zero */
  size_t start_row;
  rk_real *c;
  size_t c_row;
  size_t column[RK_MAX_GROUPS]; /* the first column of each group in start and c */
  bool filled;                  /* whether rows of start and c are padded to whole vectors */
} rk_product_task;

struct rk_forward_step; /* isa/step.h */
struct rk_forward_run;
struct rk_backward_step;

typedef void rk_forward_kernel(const struct rk_forward_step *s, size_t first, size_t last);
typedef void rk_run_kernel(const struct rk_forward_run *r);
typedef void rk_backward_kernel(const struct rk_backward_step *s, size_t first, size_t last);

typedef struct {
  const char *name;
  size_t lanes;
  void (*multiply)(const rk_product_task *task);
  rk_dot_kernel *dot;
  /* Packs `count` rows of an operand with one group, from row `first` on. A row has width
     contiguous elements, and they are `step` apart. */
  void (*pack_rows)(const rk_packed_operand *b, size_t first, size_t count, const rk_real *rows,
                    ptrdiff_t step);
  /* Packs W^T: row g*width + j of W, of depth elements, becomes column j of group g. */
  void (*pack_transposed)(const rk_packed_operand *b, const rk_real *w, size_t w_row);
  /* sum += `count` rows of n elements, from the first to the last, or reversed if `descending`. */
  void (*add_rows)(const rk_real *rows, size_t row, size_t count, bool descending, rk_real *sum,
                   size_t n);
  /* For n contiguous elements: h = phi(z); dz = dh phi'(z), from h = phi(z); the same from z. */
  void (*activation_forward)(const recur_activation *phi, const rk_real *z, rk_real *h, size_t n);
  void (*activation_gradient)(const recur_activation *phi, const rk_real *h, const rk_real *dh,
                              rk_real *dz, size_t n);
  void (*activation_backward)(const recur_activation *phi, const rk_real *z, const rk_real *dh,
                              rk_real *dz, size_t n);

  /* The element-wise equations of the cells, for units first to last - 1 of all rows of a step.
     Both are multiples of lanes. */
  rk_forward_kernel *rnn_gate, *residual_gate;
  rk_forward_kernel *gru_gates, *gru_reset_gates, *gru_candidate;
  rk_forward_kernel *lstm_gates;
  /* Products with W_hh and element-wise equations, for all steps of a run. */
  rk_run_kernel *rnn_run, *residual_run, *gru_run, *lstm_run;
  rk_backward_kernel *rnn_gate_backward;
  rk_backward_kernel *gru_gates_backward, *gru_reset_gate_backward;
  rk_backward_kernel *lstm_output, *lstm_gates_backward;
} rk_kernels;

/* The kernels of each instruction set. */
extern const rk_kernels rk_kernels_avx512vnni, rk_kernels_avx512, rk_kernels_avx2, rk_kernels_neon,
    rk_kernels_portable;

/* The kernels in use, once rk_check_instruction_set has succeeded. */
const rk_kernels *rk_kernels_in_use(void);

#endif
