/* recur/model.h: optional arguments. What is left out does not change the other results.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/every_node.h"

/* The matrix for the gradient of x. */
static gsl_matrix *dx;

static void clear(const gsl_vector *v) {
  for (size_t k = 0; k < v->size; k++)
    v->data[k] = 0;
}

static void train(every_node_call *c) {
  clear(&c->dtheta);
  CHECK(recur_model_forward(&c->theta, &c->pass, c->training) == GSL_SUCCESS);
  CHECK(recur_model_backward(&c->theta, &c->pass, &c->gradients, c->training) == GSL_SUCCESS);
}

/* The gradients that a call computes, copied. */
typedef struct {
  gsl_matrix *dx, *dtheta, *dstate;
} results;

static gsl_matrix *copy_of(const gsl_matrix *m) {
  gsl_matrix *copy = new_padded(m->size1, m->size2);
  copy_matrix(m, copy);
  return copy;
}

static results results_of(const every_node_call *c) {
  const gsl_matrix dtheta = as_column(&c->dtheta), dstate = as_column(&c->dstate);
  return (results){copy_of(dx), copy_of(&dtheta), copy_of(&dstate)};
}

static void check_results(const every_node_call *c, const results *r, bool x, bool theta,
                          bool state) {
  const results own = results_of(c);
  CHECK(!x || equal_bits(own.dx, r->dx));
  CHECK(!theta || equal_bits(own.dtheta, r->dtheta));
  CHECK(!state || equal_bits(own.dstate, r->dstate));
}

static void test_outputs(every_node_call *c, const results *all) {
  check_note("without the gradient of x");
  c->dfeatures[0] = NULL;
  train(c);
  check_results(c, all, false, true, true);
  c->gradients.dfeatures = NULL;
  train(c);
  check_results(c, all, false, true, true);
  c->gradients.dfeatures = c->dfeatures;
  c->dfeatures[0] = dx;
  check_note("without the gradient of theta");
  c->gradients.dtheta = NULL;
  train(c);
  check_results(c, all, true, false, true);
  check_note("the gradient of x alone");
  c->gradients.dinitial_state = NULL;
  train(c);
  check_results(c, all, true, false, false);
  check_note("the gradient of the state alone");
  c->gradients.dinitial_state = &c->dstate;
  c->dfeatures[0] = NULL;
  train(c);
  check_results(c, all, false, false, true);
  check_note("no gradient");
  c->gradients.dinitial_state = NULL;
  train(c);
  check_note("the gradient of theta alone");
  c->gradients.dtheta = &c->dtheta;
  train(c);
  check_results(c, all, false, true, false);
  c->gradients.dinitial_state = &c->dstate;
  c->dfeatures[0] = dx;
}

/* A gradient that is NULL is zero. */
static void test_inputs(every_node_call *c) {
  const gsl_matrix *second = c->doutputs[1], dfinal = as_column(&c->dfinal_state);
  gsl_matrix *zero = new_padded(second->size1, second->size2);
  fill(zero, 0);
  fill(&dfinal, 0);
  c->doutputs[1] = zero;
  train(c);
  const results all = results_of(c);
  check_note("without the gradient of an output");
  c->doutputs[1] = NULL;
  train(c);
  check_results(c, &all, true, true, true);
  check_note("without the gradient of the final state");
  c->gradients.dfinal_state = NULL;
  train(c);
  check_results(c, &all, true, true, true);
  check_note("without the gradient of any output");
  c->gradients.doutputs = NULL;
  train(c);
  for (size_t k = 0; k < c->dtheta.size; k++)
    CHECK(c->dtheta.data[k] == 0);
}

/* A state that is NULL is zero, also where the sequence is too short to fill the final state. */
static void test_states(every_node_call *c) {
  static const size_t lengths[EVERY_B] = {0, 1, EVERY_T};
  const recur_batch batch = {.lengths = lengths};
  const gsl_matrix initial = as_column(&c->state), final = as_column(&c->final_state);
  fill(&initial, 0);
  c->pass.batch = &batch;
  check_note("without an initial state");
  train(c);
  const gsl_matrix *y = copy_of(c->outputs[0]), *state = copy_of(&final);
  c->pass.initial_state = NULL;
  fill(&final, 1);
  train(c);
  CHECK(equal_bits(c->outputs[0], y) && equal_bits(&final, state));
  check_note("without a final state");
  c->pass.final_state = NULL;
  train(c);
  CHECK(equal_bits(c->outputs[0], y));
}

/* Gradients of the states may be one vector. */
static void test_shared_state(every_node_call *c, const results *all) {
  for (size_t k = 0; k < c->dstate.size; k++)
    c->dstate.data[k] = c->dfinal_state.data[k];
  c->gradients.dfinal_state = &c->dstate;
  check_note("one vector for the gradients of both states");
  train(c);
  check_results(c, all, true, true, true);
  c->gradients.dfinal_state = &c->dfinal_state;
}

