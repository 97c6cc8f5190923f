/* Models as JSON: see recur/model_file.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "graph_json.h"

#include "fields.h"
#include "json_text.h"

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/model_file.h>
#include <recur/residual.h>
#include <recur/rnn.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ALL UINT32_MAX

/* Fields without a list of names. */
#define FIELD(key, type, required, owner, field, kinds)                                            \
  { key, type, required, offsetof(owner, field), kinds, 0, NULL, NULL }
#define CHOICE(key, required, owner, field, kinds, names)                                          \
  { key, RF_CHOICE, required, offsetof(owner, field), kinds, COUNT(names), names, NULL }
#define OBJECT(key, required, owner, field, kinds, type)                                           \
  { key, RF_OBJECT, required, offsetof(owner, field), kinds, 0, NULL, type }

_Static_assert(sizeof(recur_node_kind) == sizeof(unsigned) &&
                   sizeof(recur_axis) == sizeof(unsigned) &&
                   sizeof(recur_padding) == sizeof(unsigned) &&
                   sizeof(recur_cell_kind) == sizeof(unsigned) &&
                   sizeof(recur_reset) == sizeof(unsigned) &&
                   sizeof(recur_weight_storage) == sizeof(unsigned) &&
                   sizeof(recur_activation_kind) == sizeof(unsigned),
               "an RF_CHOICE has the size of unsigned");

/* Activations */

static const char *const activation_kinds[RECUR_ACTIVATION_KINDS] = {
    [RECUR_ACTIVATION_TANH] = "tanh",
    [RECUR_ACTIVATION_SIGMOID] = "sigmoid",
    [RECUR_ACTIVATION_RELU] = "relu",
    [RECUR_ACTIVATION_IDENTITY] = "identity",
    [RECUR_ACTIVATION_AFFINE] = "affine",
    [RECUR_ACTIVATION_LEAKY_RELU] = "leakyRelu",
    [RECUR_ACTIVATION_THRESHOLDED_RELU] = "thresholdedRelu",
    [RECUR_ACTIVATION_SCALED_TANH] = "scaledTanh",
    [RECUR_ACTIVATION_HARD_SIGMOID] = "hardSigmoid",
    [RECUR_ACTIVATION_ELU] = "elu",
    [RECUR_ACTIVATION_SOFTSIGN] = "softsign",
    [RECUR_ACTIVATION_SOFTPLUS] = "softplus",
    [RECUR_ACTIVATION_HARD_TANH] = "hardTanh",
    [RECUR_ACTIVATION_SILU] = "silu",
};

enum {
  HARD_TANH = 1 << RECUR_ACTIVATION_HARD_TANH,
  ALPHA_AND_BETA = 1 << RECUR_ACTIVATION_AFFINE | 1 << RECUR_ACTIVATION_SCALED_TANH |
                   1 << RECUR_ACTIVATION_HARD_SIGMOID,
  ALPHA = ALPHA_AND_BETA | 1 << RECUR_ACTIVATION_LEAKY_RELU |
          1 << RECUR_ACTIVATION_THRESHOLDED_RELU | 1 << RECUR_ACTIVATION_ELU
};

static const rf_field activation_fields[] = {
    CHOICE("kind", true, recur_activation, kind, ALL, activation_kinds),
    FIELD("alpha", RF_NUMBER, true, recur_activation, alpha, ALPHA),
    FIELD("beta", RF_NUMBER, true, recur_activation, beta, ALPHA_AND_BETA),
    FIELD("min", RF_NUMBER, true, recur_activation, alpha, HARD_TANH),
    FIELD("max", RF_NUMBER, true, recur_activation, beta, HARD_TANH),
};

static void set_activation(void *object, unsigned kind) {
  *(recur_activation *)object = (recur_activation){.kind = (recur_activation_kind)kind};
}

static const rf_struct activation_type = {activation_fields, COUNT(activation_fields), 0, true,
                                          set_activation};

/* Convolutions */

static const char *const axes[] = {
    [RECUR_AXIS_STEPS] = "steps", [RECUR_AXIS_POSITIONS] = "positions"};
