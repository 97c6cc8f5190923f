/* Models as graphs: see graph.h and recur/model.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/graph.h"

#include "base/check.h"
#include "base/memory.h"
#include "configuration/options.h"
#include "configuration/sizes.h"
#include "isa/kernels.h"
#include "model/kinds.h"

#include <stdio.h>
#include <stdlib.h>

enum { LONGEST_NAME = 79 };

/* Steps */

recur_convolution recur_causal_convolution(size_t output_size, size_t kernel_size) {
  return (recur_convolution){.axis = RECUR_AXIS_STEPS,
                             .output_size = output_size,
                             .kernel_size = kernel_size,
                             .stride = 1,
                             .dilation = 1,
                             .groups = 1,
                             .before = kernel_size == 0 ? 0 : kernel_size - 1};
}

size_t rk_convolution_count(const recur_convolution *c, size_t n) {
  const size_t span = (c->kernel_size - 1) * c->dilation + 1, padded = n + c->before + c->after;
  return padded < span ? 0 : (padded - span) / c->stride + 1;
}

size_t rk_convolution_index(const recur_convolution *c, ptrdiff_t i, size_t n) {
  const ptrdiff_t last = (ptrdiff_t)n - 1;
  if (i >= 0 && i <= last)
    return (size_t)i;
  switch (c->padding) {
  case RECUR_PADDING_REFLECT:
    return (size_t)(i < 0 ? -i : 2 * last - i);
  case RECUR_PADDING_REPLICATE:
    return (size_t)(i < 0 ? 0 : last);
  default:
    return SIZE_MAX;
  }
}

size_t rk_convolution_history(const recur_convolution *c) {
  return (c->kernel_size - 1) * c->dilation;
}

bool rk_convolution_is_causal(const recur_convolution *c) {
  return c->axis == RECUR_AXIS_STEPS && c->padding == RECUR_PADDING_ZEROS && c->after == 0 &&
         c->before == rk_convolution_history(c);
}

size_t rk_clock_count(const rk_clock *clock, size_t n) {
  const size_t padded = rk_plus(n, clock->padding);
  return n == 0 || padded < clock->span ? 0 : (padded - clock->span) / clock->stride + 1;
}

size_t rk_clock_steps(const recur_model *model, size_t clock, size_t T) {
  const rk_clock *c = &model->clocks[clock];
  return clock == 0 ? T : rk_clock_count(c, rk_clock_steps(model, c->parent, T));
}

size_t rk_value_rows(const recur_model *model, const rk_value *value, size_t T, size_t B) {
  return value->one_row ? B : rk_times(rk_clock_steps(model, value->clock, T), B);
}

/* The least common multiple of all strides. */
static size_t chunk_of(const recur_model *model) {
  size_t most = 1;
  for (size_t k = 1; k < model->clock_count; k++) {
    size_t product = 1;
    for (size_t c = k; c != 0; c = model->clocks[c].parent)
      product = rk_times(product, model->clocks[c].stride);
    size_t a = most, b = product;
    while (b != 0) {
      const size_t rest = a % b;
      a = b;
      b = rest;
    }
    most = rk_times(most / a, product);
  }
  return most;
}

/* Creation */

static bool is_name(const char *name) {
  size_t length = 0;
  for (; name != NULL && length <= LONGEST_NAME && name[length] != 0; length++)
    if (name[length] <= ' ' || name[length] > '~' || name[length] == '"')
      return false;
  return length >= 1 && length <= LONGEST_NAME;
}

/* The number of the node of that name before node k; k if there is none. */
static size_t find(const recur_model *model, const char *name, size_t k) {
  for (size_t i = 0; i < k; i++)
    if (strcmp(model->nodes[i].given.name, name) == 0)
      return i;
  return k;
}

