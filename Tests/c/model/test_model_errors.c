/* recur/model.h: refused nodes, descriptions and passes.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/refusal.h"

#include <recur/gru.h>
#include <recur/lstm.h>

/* Nodes */

enum { MOST_NODES = 4 };

typedef struct {
  const char *reason; /* a part of the message */
  recur_node nodes[MOST_NODES];
} refusal;

#define X(size_)                                                                                   \
  { .name = "x", .kind = RECUR_NODE_FEATURES, .size = (size_) }
#define Y(...)                                                                                     \
  { .name = "y", .from = {"x"}, .output = true, .kind = RECUR_NODE_##__VA_ARGS__ }
#define PART(...)                                                                                  \
  { .name = "p", .from = {"x"}, .kind = RECUR_NODE_##__VA_ARGS__ }
#define ROW PART(LAST_STEP)
#define STEPS(...) Y(CONVOLUTION, .convolution = {RECUR_AXIS_STEPS, __VA_ARGS__})
#define POSITIONS(...) Y(CONVOLUTION, .convolution = {RECUR_AXIS_POSITIONS, __VA_ARGS__})
#define ZEROS RECUR_PADDING_ZEROS
#define LONG "a23456789b23456789c23456789d23456789e23456789f23456789g23456789h23456789"

static const refusal refusals[] = {
    {"has no valid name", {{.kind = RECUR_NODE_FEATURES, .size = 1}}},
    {"has no valid name", {{.name = "", .kind = RECUR_NODE_FEATURES, .size = 1}}},
    {"has no valid name", {{.name = "a b", .kind = RECUR_NODE_FEATURES, .size = 1}}},
    {"has no valid name", {{.name = "a\x7f", .kind = RECUR_NODE_FEATURES, .size = 1}}},
    {"has no valid name", {{.name = "a\"", .kind = RECUR_NODE_FEATURES, .size = 1}}},
    {"has no valid name", {{.name = LONG "12345678", .kind = RECUR_NODE_FEATURES, .size = 1}}},
    {"has the name of an earlier node", {X(1), X(2)}},
    {"has kind 21", {{.name = "x", .kind = RECUR_NODE_KINDS}}},
    {"has kind -1", {{.name = "x", .kind = (recur_node_kind)-1}}},
    {"reads \"z\", which is no earlier node",
     {X(1), {.name = "y", .from = {"z"}, .kind = RECUR_NODE_SCALE}}},
    {"reads \"y\", which is no earlier node",
     {X(1), {.name = "y", .from = {"y"}, .kind = RECUR_NODE_SCALE}}},
    {"reads \"\", which is no earlier node",
     {X(1), {.name = "y", .from = {"\n"}, .kind = RECUR_NODE_SCALE}}},
    {"has a NULL before from[1]",
     {X(1), {.name = "y", .from = {NULL, "x"}, .kind = RECUR_NODE_SCALE}}},
    {"reads 1 values, expected 0 to 0", {X(1), Y(FEATURES, .size = 1)}},
    {"reads 0 values, expected 1 to 1", {X(1), {.name = "y", .kind = RECUR_NODE_SCALE}}},
    {"reads 1 values, expected 2 to 8", {X(1), Y(ADD)}},
    {"is read by no node", {X(1), Y(SCALE), PART(SCALE)}},
    {"has size, but SCALE has no such option", {X(1), Y(SCALE, .size = 1)}},
    {"has first, but", {X(1), Y(SCALE, .first = 1)}},
    {"has bias, but", {X(1), Y(SCALE, .bias = true)}},
    {"has shared, but", {X(1), Y(SCALE, .shared = true)}},
    {"has epsilon, but", {X(1), Y(SCALE, .epsilon = 1e-5)}},
    {"has network, but", {X(1), Y(SCALE, .network = {.input_size = 1})}},
    {"has network, but", {X(1), Y(SCALE, .network = {.hidden_size = 1})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.output_size = 1})}},
    {"has network, but", {X(1), Y(SCALE, .network = {.layers = 1})}},
    {"has network, but", {X(1), Y(SCALE, .network = {.zoneout = 0.5})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.axis = RECUR_AXIS_POSITIONS})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.stride = 1})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.dilation = 1})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.groups = 1})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.before = 1})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.after = 1})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.padding = RECUR_PADDING_REFLECT})}},
    {"has convolution, but", {X(1), Y(SCALE, .convolution = {.kernel_size = 1})}},
    {"has activation, but", {X(1), Y(SCALE, .activation = {.kind = RECUR_ACTIVATION_RELU})}},
    {"has activation, but", {X(1), Y(SCALE, .activation = {.alpha = 1})}},
    {"has activation, but", {X(1), Y(SCALE, .activation = {.beta = 1})}},
    {"has size 0", {X(0)}},
    {"has size 0", {{.name = "x", .kind = RECUR_NODE_TOKENS}}},
    {"reads tokens, but SCALE reads features",
     {{.name = "x", .kind = RECUR_NODE_TOKENS, .size = 3}, Y(SCALE)}},
    {"reads features, but EMBEDDING reads tokens", {X(1), Y(EMBEDDING, .size = 1)}},
    {"cannot be an output", {{.name = "x", .kind = RECUR_NODE_TOKENS, .size = 3, .output = true}}},
    {"has size 0", {{.name = "x", .kind = RECUR_NODE_TOKENS, .size = 3}, Y(EMBEDDING, .size = 0)}},
    {"has size 0", {X(1), Y(DENSE)}},
    {"has size 3000000000", {X(2147483647), Y(DENSE, .size = 3000000000)}},
    {"has columns",
     {X(65536),
      PART(RESHAPE, .size = 65536),
      {.name = "y",
       .from = {"p"},
       .kind = RECUR_NODE_CONVOLUTION,
       .output = true,
       .convolution = {RECUR_AXIS_POSITIONS, 65536, 1, 1, 1, 1, 0, 0, ZEROS}}}},
    {"has epsilon 0", {X(1), Y(LAYER_NORMALIZATION)}},
    {"has epsilon inf", {X(1), Y(LAYER_NORMALIZATION, .epsilon = HUGE_VAL)}},
    {"[1] (\"y\"): activation has alpha 2", {X(1), Y(ACTIVATION, .activation = {.alpha = 2})}},
    {"whose shapes differ",
     {X(2),
      PART(SLICE, .size = 1),
      {.name = "y", .from = {"x", "p"}, .kind = RECUR_NODE_ADD, .output = true}}},
    {"whose shapes differ",
     {X(2), ROW, {.name = "y", .from = {"x", "p"}, .kind = RECUR_NODE_MULTIPLY, .output = true}}},
    {"whose shapes differ",
     {X(2),
      PART(RESHAPE, .size = 2),
      {.name = "y", .from = {"x", "p"}, .kind = RECUR_NODE_CONCATENATE, .output = true}}},
    {"whose shapes differ",
     {X(2),
      PART(CONVOLUTION, .convolution = {RECUR_AXIS_STEPS, 2, 2, 1, 1, 1, 0, 0, ZEROS}),
      {.name = "y", .from = {"x", "p"}, .kind = RECUR_NODE_ADD, .output = true}}},
    {"has channels",
     {X(1500000000),
      {.name = "y", .from = {"x", "x"}, .kind = RECUR_NODE_CONCATENATE, .output = true}}},
    {"has 0 channels", {X(2), Y(SLICE)}},
    {"has 1 channels from 2 on", {X(2), Y(SLICE, .first = 2, .size = 1)}},
    {"has 1 channels from 3 on", {X(2), Y(SLICE, .first = 3, .size = 1)}},
    {"has 0 positions", {X(2), Y(RESHAPE)}},
    {"has 3 positions", {X(4), Y(RESHAPE, .size = 3)}},
    {"reads 3 channels, expected an even number", {X(3), Y(MAGNITUDE)}},
    {"reads one row for each sequence",
     {X(3), ROW, {.name = "y", .from = {"p"}, .kind = RECUR_NODE_MEAN, .output = true}}},
    {"is over steps, but its source has one row",
     {X(1),
      ROW,
      {.name = "y",
       .from = {"p"},
       .kind = RECUR_NODE_CONVOLUTION,
       .output = true,
       .convolution = {RECUR_AXIS_STEPS, 1, 1, 1, 1, 1, 0, 0, ZEROS}}}},
    {"is over steps, but its source has several positions",
     {X(2),
      PART(RESHAPE, .size = 2),
      {.name = "y",
       .from = {"p"},
       .kind = RECUR_NODE_CONVOLUTION,
       .output = true,
       .convolution = {RECUR_AXIS_STEPS, 1, 1, 1, 1, 1, 0, 0, ZEROS}}}},
    {"has output_size 0", {X(1), STEPS(0, 1, 1, 1, 1, 0, 0, ZEROS), {.bias = true}}},
    {"has kernel_size 0", {X(1), STEPS(1, 0, 1, 1, 1, 0, 0, ZEROS)}},
    {"has stride 0", {X(1), STEPS(1, 1, 0, 1, 1, 0, 0, ZEROS)}},
    {"has dilation 0", {X(1), STEPS(1, 1, 1, 0, 1, 0, 0, ZEROS)}},
    {"has groups 0", {X(1), STEPS(1, 1, 1, 1, 0, 0, 0, ZEROS)}},
    {"has before 4294967295", {X(1), STEPS(1, 1, 1, 1, 1, 4294967295, 0, ZEROS)}},
    {"has after 4294967295", {X(1), STEPS(1, 1, 1, 1, 1, 0, 4294967295, ZEROS)}},
    {"has dilation * kernel_size", {X(1), STEPS(1, 65536, 1, 65536, 1, 0, 0, ZEROS)}},
    {"has axis 2", {X(1), Y(CONVOLUTION, .convolution = {2, 1, 1, 1, 1, 1, 0, 0, ZEROS})}},
    {"has padding 3", {X(1), STEPS(1, 1, 1, 1, 1, 0, 0, 3)}},
    {"has 2 groups", {X(3), STEPS(2, 1, 1, 1, 2, 0, 0, ZEROS)}},
    {"has 2 groups", {X(2), STEPS(3, 1, 1, 1, 2, 0, 0, ZEROS)}},
    {"has terms", {X(65536), STEPS(1, 65536, 1, 1, 1, 0, 0, ZEROS)}},
    {"is longer than the 1 positions", {X(1), POSITIONS(1, 2, 1, 1, 1, 0, 0, ZEROS)}},
    {"reflects 1 positions, expected fewer than the 1",
     {X(1), POSITIONS(1, 2, 1, 1, 1, 1, 0, RECUR_PADDING_REFLECT)}},
    {"reflects 1 positions, expected fewer than the 1",
     {X(1), POSITIONS(1, 2, 1, 1, 1, 0, 1, RECUR_PADDING_REFLECT)}},
};

