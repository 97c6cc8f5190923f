/* recur/model.h: refused passes.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "model/short_nodes.h"
#include "support/refusal.h"

#include <recur/lstm.h>

typedef struct {
  recur_model *model;
  recur_model_weights *weights;
  recur_model_workspace *training, *inference;
  gsl_vector theta, dtheta, state, dstate;
  gsl_matrix *x, *dx, *y, *dy;
  const gsl_matrix *features[1], *doutputs[1];
  gsl_matrix *outputs[1], *dfeatures[1];
  recur_model_pass pass;
  recur_model_gradients gradients;
} call;

enum { T = 4, B = 3, I = 2, O = 3 };

static gsl_vector vector_of(size_t size) {
  gsl_vector v = {.size = size, .stride = 1, .data = new_matrix(size, 1, 1)->data};
  const gsl_matrix m = as_column(&v);
  randomize(&m, 1);
  return v;
}

/* A causal convolution with stride 2, and a network whose masks need a seed. */
static void set_up(call *c) {
  recur_node nodes[] = {
      X(I), PART(CONVOLUTION, .convolution = {RECUR_AXIS_STEPS, O, 2, 2, 1, 1, 1, 0, ZEROS}),
      Y(NETWORK, .network = {.layers = 0})};
  nodes[2].from[0] = "p";
  nodes[2].network = recur_lstm(O, O);
  nodes[2].network.zoneout = 0.5;
  *c = (call){.model = recur_model_alloc(nodes, 3)};
  size_t slices, parameters, states;
  CHECK(recur_model_parameters_count(c->model, &slices, &parameters) == GSL_SUCCESS);
  CHECK(recur_model_state_count(c->model, B, &slices, &states) == GSL_SUCCESS);
  c->weights = recur_model_weights_alloc(c->model);
  c->training = recur_model_workspace_alloc(c->model, T, B, RECUR_MODE_TRAINING, 0);
  c->inference = recur_model_workspace_alloc(c->model, T, B, RECUR_MODE_INFERENCE, 0);
  c->theta = vector_of(parameters);
  c->dtheta = vector_of(parameters);
  c->state = vector_of(states);
  c->dstate = vector_of(states);
  c->x = new_random(T * B, I, 1);
  c->dx = new_random(T * B, I, 1);
  c->y = new_random(T / 2 * B, O, 1);
  c->dy = new_random(T / 2 * B, O, 1);
  c->features[0] = c->x;
  c->doutputs[0] = c->dy;
  c->outputs[0] = c->y;
  c->dfeatures[0] = c->dx;
  static const recur_batch batch;
  c->pass = (recur_model_pass){
      .features = c->features, .batch = &batch, .initial_state = &c->state, .outputs = c->outputs};
  c->gradients = (recur_model_gradients){.doutputs = c->doutputs,
                                         .dfeatures = c->dfeatures,
                                         .dinitial_state = &c->dstate,
                                         .dtheta = &c->dtheta};
}

static void tear_down(call *c) {
  recur_model_workspace_free(c->training);
  recur_model_workspace_free(c->inference);
  recur_model_weights_free(c->weights);
  recur_model_free(c->model);
  free_all();
}

