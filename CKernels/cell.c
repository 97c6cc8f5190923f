/* What cells have in common.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cell.h"

#include "layer_norm.h"
#include "product.h"

#define VIEWS KERNEL(parameters, views)
#define STEP KERNEL(cell, step)

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

/* a = beta a + LN(U h) o gain */
void KERNEL(cell, recurrent_forward)(const STEP *s, const MATRIX *h, size_t first, REAL beta,
                                     MATRIX *a) {
  const MATRIX U = KERNEL(matrix, rows)(&s->p->part[RK_WEIGHT_HH], first, a->size2);
  if (!s->cell->layer_norm) {
    KERNEL(product, nt)(h, &U, beta, a);
    return;
  }
  MATRIX v = KERNEL(matrix, columns)(&s->products, first, a->size2);
  KERNEL(product, nt)(h, &U, 0, &v);
  KERNEL(layer_norm, forward)(s->p->part[RK_WEIGHT_LN_HH].data + first, v.size2, &v);
  if (beta == 0)
    KERNEL(matrix, copy)(&v, a);
  else
    KERNEL(matrix, add)(&v, a);
}

/* dh = beta dh + mask o (U^T dv) */
static void KERNEL(cell, product_backward)(const STEP *s, const MATRIX *dv, const MATRIX *U,
                                           REAL beta, MATRIX *dh) {
  const bool masked = s->mask.data != NULL;
  MATRIX product = KERNEL(matrix, columns)(&s->scratch, 0, dh->size2);
  if (beta == 0 || !masked)
    product = *dh;
  KERNEL(product, nn)(dv, U, masked ? 0 : beta, &product);
  if (masked)
    KERNEL(matrix, multiply)(&s->mask, &product);
  if (product.data != dh->data)
    KERNEL(matrix, add)(&product, dh);
}

void KERNEL(cell, recurrent_backward)(const STEP *s, const MATRIX *da, size_t first, REAL beta,
                                      MATRIX *dh) {
  const MATRIX U = KERNEL(matrix, rows)(&s->p->part[RK_WEIGHT_HH], first, da->size2);
  if (!s->cell->layer_norm) {
    KERNEL(cell, product_backward)(s, da, &U, beta, dh);
    return;
  }
  const REAL *gain = s->p->part[RK_WEIGHT_LN_HH].data + first;
  REAL *dgain = s->dp->part[RK_WEIGHT_LN_HH].data;
  MATRIX v = KERNEL(matrix, columns)(&s->products, first, da->size2);
  KERNEL(layer_norm, backward)(gain, v.size2, da, dgain ? dgain + first : NULL, &v);
  KERNEL(cell, product_backward)(s, &v, &U, beta, dh);
}

void KERNEL(cell, add_gradients)(const MATRIX *da, const MATRIX *dv, const MATRIX *x,
                                 const MATRIX *dW, const MATRIX *db, size_t first) {
  if (dW->data != NULL) {
    MATRIX rows = KERNEL(matrix, rows)(dW, first, dv->size2);
    KERNEL(product, tn)(dv, x, 1, &rows);
  }
  if (db->data != NULL) {
    VECTOR numbers = {.size = da->size2, .stride = 1, .data = db->data + first};
    KERNEL(matrix, add_sum_of_rows)(da, &numbers);
  }
}

void KERNEL(cell, recurrent_products)(const recur_cell *cell, const VIEWS *p, const MATRIX *gates,
                                      const MATRIX *h_in, MATRIX *products) {
  (void)cell, (void)gates;
  KERNEL(product, nt)(h_in, &p->part[RK_WEIGHT_HH], 0, products);
}

void KERNEL(cell, recurrent_gradients)(const recur_cell *cell, const MATRIX *gates,
                                       const MATRIX *products, const MATRIX *h_in,
                                       const VIEWS *dp) {
  (void)cell;
  const MATRIX *dv = products->data == NULL ? gates : products;
  KERNEL(cell, add_gradients)
  (gates, dv, h_in, &dp->part[RK_WEIGHT_HH], &dp->part[RK_BIAS_HH], 0);
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "cell.c"
#endif
