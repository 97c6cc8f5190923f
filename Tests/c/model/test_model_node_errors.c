/* recur/model.h: refused nodes.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "model/short_nodes.h"
#include "support/refusal.h"

#include <recur/gru.h>
#include <recur/lstm.h>

enum { MOST_NODES = 4 };

typedef struct {
  const char *reason; /* a part of the message */
  recur_node nodes[MOST_NODES];
} refusal;

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

int main(void) {
  check_begin();
  test_nodes();
  test_too_many_parameters();
  test_many_strides();
  return check_end();
}