static void test_infer(void) {
  call c;
  set_up(&c);
  const char *name = TEXT(recur_model_infer);
  remember();
  CHECK(recur_model_infer(c.weights, &c.pass, NULL) == GSL_EFAULT);
  CHECK(recur_model_infer(NULL, &c.pass, c.inference) == GSL_EFAULT);
  CHECK(recur_model_infer(c.weights, NULL, c.inference) == GSL_EFAULT);
  check_refusal(recur_model_infer(c.weights, &c.pass, c.training), GSL_EINVAL, name, "w");
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EINVAL, name, "weights");
  CHECK(recur_model_weights_set(c.weights, &c.theta) == GSL_SUCCESS);
  call other;
  set_up(&other);
  remember();
  check_refusal(recur_model_infer(other.weights, &c.pass, c.inference), GSL_EINVAL, name,
                "weights");
  c.pass.features = NULL;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EFAULT, name, "x");
  c.pass.features = c.features;
  c.x->size1--;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EBADLEN, name, "x");
  c.x->size1++;
  c.outputs[0] = NULL;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EFAULT, name, "y");
  c.outputs[0] = c.y;
  gsl_matrix overlapping = rows_of(c.x, 0, T / 2 * B);
  overlapping.size2 = O;
  overlapping.tda = O;
  c.outputs[0] = &overlapping;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EINVAL, name, "y");
  c.outputs[0] = c.y;
  c.state.stride = 2;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EINVAL, name,
                "initial_state");
  c.state.stride = 1;
  size_t lengths[B] = {4, 2, 3};
  const recur_batch batch = {.lengths = lengths};
  c.pass.batch = &batch;
  c.pass.final_state = &c.state;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EINVAL, name,
                "final_state");
  lengths[2] = T + 1;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EINVAL, name,
                "batch->lengths");
  const recur_batch late = {.first_step = UINT32_MAX};
  c.pass.batch = &late;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EINVAL, name,
                "batch->first_step");
  const recur_batch last = {.first_sequence = UINT32_MAX};
  c.pass.batch = &last;
  check_refusal(recur_model_infer(c.weights, &c.pass, c.inference), GSL_EINVAL, name,
                "batch->first_sequence");
  c.pass.batch = NULL;
  CHECK(recur_model_infer(c.weights, &c.pass, c.inference) == GSL_SUCCESS);
  recur_model_workspace_free(other.training);
  recur_model_workspace_free(other.inference);
  recur_model_weights_free(other.weights);
  recur_model_free(other.model);
  tear_down(&c);
}

static void test_training(void) {
  call c;
  set_up(&c);
  const char *forward = TEXT(recur_model_forward), *backward = TEXT(recur_model_backward);
  remember();
  CHECK(recur_model_forward(&c.theta, &c.pass, NULL) == GSL_EFAULT);
  CHECK(recur_model_forward(&c.theta, NULL, c.training) == GSL_EFAULT);
  CHECK(recur_model_backward(&c.theta, &c.pass, &c.gradients, NULL) == GSL_EFAULT);
  CHECK(recur_model_backward(&c.theta, NULL, &c.gradients, c.training) == GSL_EFAULT);
  CHECK(recur_model_backward(&c.theta, &c.pass, NULL, c.training) == GSL_EFAULT);
  check_refusal(recur_model_forward(NULL, &c.pass, c.training), GSL_EFAULT, forward, "theta");
  check_refusal(recur_model_forward(&c.theta, &c.pass, c.inference), GSL_EINVAL, forward, "w");
  check_refusal(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.inference), GSL_EINVAL,
                backward, "w");
  check_refusal(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.training), GSL_EINVAL,
                backward, "w");
  const recur_batch *batch = c.pass.batch;
  c.pass.batch = NULL;
  check_refusal(recur_model_forward(&c.theta, &c.pass, c.training), GSL_EINVAL, forward, "batch");
  c.pass.batch = batch;
  CHECK(recur_model_forward(&c.theta, &c.pass, c.training) == GSL_SUCCESS);
  remember();
  check_refusal(recur_model_backward(NULL, &c.pass, &c.gradients, c.training), GSL_EFAULT, backward,
                "theta");
  c.dtheta.stride = 2;
  check_refusal(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.training), GSL_EINVAL,
                backward, "dtheta");
  c.dtheta.stride = 1;
  c.dfeatures[0] = c.x;
  check_refusal(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.training), GSL_EINVAL,
                backward, "x");
  c.dfeatures[0] = c.dx;
  gsl_matrix *values[] = {c.dx, NULL, NULL};
  c.gradients.dvalues = values;
  check_refusal(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.training), GSL_EINVAL,
                backward, "dvalues");
  values[0] = NULL;
  values[1] = c.dx;
  check_refusal(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.training), GSL_EBADLEN,
                backward, "p");
  values[1] = NULL;
  values[2] = c.dy;
  check_refusal(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.training), GSL_EINVAL,
                backward, "y");
  c.gradients.dvalues = NULL;
  CHECK(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.training) == GSL_SUCCESS);
  remember();
  check_refusal(recur_model_backward(&c.theta, &c.pass, &c.gradients, c.training), GSL_EINVAL,
                backward, "w");
  CHECK(strstr(recur_last_error()->message, "already had its backward pass") != NULL);
  tear_down(&c);
}

