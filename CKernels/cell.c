/* What cells have in common.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cell.h"

#include "product.h"

#define VIEWS KERNEL(parameters, views)

const KERNEL(cell, functions) * KERNEL(cell, of)(recur_cell_kind kind) {
  static const KERNEL(cell, functions) *const cells[] = {
      [RECUR_CELL_RNN] = &KERNEL(rnn, functions),
      [RECUR_CELL_RESIDUAL] = &KERNEL(residual, functions),
      [RECUR_CELL_GRU] = &KERNEL(gru, functions),
      [RECUR_CELL_LSTM] = &KERNEL(lstm, functions),
  };
  return cells[kind];
}

void KERNEL(cell, biases)(const recur_cell *cell, const VIEWS *p, REAL *bias) {
  const MATRIX *b_ih = &p->part[RK_BIAS_IH], *b_hh = &p->part[RK_BIAS_HH];
  const size_t n = p->part[RK_WEIGHT_IH].size1;
  for (size_t k = 0; k < n; k++)
    bias[k] = cell->bias ? b_ih->data[k] + b_hh->data[k] : 0;
}

void KERNEL(cell, add_gradients)(const MATRIX *dz, const MATRIX *x, const MATRIX *dW,
                                 const MATRIX *db, size_t first) {
  if (dW->data != NULL) {
    MATRIX rows = KERNEL(matrix, rows)(dW, first, dz->size2);
    KERNEL(product, tn)(dz, x, 1, &rows);
  }
  if (db->data != NULL) {
    VECTOR numbers = {.size = dz->size2, .stride = 1, .data = db->data + first};
    KERNEL(matrix, add_sum_of_rows)(dz, &numbers);
  }
}

void KERNEL(cell, recurrent_gradients)(const recur_cell *cell, const MATRIX *gates,
                                       const MATRIX *h_prev, const VIEWS *dp) {
  (void)cell;
  KERNEL(cell, add_gradients)
  (gates, h_prev, &dp->part[RK_WEIGHT_HH], &dp->part[RK_BIAS_HH], 0);
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "cell.c"
#endif
