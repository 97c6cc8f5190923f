/* The weights of a model: see model_weights.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/model_weights.h"

#include "base/environment.h"
#include "base/instruction_set.h"
#include "base/matrix.h"
#include "base/memory.h"
#include "weights/storage.h"

#include <stdlib.h>

/* Lays out the weights of a node. row grows to the size that its packing needs. */
static void rk_node_weights_lay_out(const recur_model *model, const rk_node *node, bool training,
                                    rk_node_weights *weights, char *memory, size_t *used,
                                    size_t *row) {
  const rk_operation *operation = rk_operation_of(node->given.kind);
  if (node->given.kind == RECUR_NODE_NETWORK && !training) {
    size_t bytes;
    /* The network has been checked, so this does not fail. */
    (void)rk_network_weights_bytes("", &node->given.network, &bytes);
    void *place = rk_take(memory, used, bytes, 1);
    if (place != NULL)
      weights->network = rk_network_weights_place(&node->given.network, place);
  }
  if (operation == NULL || operation->packing == NULL)
    return;
  const rk_packing packing = operation->packing(model, node);
  weights->packed = rk_take(memory, used, packing.operands, sizeof *weights->packed);
  weights->panels = rk_take(memory, used, packing.panels, sizeof(rk_real));
  *row = packing.row > *row ? packing.row : *row;
}

void rk_model_weights_lay_out(recur_model_weights *weights, bool training, char *memory,
                              size_t *used) {
  const recur_model *model = weights->model;
  size_t row = 0;
  weights->nodes = rk_take(memory, used, model->count, sizeof *weights->nodes);
  if (!training)
    weights->copy = rk_take(memory, used, model->copied, sizeof(rk_real));
  for (size_t k = 0; k < model->count; k++) {
    const rk_node *node = &model->nodes[k];
    rk_node_weights own = {0};
    rk_node_weights_lay_out(model, node, training, &own, memory, used, &row);
    if (memory != NULL)
      weights->nodes[k] = own;
  }
  weights->row = rk_take(memory, used, row, sizeof(rk_real));
}

const rk_real *rk_model_weights_of(const recur_model_weights *weights, const rk_node *node) {
  return weights->theta == NULL ? weights->copy + node->first_copied
                                : weights->theta + node->first_parameter;
}

void rk_model_weights_pack(const recur_model_weights *weights, size_t k, bool backward) {
  const rk_node *node = &weights->model->nodes[k];
  const rk_operation *operation = rk_operation_of(node->given.kind);
  if (operation != NULL && operation->pack != NULL) /* which has parameters */
    operation->pack(weights->model, node, rk_model_weights_of(weights, node), backward,
                    weights->row, &weights->nodes[k]);
}

/* Public */

static int rk_model_weights_measure(const char *function, const recur_model *model, size_t *bytes) {
  recur_model_weights layout = {.model = model};
  size_t used = rk_filled(sizeof layout, 1);
  RK_TRY(rk_check_instruction_set(function));
  for (size_t k = 0; k < model->count; k++)
    RK_TRY(rk_check_storage(function, &model->nodes[k].given.network));
  rk_model_weights_lay_out(&layout, false, NULL, &used);
  return rk_check_bytes(function, "weights", used, 1, bytes);
}

int recur_model_weights_bytes(const recur_model *model, size_t *bytes) {
  size_t size;
  RK_REQUIRE(model);
  RK_REQUIRE(bytes);
  RK_TRY(rk_model_weights_measure(__func__, model, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

recur_model_weights *recur_model_weights_alloc(const recur_model *model) {
  size_t bytes, used = rk_filled(sizeof(recur_model_weights), 1);
  if (model == NULL) {
    rk_fail(GSL_EFAULT, __func__, "model", "is NULL");
    return NULL;
  }
  if (rk_model_weights_measure(__func__, model, &bytes) != GSL_SUCCESS)
    return NULL;
  recur_model_weights *weights = rk_allocate(__func__, "weights", bytes);
  if (weights == NULL)
    return NULL;
  *weights = (recur_model_weights){.model = model};
  rk_model_weights_lay_out(weights, false, (char *)weights, &used);
  return weights;
}

void recur_model_weights_free(recur_model_weights *weights) {
  free(weights);
}

/* The parameters of a node. */
static gsl_vector rk_model_weights_part(const rk_node *node, const gsl_vector *theta) {
  return (gsl_vector){
      .size = node->parameters, .stride = 1, .data = theta->data + node->first_parameter};
}

static int rk_model_weights_check(const char *function, const rk_node *node,
                                  const gsl_vector *theta) {
  if (node->given.kind != RECUR_NODE_NETWORK)
    return GSL_SUCCESS;
  const gsl_vector own = rk_model_weights_part(node, theta);
  return rk_check_storable(function, node->given.name, &node->given.network, &own);
}

int recur_model_weights_set(recur_model_weights *weights, const gsl_vector *theta) {
  RK_COMPUTES;
  const rk_thread alone = {.size = 1};
  RK_REQUIRE(weights);
  const recur_model *model = weights->model;
  RK_TRY(rk_vector_check_contiguous(__func__, theta, model->parameters));
  for (size_t k = 0; k < model->count; k++)
    RK_TRY(rk_model_weights_check(__func__, &model->nodes[k], theta));
  for (size_t k = 0; k < model->count; k++) {
    const rk_node *node = &model->nodes[k];
    const gsl_vector own = rk_model_weights_part(node, theta);
    if (node->given.kind == RECUR_NODE_NETWORK)
      rk_network_weights_prepare(weights->nodes[k].network, &own, false, &alone);
    else if (own.size != 0)
      memcpy(weights->copy + node->first_copied, own.data, own.size * sizeof(rk_real));
    rk_model_weights_pack(weights, k, false);
  }
  weights->set = true;
  return GSL_SUCCESS;
}