static size_t count_of(const recur_node *nodes) {
  size_t count = 0;
  while (count < MOST_NODES && (nodes[count].name != NULL || count == 0))
    count++;
  return count;
}

static void refused(const recur_node *nodes, size_t count, const char *reason) {
  recur_model *model = recur_model_alloc(nodes, count);
  check_note("%s", reason);
  CHECK(model == NULL);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  if (!CHECK(strstr(recur_last_error()->message, reason) != NULL))
    fprintf(stderr, "%s\n", recur_last_error()->message);
  recur_model_free(model);
}

static void test_nodes(void) {
  for (size_t k = 0; k < COUNT(refusals); k++)
    refused(refusals[k].nodes, count_of(refusals[k].nodes), refusals[k].reason);
  const recur_node x = X(2);
  refused(&x, 0, "expected 1 to 4096");
  refused(&x, 4097, "expected 1 to 4096");
  CHECK(recur_model_alloc(NULL, 1) == NULL && recur_last_error()->status == GSL_EFAULT);
  recur_node network[] = {X(2), Y(NETWORK, .network = {.layers = 0})};
  network[1].network = recur_lstm(3, 4);
  refused(network, 2, "has input size 3, expected 2, the columns of its source");
  network[1].network = recur_lstm(2, 0);
  refused(network, 2, "[1] (\"y\"): network->hidden_size is 0");
  recur_node row[] = {X(2), ROW, Y(NETWORK, .network = {.layers = 0})};
  row[2].from[0] = "p";
  row[2].network = recur_gru(2, 3);
  refused(row, 3, "reads one row for each sequence, expected steps");
}

