/* The kinds of nodes: see kinds.h. recur/node.h has the meaning of each.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/kinds.h"

#include "base/check.h"
#include "configuration/activations.h"
#include "configuration/options.h"
#include "configuration/sizes.h"
#include "weights/parameters.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The fields of recur_node that a kind uses. */
enum {
  SIZE = 1,
  FIRST = 2,
  BIAS = 4,
  SHARED = 8,
  EPSILON = 16,
  NETWORK = 32,
  CONVOLUTION = 64,
  ACTIVATION = 128
};

/* A node being checked, and the values of its sources. */
typedef struct {
  const char *function;
  recur_model *model;
  size_t k;
  rk_node *node;
  const rk_value *from[RECUR_NODE_SOURCES];
} check;

typedef struct {
  const char *name;
  size_t least, most; /* sources */
  unsigned fields;
  int (*shape)(check *c, rk_value *value);
} kind;

int rk_node_fail(int status, const char *function, const recur_node *node, size_t k,
                 const char *format, ...) {
  char reason[160];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(reason, sizeof reason, format, arguments);
  va_end(arguments);
  const char *name = node->name == NULL ? "" : node->name;
  return rk_fail(status, function, "nodes", "[%zu] (\"%.80s\") %s", k, name, reason);
}

#define FAIL(c, ...) rk_node_fail(GSL_EINVAL, (c)->function, &(c)->node->given, (c)->k, __VA_ARGS__)

/* Sizes are checked like those of networks: a product of two cannot overflow. */
static int check_size(const check *c, const char *name, size_t size, size_t minimum) {
  if (size < minimum || size > INT_MAX)
    return FAIL(c, "has %s %zu, expected %zu to %d", name, size, minimum, INT_MAX);
  return GSL_SUCCESS;
}

static int set_shape(const check *c, rk_value *value, size_t positions, size_t channels) {
  RK_TRY(check_size(c, "channels", channels, 1));
  RK_TRY(check_size(c, "columns", rk_times(positions, channels), 1));
  value->positions = positions;
  value->channels = channels;
  return GSL_SUCCESS;
}

/* The value is like that of the first source, in steps and positions. */
static int set_channels(const check *c, rk_value *value, size_t channels) {
  *value = *c->from[0];
  return set_shape(c, value, value->positions, channels);
}

static int shape_features(check *c, rk_value *value) {
  *value = (rk_value){0};
  RK_TRY(check_size(c, "size", c->node->given.size, 1));
  return set_shape(c, value, 1, c->node->given.size);
}

static int shape_tokens(check *c, rk_value *value) {
  RK_TRY(check_size(c, "size", c->node->given.size, 1));
  *value = (rk_value){.positions = 1, .channels = 1, .vocabulary = c->node->given.size};
  return GSL_SUCCESS;
}

static int shape_embedding(check *c, rk_value *value) {
  *value = *c->from[0];
  value->vocabulary = 0;
  RK_TRY(check_size(c, "size", c->node->given.size, 1));
  return set_shape(c, value, 1, c->node->given.size);
}

/* Adds the node to the error of one of its options. */
static int within_node(const check *c, int status) {
  char reason[sizeof recur_last_error()->message];
  if (status == GSL_SUCCESS)
    return status;
  /* The message begins with the function. */
  snprintf(reason, sizeof reason, "%s", strstr(recur_last_error()->message, ": ") + 2);
  return rk_fail(status, c->function, "nodes", "[%zu] (\"%.80s\"): %.120s", c->k,
                 c->node->given.name, reason);
}

static int shape_network(check *c, rk_value *value) {
  recur_network *network = &c->node->given.network;
  const size_t columns = rk_value_columns(c->from[0]);
  if (network->input_size == 0)
    network->input_size = columns;
  RK_TRY(within_node(c, rk_check_parameters(c->function, network, sizeof(double))));
  if (c->from[0]->one_row)
    return FAIL(c, "reads one row for each sequence, expected steps");
  if (network->input_size != columns)
    return FAIL(c, "has input size %zu, expected %zu, the columns of its source",
                network->input_size, columns);
  const rk_sizes s = rk_sizes_of(network);
  RK_TRY(set_channels(c, value, s.D * s.P));
  value->positions = 1;
  return GSL_SUCCESS;
}

