/* What cells have in common.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include "math/product.h"

#define VIEWS KERNEL(parameters, views)
#define OPERAND KERNEL(packed, operand)

const KERNEL(cell, functions) * KERNEL(cell, of)(const recur_cell *cell) {
  switch (cell->kind) {
  case RECUR_CELL_RNN:
    return &KERNEL(rnn, functions);
  case RECUR_CELL_RESIDUAL:
    return &KERNEL(residual, functions);
  case RECUR_CELL_GRU:
    return cell->reset == RECUR_RESET_AFTER ? &KERNEL(gru, functions)
                                            : &KERNEL(gru_before, functions);
  case RECUR_CELL_LSTM:
    return cell->projection_size == 0 ? &KERNEL(lstm, functions)
                                      : &KERNEL(lstm_projected, functions);
  }
  return NULL;
}

MATRIX KERNEL(cell, group)(const STEP *s, size_t first) {
  return KERNEL(matrix, columns)(&s->gates, first * s->group, s->group);
}

void KERNEL(cell, biases)(const STEP *s, const VIEWS *p) {
  const REAL *b_ih = p->part[RK_BIAS_IH].data, *b_hh = p->part[RK_BIAS_HH].data;
  const size_t G = s->weights->ih.groups, H = s->weights->ih.width;
  for (size_t g = 0; s->cell->bias && g < G; g++)
    for (size_t k = 0; k < H; k++)
      s->bias[g * s->group + k] = b_ih[g * H + k] + b_hh[g * H + k];
}

/* Products */

static KERNEL(product, task)
    KERNEL(cell, task)(const STEP *s, const OPERAND *b, const MATRIX *a, size_t segments,
                       const MATRIX *c, size_t first, size_t last) {
  const size_t wide = 4 / b->groups * s->isa->lanes, end = last < b->width ? last : b->width;
  return (KERNEL(product, task)){
      .b = b,
      .first = first / wide,
      .last = (end + wide - 1) / wide,
      .rows = c->size1,
      .a = a->data,
      .a_row = a->tda,
      .a_step = 1,
      .segments = segments,
      .a_segment = s->group,
      .c = c->data,
      .c_row = c->tda,
      .column = {0, s->group, 2 * s->group, 3 * s->group},
  };
}

void KERNEL(cell, multiply)(const STEP *s, const OPERAND *b, const MATRIX *a, size_t segments,
                            const REAL *start, size_t start_row, MATRIX *c, size_t first,
                            size_t last) {
  KERNEL(product, task) task = KERNEL(cell, task)(s, b, a, segments, c, first, last);
  task.start = start;
  task.start_row = start_row;
  task.filled = true;
  s->isa->multiply(&task);
}

/* What is not the library's own has no room for whole vectors. */
void KERNEL(cell, input_backward)(const STEP *s, const MATRIX *dv, bool add, MATRIX *dx) {
  const OPERAND *b = &s->weights->ih;
  const size_t G = b->depth / s->m.size2;
  KERNEL(product, task) task = KERNEL(cell, task)(s, b, dv, G, dx, 0, dx->size2);
  task.start = add ? dx->data : NULL;
  task.start_row = dx->tda;
  s->isa->multiply(&task);
}

rk_normalized KERNEL(cell, normalized)(const STEP *s, size_t k) {
  const size_t count = s->weights->parts[k].count;
  return (rk_normalized){.count = count, .H = s->m.size2, .group = s->group};
}

/* The products of a part, from which, or from whose gradients, others are made. */
static MATRIX KERNEL(cell, part_products)(const STEP *s, size_t k) {
  return KERNEL(matrix, columns)(&s->products, s->weights->parts[k].first * s->group,
                                 KERNEL(cell, normalized)(s, k).count * s->group);
}

/* a = start + LN(U h) o gain */
static void KERNEL(cell, normalized_forward)(const STEP *s, size_t k, const MATRIX *h,
                                             const REAL *start, size_t start_row, MATRIX *a) {
  const rk_normalized gates = KERNEL(cell, normalized)(s, k);
  const REAL *gain = s->gains + s->weights->parts[k].first * gates.H;
  MATRIX v = KERNEL(cell, part_products)(s, k);
  KERNEL(cell, multiply)(s, &s->weights->hh[k], h, 1, NULL, 0, &v, 0, s->group);
  KERNEL(layer_norm, forward)(gates, gain, &v);
  for (size_t i = 0; i < v.size1; i++)
    for (size_t j = 0; j < v.size2; j++)
      a->data[i * a->tda + j] = start[i * start_row + j] + v.data[i * v.tda + j];
}

