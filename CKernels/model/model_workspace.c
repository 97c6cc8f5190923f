/* The workspace of a model: see model_workspace.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/model_workspace.h"

#include "base/instruction_set.h"
#include "base/matrix.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* What a layout depends on. */
typedef struct {
  const char *function;
  const recur_model *model;
  size_t T, B;
  recur_mode mode;
  size_t segment_length;
} rk_request;

static rk_steps steps_of(const rk_request *r, size_t clock) {
  return (rk_steps){.T = rk_clock_steps(r->model, clock, r->T), .B = r->B};
}

static int network_bytes(const rk_request *r, const rk_node *node, size_t *bytes) {
  return rk_workspace_bytes(r->function, &node->given.network, steps_of(r, node->value.clock).T,
                            r->B, r->mode, r->segment_length, bytes);
}

/* The positions of a row are contiguous, so that a convolution can regard them as rows. */
static gsl_matrix take_value(const rk_request *r, const rk_node *node, char *memory, size_t *used) {
  const size_t rows = rk_value_rows(r->model, &node->value, r->T, r->B);
  const size_t columns = rk_value_columns(&node->value);
  if (node->value.positions == 1)
    return rk_take_matrix(memory, used, rows, columns);
  rk_real *data = rk_take(memory, used, rk_times(rows, columns), sizeof(rk_real));
  return (gsl_matrix){.size1 = rows, .size2 = columns, .tda = columns, .data = data};
}

/* The workspace of a network has been checked, so its size is known. */
static void lay_out_network(const rk_request *r, const rk_node *node, rk_node_memory *own,
                            char *memory, size_t *used) {
  size_t bytes;
  (void)network_bytes(r, node, &bytes);
  void *place = rk_take(memory, used, bytes, 1);
  if (place != NULL)
    own->network = rk_workspace_place(&node->given.network, steps_of(r, node->value.clock).T, r->B,
                                      r->mode, r->segment_length, place);
}

static void lay_out_node(const rk_request *r, const rk_node *node, rk_node_memory *own,
                         char *memory, size_t *used) {
  const rk_operation *operation = rk_operation_of(node->given.kind);
  const recur_node_kind kind = node->given.kind;
  if (kind == RECUR_NODE_TOKENS)
    return;
  if (!node->given.output)
    own->y = take_value(r, node, memory, used);
  if (r->mode == RECUR_MODE_TRAINING && kind != RECUR_NODE_FEATURES)
    own->dy = take_value(r, node, memory, used);
  if (kind == RECUR_NODE_NETWORK)
    lay_out_network(r, node, own, memory, used);
  if (operation != NULL && operation->lay_out != NULL) {
    const rk_steps in = steps_of(r, rk_node_source(r->model, node, 0)->value.clock);
    const rk_steps out = steps_of(r, node->value.clock);
    operation->lay_out(r->model, node, &in, &out, r->mode, own, memory, used);
  }
}

static void lay_out_steps(const rk_request *r, recur_model_workspace *w, char *memory,
                          size_t *used) {
  w->steps = rk_take(memory, used, r->model->clock_count, sizeof *w->steps);
  for (size_t k = 0; k < r->model->clock_count; k++) {
    size_t *lengths = rk_take(memory, used, r->B, sizeof *lengths);
    if (memory == NULL)
      continue;
    w->steps[k] = steps_of(r, k);
    w->steps[k].lengths = lengths;
  }
}

/* Sets what all calls of a node have in common. */
static void prepare_call(recur_model_workspace *w, size_t k) {
  const recur_model *model = w->model;
  const rk_node *node = &model->nodes[k];
  w->values[k] = w->nodes[k].y;
  w->calls[k] = (rk_call){.model = model,
                          .node = node,
                          .mode = w->mode,
                          .in = &w->steps[rk_node_source(model, node, 0)->value.clock],
                          .out = &w->steps[node->value.clock],
                          .memory = &w->nodes[k],
                          .y = &w->values[k],
                          .size = 1};
  for (size_t i = 0; i < node->sources; i++)
    w->calls[k].x[i] = &w->values[node->from[i]];
}