static const char *const paddings[] = {[RECUR_PADDING_ZEROS] = "zeros",
                                       [RECUR_PADDING_REFLECT] = "reflect",
                                       [RECUR_PADDING_REPLICATE] = "replicate"};

static const rf_field convolution_fields[] = {
    CHOICE("axis", true, recur_convolution, axis, ALL, axes),
    FIELD("outputSize", RF_SIZE, true, recur_convolution, output_size, ALL),
    FIELD("kernelSize", RF_SIZE, true, recur_convolution, kernel_size, ALL),
    FIELD("stride", RF_SIZE, false, recur_convolution, stride, ALL),
    FIELD("dilation", RF_SIZE, false, recur_convolution, dilation, ALL),
    FIELD("groups", RF_SIZE, false, recur_convolution, groups, ALL),
    FIELD("before", RF_SIZE, false, recur_convolution, before, ALL),
    FIELD("after", RF_SIZE, false, recur_convolution, after, ALL),
    CHOICE("padding", false, recur_convolution, padding, ALL, paddings),
};

static void set_convolution(void *object, unsigned axis) {
  *(recur_convolution *)object =
      (recur_convolution){.axis = (recur_axis)axis, .stride = 1, .dilation = 1, .groups = 1};
}

static const rf_struct convolution_type = {convolution_fields, COUNT(convolution_fields), 0, false,
                                           set_convolution};

/* Networks */

static const char *const cells[RECUR_CELL_KINDS] = {[RECUR_CELL_RNN] = "simple",
                                                    [RECUR_CELL_RESIDUAL] = "residual",
                                                    [RECUR_CELL_GRU] = "gru",
                                                    [RECUR_CELL_LSTM] = "lstm"};
static const char *const resets[] = {
    [RECUR_RESET_AFTER] = "afterProduct", [RECUR_RESET_BEFORE] = "beforeProduct"};
static const char *const storages[] = {[RECUR_STORAGE_FULL] = "full",
                                       [RECUR_STORAGE_HALF] = "half",
                                       [RECUR_STORAGE_BFLOAT16] = "bfloat16",
                                       [RECUR_STORAGE_INT8] = "int8"};

enum { GRU = 1 << RECUR_CELL_GRU, LSTM = 1 << RECUR_CELL_LSTM, GATED = GRU | LSTM };

static const rf_field network_fields[] = {
    CHOICE("cell", true, recur_network, cell.kind, ALL, cells),
    FIELD("inputSize", RF_SIZE, false, recur_network, input_size, ALL),
    FIELD("hiddenSize", RF_SIZE, true, recur_network, hidden_size, ALL),
    FIELD("layers", RF_SIZE, false, recur_network, layers, ALL),
    FIELD("bidirectional", RF_DIRECTIONS, false, recur_network, directions, ALL),
    FIELD("bias", RF_FLAG, false, recur_network, cell.bias, ALL),
    OBJECT("activation", false, recur_network, cell.f, ALL, &activation_type),
    OBJECT("candidateActivation", false, recur_network, cell.g, GATED, &activation_type),
    OBJECT("outputActivation", false, recur_network, cell.h, LSTM, &activation_type),
    FIELD("gateClamp", RF_NUMBER, false, recur_network, cell.gate_clamp, ALL),
    CHOICE("reset", false, recur_network, cell.reset, GRU, resets),
    FIELD("layerNormalization", RF_FLAG, false, recur_network, cell.layer_normalization, GATED),
    FIELD("peepholes", RF_FLAG, false, recur_network, cell.peepholes, LSTM),
    FIELD("coupledGates", RF_FLAG, false, recur_network, cell.coupled_gates, LSTM),
    FIELD("projectionSize", RF_SIZE, false, recur_network, cell.projection_size, LSTM),
    FIELD("cellClamp", RF_NUMBER, false, recur_network, cell.cell_clamp, LSTM),
    FIELD("dropout", RF_NUMBER, false, recur_network, dropout, ALL),
    FIELD("recurrentDropout", RF_NUMBER, false, recur_network, recurrent_dropout, ALL),
    FIELD("zoneout", RF_NUMBER, false, recur_network, zoneout, ALL),
    FIELD("cellZoneout", RF_NUMBER, false, recur_network, cell_zoneout, LSTM),
    CHOICE("weightStorage", false, recur_network, weight_storage, ALL, storages),
};