/* The gradients of all values, which are computed alone or with the others. */
static void test_values(every_node_call *c, const results *all) {
  gsl_matrix *values[COUNT(every_node)], *alone[COUNT(every_node)];
  const recur_model_gradients given = c->gradients;
  for (size_t k = 0; k < COUNT(every_node); k++) {
    recur_model_shape shape;
    CHECK(recur_model_value_shape(c->model, k, EVERY_T, EVERY_B, &shape) == GSL_SUCCESS);
    const bool is_input = every_node[k].from[0] == NULL;
    values[k] = is_input ? NULL : new_padded(shape.rows, shape.columns);
    alone[k] = is_input ? NULL : new_padded(shape.rows, shape.columns);
  }
  check_note("with the gradients of all values");
  c->gradients.dvalues = values;
  train(c);
  check_results(c, all, true, true, true);
  check_note("the gradients of values alone");
  c->gradients = (recur_model_gradients){
      .doutputs = given.doutputs, .dfinal_state = given.dfinal_state, .dvalues = alone};
  train(c);
  for (size_t k = 0; k < COUNT(every_node); k++)
    CHECK(values[k] == NULL || equal_bits(values[k], alone[k]));
  check_note("the gradient of one value");
  const gsl_matrix *last = values[COUNT(every_node) - 1];
  for (size_t k = 0; k + 1 < COUNT(every_node); k++)
    alone[k] = NULL;
  fill(alone[COUNT(every_node) - 1], 7);
  train(c);
  CHECK(equal_bits(alone[COUNT(every_node) - 1], last));
  c->gradients = given;
}

/* The gradient of a value within a model is that of the input of a model of the later nodes. */
static void test_value_as_input(void) {
  enum { T = 6, B = 3, H = 2, O = 2 };
  recur_node nodes[] = {{.name = "x", .kind = RECUR_NODE_FEATURES, .size = 1},
                        {.name = "conv", .from = {"x"}, .kind = RECUR_NODE_CONVOLUTION},
                        {.name = "h", .from = {"conv"}, .kind = RECUR_NODE_NETWORK},
                        {.name = "y", .from = {"h"}, .kind = RECUR_NODE_NETWORK, .output = true}};
  nodes[1].convolution = (recur_convolution){RECUR_AXIS_STEPS, 3, 2, 2, 1, 1, 1, 0, 0};
  nodes[2].network = recur_lstm(3, H);
  nodes[3].network = recur_lstm(H, O);
  const recur_node later[] = {{.name = "h", .kind = RECUR_NODE_FEATURES, .size = H}, nodes[3]};
  recur_model *whole = recur_model_alloc(nodes, 4), *end = recur_model_alloc(later, 2);
  recur_model_workspace *w = recur_model_workspace_alloc(whole, T, B, RECUR_MODE_TRAINING, 0);
  recur_model_workspace *v = recur_model_workspace_alloc(end, T / 2, B, RECUR_MODE_TRAINING, 0);
  size_t slices, count, own;
  CHECK(recur_model_parameters_count(whole, &slices, &count) == GSL_SUCCESS);
  CHECK(recur_model_parameters_count(end, &slices, &own) == GSL_SUCCESS);
  const gsl_vector theta = every_vector(count);
  const gsl_vector tail = {.size = own, .stride = 1, .data = theta.data + count - own};
  gsl_matrix *h = new_padded(T / 2 * B, H), *dh = new_padded(T / 2 * B, H);
  gsl_matrix *y = new_padded(T / 2 * B, O), *dy = new_random(T / 2 * B, O, 1);
  const gsl_matrix *x = new_random(T * B, 1, 1), *doutputs[] = {dy};
  gsl_matrix *outputs[] = {y}, *dvalues[] = {NULL, NULL, dh, NULL}, *dfeatures[] = {h};
  const size_t lengths[] = {6, 0, 3}, halves[] = {3, 0, 2};
  const recur_batch batch = {.lengths = lengths}, half = {.lengths = halves};
  const recur_model_pass pass = {.features = &x, .batch = &batch, .outputs = outputs};
  const recur_model_gradients gradients = {.doutputs = doutputs, .dvalues = dvalues};
  CHECK(recur_model_forward(&theta, &pass, w) == GSL_SUCCESS);
  CHECK(recur_model_backward(&theta, &pass, &gradients, w) == GSL_SUCCESS);
  /* The values of h, which the first model does not return. */
  recur_node first[] = {nodes[0], nodes[1], nodes[2]};
  first[2].output = true;
  recur_model *begin = recur_model_alloc(first, 3);
  recur_model_workspace *u = recur_model_workspace_alloc(begin, T, B, RECUR_MODE_TRAINING, 0);
  const gsl_vector head = {.size = count - own, .stride = 1, .data = theta.data};
  gsl_matrix *values[] = {h};
  const recur_model_pass before = {.features = &x, .batch = &batch, .outputs = values};
  CHECK(recur_model_forward(&head, &before, u) == GSL_SUCCESS);
  const gsl_matrix *features[] = {copy_of(h)};
  const recur_model_pass after = {.features = features, .batch = &half, .outputs = outputs};
  const recur_model_gradients expected = {.doutputs = doutputs, .dfeatures = dfeatures};
  CHECK(recur_model_forward(&tail, &after, v) == GSL_SUCCESS);
  CHECK(recur_model_backward(&tail, &after, &expected, v) == GSL_SUCCESS);
  check_note("the gradient of a value, and that of an input");
  CHECK(equal_bits(dh, h));
  recur_model_workspace_free(u);
  recur_model_workspace_free(v);
  recur_model_workspace_free(w);
  recur_model_free(begin);
  recur_model_free(end);
  recur_model_free(whole);
}

int main(void) {
  every_node_call call;
  check_begin();
  every_node_begin(&call);
  dx = call.dfeatures[0];
  train(&call);
  const results all = results_of(&call);
  test_outputs(&call, &all);
  test_shared_state(&call, &all);
  test_values(&call, &all);
  test_value_as_input();
  test_inputs(&call);
  test_states(&call);
  every_node_end(&call);
  return check_end();
}