/* The parameters of many large nodes do not fit into memory. */
static void test_too_many_parameters(void) {
  enum { COUNT_ = 4096 };
  static recur_node nodes[COUNT_];
  static char names[COUNT_][8];
  nodes[0] = (recur_node)X(2147483647);
  for (size_t k = 1; k < COUNT_; k++) {
    snprintf(names[k], sizeof names[k], "n%zu", k);
    nodes[k] = (recur_node){.name = names[k],
                            .from = {"x"},
                            .kind = RECUR_NODE_DENSE,
                            .size = 2147483647,
                            .output = true};
  }
  refused(nodes, COUNT_, "is too large");
}

/* Convolutions without padding, one after another: each removes a step. */
static void test_many_strides(void) {
  enum { MOST = RECUR_MODEL_STRIDES };
  static recur_node nodes[MOST + 2];
  static char names[MOST + 2][8];
  recur_model_shape shape;
  nodes[0] = (recur_node)X(1);
  for (size_t k = 1; k < MOST + 2; k++) {
    snprintf(names[k], sizeof names[k], "n%zu", k);
    nodes[k] = (recur_node){.name = names[k],
                            .from = {nodes[k - 1].name},
                            .kind = RECUR_NODE_CONVOLUTION,
                            .output = true,
                            .convolution = {RECUR_AXIS_STEPS, 1, 2, 1, 1, 1, 0, 0, ZEROS}};
  }
  recur_model *model = recur_model_alloc(nodes, MOST + 1);
  CHECK(model != NULL);
  CHECK(recur_model_value_shape(model, MOST, MOST + 5, 1, &shape) == GSL_SUCCESS);
  CHECK(shape.rows == 5);
  recur_model_free(model);
  refused(nodes, MOST + 2, "changes the number of steps, which already changed 64 times");
}

