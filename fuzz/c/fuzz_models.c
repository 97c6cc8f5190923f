/* Models: random graphs of every kind of node, passes forward and backward, and invariants.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "numbers.h"
#include "options.h"
#include "target.h"

#include <recur/model.h>

enum { MOST_NODES = 7, MOST_STEPS = 7, MOST_SEQUENCES = 4 };

/* A graph, and the arguments of its passes. */
typedef struct {
  recur_node nodes[MOST_NODES];
  char names[MOST_NODES][4];
  recur_model *model;
  size_t count, T, B, outputs;
  size_t lengths[MOST_SEQUENCES];
  numbers values;
  gsl_matrix x, dx, y[MOST_NODES], dy[MOST_NODES];
  gsl_vector_int tokens;
  gsl_vector theta, dtheta, initial, final, dinitial, dfinal;
  recur_batch batch;
} problem;

/* Graphs */

static recur_convolution take_convolution(reader *r, size_t channels) {
  recur_convolution v = {.axis = (recur_axis)take_below(r, 2)};
  v.output_size = take_size(r);
  v.kernel_size = 1 + take_below(r, 4);
  const unsigned byte = take_byte(r);
  v.stride = 1 + byte % 4 % 3;
  v.dilation = 1 + byte / 4 % 4 % 3;
  v.groups = byte / 16 % 4 == 3 ? channels : 1;
  if (v.groups > 1)
    v.output_size = channels;
  v.before = byte < 128 ? (v.kernel_size - 1) * v.dilation : take_below(r, 5);
  v.after = byte < 128 ? 0 : take_below(r, 4);
  v.padding = (recur_padding)(take_below(r, 8) == 7 ? take_below(r, 4) : 0);
  return v;
}

/* The options of a node; x is the shape of its first source. */
static void take_options(reader *r, recur_node *node, const recur_model_shape *x) {
  switch (node->kind) {
  case RECUR_NODE_EMBEDDING:
  case RECUR_NODE_DENSE:
    node->size = take_size(r);
    node->bias = node->kind == RECUR_NODE_DENSE && take_byte(r) % 2 == 0;
    break;
  case RECUR_NODE_NETWORK:
    node->network = take_network(r).network;
    node->network.input_size = x->columns;
    break;
  case RECUR_NODE_CONVOLUTION:
    node->convolution = take_convolution(r, x->channels);
    node->bias = take_byte(r) % 2 == 0;
    break;
  case RECUR_NODE_ACTIVATION:
    node->activation = take_activation(r);
    break;
  case RECUR_NODE_PRELU:
    node->shared = take_byte(r) % 2;
    break;
  case RECUR_NODE_LAYER_NORMALIZATION:
    node->epsilon = take_byte(r) < 240 ? 1e-5 : take_option(r);
    break;
  case RECUR_NODE_SLICE:
    node->first = take_below(r, x->channels);
    node->size = 1 + take_below(r, x->channels - node->first);
    break;
  case RECUR_NODE_RESHAPE:
    node->size = take_byte(r) % 4 == 0 ? take_size(r) : x->columns;
    break;
  default:
    break;
  }
}

/* A node that reads earlier ones; it may be refused. */
static recur_node take_node(reader *r, const problem *q) {
  recur_node node = {.name = q->names[q->count], .output = true};
  node.kind = (recur_node_kind)(RECUR_NODE_EMBEDDING +
                                take_below(r, RECUR_NODE_KINDS - RECUR_NODE_EMBEDDING));
  const bool several = node.kind >= RECUR_NODE_ADD && node.kind <= RECUR_NODE_CONCATENATE;
  const size_t sources = several ? 2 + take_below(r, 2) : 1;
  recur_model_shape x;
  for (size_t k = 0; k < sources; k++) {
    const size_t from = q->count - 1 - take_below(r, q->count);
    node.from[k] = q->names[from];
    if (k == 0)
      REQUIRE(recur_model_value_shape(q->model, from, 1, 1, &x) == GSL_SUCCESS);
  }
  take_options(r, &node, &x);
  return node;
}

/* Allocates the model of the nodes so far. */
static bool allocate(problem *q) {
  recur_model *model = recur_model_alloc(q->nodes, q->count);
  if (!check_pointer(model, "recur_model_alloc"))
    return false;
  recur_model_free(q->model);
  q->model = model;
  return true;
}