static int check_name(const char *function, const recur_model *model, const recur_node *node,
                      size_t k) {
  if (!is_name(node->name))
    return rk_fail(GSL_EINVAL, function, "nodes",
                   "[%zu] has no valid name, expected 1 to %d printable ASCII characters without "
                   "spaces and quotation marks",
                   k, LONGEST_NAME);
  if (find(model, node->name, k) != k)
    return rk_node_fail(GSL_EINVAL, function, node, k, "has the name of an earlier node");
  return GSL_SUCCESS;
}

/* Replaces the names of the sources by numbers. */
static int resolve(const char *function, recur_model *model, size_t k) {
  rk_node *node = &model->nodes[k];
  for (size_t i = 0; i < RECUR_NODE_SOURCES; i++) {
    const char *name = node->given.from[i];
    if (name == NULL)
      continue;
    if (i != node->sources)
      return rk_node_fail(GSL_EINVAL, function, &node->given, k, "has a NULL before from[%zu]", i);
    const size_t from = is_name(name) ? find(model, name, k) : k;
    if (from == k)
      return rk_node_fail(GSL_EINVAL, function, &node->given, k,
                          "reads \"%.40s\", which is no earlier node", is_name(name) ? name : "");
    model->nodes[from].readers++;
    node->given.from[i] = model->nodes[from].given.name;
    node->from[node->sources++] = from;
  }
  return GSL_SUCCESS;
}

/* Numbers the inputs and outputs, and places the parameters. */
static int place(const char *function, recur_model *model, size_t k) {
  rk_node *node = &model->nodes[k];
  size_t bytes;
  if (node->given.kind == RECUR_NODE_FEATURES)
    node->number = model->features++;
  if (node->given.kind == RECUR_NODE_TOKENS)
    node->number = model->tokens++;
  if (node->given.output)
    node->output = model->outputs++;
  if (node->given.kind == RECUR_NODE_NETWORK) {
    node->number = model->networks++;
    model->draws_masks = model->draws_masks || rk_draws_masks(&node->given.network);
  }
  const recur_convolution *v = &node->given.convolution;
  model->reflects_steps =
      model->reflects_steps || (node->given.kind == RECUR_NODE_CONVOLUTION &&
                                v->axis == RECUR_AXIS_STEPS && v->padding == RECUR_PADDING_REFLECT);
  node->first_parameter = model->parameters;
  rk_node_count_parameters(model, node, &node->slices, &node->parameters);
  model->slices += node->slices;
  model->parameters = rk_plus(model->parameters, node->parameters);
  node->first_copied = model->copied;
  if (node->given.kind != RECUR_NODE_NETWORK)
    model->copied += node->parameters;
  return rk_check_bytes(function, "nodes", model->parameters, sizeof(double), &bytes);
}

static int check_readers(const char *function, const recur_model *model) {
  for (size_t k = 0; k < model->count; k++) {
    const rk_node *node = &model->nodes[k];
    if (node->readers == 0 && !node->given.output)
      return rk_node_fail(GSL_EINVAL, function, &node->given, k,
                          "is read by no node, and is no output");
  }
  return GSL_SUCCESS;
}

static int fill(const char *function, recur_model *model, const recur_node *nodes, char *names) {
  for (size_t k = 0; k < model->count; k++) {
    RK_TRY(check_name(function, model, &nodes[k], k));
    const size_t length = strlen(nodes[k].name) + 1;
    model->nodes[k] = (rk_node){.given = nodes[k]};
    model->nodes[k].given.name = memcpy(names, nodes[k].name, length);
    names += length;
    RK_TRY(resolve(function, model, k));
    RK_TRY(rk_node_check(function, model, k));
    RK_TRY(place(function, model, k));
  }
  model->chunk = chunk_of(model);
  return check_readers(function, model);
}

/* Lays out the arrays in memory, and returns the total bytes. */
static size_t lay_out(recur_model *model, size_t count, char *memory) {
  size_t used = rk_filled(sizeof *model, 1);
  *model = (recur_model){.count = count, .clock_count = 1};
  model->nodes = rk_take(memory, &used, count, sizeof *model->nodes);
  model->clocks = rk_take(memory, &used, count + 1, sizeof *model->clocks);
  model->names = rk_take(memory, &used, count, LONGEST_NAME + 1);
  return used;
}

