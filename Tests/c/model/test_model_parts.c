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

int main(void) {
  every_node_call call;
  check_begin();
  every_node_begin(&call);
  dx = call.dfeatures[0];
  train(&call);
  const results all = results_of(&call);
  test_outputs(&call, &all);
  test_shared_state(&call, &all);
  test_inputs(&call);
  test_states(&call);
  every_node_end(&call);
  return check_end();
}
