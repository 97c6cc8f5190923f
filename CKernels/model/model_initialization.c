/* Initial parameters of a model: see recur/model.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"
#include "math/generator.h"
#include "model/graph.h"
#include "model/kinds.h"
#include "weights/parameters.h"
#include "weights/schemes.h"

/* The seed of a node. */
static uint64_t seed_of(uint64_t seed, size_t node) {
  rk_generator g = rk_generator_start(seed, (uint32_t)node, RK_PARAMETER_KINDS);
  double units[2];
  rk_generator_next(&g, units);
  return (uint64_t)(units[0] * 0x1p52);
}

static void rk_model_initialize_all(double value, gsl_matrix *m) {
  for (size_t e = 0; e < m->size1 * m->size2; e++)
    m->data[e] = (rk_real)value;
}

static void rk_model_initialize_normal(uint64_t seed, gsl_matrix *m) {
  rk_generator g = rk_generator_start(seed, 0, RK_RANDOM_PARAMETERS);
  const size_t count = m->size1 * m->size2;
  for (size_t e = 0; e < count; e += 2) {
    double pair[2];
    rk_generator_fill_normal(&g, pair, 2);
    m->data[e] = (rk_real)pair[0];
    if (e + 1 < count)
      m->data[e + 1] = (rk_real)pair[1];
  }
}

/* The scheme of slice k of a DENSE or CONVOLUTION node. */
static recur_scheme scheme_of(const recur_initialization *initialization, size_t k) {
  const recur_scheme scheme = k == 0 ? initialization->input : initialization->bias;
  return scheme == RECUR_SCHEME_BLOCK_ORTHOGONAL ? RECUR_SCHEME_ORTHOGONAL : scheme;
}

/* Initializes slice k of a node: 0 is the weight, 1 the bias. `inputs` is the number of columns of
   the weight. */
static int rk_model_initialize_slice(const recur_initialization *initialization,
                                     recur_node_kind kind, size_t k, size_t inputs, gsl_matrix *m) {
  switch (kind) {
  case RECUR_NODE_DENSE:
  case RECUR_NODE_CONVOLUTION:
    return recur_matrix_initialize(scheme_of(initialization, k), inputs, initialization->seed,
                                   (uint32_t)k, m);
  case RECUR_NODE_EMBEDDING:
    rk_model_initialize_normal(initialization->seed, m);
    return GSL_SUCCESS;
  case RECUR_NODE_PRELU:
    rk_model_initialize_all(0.25, m);
    return GSL_SUCCESS;
  default: /* LAYER_NORMALIZATION, SCALE */
    rk_model_initialize_all(k == 0 ? 1 : 0, m);
    return GSL_SUCCESS;
  }
}

static int rk_model_initialize_network(const recur_network *network,
                                       recur_initialization initialization, rk_real *theta) {
  gsl_vector own = {.size = rk_parameter_count(network), .stride = 1, .data = theta};
  if (!rk_has_forget_gate_bias(&network->cell)) {
    initialization.set_forget_gate_bias = false;
    initialization.forget_gate_bias = 0;
  }
  return recur_parameters_initialize(network, &initialization, &own);
}

static int rk_model_initialize_node(const recur_model *model, const rk_node *node,
                                    const recur_initialization *initialization, rk_real *theta) {
  recur_model_slice slice;
  size_t inputs = 0;
  if (node->given.kind == RECUR_NODE_NETWORK)
    return rk_model_initialize_network(&node->given.network, *initialization, theta);
  for (size_t k = 0; k < node->slices; k++) {
    rk_node_parameter(model, node, k, &slice);
    inputs = k == 0 ? slice.columns : inputs;
    gsl_matrix m = rk_matrix_of(theta, slice.rows, slice.columns);
    RK_TRY(rk_model_initialize_slice(initialization, node->given.kind, k, inputs, &m));
    theta += slice.rows * slice.columns;
  }
  return GSL_SUCCESS;
}

static bool has_forget_gate_bias(const recur_model *model) {
  for (size_t k = 0; k < model->count; k++)
    if (model->nodes[k].given.kind == RECUR_NODE_NETWORK &&
        rk_has_forget_gate_bias(&model->nodes[k].given.network.cell))
      return true;
  return false;
}

int recur_model_initialize(const recur_model *model, const recur_initialization *initialization,
                           gsl_vector *theta) {
  RK_REQUIRE(model);
  RK_TRY(rk_check_initialization(__func__, initialization, RK_REAL_MAX));
  if (initialization->set_forget_gate_bias && !has_forget_gate_bias(model))
    return rk_fail(GSL_EINVAL, __func__, "initialization->set_forget_gate_bias",
                   "is set, but no cell has a forget gate with a bias");
  RK_TRY(rk_vector_check_contiguous(__func__, theta, model->parameters));
  for (size_t k = 0; k < model->count; k++) {
    const rk_node *node = &model->nodes[k];
    recur_initialization own = *initialization;
    own.seed = seed_of(initialization->seed, k);
    RK_TRY(rk_model_initialize_node(model, node, &own, theta->data + node->first_parameter));
  }
  return GSL_SUCCESS;
}
