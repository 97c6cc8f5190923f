/* Functions that the cells share: see cell.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "cells/cell.h"

#include "base/unreachable.h"
#include "math/product.h"

#include <string.h>

const rk_cell_functions *rk_cell_of(const recur_cell *cell) {
  switch (cell->kind) {
  case RECUR_CELL_RNN:
    return &rk_rnn_functions;
  case RECUR_CELL_RESIDUAL:
    return &rk_residual_functions;
  case RECUR_CELL_GRU:
    return cell->reset == RECUR_RESET_AFTER ? &rk_gru_functions : &rk_gru_before_functions;
  case RECUR_CELL_LSTM:
    return cell->projection_size == 0 ? &rk_lstm_functions : &rk_lstm_projected_functions;
  case RECUR_CELL_KINDS:;
  }
  RK_UNREACHABLE();
}

gsl_matrix rk_cell_gate(const rk_layer_constants *layer, const gsl_matrix *gates, size_t gate) {
  return rk_matrix_columns(gates, gate * layer->gate_stride, layer->gate_stride);
}

/* Constants */

static void set_biases(const rk_layer_constants *layer, const rk_parameter_views *p) {
  const rk_real *b_ih = p->matrix[RK_BIAS_IH].data, *b_hh = p->matrix[RK_BIAS_HH].data;
  const size_t G = layer->weights->ih.groups, H = layer->H;
  for (size_t g = 0; layer->cell->bias && g < G; g++)
    for (size_t k = 0; k < H; k++)
      layer->bias[g * layer->gate_stride + k] = b_ih[g * H + k] + b_hh[g * H + k];
}

static void set_gains(const rk_layer_constants *layer, const rk_parameter_views *p) {
  const size_t bytes = layer->weights->ih.groups * layer->H * sizeof(rk_real);
  memcpy(layer->gains_ih, p->matrix[RK_WEIGHT_LN_IH].data, bytes);
  memcpy(layer->gains_hh, p->matrix[RK_WEIGHT_LN_HH].data, bytes);
}

void rk_cell_set_constants(const rk_layer_constants *layer, const rk_parameter_views *p) {
  set_biases(layer, p);
  if (layer->cell->layer_normalization)
    set_gains(layer, p);
}

/* Products */

static rk_product_task rk_cell_task(const rk_layer_constants *layer, const rk_packed_operand *b,
                                    const gsl_matrix *a, size_t summands, const gsl_matrix *c,
                                    size_t first, size_t last) {
  const size_t wide = RK_PANEL_VECTORS / b->groups * layer->kernels->lanes,
               end = last < b->width ? last : b->width;
  return (rk_product_task){
      .b = b,
      .first = first / wide,
      .last = (end + wide - 1) / wide,
      .rows = c->size1,
      .a = a->data,
      .a_row = a->tda,
      .a_step = 1,
      .summands = summands,
      .a_summand = layer->gate_stride,
      .c = c->data,
      .c_row = c->tda,
      .column = {0, layer->gate_stride, 2 * layer->gate_stride, 3 * layer->gate_stride},
  };
}

void rk_cell_multiply(const rk_layer_constants *layer, const rk_packed_operand *b, bool back,
                      const gsl_matrix *a, size_t summands, const rk_real *start, size_t start_row,
                      gsl_matrix *c, size_t first, size_t last) {
  rk_product_task task = rk_cell_task(layer, b, a, summands, c, first, last);
  task.start = start;
  task.start_row = start_row;
  task.filled = true;
  task.back = back;
  layer->kernels->multiply(&task);
}

/* dx may be the caller's matrix, whose rows are not filled to whole vectors. */
void rk_cell_input_backward(const rk_layer_constants *layer, const gsl_matrix *dv, bool add,
                            gsl_matrix *dx) {
  const rk_packed_operand *b = &layer->weights->ih;
  const size_t G = b->depth / layer->H;
  rk_product_task task = rk_cell_task(layer, b, dv, G, dx, 0, dx->size2);
  task.start = add ? dx->data : NULL;
  task.start_row = dx->tda;
  layer->kernels->multiply(&task);
}

rk_normalized rk_cell_normalized(const rk_layer_constants *layer, size_t k) {
  const size_t count = layer->weights->ranges[k].count;
  return (rk_normalized){
      .count = count, .H = layer->H, .gate_stride = layer->gate_stride, .epsilon = (rk_real)1e-5};
}

/* The columns of the k-th range of gates. */
static gsl_matrix rk_cell_range(const rk_layer_constants *layer, const gsl_matrix *gates,
                                size_t k) {
  const rk_gate_range range = layer->weights->ranges[k];
  return rk_matrix_columns(gates, range.first * layer->gate_stride,
                           range.count * layer->gate_stride);
}