static void take_graph(reader *r, problem *q) {
  const bool tokens = take_byte(r) % 4 == 3;
  for (size_t k = 0; k < MOST_NODES; k++)
    snprintf(q->names[k], sizeof q->names[k], "n%zu", k);
  q->nodes[0] = (recur_node){.name = q->names[0],
                             .kind = tokens ? RECUR_NODE_TOKENS : RECUR_NODE_FEATURES,
                             .size = take_size(r),
                             .output = !tokens};
  q->count = 1;
  if (tokens) {
    q->nodes[1] = (recur_node){.name = q->names[1],
                               .kind = RECUR_NODE_EMBEDDING,
                               .from = {q->names[0]},
                               .size = take_size(r),
                               .output = true};
    q->count = 2;
  }
  REQUIRE(allocate(q));
  const size_t more = 1 + take_below(r, MOST_NODES - q->count);
  for (size_t k = 0; k < more; k++) {
    q->nodes[q->count] = take_node(r, q);
    q->count++;
    if (!allocate(q))
      q->count--;
  }
  /* The values that are read need not be outputs. */
  for (size_t k = 0; k + 1 < q->count; k++) {
    q->nodes[k].output = q->nodes[k].output && take_byte(r) % 4 == 3;
    if (!allocate(q))
      q->nodes[k].output = q->nodes[k].kind != RECUR_NODE_TOKENS;
  }
  REQUIRE(allocate(q));
}

/* Arguments */

static void take_arguments(reader *r, problem *q) {
  size_t slices, parameters, states;
  q->T = take_below(r, MOST_STEPS + 1);
  q->B = take_below(r, MOST_SEQUENCES + 1);
  const bool ragged = take_byte(r) % 2 == 1;
  for (size_t b = 0; b < q->B; b++)
    q->lengths[b] = ragged ? take_below(r, q->T + 1) : q->T;
  q->batch = (recur_batch){.lengths = ragged ? q->lengths : NULL, .seed = take_byte(r)};
  q->values = take_numbers(r);
  REQUIRE(recur_model_parameters_count(q->model, &slices, &parameters) == GSL_SUCCESS);
  REQUIRE(recur_model_state_count(q->model, q->B, &slices, &states) == GSL_SUCCESS);
  q->theta = random_vector(&q->values, parameters, 1);
  q->dtheta = random_vector(&q->values, parameters, 1);
  q->initial = random_vector(&q->values, states, 1);
  q->final = arena_vector(states, 1);
  q->dinitial = arena_vector(states, 1);
  q->dfinal = random_vector(&q->values, states, 1);
  const recur_node *input = &q->nodes[0];
  if (input->kind == RECUR_NODE_TOKENS) {
    const size_t stride = 1 + take_below(r, 2);
    int *data = arena_take(q->T * q->B, 1, stride, sizeof(int), 0);
    for (size_t k = 0; k < q->T * q->B; k++)
      data[k * stride] = (int)take_below(r, input->size);
    q->tokens = (gsl_vector_int){.size = q->T * q->B, .stride = stride, .data = data};
  } else {
    q->x = random_matrix(r, &q->values, q->T * q->B, input->size);
    q->dx = arena_matrix(r, q->T * q->B, input->size);
  }
}

static void take_outputs(reader *r, problem *q) {
  q->outputs = 0;
  for (size_t k = 0; k < q->count; k++) {
    recur_model_shape shape;
    if (!q->nodes[k].output)
      continue;
    REQUIRE(recur_model_value_shape(q->model, k, q->T, q->B, &shape) == GSL_SUCCESS);
    q->y[q->outputs] = arena_matrix(r, shape.rows, shape.columns);
    q->dy[q->outputs++] = random_matrix(r, &q->values, shape.rows, shape.columns);
  }
}

/* Passes */

/* The arrays of a pass, which point into a problem. */
typedef struct {
  const gsl_matrix *features[1], *doutputs[MOST_NODES];
  const gsl_vector_int *tokens[1];
  gsl_matrix *dfeatures[1], *outputs[MOST_NODES], *dvalues[MOST_NODES], values[MOST_NODES];
  recur_model_pass pass;
  recur_model_gradients gradients;
} arrays;

static void set_arrays(arrays *a, problem *q) {
  *a = (arrays){.features = {&q->x}, .tokens = {&q->tokens}, .dfeatures = {&q->dx}};
  for (size_t k = 0; k < q->outputs; k++) {
    a->outputs[k] = &q->y[k];
    a->doutputs[k] = &q->dy[k];
  }
  a->pass = (recur_model_pass){.features = a->features,
                               .tokens = a->tokens,
                               .batch = &q->batch,
                               .initial_state = &q->initial,
                               .outputs = a->outputs};
  a->gradients = (recur_model_gradients){.doutputs = a->doutputs,
                                         .dfinal_state = &q->dfinal,
                                         .dfeatures = a->dfeatures,
                                         .dinitial_state = &q->dinitial,
                                         .dtheta = &q->dtheta};
}

/* Adds the gradients of some values. */
static void take_values(reader *r, const problem *q, arrays *a) {
  a->gradients.dvalues = a->dvalues;
  for (size_t k = 0; k < q->count; k++) {
    recur_model_shape shape;
    REQUIRE(recur_model_value_shape(q->model, k, q->T, q->B, &shape) == GSL_SUCCESS);
    a->values[k] = arena_matrix(r, shape.rows, shape.columns);
    a->dvalues[k] = q->nodes[k].from[0] == NULL || take_byte(r) % 2 ? NULL : &a->values[k];
  }
}