/* Descriptions */

/* A model of billions of slices takes no longer to describe than a small one. */
static void test_many_slices(void) {
  const size_t layers = 2147483647;
  recur_node nodes[] = {X(1), PART(DENSE, .size = 1), Y(NETWORK, .network = {.layers = 0})};
  nodes[2].from[0] = "p";
  nodes[2].network = recur_lstm(1, 1);
  nodes[2].network.layers = layers;
  recur_model *model = recur_model_alloc(nodes, 3);
  size_t slices, count;
  recur_model_slice slice;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  CHECK(slices == 1 + 4 * layers && count == 1 + 16 * layers);
  CHECK(recur_model_parameters_slice(model, slices - 1, &slice) == GSL_SUCCESS);
  CHECK(strcmp(slice.name, "y.bias_hh_l2147483646") == 0);
  CHECK(slice.rows == 4 && slice.columns == 1 && slice.offset == count - 4);
  recur_model_free(model);
}

static void test_descriptions(void) {
  const recur_node nodes[] = {X(2), Y(DENSE, .size = 3, .bias = true)};
  recur_model *model = recur_model_alloc(nodes, 2);
  size_t a, b;
  recur_model_slice slice;
  recur_model_shape shape;
  CHECK(recur_model_node_count(NULL) == 0 && recur_model_node_count(model) == 2);
  CHECK(recur_model_node(NULL, 0) == NULL && recur_model_node(model, 2) == NULL);
  CHECK(recur_model_value_shape(NULL, 0, 1, 1, &shape) == GSL_EFAULT);
  CHECK(recur_model_value_shape(model, 0, 1, 1, NULL) == GSL_EFAULT);
  CHECK(recur_model_value_shape(model, 2, 1, 1, &shape) == GSL_EINVAL);
  CHECK(recur_model_value_shape(model, 1, 4294967296, 1, &shape) == GSL_EINVAL);
  CHECK(recur_model_value_shape(model, 1, 1, 4294967296, &shape) == GSL_EINVAL);
  CHECK(recur_model_value_shape(model, 1, 65536, 65536, &shape) == GSL_EINVAL);
  CHECK(recur_model_parameters_count(NULL, &a, &b) == GSL_EFAULT);
  CHECK(recur_model_parameters_count(model, NULL, &b) == GSL_EFAULT);
  CHECK(recur_model_parameters_count(model, &a, NULL) == GSL_EFAULT);
  CHECK(recur_model_parameters_slice(NULL, 0, &slice) == GSL_EFAULT);
  CHECK(recur_model_parameters_slice(model, 0, NULL) == GSL_EFAULT);
  CHECK(recur_model_parameters_slice(model, 2, &slice) == GSL_EINVAL);
  CHECK(recur_model_state_count(NULL, 1, &a, &b) == GSL_EFAULT);
  CHECK(recur_model_state_count(model, 1, NULL, &b) == GSL_EFAULT);
  CHECK(recur_model_state_count(model, 1, &a, NULL) == GSL_EFAULT);
  CHECK(recur_model_state_count(model, 4294967296, &a, &b) == GSL_EINVAL);
  CHECK(recur_model_state_slice(NULL, 1, 0, &slice) == GSL_EFAULT);
  CHECK(recur_model_state_slice(model, 1, 0, NULL) == GSL_EFAULT);
  CHECK(recur_model_state_slice(model, 1, 0, &slice) == GSL_EINVAL);
  CHECK(recur_model_state_slice(model, 4294967296, 0, &slice) == GSL_EINVAL);
  CHECK(recur_model_check_stream(NULL, &a) == GSL_EFAULT);
  CHECK(recur_model_check_stream(model, NULL) == GSL_EFAULT);
  recur_model_free(model);
}

