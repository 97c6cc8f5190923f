/* Passes of a model, node by node: see recur/model.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/environment.h"
#include "base/matrix.h"
#include "model/model_workspace.h"

#include <string.h>

/* Checks */

static const rk_value *value_of(const recur_model_workspace *w, size_t k) {
  return &w->model->nodes[k].value;
}

static size_t rows_of(const recur_model_workspace *w, size_t k) {
  return rk_value_rows(w->model, value_of(w, k), w->T, w->B);
}

/* The caller's matrix for an input or an output: element `number` of an array, which may be NULL.
 */
static gsl_matrix *matrix_at(gsl_matrix *const *array, size_t number) {
  return array == NULL ? NULL : array[number];
}

/* Adds an operand for each FEATURES node, or for each output. Its name is that of the node. */
static void add_operands(const recur_model_workspace *w, bool outputs, operand_role role,
                         bool optional, gsl_matrix *const *array, size_t *count) {
  for (size_t k = 0; k < w->model->count; k++) {
    const rk_node *node = &w->model->nodes[k];
    const bool is_operand = outputs ? node->given.output : node->given.kind == RECUR_NODE_FEATURES;
    if (is_operand)
      w->operands[(*count)++] = rk_operand_matrix(
          node->given.name, role, optional, matrix_at(array, outputs ? node->output : node->number),
          rows_of(w, k), rk_value_columns(&node->value));
  }
}

static void add_vector(const recur_model_workspace *w, const char *name, operand_role role,
                       bool optional, const gsl_vector *v, size_t size, size_t *count) {
  w->operands[(*count)++] = rk_operand_vector(name, role, optional, v, size);
}

static size_t state_count(const recur_model_workspace *w) {
  return w->states[w->model->count];
}

static int check_strides(const char *function, const char *const names[],
                         const gsl_vector *const vectors[], size_t count) {
  for (size_t k = 0; k < count; k++)
    if (vectors[k] != NULL)
      RK_TRY(rk_vector_check_stride(function, names[k], vectors[k]));
  return GSL_SUCCESS;
}

static int check_tokens(const char *function, const recur_model_workspace *w, const rk_node *node,
                        const recur_model_pass *pass) {
  const gsl_vector_int *tokens = pass->tokens == NULL ? NULL : pass->tokens[node->number];
  const size_t count = w->T * w->B, *lengths = pass->batch == NULL ? NULL : pass->batch->lengths;
  if (tokens == NULL)
    return rk_fail(GSL_EFAULT, function, node->given.name, "is NULL");
  if (tokens->size != count)
    return rk_fail(GSL_EBADLEN, function, node->given.name, "has %zu tokens, expected %zu",
                   tokens->size, count);
  if (tokens->data == NULL && count != 0)
    return rk_fail(GSL_EFAULT, function, node->given.name, "has no data");
  for (size_t r = 0; r < count; r++) {
    const int token = tokens->data[r * tokens->stride];
    if (lengths != NULL && r / w->B >= lengths[r % w->B])
      continue;
    if (token < 0 || (size_t)token >= node->value.vocabulary)
      return rk_fail(GSL_EINVAL, function, node->given.name,
                     "has token %d at step %zu of sequence %zu, expected 0 to %zu", token, r / w->B,
                     r % w->B, node->value.vocabulary - 1);
  }
  return GSL_SUCCESS;
}

static int check_batch(const char *function, const recur_model_workspace *w,
                       const recur_model_pass *pass) {
  const recur_batch *batch = pass->batch;
  if (batch == NULL && w->mode == RECUR_MODE_TRAINING && w->model->draws_masks)
    return rk_fail(GSL_EINVAL, function, "batch",
                   "is NULL, expected a batch with a seed for the random masks");
  for (size_t k = 0; k < w->model->clock_count; k++)
    RK_TRY(rk_batch_check_range(function, w->steps[k].T, w->B, batch));
  if (batch != NULL && batch->lengths != NULL)
    RK_TRY(rk_batch_check_lengths(function, w->T, w->B, batch->lengths));
  const size_t chunk = w->model->chunk;
  for (size_t b = 0; b < w->B && pass->final_state != NULL; b++) {
    const size_t length = batch == NULL || batch->lengths == NULL ? w->T : batch->lengths[b];
    if (length % chunk != 0)
      return rk_fail(GSL_EINVAL, function, "final_state",
                     "is given for a sequence of %zu steps, expected a multiple of %zu", length,
                     chunk);
  }
  return GSL_SUCCESS;
}

