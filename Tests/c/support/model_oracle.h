/* An oracle of models without networks: each node by its definition in recur/node.h, in extended
   precision. Every number also has its derivative along one direction, and bounds of the magnitudes
   of the terms in both, for tolerances.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef MODEL_ORACLE_H
#define MODEL_ORACLE_H

#include "support/check.h"

#include <recur/model.h>

/* v and d: the number and its derivative. mv and md: bounds of their terms. */
typedef struct {
  long double v, d, mv, md;
} dual;

static inline dual dual_of(long double v) {
  return (dual){.v = v, .mv = fabsl(v)};
}

static inline dual dual_add(dual a, dual b) {
  return (dual){a.v + b.v, a.d + b.d, a.mv + b.mv, a.md + b.md};
}

static inline dual dual_multiply(dual a, dual b) {
  return (dual){a.v * b.v, a.v * b.d + a.d * b.v, a.mv * b.mv, a.mv * b.md + a.md * b.mv};
}

/* f(a), from its value and its first two derivatives. */
static inline dual dual_function(dual a, long double f, long double f1, long double f2) {
  return (dual){f, f1 * a.d, fabsl(f) + fabsl(f1) * a.mv,
                fabsl(f1) * a.md + fabsl(f2) * a.mv * a.md};
}

static inline dual dual_scale(dual a, long double factor) {
  return dual_multiply(a, dual_of(factor));
}

static inline dual dual_inverse(dual a) {
  return dual_function(a, 1 / a.v, -1 / (a.v * a.v), 2 / (a.v * a.v * a.v));
}

static inline dual dual_sqrt(dual a) {
  const long double root = sqrtl(a.v);
  return dual_function(a, root, 1 / (2 * root), -1 / (4 * root * a.v));
}

static inline dual dual_exp(dual a) {
  return dual_function(a, expl(a.v), expl(a.v), expl(a.v));
}

static inline dual dual_tanh(dual a) {
  const long double y = tanhl(a.v);
  return dual_function(a, y, 1 - y * y, 2);
}

/* A value: numbers[(t*B + b)*columns + j]. */
typedef struct {
  size_t positions, channels, steps;
  bool one_row;
  size_t lengths[8];
  dual *numbers;
} oracle_value;

typedef struct {
  const recur_node *nodes;
  size_t count, B;
  const dual *theta; /* advances with the nodes */
  const dual *state; /* likewise */
  oracle_value values[16];
} oracle;

static inline size_t oracle_source_number(const oracle *o, const recur_node *node, size_t k) {
  for (size_t i = 0; i < o->count; i++)
    if (strcmp(o->nodes[i].name, node->from[k]) == 0)
      return i;
  abort();
}

static inline const oracle_value *oracle_source(const oracle *o, const recur_node *node, size_t k) {
  return &o->values[oracle_source_number(o, node, k)];
}

static inline size_t oracle_columns(const oracle_value *x) {
  return x->positions * x->channels;
}

static inline size_t oracle_rows(const oracle *o, const oracle_value *x) {
  return x->one_row ? o->B : x->steps * o->B;
}

static inline bool oracle_is_valid(const oracle *o, const oracle_value *x, size_t row) {
  return x->one_row || row / o->B < x->lengths[row % o->B];
}

/* The number at an index of steps or positions; zero, or a state, outside. */
static inline dual oracle_cell(const oracle *o, const oracle_value *x, const recur_node *node,
                               size_t row, ptrdiff_t i, size_t channel) {
  const recur_convolution *v = &node->convolution;
  const bool steps = v->axis == RECUR_AXIS_STEPS;
  const size_t b = row % o->B;
  const ptrdiff_t n = (ptrdiff_t)(steps ? x->lengths[b] : x->positions);
  const ptrdiff_t history = (ptrdiff_t)((v->kernel_size - 1) * v->dilation);
  if (i < 0 && steps && v->padding == RECUR_PADDING_ZEROS && v->after == 0 &&
      (ptrdiff_t)v->before == history && o->state != NULL)
    return o->state[((size_t)(i + history) * o->B + b) * x->channels + channel];
  if (v->padding == RECUR_PADDING_REFLECT)
    i = i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i;
  if (v->padding == RECUR_PADDING_REPLICATE)
    i = i < 0 ? 0 : i >= n ? n - 1 : i;
  if (i < 0 || i >= n)
    return dual_of(0);
  return x->numbers[steps ? ((size_t)i * o->B + b) * x->channels + channel
                          : row * oracle_columns(x) + (size_t)i * x->channels + channel];
}

static inline size_t oracle_count(const recur_convolution *v, size_t n) {
  const size_t span = (v->kernel_size - 1) * v->dilation + 1;
  return n == 0 || n + v->before + v->after < span
             ? 0
             : (n + v->before + v->after - span) / v->stride + 1;
}