/* a = start + LN(U h) o gain */
static void rk_cell_normalized_forward(const rk_forward_step *s, size_t k, const gsl_matrix *h,
                                       const rk_real *start, size_t start_row, gsl_matrix *a) {
  const rk_normalized gates = rk_cell_normalized(&s->layer, k);
  const rk_real *gain = s->layer.gains_hh + s->layer.weights->ranges[k].first * gates.H;
  gsl_matrix v = rk_cell_range(&s->layer, &s->products, k);
  rk_cell_multiply(&s->layer, &s->layer.weights->hh[k], s->back, h, 1, NULL, 0, &v, 0,
                   s->layer.gate_stride);
  rk_layer_norm_forward(gates, gain, &v);
  for (size_t i = 0; i < v.size1; i++)
    for (size_t j = 0; j < v.size2; j++)
      a->data[i * a->tda + j] = start[i * start_row + j] + v.data[i * v.tda + j];
}

void rk_cell_recurrent_forward(const rk_forward_step *s, size_t k, const gsl_matrix *h,
                               const rk_real *start, size_t start_row, gsl_matrix *a, size_t first,
                               size_t last) {
  if (s->layer.cell->layer_normalization)
    rk_cell_normalized_forward(s, k, h, start, start_row, a);
  else
    rk_cell_multiply(&s->layer, &s->layer.weights->hh[k], s->back, h, 1, start, start_row, a, first,
                     last);
}

/* The gradients of a range's products, from the gradients of its gates. */
static gsl_matrix rk_cell_product_gradient(const rk_backward_step *s, size_t k,
                                           const gsl_matrix *da) {
  if (!s->layer.cell->layer_normalization)
    return *da;
  const rk_normalized gates = rk_cell_normalized(&s->layer, k);
  const size_t first = s->layer.weights->ranges[k].first * gates.H;
  gsl_matrix v = rk_cell_range(&s->layer, &s->products, k);
  rk_layer_norm_backward(gates, s->layer.gains_hh + first, da,
                         s->dgains_hh ? s->dgains_hh + first : NULL, false, &v);
  return v;
}

void rk_cell_recurrent_backward(const rk_backward_step *s, size_t k, const gsl_matrix *da, bool add,
                                gsl_matrix *dh, size_t first, size_t last) {
  const rk_packed_operand *b = &s->layer.weights->hh[k];
  const bool masked = s->mask.data != NULL;
  const gsl_matrix dv = rk_cell_product_gradient(s, k, da);
  gsl_matrix product = masked ? s->scratch : *dh;
  rk_cell_multiply(&s->layer, b, s->back, &dv, b->depth / s->layer.H,
                   add && !masked ? dh->data : NULL, dh->tda, &product, first, last);
  for (size_t i = 0; masked && i < dh->size1; i++)
    for (size_t j = first; j < last && j < b->width; j++) {
      const rk_real hit = s->mask.data[i * s->mask.tda + j] * product.data[i * product.tda + j];
      rk_real *to = &dh->data[i * dh->tda + j];
      *to = add ? *to + hit : hit;
    }
}

void rk_cell_products_of(const rk_backward_step *s, const gsl_matrix *weight, const gsl_matrix *h,
                         size_t first, size_t count) {
  const size_t H = s->layer.H;
  for (size_t g = first; g < first + count; g++) {
    const gsl_matrix U = rk_matrix_rows(weight, g * H, H);
    gsl_matrix v = rk_matrix_columns(&s->products, g * s->layer.gate_stride, H);
    rk_product_nt(h, &U, 0, &v);
  }
}

void rk_cell_products(const rk_backward_step *s, const rk_parameter_views *p) {
  const gsl_matrix *weight = &p->matrix[RK_WEIGHT_HH];
  rk_cell_products_of(s, weight, &s->h_in, 0, weight->size1 / s->layer.H);
}

/* Gradients of parameters */

void rk_cell_add_gradients(const rk_backward_step *s, const gsl_matrix *da, const gsl_matrix *dv,
                           size_t count, const gsl_matrix *x, const gsl_matrix *dW,
                           const gsl_matrix *db, size_t first, bool descending) {
  /* Gates without gaps between them are treated as one. */
  const size_t H = s->layer.H, wide = s->layer.gate_stride == H ? count * H : H;
  for (size_t g = 0; g < count * H / wide; g++) {
    size_t begin, end;
    rk_share(s->thread, wide, RK_GRADIENT_GRAIN, &begin, &end);
    const size_t column = g * s->layer.gate_stride + begin, row = first + g * wide + begin;
    if (dW->data != NULL) {
      const gsl_matrix gates = rk_matrix_columns(dv, column, end - begin);
      gsl_matrix rows = rk_matrix_rows(dW, row, end - begin);
      rk_product_add_tn(&gates, x, descending, &rows);
    }
    if (db->data != NULL) {
      const gsl_matrix gates = rk_matrix_columns(da, column, end - begin);
      s->layer.kernels->add_rows(gates.data, gates.tda, gates.size1, descending, db->data + row,
                                 end - begin);
    }
  }
}

void rk_cell_gradients(const rk_backward_step *s, const rk_parameter_views *dp, bool descending) {
  const gsl_matrix *dv = s->layer.cell->layer_normalization ? &s->products : &s->gates;
  rk_cell_add_gradients(s, &s->gates, dv, s->layer.weights->hh[0].depth / s->layer.H, &s->h_in,
                        &dp->matrix[RK_WEIGHT_HH], &dp->matrix[RK_BIAS_HH], 0, descending);
}