recur_model *recur_model_alloc(const recur_node *nodes, size_t count) {
  if (nodes == NULL) {
    rk_fail(GSL_EFAULT, __func__, "nodes", "is NULL");
    return NULL;
  }
  if (count == 0 || count > RECUR_MODEL_NODES) {
    rk_fail(GSL_EINVAL, __func__, "count", "is %zu, expected 1 to %d", count, RECUR_MODEL_NODES);
    return NULL;
  }
  recur_model layout;
  const size_t bytes = lay_out(&layout, count, NULL);
  recur_model *model = aligned_alloc(RK_ROW_BYTES, bytes);
  if (model == NULL) {
    rk_fail(GSL_ENOMEM, __func__, "nodes", "need %zu bytes, which cannot be allocated", bytes);
    return NULL;
  }
  lay_out(model, count, (char *)model);
  model->clocks[0] = (rk_clock){0};
  if (fill(__func__, model, nodes, model->names) != GSL_SUCCESS) {
    free(model);
    return NULL;
  }
  return model;
}

void recur_model_free(recur_model *model) {
  free(model);
}

/* Descriptions */

size_t recur_model_node_count(const recur_model *model) {
  return model == NULL ? 0 : model->count;
}

const recur_node *recur_model_node(const recur_model *model, size_t k) {
  return k < recur_model_node_count(model) ? &model->nodes[k].given : NULL;
}

static int check_number(const char *function, const char *argument, size_t k, size_t count) {
  if (k >= count)
    return rk_fail(GSL_EINVAL, function, argument, "is %zu, expected less than %zu", k, count);
  return GSL_SUCCESS;
}

int recur_model_value_shape(const recur_model *model, size_t node, size_t steps, size_t batch_size,
                            recur_model_shape *shape) {
  RK_REQUIRE(model);
  RK_REQUIRE(shape);
  RK_TRY(check_number(__func__, "node", node, model->count));
  RK_TRY(rk_check_size(__func__, "steps", steps, 0));
  RK_TRY(rk_check_size(__func__, "batch_size", batch_size, 0));
  const rk_value *value = &model->nodes[node].value;
  const size_t rows = rk_value_rows(model, value, steps, batch_size);
  RK_TRY(rk_check_size(__func__, "steps * batch_size", rows, 0));
  *shape = (recur_model_shape){rows, rk_value_columns(value), value->positions, value->channels};
  return GSL_SUCCESS;
}

int recur_model_parameters_count(const recur_model *model, size_t *slices, size_t *count) {
  RK_REQUIRE(model);
  RK_REQUIRE(slices);
  RK_REQUIRE(count);
  *slices = model->slices;
  *count = model->parameters;
  return GSL_SUCCESS;
}

int recur_model_parameters_slice(const recur_model *model, size_t k, recur_model_slice *slice) {
  RK_REQUIRE(model);
  RK_REQUIRE(slice);
  RK_TRY(check_number(__func__, "k", k, model->slices));
  const rk_node *node = model->nodes;
  size_t within = k;
  while (within >= node->slices)
    within -= node++->slices;
  rk_node_parameter(model, node, within, slice);
  slice->offset += node->first_parameter;
  return GSL_SUCCESS;
}

/* The state */

const char *rk_node_state_part(const recur_model *model, const rk_node *node, size_t k, size_t B,
                               size_t *rows, size_t *columns) {
  if (node->given.kind == RECUR_NODE_NETWORK) {
    const rk_sizes s = rk_sizes_of(&node->given.network);
    if (k > (s.cell_state ? 1 : 0))
      return NULL;
    *rows = rk_times(rk_times(s.L, s.D), B);
    *columns = k == 0 ? s.P : s.H;
    return k == 0 ? "h" : "c";
  }
  const recur_convolution *v = &node->given.convolution;
  if (node->given.kind != RECUR_NODE_CONVOLUTION || k > 0 || !rk_convolution_is_causal(v) ||
      rk_convolution_history(v) == 0)
    return NULL;
  *rows = rk_times(rk_convolution_history(v), B);
  *columns = rk_node_source(model, node, 0)->value.channels;
  return "inputs";
}