/* Leaves out optional gradients. */
static void take_gradients(reader *r, const problem *q, arrays *a) {
  const unsigned byte = take_byte(r);
  if (byte & 1)
    a->dfeatures[0] = NULL;
  if (byte & 2)
    a->gradients.dtheta = NULL;
  if (byte & 4)
    a->gradients.dinitial_state = NULL;
  if (byte & 8)
    a->gradients.dfinal_state = NULL;
  if (byte & 16)
    a->doutputs[0] = NULL;
  if (byte & 32)
    take_values(r, q, a);
}

static bool train(reader *r, problem *q) {
  arrays a;
  set_arrays(&a, q);
  take_gradients(r, q, &a);
  const size_t segment = take_byte(r) % 4 == 3 ? 1 + take_below(r, 4) : 0;
  recur_model_workspace *w =
      recur_model_workspace_alloc(q->model, q->T, q->B, RECUR_MODE_TRAINING, segment);
  if (!ALLOCATED(w, recur_model_workspace_alloc))
    return false;
  const bool computed = CALL(recur_model_forward, (&q->theta, &a.pass, w));
  if (computed)
    REQUIRE(CALL(recur_model_backward, (&q->theta, &a.pass, &a.gradients, w)));
  recur_model_workspace_free(w);
  return computed;
}

/* A pass in inference, with the final state if the lengths permit one. */
static bool infer(const recur_model *model, problem *q, bool final) {
  arrays a;
  set_arrays(&a, q);
  a.pass.final_state = final ? &q->final : NULL;
  recur_model_weights *weights = recur_model_weights_alloc(model);
  recur_model_workspace *w =
      recur_model_workspace_alloc(model, q->T, q->B, RECUR_MODE_INFERENCE, 0);
  REQUIRE(ALLOCATED(weights, recur_model_weights_alloc));
  REQUIRE(ALLOCATED(w, recur_model_workspace_alloc));
  REQUIRE(CALL(recur_model_weights_set, (weights, &q->theta)));
  const bool computed = CALL(recur_model_infer, (weights, &a.pass, w));
  recur_model_workspace_free(w);
  recur_model_weights_free(weights);
  return computed;
}

/* Invariants */

/* Inference has the results of training, unless masks are drawn. */
static void check_inference(reader *r, const problem *q) {
  problem own = *q;
  take_outputs(r, &own);
  REQUIRE(infer(q->model, &own, false));
  for (size_t k = 0; k < q->outputs; k++)
    REQUIRE(same_numbers(&own.y[k], &q->y[k]));
}

/* Rows first to first + count - 1. */
static gsl_matrix rows_of(const gsl_matrix *m, size_t first, size_t count) {
  gsl_matrix rows = *m;
  rows.data += first * m->tda;
  rows.size1 = count;
  return rows;
}

/* Two chunks have the results of the whole. Outputs with one row for each sequence are those of the
   last chunk. */
static void check_chunks(reader *r, const problem *q) {
  size_t chunk;
  if (recur_model_check_stream(q->model, &chunk) != GSL_SUCCESS || q->batch.lengths != NULL ||
      q->T <= chunk)
    return;
  problem whole = *q, first = *q, second = *q;
  take_outputs(r, &whole);
  if (!infer(q->model, &whole, q->T % chunk == 0))
    return;
  first.T = chunk;
  second.T = q->T - chunk;
  first.x = rows_of(&q->x, 0, first.T * q->B);
  second.x = rows_of(&q->x, first.T * q->B, second.T * q->B);
  first.tokens.size = first.T * q->B;
  second.tokens.size = second.T * q->B;
  second.tokens.data += first.tokens.size * q->tokens.stride;
  second.batch.first_step += first.T;
  take_outputs(r, &first);
  REQUIRE(infer(q->model, &first, true));
  second.initial = first.final;
  second.final = arena_vector(q->final.size, 1);
  take_outputs(r, &second);
  REQUIRE(infer(q->model, &second, q->T % chunk == 0));
  for (size_t k = 0; k < q->outputs; k++) {
    const gsl_matrix *y = &whole.y[k];
    const size_t rows = first.y[k].size1, last = second.y[k].size1;
    if (y->size1 != rows + last) {
      REQUIRE(same_numbers(&second.y[k], y));
      continue;
    }
    const gsl_matrix begin = rows_of(y, 0, rows), end = rows_of(y, rows, last);
    REQUIRE(same_numbers(&first.y[k], &begin) && same_numbers(&second.y[k], &end));
  }
}

static bool draws_masks(const problem *q) {
  for (size_t k = 0; k < q->count; k++) {
    const recur_network *n = &q->nodes[k].network;
    if (n->dropout + n->recurrent_dropout + n->zoneout + n->cell_zoneout > 0)
      return true;
  }
  return false;
}

static void fuzz(reader *r) {
  problem q = {0};
  take_graph(r, &q);
  take_arguments(r, &q);
  take_outputs(r, &q);
  if (train(r, &q)) {
    if (!draws_masks(&q))
      check_inference(r, &q);
    check_chunks(r, &q);
  }
  recur_model_free(q.model);
}

#include "entry.h"
