/* recur/model.h: the descriptions of a model, its weights and its workspaces, and their refusals.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "model/short_nodes.h"
#include "support/refusal.h"

#include <recur/lstm.h>

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

int main(void) {
  check_begin();
  test_many_slices();
  test_descriptions();
  test_streams();
  test_weights();
  test_large_weights();
  test_workspaces();
  return check_end();
}