/* The output of a convolution at a row (of its own value), position and channel. */
static inline dual oracle_convolve(const oracle *o, const oracle_value *x, const recur_node *node,
                                   size_t row, size_t position, size_t channel) {
  const recur_convolution *v = &node->convolution;
  const bool steps = v->axis == RECUR_AXIS_STEPS;
  const size_t Cg = x->channels / v->groups, group = channel / (v->output_size / v->groups);
  const size_t at = steps ? row / o->B : position;
  dual sum = node->bias ? o->theta[v->output_size * Cg * v->kernel_size + channel] : dual_of(0);
  for (size_t c = 0; c < Cg; c++)
    for (size_t k = 0; k < v->kernel_size; k++) {
      const ptrdiff_t i = (ptrdiff_t)(at * v->stride + k * v->dilation) - (ptrdiff_t)v->before;
      const dual w = o->theta[(channel * Cg + c) * v->kernel_size + k];
      sum = dual_add(sum, dual_multiply(w, oracle_cell(o, x, node, row, i, group * Cg + c)));
    }
  return sum;
}

/* The channels of a position of a source. */
static inline const dual *oracle_channels(const oracle_value *x, size_t row, size_t position) {
  return x->numbers + row * oracle_columns(x) + position * x->channels;
}

static inline dual oracle_normalize(const oracle *o, const oracle_value *x, const recur_node *node,
                                    size_t row, size_t position, size_t channel) {
  const size_t C = x->channels;
  const dual *v = oracle_channels(x, row, position);
  dual mean = dual_of(0), variance = dual_of(0);
  for (size_t c = 0; c < C; c++)
    mean = dual_add(mean, dual_scale(v[c], 1.0L / C));
  for (size_t c = 0; c < C; c++) {
    const dual e = dual_add(v[c], dual_scale(mean, -1));
    variance = dual_add(variance, dual_scale(dual_multiply(e, e), 1.0L / C));
  }
  const dual scale = dual_inverse(dual_sqrt(dual_add(variance, dual_of(node->epsilon))));
  const dual e = dual_add(v[channel], dual_scale(mean, -1));
  return dual_add(dual_multiply(dual_multiply(e, scale), o->theta[channel]), o->theta[C + channel]);
}

static inline dual oracle_softmax(const oracle_value *x, size_t row, size_t position,
                                  size_t channel) {
  const dual *v = oracle_channels(x, row, position);
  dual sum = dual_of(0);
  for (size_t c = 0; c < x->channels; c++)
    sum = dual_add(sum, dual_exp(v[c]));
  return dual_multiply(dual_exp(v[channel]), dual_inverse(sum));
}

/* One number of a node's value with steps or positions like its first source's. */
static inline dual oracle_number(const oracle *o, const recur_node *node, const oracle_value *y,
                                 size_t row, size_t q, size_t c) {
  const oracle_value *x = oracle_source(o, node, 0);
  const dual *v = oracle_channels(x, row, q);
  dual sum;
  switch (node->kind) {
  case RECUR_NODE_EMBEDDING:
    return o->theta[(size_t)x->numbers[row].v * node->size + c];
  case RECUR_NODE_DENSE:
    sum = node->bias ? o->theta[node->size * oracle_columns(x) + c] : dual_of(0);
    for (size_t j = 0; j < oracle_columns(x); j++)
      sum = dual_add(sum, dual_multiply(o->theta[c * oracle_columns(x) + j],
                                        x->numbers[row * oracle_columns(x) + j]));
    return sum;
  case RECUR_NODE_ACTIVATION: /* tanh alone: test_activations has all of them */
    return dual_tanh(v[c]);
  case RECUR_NODE_PRELU:
    return v[c].v > 0 ? v[c] : dual_multiply(o->theta[node->shared ? 0 : c], v[c]);
  case RECUR_NODE_LAYER_NORMALIZATION:
    return oracle_normalize(o, x, node, row, q, c);
  case RECUR_NODE_SCALE:
    return dual_add(dual_multiply(o->theta[c], v[c]), o->theta[x->channels + c]);
  case RECUR_NODE_ADD:
  case RECUR_NODE_MULTIPLY:
    sum = v[c];
    for (size_t k = 1; k < RECUR_NODE_SOURCES && node->from[k] != NULL; k++) {
      const dual other = oracle_channels(oracle_source(o, node, k), row, q)[c];
      sum = node->kind == RECUR_NODE_ADD ? dual_add(sum, other) : dual_multiply(sum, other);
    }
    return sum;
  case RECUR_NODE_CONCATENATE:
    for (size_t k = 0;; c -= oracle_source(o, node, k++)->channels)
      if (c < oracle_source(o, node, k)->channels)
        return oracle_channels(oracle_source(o, node, k), row, q)[c];
  case RECUR_NODE_SLICE:
    return v[node->first + c];
  case RECUR_NODE_RESHAPE:
    return x->numbers[row * oracle_columns(x) + q * y->channels + c];
  case RECUR_NODE_SOFTMAX:
    return oracle_softmax(x, row, q, c);
  case RECUR_NODE_MAGNITUDE:
    return dual_sqrt(
        dual_add(dual_multiply(v[c], v[c]), dual_multiply(v[y->channels + c], v[y->channels + c])));
  case RECUR_NODE_CONVOLUTION:
    return oracle_convolve(o, x, node, row, q, c);
  default:
    abort();
  }
}