void KERNEL(cell, recurrent_forward)(const STEP *s, size_t k, const MATRIX *h, const REAL *start,
                                     size_t start_row, MATRIX *a, size_t first, size_t last) {
  if (s->cell->layer_norm)
    KERNEL(cell, normalized_forward)(s, k, h, start, start_row, a);
  else
    KERNEL(cell, multiply)(s, &s->weights->hh[k], h, 1, start, start_row, a, first, last);
}

/* From the gradients of a part's gates those of its products. */
static MATRIX KERNEL(cell, product_gradient)(const STEP *s, size_t k, const MATRIX *da) {
  if (!s->cell->layer_norm)
    return *da;
  const rk_normalized gates = KERNEL(cell, normalized)(s, k);
  const size_t first = s->weights->parts[k].first * gates.H;
  MATRIX v = KERNEL(cell, part_products)(s, k);
  KERNEL(layer_norm, backward)
  (gates, s->gains + first, da, s->dgains ? s->dgains + first : NULL, false, &v);
  return v;
}

void KERNEL(cell, recurrent_backward)(const STEP *s, size_t k, const MATRIX *da, bool add,
                                      MATRIX *dh, size_t first, size_t last) {
  const OPERAND *b = &s->weights->hh[k];
  const bool masked = s->mask.data != NULL;
  const MATRIX dv = KERNEL(cell, product_gradient)(s, k, da);
  MATRIX product = masked ? s->scratch : *dh;
  KERNEL(cell, multiply)
  (s, b, &dv, b->depth / s->m.size2, add && !masked ? dh->data : NULL, dh->tda, &product, first,
   last);
  for (size_t i = 0; masked && i < dh->size1; i++)
    for (size_t j = first; j < last && j < b->width; j++) {
      const REAL hit = s->mask.data[i * s->mask.tda + j] * product.data[i * product.tda + j];
      REAL *to = &dh->data[i * dh->tda + j];
      *to = add ? *to + hit : hit;
    }
}

void KERNEL(cell, products_of)(const STEP *s, const MATRIX *weight, const MATRIX *h, size_t first,
                               size_t count) {
  const size_t H = s->m.size2;
  for (size_t g = first; g < first + count; g++) {
    const MATRIX U = KERNEL(matrix, rows)(weight, g * H, H);
    MATRIX v = KERNEL(matrix, columns)(&s->products, g * s->group, H);
    KERNEL(product, nt)(h, &U, 0, &v);
  }
}

void KERNEL(cell, products)(const STEP *s, const VIEWS *p) {
  const MATRIX *weight = &p->part[RK_WEIGHT_HH];
  KERNEL(cell, products_of)(s, weight, &s->h_in, 0, weight->size1 / s->m.size2);
}

/* Gradients of parameters */

void KERNEL(cell, add_gradients)(const STEP *s, const MATRIX *da, const MATRIX *dv, size_t count,
                                 const MATRIX *x, const MATRIX *dW, const MATRIX *db, size_t first,
                                 bool descending) {
  /* Gates without a gap between them are one. */
  const size_t H = s->m.size2, wide = s->group == H ? count * H : H;
  for (size_t g = 0; g < count * H / wide; g++) {
    size_t begin, end;
    rk_share(s->member, wide, RK_GRADIENT_GRAIN, &begin, &end);
    const size_t column = g * s->group + begin, row = first + g * wide + begin;
    if (dW->data != NULL) {
      const MATRIX gates = KERNEL(matrix, columns)(dv, column, end - begin);
      MATRIX rows = KERNEL(matrix, rows)(dW, row, end - begin);
      KERNEL(product, add_tn)(&gates, x, descending, &rows);
    }
    if (db->data != NULL) {
      const MATRIX gates = KERNEL(matrix, columns)(da, column, end - begin);
      s->isa->add_rows(gates.data, gates.tda, gates.size1, descending, db->data + row, end - begin);
    }
  }
}

void KERNEL(cell, gradients)(const STEP *s, const VIEWS *dp, bool descending) {
  const MATRIX *dv = s->cell->layer_norm ? &s->products : &s->gates;
  KERNEL(cell, add_gradients)
  (s, &s->gates, dv, s->weights->hh[0].depth / s->m.size2, &s->h_in, &dp->part[RK_WEIGHT_HH],
   &dp->part[RK_BIAS_HH], 0, descending);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "cell.c"
#endif