/* A padding that reflects needs more steps than it has. */
static int check_reflection(const char *function, const recur_model_workspace *w) {
  for (size_t k = 0; w->model->reflects_steps && k < w->model->count; k++) {
    const rk_node *node = &w->model->nodes[k];
    const recur_convolution *v = &node->given.convolution;
    if (node->given.kind != RECUR_NODE_CONVOLUTION || v->axis != RECUR_AXIS_STEPS ||
        v->padding != RECUR_PADDING_REFLECT)
      continue;
    const rk_steps *in = &w->steps[rk_node_source(w->model, node, 0)->value.clock];
    const size_t padding = v->before > v->after ? v->before : v->after;
    for (size_t b = 0; b < w->B; b++)
      if (in->lengths[b] != 0 && in->lengths[b] <= padding)
        return rk_fail(GSL_EINVAL, function, node->given.name,
                       "reflects %zu steps, but sequence %zu has only %zu", padding, b,
                       in->lengths[b]);
  }
  return GSL_SUCCESS;
}

/* Steps */

static void set_steps(recur_model_workspace *w, const recur_batch *batch) {
  for (size_t k = 0; k < w->model->clock_count; k++) {
    const rk_clock *clock = &w->model->clocks[k];
    rk_steps *steps = &w->steps[k];
    steps->full = true;
    for (size_t b = 0; b < w->B; b++) {
      steps->lengths[b] = k > 0 ? rk_clock_count(clock, w->steps[clock->parent].lengths[b])
                          : batch == NULL || batch->lengths == NULL ? w->T
                                                                    : batch->lengths[b];
      steps->full = steps->full && steps->lengths[b] == steps->T;
    }
  }
}

static void clear_past_end(const rk_steps *steps, gsl_matrix *m) {
  for (size_t r = 0; !steps->full && r < m->size1; r++)
    if (r / steps->B >= steps->lengths[r % steps->B])
      memset(rk_row(m, r), 0, m->size2 * sizeof(rk_real));
}

/* Copies the rows that belong to sequences, and sets the others to 0. */
static void copy_steps(const rk_steps *steps, bool one_row, const gsl_matrix *from,
                       gsl_matrix *to) {
  for (size_t r = 0; r < to->size1; r++) {
    const bool valid = one_row || r / steps->B < steps->lengths[r % steps->B];
    if (valid)
      memcpy(rk_row(to, r), rk_row(from, r), to->size2 * sizeof(rk_real));
    else
      memset(rk_row(to, r), 0, to->size2 * sizeof(rk_real));
  }
}

/* Calls */

/* The state of node k within a vector, or NULL. */
static rk_real *state_at(const recur_model_workspace *w, size_t k, const gsl_vector *state) {
  const bool has_state = w->states[k] != w->states[k + 1];
  return state == NULL || !has_state ? NULL : state->data + w->states[k];
}

/* A call of node k, without gradients. */
static const rk_call *call_of(recur_model_workspace *w, size_t k,
                              const recur_model_weights *weights, const recur_model_pass *pass) {
  const rk_node *node = &w->model->nodes[k], *source = rk_node_source(w->model, node, 0);
  rk_call *call = &w->calls[k];
  call->threads = w->threads;
  call->batch = pass->batch;
  call->weights = &weights->nodes[k];
  call->theta = node->parameters == 0 ? NULL : rk_model_weights_of(weights, node);
  call->initial_state = state_at(w, k, pass->initial_state);
  call->final_state = state_at(w, k, pass->final_state);
  if (source->given.kind == RECUR_NODE_TOKENS)
    call->tokens = pass->tokens[source->number];
  return call;
}

