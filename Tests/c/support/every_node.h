/* A model with every kind of node, and a batch for it.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef EVERY_NODE_H
#define EVERY_NODE_H

#include "support/matrices.h"

#include <recur/lstm.h>

enum { EVERY_T = 6, EVERY_B = 3, EVERY_I = 8, EVERY_H = 7, EVERY_V = 5, EVERY_O = 4 };

#define FROM(...) .from = {__VA_ARGS__}

static recur_node every_node[] = {
    {.name = "x", .kind = RECUR_NODE_FEATURES, .size = EVERY_I},
    {.name = "tokens", .kind = RECUR_NODE_TOKENS, .size = EVERY_V},
    {.name = "embedding", FROM("tokens"), .kind = RECUR_NODE_EMBEDDING, .size = EVERY_I},
    {.name = "sum", FROM("x", "embedding"), .kind = RECUR_NODE_ADD},
    {.name = "product", FROM("x", "sum"), .kind = RECUR_NODE_MULTIPLY},
    {.name = "positions", FROM("product"), .kind = RECUR_NODE_RESHAPE, .size = 4},
    {.name = "spectrum",
     FROM("positions"),
     .kind = RECUR_NODE_CONVOLUTION,
     .convolution = {RECUR_AXIS_POSITIONS, 6, 2, 1, 1, 1, 1, 0, RECUR_PADDING_REFLECT}},
    {.name = "magnitude", FROM("spectrum"), .kind = RECUR_NODE_MAGNITUDE},
    {.name = "normal", FROM("magnitude"), .kind = RECUR_NODE_LAYER_NORMALIZATION, .epsilon = 1e-5},
    {.name = "scale", FROM("normal"), .kind = RECUR_NODE_SCALE},
    {.name = "prelu", FROM("scale"), .kind = RECUR_NODE_PRELU},
    {.name = "tanh", FROM("prelu"), .kind = RECUR_NODE_ACTIVATION},
    {.name = "network", FROM("tanh"), .kind = RECUR_NODE_NETWORK},
    {.name = "causal",
     FROM("network"),
     .kind = RECUR_NODE_CONVOLUTION,
     .bias = true,
     .convolution = {RECUR_AXIS_STEPS, EVERY_O, 3, 1, 1, 1, 2, 0, RECUR_PADDING_ZEROS}},
    {.name = "both", FROM("causal", "network"), .kind = RECUR_NODE_CONCATENATE},
    {.name = "slice", FROM("both"), .kind = RECUR_NODE_SLICE, .first = 2, .size = EVERY_O},
    {.name = "softmax", FROM("slice"), .kind = RECUR_NODE_SOFTMAX, .output = true},
    {.name = "first", FROM("both"), .kind = RECUR_NODE_FIRST_STEP},
    {.name = "last", FROM("both"), .kind = RECUR_NODE_LAST_STEP},
    {.name = "mean", FROM("both"), .kind = RECUR_NODE_MEAN},
    {.name = "maximum", FROM("both"), .kind = RECUR_NODE_MAXIMUM},
    {.name = "rows", FROM("first", "last", "mean", "maximum"), .kind = RECUR_NODE_ADD},
    {.name = "y",
     FROM("rows"),
     .kind = RECUR_NODE_DENSE,
     .size = EVERY_O,
     .bias = true,
     .output = true},
};

/* Arguments of passes over a batch, with states and gradients. */
typedef struct {
  recur_model *model;
  recur_model_weights *weights;
  recur_model_workspace *training, *inference;
  gsl_vector theta, dtheta, state, final_state, dstate, dfinal_state;
  int token_data[EVERY_T * EVERY_B];
  gsl_vector_int tokens;
  const gsl_vector_int *token_list[1];
  const gsl_matrix *features[1], *doutputs[2];
  gsl_matrix *dfeatures[1], *outputs[2];
  recur_model_pass pass;
  recur_model_gradients gradients;
} every_node_call;

static inline gsl_vector every_vector(size_t size) {
  gsl_vector v = {.size = size, .stride = 1, .data = new_matrix(size, 1, 1)->data};
  const gsl_matrix m = as_column(&v);
  randomize(&m, 1);
  return v;
}

static inline void every_node_begin(every_node_call *c) {
  const size_t T = EVERY_T, B = EVERY_B;
  size_t slices, parameters, states;
  for (size_t k = 0; k < COUNT(every_node); k++)
    if (every_node[k].kind == RECUR_NODE_NETWORK)
      every_node[k].network = recur_lstm(12, EVERY_H);
  *c = (every_node_call){.model = recur_model_alloc(every_node, COUNT(every_node))};
  CHECK(recur_model_parameters_count(c->model, &slices, &parameters) == GSL_SUCCESS);
  CHECK(recur_model_state_count(c->model, B, &slices, &states) == GSL_SUCCESS);
  c->weights = recur_model_weights_alloc(c->model);
  c->training = recur_model_workspace_alloc(c->model, T, B, RECUR_MODE_TRAINING, 0);
  c->inference = recur_model_workspace_alloc(c->model, T, B, RECUR_MODE_INFERENCE, 0);
  c->theta = every_vector(parameters);
  c->dtheta = every_vector(parameters);
  gsl_vector *const vectors[] = {&c->state, &c->final_state, &c->dstate, &c->dfinal_state};
  for (size_t k = 0; k < COUNT(vectors); k++)
    *vectors[k] = every_vector(states);
  for (size_t k = 0; k < T * B; k++)
    c->token_data[k] = (int)check_random_below(EVERY_V);
  c->tokens = (gsl_vector_int){.size = T * B, .stride = 1, .data = c->token_data};
  c->token_list[0] = &c->tokens;
  c->features[0] = new_random(T * B, EVERY_I, 1);
  c->dfeatures[0] = new_padded(T * B, EVERY_I);
  for (size_t k = 0; k < 2; k++) {
    c->outputs[k] = new_padded(k == 0 ? T * B : B, EVERY_O);
    c->doutputs[k] = new_random(k == 0 ? T * B : B, EVERY_O, 1);
  }
  c->pass = (recur_model_pass){.features = c->features,
                               .tokens = c->token_list,
                               .initial_state = &c->state,
                               .final_state = &c->final_state,
                               .outputs = c->outputs};
  c->gradients = (recur_model_gradients){.doutputs = c->doutputs,
                                         .dfinal_state = &c->dfinal_state,
                                         .dfeatures = c->dfeatures,
                                         .dinitial_state = &c->dstate,
                                         .dtheta = &c->dtheta};
}

static inline void every_node_end(every_node_call *c) {
  recur_model_workspace_free(c->training);
  recur_model_workspace_free(c->inference);
  recur_model_weights_free(c->weights);
  recur_model_free(c->model);
  free_all();
}

#endif