static int shape_dense(check *c, rk_value *value) {
  *value = *c->from[0];
  RK_TRY(check_size(c, "size", c->node->given.size, 1));
  return set_shape(c, value, 1, c->node->given.size);
}

/* A clock for the steps of a convolution: an earlier one if it is the same. */
static size_t clock_of(recur_model *model, size_t parent, const recur_convolution *v) {
  const rk_clock clock = {.parent = parent,
                          .depth = model->clocks[parent].depth + 1,
                          .padding = v->before + v->after,
                          .span = (v->kernel_size - 1) * v->dilation + 1,
                          .stride = v->stride};
  if (clock.stride == 1 && clock.padding + 1 == clock.span)
    return parent;
  for (size_t k = 1; k < model->clock_count; k++) {
    const rk_clock *o = &model->clocks[k];
    if (o->parent == parent && o->padding == clock.padding && o->span == clock.span &&
        o->stride == clock.stride)
      return k;
  }
  model->clocks[model->clock_count] = clock;
  return model->clock_count++;
}

static int check_convolution(const check *c, const recur_convolution *v) {
  RK_TRY(check_size(c, "output_size", v->output_size, 1));
  RK_TRY(check_size(c, "kernel_size", v->kernel_size, 1));
  RK_TRY(check_size(c, "stride", v->stride, 1));
  RK_TRY(check_size(c, "dilation", v->dilation, 1));
  RK_TRY(check_size(c, "groups", v->groups, 1));
  RK_TRY(check_size(c, "before", v->before, 0));
  RK_TRY(check_size(c, "after", v->after, 0));
  RK_TRY(check_size(c, "dilation * kernel_size", rk_times(v->dilation, v->kernel_size), 1));
  if (v->axis != RECUR_AXIS_STEPS && v->axis != RECUR_AXIS_POSITIONS)
    return FAIL(c, "has axis %d, expected a recur_axis", (int)v->axis);
  if (v->padding != RECUR_PADDING_ZEROS && v->padding != RECUR_PADDING_REFLECT &&
      v->padding != RECUR_PADDING_REPLICATE)
    return FAIL(c, "has padding %d, expected a recur_padding", (int)v->padding);
  const size_t channels = c->from[0]->channels;
  if (channels % v->groups != 0 || v->output_size % v->groups != 0)
    return FAIL(c, "has %zu groups, expected a divisor of %zu and %zu channels", v->groups,
                channels, v->output_size);
  return check_size(c, "terms", rk_times(channels / v->groups, v->kernel_size), 1);
}

static int shape_convolution(check *c, rk_value *value) {
  const recur_convolution *v = &c->node->given.convolution;
  const rk_value *x = c->from[0];
  RK_TRY(check_convolution(c, v));
  *value = *x;
  if (v->axis == RECUR_AXIS_STEPS) {
    if (x->one_row || x->positions != 1)
      return FAIL(c, "is over steps, but its source has %s",
                  x->one_row ? "one row for each sequence" : "several positions");
    value->clock = clock_of(c->model, x->clock, v);
    if (c->model->clocks[value->clock].depth > RECUR_MODEL_STRIDES)
      return FAIL(c, "changes the number of steps, which already changed %d times",
                  RECUR_MODEL_STRIDES);
    return set_shape(c, value, 1, v->output_size);
  }
  const size_t padding = v->before > v->after ? v->before : v->after;
  if (v->padding == RECUR_PADDING_REFLECT && padding >= x->positions)
    return FAIL(c, "reflects %zu positions, expected fewer than the %zu of its source", padding,
                x->positions);
  const size_t positions = rk_convolution_count(v, x->positions);
  if (positions == 0)
    return FAIL(c, "is longer than the %zu positions of its source", x->positions);
  return set_shape(c, value, positions, v->output_size);
}