static void set_network(void *object, unsigned cell) {
  static recur_network (*const constructors[RECUR_CELL_KINDS])(size_t, size_t) = {
      [RECUR_CELL_RNN] = recur_rnn,
      [RECUR_CELL_RESIDUAL] = recur_residual,
      [RECUR_CELL_GRU] = recur_gru,
      [RECUR_CELL_LSTM] = recur_lstm};
  *(recur_network *)object = constructors[cell](0, 0);
}

static const rf_struct network_type = {network_fields, COUNT(network_fields), 0, false,
                                       set_network};

/* Nodes */

static const char *const node_kinds[RECUR_NODE_KINDS] = {
    [RECUR_NODE_FEATURES] = "features",
    [RECUR_NODE_TOKENS] = "tokens",
    [RECUR_NODE_EMBEDDING] = "embedding",
    [RECUR_NODE_NETWORK] = "network",
    [RECUR_NODE_DENSE] = "dense",
    [RECUR_NODE_CONVOLUTION] = "convolution",
    [RECUR_NODE_ACTIVATION] = "activation",
    [RECUR_NODE_PRELU] = "prelu",
    [RECUR_NODE_LAYER_NORMALIZATION] = "layerNormalization",
    [RECUR_NODE_SCALE] = "scale",
    [RECUR_NODE_ADD] = "add",
    [RECUR_NODE_MULTIPLY] = "multiply",
    [RECUR_NODE_CONCATENATE] = "concatenate",
    [RECUR_NODE_SLICE] = "slice",
    [RECUR_NODE_RESHAPE] = "reshape",
    [RECUR_NODE_SOFTMAX] = "softmax",
    [RECUR_NODE_MAGNITUDE] = "magnitude",
    [RECUR_NODE_FIRST_STEP] = "firstStep",
    [RECUR_NODE_LAST_STEP] = "lastStep",
    [RECUR_NODE_MEAN] = "mean",
    [RECUR_NODE_MAXIMUM] = "maximum",
};

enum {
  FEATURES = 1 << RECUR_NODE_FEATURES,
  TOKENS = 1 << RECUR_NODE_TOKENS,
  NETWORK = 1 << RECUR_NODE_NETWORK,
  DENSE = 1 << RECUR_NODE_DENSE,
  CONVOLUTION = 1 << RECUR_NODE_CONVOLUTION,
  ACTIVATION = 1 << RECUR_NODE_ACTIVATION,
  PRELU = 1 << RECUR_NODE_PRELU,
  LAYER_NORMALIZATION = 1 << RECUR_NODE_LAYER_NORMALIZATION,
  SLICE = 1 << RECUR_NODE_SLICE,
  SIZED = FEATURES | TOKENS | 1 << RECUR_NODE_EMBEDDING | DENSE | SLICE | 1 << RECUR_NODE_RESHAPE
};

static const rf_field node_fields[] = {
    FIELD("name", RF_NAME, true, recur_node, name, ALL),
    CHOICE("kind", true, recur_node, kind, ALL, node_kinds),
    {"from", RF_NAMES, true, offsetof(recur_node, from), ALL & ~(uint32_t)(FEATURES | TOKENS),
     RECUR_NODE_SOURCES, NULL, NULL},
    FIELD("size", RF_SIZE, true, recur_node, size, SIZED),
    FIELD("first", RF_SIZE, false, recur_node, first, SLICE),
    FIELD("bias", RF_FLAG, false, recur_node, bias, DENSE | CONVOLUTION),
    FIELD("shared", RF_FLAG, false, recur_node, shared, PRELU),
    FIELD("epsilon", RF_NUMBER, true, recur_node, epsilon, LAYER_NORMALIZATION),
    OBJECT("network", true, recur_node, network, NETWORK, &network_type),
    OBJECT("convolution", true, recur_node, convolution, CONVOLUTION, &convolution_type),
    OBJECT("activation", true, recur_node, activation, ACTIVATION, &activation_type),
    FIELD("output", RF_FLAG, false, recur_node, output, ALL),
};

