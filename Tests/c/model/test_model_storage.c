/* recur/model.h: a model whose networks store halves has the results of a model whose matrices were
   rounded before; and the errors of storage.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "model/short_nodes.h"
#include "support/refusal.h"

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/parameters.h>

enum { T = 5, B = 2, I = 16, H = 160, O = 16 };

/* A dense layer between two networks, so that parameters of all kinds surround each other. */
static recur_model *model_with(recur_weight_storage storage) {
  recur_node nodes[] = {
      X(I),
      {.name = "lstm", .from = {"x"}, .kind = RECUR_NODE_NETWORK},
      {.name = "dense", .from = {"lstm"}, .kind = RECUR_NODE_DENSE, .size = O},
      {.name = "gru", .from = {"dense"}, .kind = RECUR_NODE_NETWORK, .output = true}};
  nodes[1].network = recur_lstm(I, H);
  nodes[3].network = recur_gru(O, H);
  nodes[1].network.weight_storage = nodes[3].network.weight_storage = storage;
  return recur_model_alloc(nodes, COUNT(nodes));
}

#ifdef RK_FLOAT
static gsl_vector new_theta(const recur_model *model) {
  size_t slices, count;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  gsl_vector theta = {.size = count, .stride = 1, .data = new_matrix(count, 1, 1)->data};
  const gsl_matrix column = as_column(&theta);
  randomize(&column, 0.4);
  return theta;
}

static gsl_matrix *infer(const recur_model *model, const gsl_vector *theta, const gsl_matrix *x) {
  recur_model_weights *weights = recur_model_weights_alloc(model);
  recur_model_workspace *w = recur_model_workspace_alloc(model, T, B, RECUR_MODE_INFERENCE, 0);
  gsl_matrix *y = new_padded(T * B, H);
  CHECK(recur_model_weights_set(weights, theta) == GSL_SUCCESS);
  CHECK(recur_model_infer(weights,
                          &(recur_model_pass){.features = &x, .outputs = (gsl_matrix *[]){y}},
                          w) == GSL_SUCCESS);
  recur_model_workspace_free(w);
  recur_model_weights_free(weights);
  return y;
}

static void round_network(recur_network network, gsl_vector *theta, size_t offset) {
  size_t slices;
  gsl_vector own = {.stride = 1, .data = theta->data + offset};
  network.weight_storage = RECUR_STORAGE_HALF;
  CHECK(recur_parameters_count(&network, RECUR_LAYOUT_PYTORCH, &slices, &own.size) == GSL_SUCCESS);
  CHECK(recur_parameters_round(&network, &own) == GSL_SUCCESS);
}

static void test_halves(void) {
  recur_model *full = model_with(RECUR_STORAGE_FULL), *half = model_with(RECUR_STORAGE_HALF);
  gsl_vector theta = new_theta(full);
  const gsl_matrix *x = new_random(T * B, I, 1);
  const gsl_matrix *rounded = infer(half, &theta, x);
  const gsl_matrix *before = infer(full, &theta, x);
  CHECK(!equal_bits(rounded, before));
  round_network(recur_lstm(I, H), &theta, 0);
  round_network(recur_gru(O, H), &theta, 4 * H * (I + H + 2) + O * H);
  CHECK(equal_bits(rounded, infer(full, &theta, x)));
  recur_model_free(full);
  recur_model_free(half);
  free_all();
}

/* The matrices need half the bytes, and no copy besides. */
static void test_bytes(void) {
  recur_model *full = model_with(RECUR_STORAGE_FULL), *half = model_with(RECUR_STORAGE_HALF);
  size_t all, less;
  CHECK(recur_model_weights_bytes(full, &all) == GSL_SUCCESS);
  CHECK(recur_model_weights_bytes(half, &less) == GSL_SUCCESS);
  CHECK(all - less == 2 * H * (4 * (I + H) + 3 * (O + H)));
  recur_model_free(full);
  recur_model_free(half);
}

static void test_limit(void) {
  recur_model *half = model_with(RECUR_STORAGE_HALF);
  gsl_vector theta = new_theta(half);
  recur_model_weights *weights = recur_model_weights_alloc(half);
  theta.data[4 * H * (I + H + 2) + O * H] = 1e5f;
  remember();
  check_refusal(recur_model_weights_set(weights, &theta), GSL_EINVAL, TEXT(recur_model_weights_set),
                "theta");
  CHECK(strstr(recur_last_error()->message, "gru.weight_ih_l0") != NULL);
  recur_model_weights_free(weights);
  recur_model_free(half);
  free_all();
}
#endif

static void test_refusals(void) {
  recur_model *half = model_with(RECUR_STORAGE_HALF);
  size_t bytes;
  check_refusal(recur_model_workspace_bytes(half, T, B, RECUR_MODE_TRAINING, 0, &bytes),
                GSL_EUNIMPL, TEXT(recur_model_workspace_bytes), "network->weight_storage");
#ifndef RK_FLOAT
  check_refusal(recur_model_weights_bytes(half, &bytes), GSL_EUNIMPL,
                TEXT(recur_model_weights_bytes), "network->weight_storage");
#endif
  recur_model_free(half);
}

int main(void) {
  check_begin();
#ifdef RK_FLOAT
  test_halves();
  test_bytes();
  test_limit();
#endif
  test_refusals();
  return check_end();
}