static void lay_out(const rk_request *r, recur_model_workspace *w, char *memory, size_t *used) {
  const size_t count = r->model->count;
  const size_t arguments = 2 * (r->model->features + r->model->outputs) + count + 6;
  const size_t kept = RK_VECTORS + r->model->features + r->model->outputs;
  *w = (recur_model_workspace){.model = r->model, .mode = r->mode, .T = r->T, .B = r->B};
  *used = rk_filled(sizeof *w, 1);
  lay_out_steps(r, w, memory, used);
  w->nodes = rk_take(memory, used, count, sizeof *w->nodes);
  w->values = rk_take(memory, used, count, sizeof *w->values);
  w->states = rk_take(memory, used, count + 1, sizeof *w->states);
  w->operands = rk_take(memory, used, arguments, sizeof *w->operands);
  w->last =
      rk_take(memory, used, RK_VECTORS + r->model->features + r->model->outputs, sizeof *w->last);
  w->calls = rk_take(memory, used, count, sizeof *w->calls);
  w->wanted = rk_take(memory, used, count, sizeof *w->wanted);
  w->first = rk_take(memory, used, count, sizeof *w->first);
  w->own.model = r->model;
  if (r->mode == RECUR_MODE_TRAINING)
    rk_model_weights_lay_out(&w->own, true, memory, used);
  size_t state = 0;
  for (size_t k = 0; k < count; k++) {
    rk_node_memory own = {0};
    lay_out_node(r, &r->model->nodes[k], &own, memory, used);
    if (memory != NULL) {
      w->nodes[k] = own;
      w->states[k] = state;
    }
    state = rk_plus(state, rk_node_state_count(r->model, &r->model->nodes[k], r->B));
  }
  if (memory == NULL)
    return;
  w->states[count] = state;
  memset(w->last, 0, kept * sizeof *w->last);
  for (size_t k = 0; k < count; k++)
    prepare_call(w, k);
}

static int check_values(const rk_request *r) {
  for (size_t k = 0; k < r->model->count; k++) {
    const rk_node *node = &r->model->nodes[k];
    RK_TRY(rk_check_size(r->function, "steps * batch_size",
                         rk_value_rows(r->model, &node->value, r->T, r->B), 0));
    size_t bytes;
    if (node->given.kind == RECUR_NODE_NETWORK)
      RK_TRY(network_bytes(r, node, &bytes));
  }
  return GSL_SUCCESS;
}

static int check_request(const rk_request *r) {
  if (r->model == NULL)
    return rk_fail(GSL_EFAULT, r->function, "model", "is NULL");
  RK_TRY(rk_check_instruction_set(r->function));
  RK_TRY(rk_check_size(r->function, "steps", r->T, 0));
  RK_TRY(rk_check_size(r->function, "batch_size", r->B, 0));
  if (r->mode != RECUR_MODE_INFERENCE && r->mode != RECUR_MODE_TRAINING)
    return rk_fail(GSL_EINVAL, r->function, "mode",
                   "is %d, expected RECUR_MODE_INFERENCE or RECUR_MODE_TRAINING", (int)r->mode);
  if (r->segment_length != 0 && r->mode == RECUR_MODE_INFERENCE)
    return rk_fail(GSL_EINVAL, r->function, "segment_length", "is %zu, expected 0 for inference",
                   r->segment_length);
  return check_values(r);
}

static int measure(const rk_request *r, size_t *bytes) {
  recur_model_workspace layout;
  size_t used;
  RK_TRY(check_request(r));
  lay_out(r, &layout, NULL, &used);
  return rk_check_bytes(r->function, "workspace", used, 1, bytes);
}

int recur_model_workspace_bytes(const recur_model *model, size_t steps, size_t batch_size,
                                recur_mode mode, size_t segment_length, size_t *bytes) {
  const rk_request request = {__func__, model, steps, batch_size, mode, segment_length};
  size_t size;
  RK_REQUIRE(bytes);
  RK_TRY(measure(&request, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

recur_model_workspace *recur_model_workspace_alloc(const recur_model *model, size_t steps,
                                                   size_t batch_size, recur_mode mode,
                                                   size_t segment_length) {
  const rk_request request = {__func__, model, steps, batch_size, mode, segment_length};
  size_t bytes, used;
  if (measure(&request, &bytes) != GSL_SUCCESS)
    return NULL;
  recur_model_workspace *w = rk_allocate(__func__, "workspace", bytes);
  if (w == NULL)
    return NULL;
  lay_out(&request, w, (char *)w, &used);
  return w;
}

void recur_model_workspace_free(recur_model_workspace *w) {
  if (w != NULL)
    rk_team_release(w->threads);
  free(w);
}

int recur_model_workspace_set_threads(recur_model_workspace *w, recur_threads *threads) {
  RK_REQUIRE(w);
  rk_team_hold(threads);
  rk_team_release(w->threads);
  w->threads = threads;
  /* The model's workspace holds the threads for those of its networks. */
  for (size_t k = 0; k < w->model->count; k++)
    if (w->nodes[k].network != NULL)
      w->nodes[k].network->threads = threads;
  return GSL_SUCCESS;
}