/* One number of a row for each sequence. */
static inline dual oracle_reduce(const oracle *o, const recur_node *node, size_t b, size_t j) {
  const oracle_value *x = oracle_source(o, node, 0);
  const size_t n = x->lengths[b];
  dual result = dual_of(0);
  for (size_t t = 0; t < n; t++) {
    const dual v = x->numbers[(t * o->B + b) * oracle_columns(x) + j];
    if (node->kind == RECUR_NODE_MEAN)
      result = dual_add(result, dual_scale(v, 1.0L / n));
    else if (t == 0 || node->kind == RECUR_NODE_LAST_STEP ||
             (node->kind == RECUR_NODE_MAXIMUM && v.v > result.v))
      result = v;
  }
  return result;
}

static inline void oracle_shape(const oracle *o, const recur_node *node, oracle_value *y) {
  const recur_convolution *v = &node->convolution;
  const oracle_value *x = oracle_source(o, node, 0);
  dual *numbers = y->numbers;
  *y = *x;
  y->numbers = numbers;
  if (node->kind == RECUR_NODE_EMBEDDING || node->kind == RECUR_NODE_DENSE) {
    y->positions = 1;
    y->channels = node->size;
  } else if (node->kind == RECUR_NODE_CONCATENATE) {
    for (size_t k = 1; k < RECUR_NODE_SOURCES && node->from[k] != NULL; k++)
      y->channels += oracle_source(o, node, k)->channels;
  } else if (node->kind == RECUR_NODE_SLICE) {
    y->channels = node->size;
  } else if (node->kind == RECUR_NODE_RESHAPE) {
    y->positions = node->size;
    y->channels = oracle_columns(x) / node->size;
  } else if (node->kind == RECUR_NODE_MAGNITUDE) {
    y->channels /= 2;
  } else if (node->kind == RECUR_NODE_CONVOLUTION) {
    y->channels = v->output_size;
    if (v->axis == RECUR_AXIS_POSITIONS)
      y->positions = oracle_count(v, x->positions);
    else
      y->steps = oracle_count(v, x->steps);
    for (size_t b = 0; b < o->B && v->axis == RECUR_AXIS_STEPS; b++)
      y->lengths[b] = oracle_count(v, x->lengths[b]);
  } else if (node->kind >= RECUR_NODE_FIRST_STEP) {
    y->one_row = true;
  }
}

/* The number of parameters of a node. */
static inline size_t oracle_parameters(const oracle *o, const recur_node *node) {
  const recur_convolution *v = &node->convolution;
  const oracle_value *x = oracle_source(o, node, 0);
  switch (node->kind) {
  case RECUR_NODE_EMBEDDING:
    return o->nodes[oracle_source_number(o, node, 0)].size * node->size;
  case RECUR_NODE_DENSE:
    return node->size * (oracle_columns(x) + (node->bias ? 1 : 0));
  case RECUR_NODE_CONVOLUTION:
    return v->output_size * (x->channels / v->groups * v->kernel_size + (node->bias ? 1 : 0));
  case RECUR_NODE_PRELU:
    return node->shared ? 1 : x->channels;
  case RECUR_NODE_LAYER_NORMALIZATION:
  case RECUR_NODE_SCALE:
    return 2 * x->channels;
  default:
    return 0;
  }
}

/* Computes all nodes; the values of the inputs, with their shapes, are already there. */
static inline void oracle_run(oracle *o) {
  for (size_t k = 0; k < o->count; k++) {
    const recur_node *node = &o->nodes[k];
    oracle_value *y = &o->values[k];
    if (node->from[0] == NULL)
      continue;
    const oracle_value *x = oracle_source(o, node, 0);
    oracle_shape(o, node, y);
    const size_t rows = oracle_rows(o, y), C = y->channels;
    y->numbers = calloc(rows * oracle_columns(y) + 1, sizeof *y->numbers);
    for (size_t r = 0; r < rows; r++)
      for (size_t j = 0; oracle_is_valid(o, y, r) && j < oracle_columns(y); j++)
        y->numbers[r * oracle_columns(y) + j] = y->one_row && !x->one_row
                                                    ? oracle_reduce(o, node, r, j)
                                                    : oracle_number(o, node, y, r, j / C, j % C);
    o->theta += oracle_parameters(o, node);
    const recur_convolution *v = &node->convolution;
    if (o->state != NULL && node->kind == RECUR_NODE_CONVOLUTION && v->axis == RECUR_AXIS_STEPS &&
        v->padding == RECUR_PADDING_ZEROS && v->after == 0 &&
        v->before == (v->kernel_size - 1) * v->dilation)
      o->state += v->before * o->B * x->channels;
  }
}

#endif