static int shape_like_source(check *c, rk_value *value) {
  *value = *c->from[0];
  return GSL_SUCCESS;
}

static int shape_activation(check *c, rk_value *value) {
  const recur_activation *phi = &c->node->given.activation;
  RK_TRY(within_node(c, rk_check_activation(c->function, "activation", phi)));
  return shape_like_source(c, value);
}

static int shape_layer_normalization(check *c, rk_value *value) {
  const double epsilon = c->node->given.epsilon;
  if (!(epsilon >= FLT_MIN) || isinf(epsilon))
    return FAIL(c, "has epsilon %g, expected a finite value of at least %g", epsilon, FLT_MIN);
  return shape_like_source(c, value);
}

/* All sources must agree in steps and positions. */
static int check_rows(const check *c, bool channels) {
  const rk_value *one = c->from[0];
  for (size_t k = 1; k < c->node->sources; k++) {
    const rk_value *other = c->from[k];
    if (one->one_row != other->one_row || one->clock != other->clock ||
        one->positions != other->positions || (channels && one->channels != other->channels))
      return FAIL(c, "reads \"%.40s\" and \"%.40s\", whose shapes differ", c->node->given.from[0],
                  c->node->given.from[k]);
  }
  return GSL_SUCCESS;
}

static int shape_elementwise(check *c, rk_value *value) {
  RK_TRY(check_rows(c, true));
  return shape_like_source(c, value);
}

static int shape_concatenate(check *c, rk_value *value) {
  RK_TRY(check_rows(c, false));
  size_t channels = 0;
  for (size_t k = 0; k < c->node->sources; k++)
    channels = rk_plus(channels, c->from[k]->channels);
  return set_channels(c, value, channels);
}

static int shape_slice(check *c, rk_value *value) {
  const recur_node *n = &c->node->given;
  if (n->size == 0 || n->first > c->from[0]->channels || n->size > c->from[0]->channels - n->first)
    return FAIL(c, "has %zu channels from %zu on, expected some of the %zu of its source", n->size,
                n->first, c->from[0]->channels);
  return set_channels(c, value, n->size);
}

static int shape_reshape(check *c, rk_value *value) {
  const size_t columns = rk_value_columns(c->from[0]), positions = c->node->given.size;
  if (positions == 0 || columns % positions != 0)
    return FAIL(c, "has %zu positions, expected a divisor of the %zu columns of its source",
                positions, columns);
  *value = *c->from[0];
  return set_shape(c, value, positions, columns / positions);
}

static int shape_magnitude(check *c, rk_value *value) {
  const size_t channels = c->from[0]->channels;
  if (channels % 2 != 0)
    return FAIL(c, "reads %zu channels, expected an even number", channels);
  return set_channels(c, value, channels / 2);
}

static int shape_reduction(check *c, rk_value *value) {
  if (c->from[0]->one_row)
    return FAIL(c, "reads one row for each sequence, expected steps");
  *value = *c->from[0];
  value->one_row = true;
  return GSL_SUCCESS;
}

