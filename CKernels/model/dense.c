/* Dense layers and embeddings in models.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"
#include "math/product.h"
#include "model/operation.h"

#include <string.h>

static size_t inputs(const recur_model *model, const rk_node *node) {
  return rk_value_columns(&rk_node_source(model, node, 0)->value);
}

/* Dense */

static rk_packing rk_dense_packing(const recur_model *model, const rk_node *node) {
  const size_t I = inputs(model, node), O = node->given.size;
  const size_t forward = rk_times(I, rk_filled(O, sizeof(rk_real)));
  const size_t backward = rk_times(O, rk_filled(I, sizeof(rk_real)));
  return (rk_packing){.operands = 1, .panels = forward > backward ? forward : backward};
}

static void rk_dense_pack(const recur_model *model, const rk_node *node, const rk_real *theta,
                          bool backward, rk_real *row, const rk_node_weights *weights) {
  (void)row;
  const rk_kernels *isa = rk_kernels_in_use();
  const size_t I = inputs(model, node), O = node->given.size;
  rk_packed_operand *b = weights->packed;
  *b = (rk_packed_operand){
      .depth = backward ? O : I, .groups = 1, .width = backward ? I : O, .panels = weights->panels};
  if (backward)
    isa->pack_rows(b, 0, O, theta, (ptrdiff_t)I);
  else
    isa->pack_transposed(b, theta, I);
}

static void rk_dense_rows(const rk_call *call, size_t first, size_t last) {
  const gsl_matrix x = rk_matrix_rows(call->x[0], first, last - first);
  gsl_matrix y = rk_matrix_rows(call->y, first, last - first);
  rk_product_packed(call->weights->packed, &x, false, &y);
  if (!call->node->given.bias)
    return;
  const rk_real *bias = call->theta + x.size2 * y.size2;
  for (size_t r = 0; r < y.size1; r++)
    for (size_t j = 0; j < y.size2; j++)
      rk_row(&y, r)[j] += bias[j];
}

static void rk_dense_forward(const rk_call *call) {
  rk_call_share(call, call->y->size1, call->x[0]->size2 * call->y->size2, rk_dense_rows);
}

static void rk_dense_input_rows(const rk_call *call, size_t first, size_t last) {
  const gsl_matrix dy = rk_matrix_rows(call->dy, first, last - first);
  gsl_matrix dx = rk_matrix_rows(call->dx[0], first, last - first);
  rk_product_packed(call->weights->packed, &dy, !call->first[0], &dx);
}

/* Rows of dW, and elements of db: each is a sum over all rows of x, first row first. */
static void rk_dense_weight_rows(const rk_call *call, size_t first, size_t last) {
  const size_t I = call->x[0]->size2, O = call->dy->size2;
  const gsl_matrix dy = rk_matrix_columns(call->dy, first, last - first);
  gsl_matrix dweight = rk_matrix_of(call->dtheta + first * I, last - first, I);
  rk_product_add_tn(&dy, call->x[0], false, &dweight);
  gsl_vector dbias = {.size = last - first, .stride = 1, .data = call->dtheta + O * I + first};
  if (call->node->given.bias)
    rk_matrix_add_sum_of_rows(&dy, &dbias);
}

static void rk_dense_backward(const rk_call *call) {
  const size_t I = call->x[0]->size2, O = call->dy->size2, rows = call->dy->size1;
  if (call->dx[0] != NULL)
    rk_call_share(call, rows, I * O, rk_dense_input_rows);
  if (call->dtheta != NULL)
    rk_call_share(call, O, I * rows, rk_dense_weight_rows);
}

const rk_operation rk_dense_operation = {.overwrites = true,
                                         .packing = rk_dense_packing,
                                         .pack = rk_dense_pack,
                                         .forward = rk_dense_forward,
                                         .backward = rk_dense_backward};

/* Embeddings */

static bool rk_embedding_is_valid(const rk_steps *steps, size_t row) {
  return row / steps->B < steps->lengths[row % steps->B];
}

static void rk_embedding_forward(const rk_call *call) {
  const size_t columns = call->y->size2;
  for (size_t r = 0; r < call->y->size1; r++)
    if (rk_embedding_is_valid(call->out, r))
      memcpy(rk_row(call->y, r),
             call->theta + (size_t)call->tokens->data[r * call->tokens->stride] * columns,
             columns * sizeof(rk_real));
}

static void rk_embedding_backward(const rk_call *call) {
  const size_t columns = call->dy->size2;
  for (size_t r = 0; r < call->dy->size1 && call->dtheta != NULL; r++) {
    if (!rk_embedding_is_valid(call->out, r))
      continue;
    const size_t token = (size_t)call->tokens->data[r * call->tokens->stride];
    for (size_t j = 0; j < columns; j++)
      call->dtheta[token * columns + j] += rk_row(call->dy, r)[j];
  }
}

const rk_operation rk_embedding_operation = {.forward = rk_embedding_forward,
                                             .backward = rk_embedding_backward};
