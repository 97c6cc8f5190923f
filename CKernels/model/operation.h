/* What each kind of node computes in a pass: its operation, with the memory, weights, values and
   gradients of the node.

   Past the end of a sequence, all values and gradients that an operation reads are 0. The pass sets
   those of its results to 0.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_OPERATION_H
#define RK_OPERATION_H

#include "base/precision.h"
#include "base/team.h"
#include "model/graph.h"
#include "network/network.h"

/* The sequences of a clock. */
typedef struct {
  size_t T, B;
  size_t *lengths; /* B */
  bool full;       /* all lengths are T */
} rk_steps;

/* The weights of a node, packed for forward or for backward. */
typedef struct {
  recur_network_weights *network; /* NETWORK in inference */
  rk_packed_operand *packed;      /* DENSE: 1; CONVOLUTION: one for each group */
  rk_real *panels;
} rk_node_weights;

/* The sizes that packed weights need, for either direction; saturating. */
typedef struct {
  size_t operands; /* of rk_node_weights.packed */
  size_t panels;   /* the elements of all panels */
  size_t row;      /* the elements of a row or a column of the weight that packing copies; or 0 */
} rk_packing;

/* The memory of a node in a workspace. */
typedef struct {
  gsl_matrix y, dy;                 /* its value, if the caller has not given it; the gradient */
  gsl_matrix scratch;               /* as the operation needs */
  gsl_matrix dweight;               /* CONVOLUTION: O x K*C/g, the gradient of the weight */
  size_t *places;                   /* MAXIMUM: B x C, the steps */
  recur_network_workspace *network; /* NETWORK */
} rk_node_memory;

/* A node in a pass. */
typedef struct {
  const recur_model *model;
  const rk_node *node;
  recur_mode mode;
  recur_threads *threads;
  const recur_batch *batch;
  const rk_steps *in, *out;     /* of the first source and of the value */
  const gsl_vector_int *tokens; /* of an EMBEDDING's source */
  const rk_node_memory *memory;
  const rk_node_weights *weights;
  const rk_real *theta; /* the node's parameters */
  const gsl_matrix *x[RECUR_NODE_SOURCES];
  gsl_matrix *y;
  const rk_real *initial_state; /* the node's; or NULL */
  rk_real *final_state;         /* or NULL */

  /* Backward. Gradients are added to dx, except where `first` is set. */
  const gsl_matrix *dy;
  bool
      first[RECUR_NODE_SOURCES]; /* for an operation that overwrites: whether dx has no value yet */
  gsl_matrix *dx[RECUR_NODE_SOURCES]; /* NULL if it is not wanted */
  rk_real *dtheta;                    /* or NULL */
  const rk_real *dfinal_state;        /* or NULL */
  rk_real *dinitial_state;            /* or NULL */

  size_t rank, size; /* of the thread, within rk_call_share; otherwise 0 and 1 */
} rk_call;

typedef struct {
  bool overwrites; /* whether the first gradient of dx need not be added to zeros */
  /* The sizes of the packed weights, if there are some. */
  rk_packing (*packing)(const recur_model *model, const rk_node *node);
  /* Packs the parameters. row has the size that is needed. */
  void (*pack)(const recur_model *model, const rk_node *node, const rk_real *theta, bool backward,
               rk_real *row, const rk_node_weights *weights);
  /* Lays out the memory except y and dy. */
  void (*lay_out)(const recur_model *model, const rk_node *node, const rk_steps *in,
                  const rk_steps *out, recur_mode mode, rk_node_memory *memory, char *at,
                  size_t *used);
  void (*forward)(const rk_call *call);
  void (*backward)(const rk_call *call);
} rk_operation;

const rk_operation *rk_operation_of(recur_node_kind kind);

extern const rk_operation rk_embedding_operation, rk_dense_operation, rk_convolution_operation,
    rk_activation_operation, rk_prelu_operation, rk_layer_normalization_operation,
    rk_scale_operation, rk_add_operation, rk_multiply_operation, rk_concatenate_operation,
    rk_slice_operation, rk_reshape_operation, rk_softmax_operation, rk_magnitude_operation,
    rk_first_step_operation, rk_last_step_operation, rk_mean_operation, rk_maximum_operation,
    rk_network_operation;

/* Runs rows(call, first, last) for shares of count rows, on several threads if the work is large;
   each has its own rank. `cost` is the number of operations of a row. */
void rk_call_share(const rk_call *call, size_t count, size_t cost,
                   void (*rows)(const rk_call *call, size_t first, size_t last));

/* Row r of a matrix. */
static inline rk_real *rk_row(const gsl_matrix *m, size_t r) {
  return m->data + r * m->tda;
}

/* The value of the first source. */
static inline const rk_value *rk_call_source(const rk_call *call) {
  return &rk_node_source(call->model, call->node, 0)->value;
}

#endif