static void compute_input(recur_model_workspace *w, size_t k, const recur_model_pass *pass) {
  const rk_node *node = &w->model->nodes[k];
  if (node->given.kind == RECUR_NODE_TOKENS)
    return;
  const gsl_matrix *x = pass->features[node->number];
  if (!node->given.output && w->steps[0].full) {
    w->values[k] = *x;
    return;
  }
  w->values[k] = node->given.output ? *pass->outputs[node->output] : w->nodes[k].y;
  copy_steps(&w->steps[0], false, x, &w->values[k]);
}

static void compute_node(recur_model_workspace *w, size_t k, const recur_model_weights *weights,
                         const recur_model_pass *pass) {
  const rk_node *node = &w->model->nodes[k];
  if (node->sources == 0) {
    compute_input(w, k, pass);
    return;
  }
  if (node->given.output)
    w->values[k] = *pass->outputs[node->output];
  const rk_call *call = call_of(w, k, weights, pass);
  if (w->mode == RECUR_MODE_TRAINING)
    rk_model_weights_pack(weights, k, false);
  rk_operation_of(node->given.kind)->forward(call);
  if (!node->value.one_row)
    clear_past_end(call->out, &w->values[k]);
}

/* Whether the arguments are those of the last pass, except for the batch and the tokens. */
static bool repeats(recur_model_workspace *w, const gsl_vector *theta,
                    const recur_model_pass *pass) {
  const gsl_vector *const vectors[RK_VECTORS] = {theta, pass->initial_state, pass->final_state};
  const size_t features = w->model->features, outputs = w->model->outputs;
  bool same = w->checked;
  for (size_t k = 0; k < RK_VECTORS; k++)
    same = rk_argument_repeats_vector(&w->last[k], vectors[k]) && same;
  rk_argument *const last = w->last + RK_VECTORS;
  for (size_t k = 0; k < features; k++)
    same = rk_argument_repeats(&last[k], matrix_at((gsl_matrix *const *)pass->features, k)) && same;
  for (size_t k = 0; k < outputs; k++)
    same = rk_argument_repeats(&last[features + k], matrix_at(pass->outputs, k)) && same;
  return same;
}

static int check_arguments(const char *function, const recur_model_workspace *w,
                           const gsl_vector *theta, const recur_model_pass *pass) {
  size_t count = 0;
  const char *const names[RK_VECTORS] = {"theta", "initial_state", "final_state"};
  const gsl_vector *const vectors[RK_VECTORS] = {theta, pass->initial_state, pass->final_state};
  RK_TRY(check_strides(function, names, vectors, RK_VECTORS));
  add_vector(w, "theta", OPERAND_INPUT, w->mode == RECUR_MODE_INFERENCE, theta,
             w->model->parameters, &count);
  add_operands(w, false, OPERAND_INPUT, false, (gsl_matrix *const *)pass->features, &count);
  add_operands(w, true, OPERAND_OUTPUT, false, pass->outputs, &count);
  add_vector(w, "initial_state", OPERAND_STATE_IN, true, pass->initial_state, state_count(w),
             &count);
  add_vector(w, "final_state", OPERAND_STATE_OUT, true, pass->final_state, state_count(w), &count);
  return rk_check(function, w->operands, count);
}

static int check_pass(const char *function, recur_model_workspace *w, const gsl_vector *theta,
                      const recur_model_pass *pass) {
  if (!repeats(w, theta, pass)) {
    w->checked = false;
    RK_TRY(check_arguments(function, w, theta, pass));
    w->checked = true;
  }
  RK_TRY(check_batch(function, w, pass));
  for (size_t k = 0; k < w->model->count; k++)
    if (w->model->nodes[k].given.kind == RECUR_NODE_TOKENS)
      RK_TRY(check_tokens(function, w, &w->model->nodes[k], pass));
  return GSL_SUCCESS;
}

/* The arguments have been checked, except for what depends on the steps. */
static int run_forward(const char *function, recur_model_workspace *w,
                       const recur_model_weights *weights, const recur_model_pass *pass) {
  set_steps(w, pass->batch);
  RK_TRY(check_reflection(function, w));
  for (size_t k = 0; k < w->model->count; k++)
    compute_node(w, k, weights, pass);
  w->record = RK_FORWARD;
  return GSL_SUCCESS;
}