static void test_tokens(void) {
  const recur_node nodes[] = {{.name = "x", .kind = RECUR_NODE_TOKENS, .size = 5},
                              Y(EMBEDDING, .size = 2)};
  recur_model *model = recur_model_alloc(nodes, 2);
  recur_model_workspace *w = recur_model_workspace_alloc(model, 2, 2, RECUR_MODE_TRAINING, 0);
  int data[] = {0, 4, 5, 1};
  gsl_vector_int tokens = {.size = 4, .stride = 1, .data = data};
  const gsl_vector_int *list[] = {&tokens};
  gsl_matrix *outputs[] = {new_padded(4, 2)};
  const gsl_vector theta = vector_of(10);
  size_t lengths[] = {2, 2};
  const recur_batch batch = {.lengths = lengths};
  recur_model_pass pass = {.batch = &batch, .outputs = outputs};
  const recur_model_gradients gradients = {0};
  const char *name = TEXT(recur_model_forward);
  remember();
  check_refusal(recur_model_forward(&theta, &pass, w), GSL_EFAULT, name, "x");
  pass.tokens = list;
  check_refusal(recur_model_forward(&theta, &pass, w), GSL_EINVAL, name, "x");
  CHECK(strstr(recur_last_error()->message, "token 5 at step 1 of sequence 0") != NULL);
  data[2] = -1;
  check_refusal(recur_model_forward(&theta, &pass, w), GSL_EINVAL, name, "x");
  tokens.size = 3;
  check_refusal(recur_model_forward(&theta, &pass, w), GSL_EBADLEN, name, "x");
  tokens.size = 4;
  tokens.data = NULL;
  check_refusal(recur_model_forward(&theta, &pass, w), GSL_EFAULT, name, "x");
  tokens.data = data;
  lengths[0] = 1; /* a token past the end is not read */
  CHECK(recur_model_forward(&theta, &pass, w) == GSL_SUCCESS);
  lengths[0] = 2;
  CHECK(recur_model_backward(&theta, &pass, &gradients, w) == GSL_EINVAL);
  recur_model_workspace_free(w);
  recur_model_free(model);
  free_all();
}

static void test_reflection(void) {
  const recur_node nodes[] = {X(1), STEPS(1, 3, 1, 1, 1, 2, 0, RECUR_PADDING_REFLECT)};
  recur_model *model = recur_model_alloc(nodes, 2);
  recur_model_workspace *w = recur_model_workspace_alloc(model, 4, 2, RECUR_MODE_TRAINING, 0);
  const gsl_matrix *features[] = {new_random(8, 1, 1)};
  gsl_matrix *outputs[] = {new_padded(8, 1)};
  const gsl_vector theta = vector_of(3);
  size_t lengths[] = {0, 3};
  const recur_batch batch = {.lengths = lengths};
  const recur_model_pass pass = {.features = features, .batch = &batch, .outputs = outputs};
  CHECK(recur_model_forward(&theta, &pass, w) == GSL_SUCCESS);
  lengths[0] = 2;
  remember();
  check_refusal(recur_model_forward(&theta, &pass, w), GSL_EINVAL, TEXT(recur_model_forward), "y");
  CHECK(strstr(recur_last_error()->message, "reflects 2 steps, but sequence 0 has only 2") != NULL);
  recur_model_workspace_free(w);
  recur_model_free(model);
  free_all();
}

int main(void) {
  check_begin();
  test_infer();
  test_training();
  test_tokens();
  test_reflection();
  return check_end();
}
