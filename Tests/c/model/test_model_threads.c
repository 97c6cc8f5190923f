/* recur/model.h with recur/threads.h: nodes with so much work that threads share it. Results are
   bit-identical with any number of threads.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "base/team.h"
#include "support/matrices.h"

#include <recur/gru.h>

enum { T = 66, B = 9, I = 512, O = 40 };

#define FROM(...) .from = {__VA_ARGS__}

static recur_node nodes[] = {
    {.name = "x", .kind = RECUR_NODE_FEATURES, .size = I},
    {.name = "prelu", FROM("x"), .kind = RECUR_NODE_PRELU},
    {.name = "scale", FROM("prelu"), .kind = RECUR_NODE_SCALE},
    {.name = "normal", FROM("scale"), .kind = RECUR_NODE_LAYER_NORMALIZATION, .epsilon = 1e-3},
    {.name = "sum", FROM("normal", "x"), .kind = RECUR_NODE_ADD},
    {.name = "product", FROM("sum", "x"), .kind = RECUR_NODE_MULTIPLY},
    {.name = "positions", FROM("product"), .kind = RECUR_NODE_RESHAPE, .size = 4},
    {.name = "magnitude", FROM("positions"), .kind = RECUR_NODE_MAGNITUDE},
    {.name = "softmax", FROM("magnitude"), .kind = RECUR_NODE_SOFTMAX},
    {.name = "narrow",
     FROM("softmax"),
     .kind = RECUR_NODE_CONVOLUTION,
     .bias = true,
     .convolution = {RECUR_AXIS_POSITIONS, 24, 2, 1, 1, 2, 1, 0, RECUR_PADDING_ZEROS}},
    {.name = "row", FROM("narrow"), .kind = RECUR_NODE_RESHAPE, .size = 1},
    {.name = "causal",
     FROM("row"),
     .kind = RECUR_NODE_CONVOLUTION,
     .bias = true,
     .convolution = {RECUR_AXIS_STEPS, 96, 3, 2, 1, 3, 2, 0, RECUR_PADDING_ZEROS}},
    {.name = "tanh", FROM("causal"), .kind = RECUR_NODE_ACTIVATION},
    {.name = "network", FROM("tanh"), .kind = RECUR_NODE_NETWORK},
    {.name = "y",
     FROM("network"),
     .kind = RECUR_NODE_DENSE,
     .size = O,
     .bias = true,
     .output = true},
};

typedef struct {
  gsl_matrix *x, *dx, *y, *dy;
  gsl_vector theta, dtheta, state, dstate;
  size_t lengths[B];
} run;

static gsl_vector vector_of(size_t size) {
  gsl_vector v = {.size = size, .stride = 1, .data = new_matrix(size, 1, 1)->data};
  const gsl_matrix m = as_column(&v);
  randomize(&m, 0.5);
  return v;
}

static run new_run(const recur_model *model) {
  size_t slices, parameters, states;
  CHECK(recur_model_parameters_count(model, &slices, &parameters) == GSL_SUCCESS);
  CHECK(recur_model_state_count(model, B, &slices, &states) == GSL_SUCCESS);
  run r = {.x = new_random(T * B, I, 1),
           .dx = new_padded(T * B, I),
           .y = new_padded(T / 2 * B, O),
           .dy = new_random(T / 2 * B, O, 1),
           .theta = vector_of(parameters),
           .dtheta = vector_of(parameters),
           .state = vector_of(states),
           .dstate = vector_of(states)};
  for (size_t b = 0; b < B; b++)
    r.lengths[b] = b == 0 ? T : check_random_below(T / 2 + 1) * 2;
  return r;
}

/* The results of a pass, with the gradient of theta added to zeros. */
static void compute(const recur_model *model, run *r, size_t count, recur_mode mode) {
  const gsl_matrix *features[] = {r->x}, *doutputs[] = {r->dy};
  gsl_matrix *outputs[] = {r->y}, *dfeatures[] = {r->dx};
  const recur_batch batch = {.lengths = r->lengths};
  const recur_model_pass pass = {
      .features = features, .batch = &batch, .initial_state = &r->state, .outputs = outputs};
  const recur_model_gradients gradients = {.doutputs = doutputs,
                                           .dfeatures = dfeatures,
                                           .dinitial_state = &r->dstate,
                                           .dtheta = &r->dtheta};
  recur_threads *threads = rk_team_alloc("test", count);
  recur_model_workspace *w = recur_model_workspace_alloc(model, T, B, mode, 0);
  recur_model_weights *weights = recur_model_weights_alloc(model);
  CHECK(recur_model_workspace_set_threads(w, threads) == GSL_SUCCESS);
  CHECK(recur_model_weights_set(weights, &r->theta) == GSL_SUCCESS);
  const gsl_matrix dtheta = as_column(&r->dtheta);
  fill(&dtheta, 0);
  fill(r->y, 0);
  if (mode == RECUR_MODE_INFERENCE) {
    CHECK(recur_model_infer(weights, &pass, w) == GSL_SUCCESS);
  } else {
    CHECK(recur_model_forward(&r->theta, &pass, w) == GSL_SUCCESS);
    CHECK(recur_model_backward(&r->theta, &pass, &gradients, w) == GSL_SUCCESS);
  }
  recur_model_weights_free(weights);
  recur_model_workspace_free(w);
  recur_threads_free(threads);
}

static gsl_matrix *copy_of(const gsl_matrix *m) {
  gsl_matrix *copy = new_padded(m->size1, m->size2);
  copy_matrix(m, copy);
  return copy;
}

int main(void) {
  check_begin();
  nodes[13].network = recur_gru(96, 20);
  recur_model *model = recur_model_alloc(nodes, COUNT(nodes));
  CHECK(model != NULL);
  run r = new_run(model);
  compute(model, &r, 1, RECUR_MODE_TRAINING);
  const gsl_matrix dtheta = as_column(&r.dtheta), dstate = as_column(&r.dstate);
  const gsl_matrix *y = copy_of(r.y), *dx = copy_of(r.dx);
  const gsl_matrix *dtheta_of_one = copy_of(&dtheta), *dstate_of_one = copy_of(&dstate);
  for (size_t count = 2; count <= 5; count++) {
    check_note("%zu threads", count);
    compute(model, &r, count, RECUR_MODE_INFERENCE);
    CHECK(equal_bits(r.y, y));
    compute(model, &r, count, RECUR_MODE_TRAINING);
    CHECK(equal_bits(r.y, y) && equal_bits(r.dx, dx));
    CHECK(equal_bits(&dtheta, dtheta_of_one) && equal_bits(&dstate, dstate_of_one));
  }
  recur_model_free(model);
  free_all();
  return check_end();
}