static int check_mode(const char *function, const recur_model_workspace *w, recur_mode mode) {
  static const char *const names[] = {"RECUR_MODE_INFERENCE", "RECUR_MODE_TRAINING"};
  if (w->mode != mode)
    return rk_fail(GSL_EINVAL, function, "w", "has mode %s, expected %s", names[w->mode],
                   names[mode]);
  return GSL_SUCCESS;
}

int recur_model_infer(const recur_model_weights *weights, const recur_model_pass *pass,
                      recur_model_workspace *w) {
  RK_COMPUTES;
  RK_REQUIRE(w);
  RK_REQUIRE(weights);
  RK_REQUIRE(pass);
  RK_TRY(check_mode(__func__, w, RECUR_MODE_INFERENCE));
  if (weights->model != w->model)
    return rk_fail(GSL_EINVAL, __func__, "weights", "belong to a different model than w");
  if (!weights->set)
    return rk_fail(GSL_EINVAL, __func__, "weights",
                   "are not set, expected recur_model_weights_set() before this call");
  RK_TRY(check_pass(__func__, w, NULL, pass));
  return run_forward(__func__, w, weights, pass);
}

int recur_model_forward(const gsl_vector *theta, const recur_model_pass *pass,
                        recur_model_workspace *w) {
  RK_COMPUTES;
  RK_REQUIRE(w);
  RK_REQUIRE(pass);
  RK_TRY(check_mode(__func__, w, RECUR_MODE_TRAINING));
  RK_TRY(check_pass(__func__, w, theta, pass));
  w->own.theta = theta->data;
  return run_forward(__func__, w, &w->own, pass);
}

/* Backward */

static int add_values(const char *function, const recur_model_workspace *w,
                      const recur_model_gradients *g, size_t *count) {
  for (size_t k = 0; g->dvalues != NULL && k < w->model->count; k++) {
    const rk_node *node = &w->model->nodes[k];
    if (node->sources == 0 && g->dvalues[k] != NULL)
      return rk_fail(GSL_EINVAL, function, "dvalues",
                     "has a matrix for the input \"%.80s\", expected NULL", node->given.name);
    if (node->sources != 0)
      w->operands[(*count)++] =
          rk_operand_matrix(node->given.name, OPERAND_OUTPUT, true, g->dvalues[k], rows_of(w, k),
                            rk_value_columns(&node->value));
  }
  return GSL_SUCCESS;
}

static int check_backward(const char *function, const recur_model_workspace *w,
                          const gsl_vector *theta, const recur_model_pass *pass,
                          const recur_model_gradients *g) {
  size_t count = 0;
  const char *const names[] = {"theta", "dfinal_state", "dinitial_state", "dtheta"};
  const gsl_vector *const vectors[] = {theta, g->dfinal_state, g->dinitial_state, g->dtheta};
  RK_TRY(check_strides(function, names, vectors, 4));
  add_vector(w, "theta", OPERAND_INPUT, false, theta, w->model->parameters, &count);
  add_operands(w, false, OPERAND_INPUT, false, (gsl_matrix *const *)pass->features, &count);
  add_operands(w, true, OPERAND_INPUT, false, pass->outputs, &count);
  add_operands(w, true, OPERAND_INPUT, true, (gsl_matrix *const *)g->doutputs, &count);
  add_operands(w, false, OPERAND_OUTPUT, true, g->dfeatures, &count);
  add_vector(w, "dfinal_state", OPERAND_STATE_IN, true, g->dfinal_state, state_count(w), &count);
  add_vector(w, "dinitial_state", OPERAND_STATE_OUT, true, g->dinitial_state, state_count(w),
             &count);
  add_vector(w, "dtheta", OPERAND_OUTPUT, true, g->dtheta, w->model->parameters, &count);
  RK_TRY(add_values(function, w, g, &count));
  RK_TRY(rk_check(function, w->operands, count));
  for (size_t k = 0; k < w->model->count; k++)
    if (w->model->nodes[k].given.kind == RECUR_NODE_TOKENS)
      RK_TRY(check_tokens(function, w, &w->model->nodes[k], pass));
  return GSL_SUCCESS;
}

