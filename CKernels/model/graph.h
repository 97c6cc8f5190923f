/* A model as a checked graph: the nodes with the numbers of their sources, the shapes of their
   values, and the places of their parameters and states. The same for both precisions.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_GRAPH_H
#define RK_GRAPH_H

#include <recur/model.h>

/* The number of steps of a value. Clock 0 has T steps. A convolution over steps has a clock of its
   own, unless it keeps the number of steps: n steps of the parent clock become
   (n + padding - span) / stride + 1, with span = (K - 1) dilation + 1. The depth is limited,
   because rk_clock_steps calls itself. */
typedef struct {
  size_t parent, depth;
  size_t padding, span, stride;
} rk_clock;

typedef struct {
  size_t positions, channels;
  size_t clock;
  bool one_row;      /* one row for each sequence, instead of one for each step */
  size_t vocabulary; /* of tokens; otherwise 0 */
} rk_value;

typedef struct {
  recur_node given; /* the names belong to the model */
  size_t sources, from[RECUR_NODE_SOURCES];
  rk_value value;
  size_t number;  /* among the nodes of its kind */
  size_t output;  /* among the outputs */
  size_t readers; /* how often later nodes read it */
  size_t slices, parameters, first_parameter;
  size_t first_copied; /* among the parameters of nodes that are not networks */
} rk_node;

struct recur_model {
  size_t count, clock_count, features, tokens, networks, outputs;
  size_t slices, parameters;
  size_t copied; /* the parameters of nodes that are not networks */
  bool draws_masks, reflects_steps;
  size_t chunk; /* chunks of sequences have a multiple of this number of steps; saturating */
  rk_node *nodes;
  rk_clock *clocks;
  char *names;
};

/* The number of values of a row. */
static inline size_t rk_value_columns(const rk_value *value) {
  return value->positions * value->channels;
}

/* The source k of a node. */
static inline const rk_node *rk_node_source(const recur_model *model, const rk_node *node,
                                            size_t k) {
  return &model->nodes[node->from[k]];
}

/* The number of steps of a clock: for n steps of its parent, and for sequences of T steps. */
size_t rk_clock_count(const rk_clock *clock, size_t n);
size_t rk_clock_steps(const recur_model *model, size_t clock, size_t T);

/* The number of rows of a node's value. */
size_t rk_value_rows(const recur_model *model, const rk_value *value, size_t T, size_t B);

/* The number of outputs of a convolution for n > 0 values; and the index of the value that stands
   for index i, or SIZE_MAX for a zero. */
size_t rk_convolution_count(const recur_convolution *c, size_t n);
size_t rk_convolution_index(const recur_convolution *c, ptrdiff_t i, size_t n);

/* The steps of input before a chunk that a convolution reads: those in its state. */
size_t rk_convolution_history(const recur_convolution *c);
bool rk_convolution_is_causal(const recur_convolution *c);

/* The parts of a node's state for a batch: NULL if there is no part k. */
const char *rk_node_state_part(const recur_model *model, const rk_node *node, size_t k, size_t B,
                               size_t *rows, size_t *columns);

/* The number of elements of a node's state; saturating. */
size_t rk_node_state_count(const recur_model *model, const rk_node *node, size_t B);

#endif