/* Nodes that need whole sequences, by name. */
static void test_streams(void) {
  recur_node nodes[] = {X(2), Y(NETWORK, .network = {.layers = 0})};
  nodes[1].network = recur_lstm(2, 3);
  nodes[1].network.directions = 2;
  const recur_node others[] = {STEPS(1, 3, 1, 1, 1, 1, 1, ZEROS),
                               STEPS(1, 3, 1, 1, 1, 1, 0, ZEROS),
                               STEPS(1, 3, 1, 1, 1, 2, 0, RECUR_PADDING_REPLICATE),
                               Y(MEAN),
                               Y(MAXIMUM),
                               Y(FIRST_STEP)};
  const char *const reasons[] = {
      "has a reverse direction", "is not causal",           "is not causal",    "is not causal",
      "is a mean over steps",    "is a maximum over steps", "is the first step"};
  for (size_t k = 0; k < COUNT(reasons); k++) {
    size_t steps;
    if (k > 0)
      nodes[1] = others[k - 1];
    recur_model *model = recur_model_alloc(nodes, 2);
    check_note("%s", reasons[k]);
    CHECK(recur_model_check_stream(model, &steps) == GSL_EUNIMPL);
    CHECK(strstr(recur_last_error()->message, reasons[k]) != NULL);
    CHECK(strstr(recur_last_error()->message, "node 1 (\"y\")") != NULL);
    recur_model_free(model);
  }
}

/* Weights and workspaces */