static const kind kinds[RECUR_NODE_KINDS] = {
    [RECUR_NODE_FEATURES] = {"FEATURES", 0, 0, SIZE, shape_features},
    [RECUR_NODE_TOKENS] = {"TOKENS", 0, 0, SIZE, shape_tokens},
    [RECUR_NODE_EMBEDDING] = {"EMBEDDING", 1, 1, SIZE, shape_embedding},
    [RECUR_NODE_NETWORK] = {"NETWORK", 1, 1, NETWORK, shape_network},
    [RECUR_NODE_DENSE] = {"DENSE", 1, 1, SIZE | BIAS, shape_dense},
    [RECUR_NODE_CONVOLUTION] = {"CONVOLUTION", 1, 1, CONVOLUTION | BIAS, shape_convolution},
    [RECUR_NODE_ACTIVATION] = {"ACTIVATION", 1, 1, ACTIVATION, shape_activation},
    [RECUR_NODE_PRELU] = {"PRELU", 1, 1, SHARED, shape_like_source},
    [RECUR_NODE_LAYER_NORMALIZATION] = {"LAYER_NORMALIZATION", 1, 1, EPSILON,
                                        shape_layer_normalization},
    [RECUR_NODE_SCALE] = {"SCALE", 1, 1, 0, shape_like_source},
    [RECUR_NODE_ADD] = {"ADD", 2, RECUR_NODE_SOURCES, 0, shape_elementwise},
    [RECUR_NODE_MULTIPLY] = {"MULTIPLY", 2, RECUR_NODE_SOURCES, 0, shape_elementwise},
    [RECUR_NODE_CONCATENATE] = {"CONCATENATE", 2, RECUR_NODE_SOURCES, 0, shape_concatenate},
    [RECUR_NODE_SLICE] = {"SLICE", 1, 1, SIZE | FIRST, shape_slice},
    [RECUR_NODE_RESHAPE] = {"RESHAPE", 1, 1, SIZE, shape_reshape},
    [RECUR_NODE_SOFTMAX] = {"SOFTMAX", 1, 1, 0, shape_like_source},
    [RECUR_NODE_MAGNITUDE] = {"MAGNITUDE", 1, 1, 0, shape_magnitude},
    [RECUR_NODE_FIRST_STEP] = {"FIRST_STEP", 1, 1, 0, shape_reduction},
    [RECUR_NODE_LAST_STEP] = {"LAST_STEP", 1, 1, 0, shape_reduction},
    [RECUR_NODE_MEAN] = {"MEAN", 1, 1, 0, shape_reduction},
    [RECUR_NODE_MAXIMUM] = {"MAXIMUM", 1, 1, 0, shape_reduction},
};

/* Whether a number is 0 in every floating-point environment. */
static bool is_zero(double number) {
  return number == 0 && !rk_is_subnormal(number);
}

static bool is_unset_network(const recur_network *network) {
  static const recur_network unset;
  return rk_same_network(network, &unset);
}

static bool is_unset_convolution(const recur_convolution *v) {
  return v->axis == 0 && v->output_size == 0 && v->kernel_size == 0 && v->stride == 0 &&
         v->dilation == 0 && v->groups == 0 && v->before == 0 && v->after == 0 && v->padding == 0;
}

static bool is_unset_activation(const recur_activation *phi) {
  return phi->kind == 0 && is_zero(phi->alpha) && is_zero(phi->beta);
}

/* The first field that is set although the kind does not use it, or NULL. */
static const char *unused_field(const recur_node *n, unsigned fields) {
  const struct {
    unsigned field;
    const char *name;
    bool unset;
  } all[] = {
      {SIZE, "size", n->size == 0},
      {FIRST, "first", n->first == 0},
      {BIAS, "bias", !n->bias},
      {SHARED, "shared", !n->shared},
      {EPSILON, "epsilon", is_zero(n->epsilon)},
      {NETWORK, "network", is_unset_network(&n->network)},
      {CONVOLUTION, "convolution", is_unset_convolution(&n->convolution)},
      {ACTIVATION, "activation", is_unset_activation(&n->activation)},
  };
  for (size_t k = 0; k < sizeof all / sizeof *all; k++)
    if (!all[k].unset && !(fields & all[k].field))
      return all[k].name;
  return NULL;
}