/* The gradient of a node's value: the caller's matrix for an input, or NULL. */
static gsl_matrix *gradient_of(const recur_model_workspace *w, size_t k,
                               const recur_model_gradients *g) {
  const rk_node *node = &w->model->nodes[k];
  if (node->given.kind == RECUR_NODE_FEATURES)
    return matrix_at(g->dfeatures, node->number);
  return node->given.kind == RECUR_NODE_TOKENS ? NULL : &w->nodes[k].dy;
}

/* Whether anything that is computed depends on the gradient of a node's value. */
static bool is_wanted(const recur_model_workspace *w, size_t k, const recur_model_gradients *g) {
  const rk_node *node = &w->model->nodes[k];
  if (node->sources == 0)
    return gradient_of(w, k, g) != NULL;
  bool wanted = (node->parameters != 0 && g->dtheta != NULL) ||
                state_at(w, k, g->dinitial_state) != NULL || matrix_at(g->dvalues, k) != NULL;
  for (size_t i = 0; i < node->sources; i++)
    wanted = wanted || w->wanted[node->from[i]];
  return wanted;
}

/* The gradients of outputs begin with those of the caller, and all others without one. */
static void start_gradients(recur_model_workspace *w, const recur_model_gradients *g) {
  for (size_t k = 0; k < w->model->count; k++) {
    const rk_node *node = &w->model->nodes[k];
    gsl_matrix *dy = gradient_of(w, k, g);
    w->wanted[k] = is_wanted(w, k, g);
    w->first[k] = true;
    if (dy == NULL || !w->wanted[k] || !node->given.output)
      continue;
    const gsl_matrix *given = matrix_at((gsl_matrix *const *)g->doutputs, node->output);
    if (given == NULL)
      rk_matrix_set_zero(dy);
    else
      copy_steps(&w->steps[node->value.clock], node->value.one_row, given, dy);
    w->first[k] = false;
  }
}

static void differentiate_node(recur_model_workspace *w, size_t k, const recur_model_pass *pass,
                               const recur_model_gradients *g) {
  const rk_node *node = &w->model->nodes[k];
  const rk_operation *operation = rk_operation_of(node->given.kind);
  rk_call call = *call_of(w, k, &w->own, pass);
  call.dy = &w->nodes[k].dy;
  if (matrix_at(g->dvalues, k) != NULL)
    copy_steps(call.out, node->value.one_row, call.dy, g->dvalues[k]);
  if (g->dtheta != NULL && node->parameters != 0)
    call.dtheta = g->dtheta->data + node->first_parameter;
  call.dfinal_state = state_at(w, k, g->dfinal_state);
  call.dinitial_state = state_at(w, k, g->dinitial_state);
  for (size_t i = 0; i < node->sources; i++) {
    const size_t from = node->from[i];
    if (!w->wanted[from])
      continue;
    call.dx[i] = gradient_of(w, from, g);
    if (w->first[from] && !operation->overwrites)
      rk_matrix_set_zero(call.dx[i]);
    call.first[i] = w->first[from] && operation->overwrites;
    w->first[from] = false;
  }
  rk_model_weights_pack(&w->own, k, true);
  operation->backward(&call);
}

int recur_model_backward(const gsl_vector *theta, const recur_model_pass *pass,
                         const recur_model_gradients *gradients, recur_model_workspace *w) {
  RK_COMPUTES;
  RK_REQUIRE(w);
  RK_REQUIRE(pass);
  RK_REQUIRE(gradients);
  RK_TRY(check_mode(__func__, w, RECUR_MODE_TRAINING));
  if (w->record != RK_FORWARD)
    return rk_fail(GSL_EINVAL, __func__, "w", "has no forward pass%s",
                   w->record == RK_BACKWARD ? ": the last one already had its backward pass" : "");
  RK_TRY(check_backward(__func__, w, theta, pass, gradients));
  w->own.theta = theta->data;
  start_gradients(w, gradients);
  for (size_t k = w->model->count; k-- > 0;)
    if (w->wanted[k] && w->model->nodes[k].sources != 0)
      differentiate_node(w, k, pass, gradients);
  w->record = RK_BACKWARD;
  return GSL_SUCCESS;
}