static void test_weights(void) {
  const recur_node nodes[] = {X(2), Y(DENSE, .size = 3)};
  recur_model *model = recur_model_alloc(nodes, 2);
  size_t bytes;
  CHECK(recur_model_weights_bytes(NULL, &bytes) == GSL_EFAULT);
  CHECK(recur_model_weights_bytes(model, NULL) == GSL_EFAULT);
  CHECK(recur_model_weights_alloc(NULL) == NULL && recur_last_error()->status == GSL_EFAULT);
  recur_model_weights *weights = recur_model_weights_alloc(model);
  gsl_vector theta = {.size = 6, .stride = 1, .data = new_matrix(6, 1, 1)->data};
  remember();
  CHECK(recur_model_weights_set(NULL, &theta) == GSL_EFAULT);
  check_refusal(recur_model_weights_set(weights, NULL), GSL_EFAULT, TEXT(recur_model_weights_set),
                "theta");
  theta.size = 5;
  check_refusal(recur_model_weights_set(weights, &theta), GSL_EBADLEN,
                TEXT(recur_model_weights_set), "theta");
  theta.size = 6;
  theta.stride = 2;
  check_refusal(recur_model_weights_set(weights, &theta), GSL_EINVAL, TEXT(recur_model_weights_set),
                "theta");
  recur_model_weights_free(weights);
  recur_model_free(model);
  free_all();
}

/* Parameters of type double that fit into memory, but not twice. */
static void test_large_weights(void) {
  const recur_node nodes[] = {X(2147483647), Y(DENSE, .size = (1 << 28) + 8)};
  recur_model *model = recur_model_alloc(nodes, 2);
  size_t bytes;
  const bool is_float = sizeof(rk_real) == sizeof(float);
  CHECK(recur_model_weights_bytes(model, &bytes) == (is_float ? GSL_SUCCESS : GSL_EINVAL));
  CHECK(is_float || recur_model_weights_alloc(model) == NULL);
  recur_model_free(model);
}

static void test_workspaces(void) {
  recur_node nodes[] = {X(2), Y(NETWORK, .network = {.layers = 0})};
  nodes[1].network = recur_lstm(2, 3);
  recur_model *model = recur_model_alloc(nodes, 2);
  nodes[1].network.cell.g = recur_activation_default(RECUR_ACTIVATION_SILU);
  recur_model *untrainable = recur_model_alloc(nodes, 2);
  const recur_mode training = RECUR_MODE_TRAINING, inference = RECUR_MODE_INFERENCE;
  size_t bytes;
#define BYTES(...) recur_model_workspace_bytes(__VA_ARGS__)
  CHECK(BYTES(NULL, 1, 1, training, 0, &bytes) == GSL_EFAULT);
  CHECK(BYTES(model, 1, 1, training, 0, NULL) == GSL_EFAULT);
  CHECK(BYTES(model, 4294967296, 1, training, 0, &bytes) == GSL_EINVAL);
  CHECK(BYTES(model, 1, 4294967296, training, 0, &bytes) == GSL_EINVAL);
  CHECK(BYTES(model, 65536, 65536, training, 0, &bytes) == GSL_EINVAL);
  CHECK(BYTES(model, 1, 1, (recur_mode)2, 0, &bytes) == GSL_EINVAL);
  CHECK(BYTES(model, 1, 1, inference, 1, &bytes) == GSL_EINVAL);
  CHECK(BYTES(untrainable, 1, 1, training, 0, &bytes) == GSL_EUNIMPL);
  CHECK(BYTES(untrainable, 1, 1, inference, 0, &bytes) == GSL_SUCCESS);
  CHECK(recur_model_workspace_alloc(untrainable, 1, 1, training, 0) == NULL);
  CHECK(recur_model_workspace_set_threads(NULL, NULL) == GSL_EFAULT);
  recur_model_workspace_free(NULL);
  recur_model_free(untrainable);
  recur_model_free(model);
  nodes[1].network = recur_lstm(2, 3);
  nodes[1].network.directions = 2;
  model = recur_model_alloc(nodes, 2);
  CHECK(BYTES(model, 4, 1, training, 2, &bytes) == GSL_EUNIMPL);
#undef BYTES
  recur_model_free(model);
}

/* Passes */

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
  test_nodes();
  test_too_many_parameters();
  test_many_strides();
  test_many_slices();
  test_descriptions();
  test_streams();
  test_weights();
  test_large_weights();
  test_workspaces();
  test_infer();
  test_training();
  test_tokens();
  test_reflection();
  return check_end();
}