int rk_node_check(const char *function, recur_model *model, size_t k) {
  check c = {.function = function, .model = model, .k = k, .node = &model->nodes[k]};
  const recur_node *given = &c.node->given;
  if ((unsigned)given->kind >= RECUR_NODE_KINDS)
    return FAIL(&c, "has kind %d, expected a recur_node_kind", (int)given->kind);
  const kind *own = &kinds[given->kind];
  if (c.node->sources < own->least || c.node->sources > own->most)
    return FAIL(&c, "reads %zu values, expected %zu to %zu for %s", c.node->sources, own->least,
                own->most, own->name);
  const char *unused = unused_field(given, own->fields);
  if (unused != NULL)
    return FAIL(&c, "has %s, but %s has no such option", unused, own->name);
  for (size_t i = 0; i < c.node->sources; i++) {
    c.from[i] = &model->nodes[c.node->from[i]].value;
    if ((c.from[i]->vocabulary != 0) != (given->kind == RECUR_NODE_EMBEDDING))
      return FAIL(&c, "reads %s, but %s reads %s",
                  c.from[i]->vocabulary != 0 ? "tokens" : "features", own->name,
                  given->kind == RECUR_NODE_EMBEDDING ? "tokens" : "features");
  }
  if (given->output && given->kind == RECUR_NODE_TOKENS)
    return FAIL(&c, "has tokens, which cannot be an output");
  return own->shape(&c, &c.node->value);
}

/* Parameters */

typedef struct {
  const char *name;
  size_t rows, columns;
} part;

static part parameter_part(const recur_model *model, const rk_node *node, size_t k) {
  const recur_node *n = &node->given;
  const recur_convolution *v = &n->convolution;
  /* An input has no source, and no parameters. */
  const rk_value *x = node->sources == 0 ? &node->value : &rk_node_source(model, node, 0)->value;
  const part none = {0};
  const size_t C = x->channels;
  switch (n->kind) {
  case RECUR_NODE_EMBEDDING:
    return k == 0 ? (part){"weight", x->vocabulary, n->size} : none;
  case RECUR_NODE_DENSE:
    return k == 0              ? (part){"weight", n->size, rk_value_columns(x)}
           : k == 1 && n->bias ? (part){"bias", n->size, 1}
                               : none;
  case RECUR_NODE_CONVOLUTION:
    return k == 0              ? (part){"weight", v->output_size, C / v->groups * v->kernel_size}
           : k == 1 && n->bias ? (part){"bias", v->output_size, 1}
                               : none;
  case RECUR_NODE_PRELU:
    return k == 0 ? (part){"weight", n->shared ? 1 : C, 1} : none;
  case RECUR_NODE_LAYER_NORMALIZATION:
  case RECUR_NODE_SCALE:
    return k < 2 ? (part){k == 0 ? "weight" : "bias", C, 1} : none;
  default:
    return none;
  }
}

static recur_model_slice slice_of(const rk_node *node, const char *name, size_t rows,
                                  size_t columns, size_t offset) {
  recur_model_slice slice = {.rows = rows, .columns = columns, .offset = offset};
  snprintf(slice.name, sizeof slice.name, "%s.%s", node->given.name, name);
  return slice;
}

/* A network has been checked, so its slices can be counted and described. There may be billions of
   them, which are not listed one by one. */
void rk_node_count_parameters(const recur_model *model, const rk_node *node, size_t *parts,
                              size_t *elements) {
  *parts = *elements = 0;
  if (node->given.kind == RECUR_NODE_NETWORK) {
    (void)!recur_parameters_count(&node->given.network, RECUR_LAYOUT_PYTORCH, parts, elements);
    return;
  }
  for (part p; (p = parameter_part(model, node, *parts)).name != NULL; *parts += 1)
    *elements = rk_plus(*elements, rk_times(p.rows, p.columns));
}

void rk_node_parameter(const recur_model *model, const rk_node *node, size_t k,
                       recur_model_slice *slice) {
  if (node->given.kind == RECUR_NODE_NETWORK) {
    recur_parameter_slice own;
    (void)!recur_parameters_slice(&node->given.network, RECUR_LAYOUT_PYTORCH, k, &own);
    *slice = slice_of(node, own.name, own.rows, own.columns, own.offset);
    return;
  }
  size_t offset = 0;
  for (size_t before = 0; before < k; before++) {
    const part p = parameter_part(model, node, before);
    offset += p.rows * p.columns;
  }
  const part p = parameter_part(model, node, k);
  *slice = slice_of(node, p.name, p.rows, p.columns, offset);
}