size_t rk_node_state_count(const recur_model *model, const rk_node *node, size_t B) {
  size_t count = 0, rows, columns;
  for (size_t k = 0; rk_node_state_part(model, node, k, B, &rows, &columns) != NULL; k++)
    count = rk_plus(count, rk_times(rows, columns));
  return count;
}

/* Finds slice k of the state, or counts all if slice is NULL. */
static void walk_state(const recur_model *model, size_t B, size_t k, recur_model_slice *slice,
                       size_t *slices, size_t *count) {
  *slices = *count = 0;
  for (size_t n = 0; n < model->count; n++) {
    const rk_node *node = &model->nodes[n];
    const char *name;
    size_t rows, columns;
    for (size_t i = 0; (name = rk_node_state_part(model, node, i, B, &rows, &columns)) != NULL;
         i++) {
      if (slice != NULL && *slices == k) {
        *slice = (recur_model_slice){.rows = rows, .columns = columns, .offset = *count};
        snprintf(slice->name, sizeof slice->name, "%s.%s", node->given.name, name);
      }
      *count = rk_plus(*count, rk_times(rows, columns));
      *slices += 1;
    }
  }
}

static int check_state(const char *function, const recur_model *model, size_t B, size_t k,
                       recur_model_slice *slice, size_t *slices, size_t *count) {
  size_t bytes;
  RK_TRY(rk_check_size(function, "batch_size", B, 0));
  walk_state(model, B, k, slice, slices, count);
  return rk_check_bytes(function, "batch_size", *count, sizeof(double), &bytes);
}

int recur_model_state_count(const recur_model *model, size_t batch_size, size_t *slices,
                            size_t *count) {
  size_t parts, elements;
  RK_REQUIRE(model);
  RK_REQUIRE(slices);
  RK_REQUIRE(count);
  RK_TRY(check_state(__func__, model, batch_size, 0, NULL, &parts, &elements));
  *slices = parts;
  *count = elements;
  return GSL_SUCCESS;
}

int recur_model_state_slice(const recur_model *model, size_t batch_size, size_t k,
                            recur_model_slice *slice) {
  recur_model_slice found;
  size_t slices, count;
  RK_REQUIRE(model);
  RK_REQUIRE(slice);
  RK_TRY(check_state(__func__, model, batch_size, k, &found, &slices, &count));
  RK_TRY(check_number(__func__, "k", k, slices));
  *slice = found;
  return GSL_SUCCESS;
}

/* Why a node needs whole sequences, or NULL. */
static const char *needs_whole(const recur_node *node) {
  switch (node->kind) {
  case RECUR_NODE_NETWORK:
    return node->network.directions == 2 ? "has a reverse direction" : NULL;
  case RECUR_NODE_CONVOLUTION:
    return node->convolution.axis == RECUR_AXIS_POSITIONS ||
                   rk_convolution_is_causal(&node->convolution)
               ? NULL
               : "is not causal";
  case RECUR_NODE_FIRST_STEP:
    return "is the first step";
  case RECUR_NODE_MEAN:
    return "is a mean over steps";
  case RECUR_NODE_MAXIMUM:
    return "is a maximum over steps";
  default:
    return NULL;
  }
}

int recur_model_check_stream(const recur_model *model, size_t *steps) {
  RK_REQUIRE(model);
  RK_REQUIRE(steps);
  for (size_t k = 0; k < model->count; k++) {
    const recur_node *node = &model->nodes[k].given;
    const char *reason = needs_whole(node);
    if (reason != NULL)
      return rk_fail(GSL_EUNIMPL, __func__, "model",
                     "needs whole sequences, because node %zu (\"%.80s\") %s", k, node->name,
                     reason);
  }
  *steps = model->chunk;
  return GSL_SUCCESS;
}