/* A layer without "bias" has one, as in PyTorch and Keras. */
static void set_node(void *object, unsigned kind) {
  const bool layer = (1 << kind & (DENSE | CONVOLUTION)) != 0;
  *(recur_node *)object = (recur_node){.kind = (recur_node_kind)kind, .bias = layer};
}

static const rf_struct node_type = {node_fields, COUNT(node_fields), 1, false, set_node};

/* Reading */

static const char *name_of(const json_t *node) {
  const char *const name = json_string_value(json_object_get(node, "name"));
  return name == NULL ? "" : name;
}

/* The error of recur_model_alloc, without the names at its beginning. */
static void fail_nodes(const rf_source *source, const char *what) {
  char reason[sizeof recur_last_error()->message];
  const recur_error *const e = recur_last_error();
  const size_t names = strlen(e->function) + strlen(": ");
  strcpy(reason, e->message + names);
  rf_fail(source, e->status, "%s: %s", what, reason);
}

static recur_model *read_nodes(const rf_source *source, const char *what, const json_t *array,
                               recur_node *nodes) {
  const size_t count = json_array_size(array);
  for (size_t k = 0; k < count; k++) {
    const json_t *const node = json_array_get(array, k);
    const rf_place place = {source, what, k, name_of(node), NULL};
    if (rf_read(&place, &node_type, node, &nodes[k]) != GSL_SUCCESS)
      return NULL;
  }
  recur_model *const model = recur_model_alloc(nodes, count);
  if (model == NULL)
    fail_nodes(source, what);
  return model;
}

static recur_model *read_graph(const rf_source *source, const char *what, const json_t *root) {
  const json_t *const array = json_object_get(root, "nodes");
  const size_t count = json_array_size(array);
  if (!json_is_array(array) || json_object_size(root) != 1) {
    rf_fail(source, GSL_EINVAL, "%s is not an object with an array of nodes alone", what);
    return NULL;
  }
  if (count == 0 || count > RECUR_MODEL_NODES) {
    rf_fail(source, GSL_EINVAL, "%s has %zu nodes, expected 1 to %d", what, count,
            RECUR_MODEL_NODES);
    return NULL;
  }
  recur_node *const nodes = calloc(count, sizeof *nodes);
  if (nodes == NULL) {
    rf_fail_memory(source, count * sizeof *nodes);
    return NULL;
  }
  recur_model *const model = read_nodes(source, what, array, nodes);
  free(nodes);
  return model;
}

recur_model *rf_model_from_json(const rf_source *source, const char *what, const char *text,
                                size_t length) {
  json_t *const root = rf_json_parse(source, what, text, length, length);
  recur_model *const model = root == NULL ? NULL : read_graph(source, what, root);
  json_decref(root);
  return model;
}

recur_model *recur_model_from_json(const char *text, size_t length) {
  const rf_source source = {__func__, "text", NULL};
  if (text == NULL) {
    rf_fail(&source, GSL_EFAULT, " is NULL");
    return NULL;
  }
  return rf_model_from_json(&source, "", text, length);
}

/* Writing */

static json_t *write_nodes(const recur_model *model) {
  json_t *const array = json_array();
  for (size_t k = 0; k < recur_model_node_count(model); k++)
    if (json_array_append_new(array, rf_write_object(&node_type, recur_model_node(model, k))) !=
        0) {
      json_decref(array);
      return NULL;
    }
  return array;
}

char *rf_model_to_json(const recur_model *model) {
  json_t *const root = json_object();
  char *text = NULL;
  if (json_object_set_new(root, "nodes", write_nodes(model)) == 0)
    text = rf_json_print_exactly(root);
  json_decref(root);
  return text;
}

int recur_model_to_json(const recur_model *model, char **text) {
  RF_REQUIRE(model);
  RF_REQUIRE(text);
  char *const own = rf_model_to_json(model);
  if (own == NULL)
    return rf_fail_memory(&(rf_source){__func__, "text", NULL}, recur_model_node_count(model));
  *text = own;
  return GSL_SUCCESS;
}
