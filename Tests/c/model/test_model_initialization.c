/* recur/model.h: initial parameters.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/initializations.h"
#include "support/refusal.h"

#include <recur/gru.h>
#include <recur/model.h>

enum { V = 300, E = 41, H = 5, O = 30, K = 2 };

static const recur_node nodes[] = {
    {.name = "tokens", .kind = RECUR_NODE_TOKENS, .size = V},
    {.name = "embedding", .from = {"tokens"}, .kind = RECUR_NODE_EMBEDDING, .size = E},
    {.name = "normal",
     .from = {"embedding"},
     .kind = RECUR_NODE_LAYER_NORMALIZATION,
     .epsilon = 1e-5},
    {.name = "prelu", .from = {"normal"}, .kind = RECUR_NODE_PRELU},
    {.name = "gru", .from = {"prelu"}, .kind = RECUR_NODE_NETWORK},
    {.name = "lstm", .from = {"gru"}, .kind = RECUR_NODE_NETWORK},
    {.name = "dense", .from = {"lstm"}, .kind = RECUR_NODE_DENSE, .size = O, .bias = true},
    {.name = "scale", .from = {"dense"}, .kind = RECUR_NODE_SCALE},
    {.name = "convolution",
     .from = {"scale"},
     .kind = RECUR_NODE_CONVOLUTION,
     .bias = true,
     .convolution = {RECUR_AXIS_STEPS, O, K, 1, 1, 2, 0, 0, RECUR_PADDING_ZEROS},
     .output = true},
};

/* The sizes of the networks' inputs are those of their sources. */
static recur_model *new_model(void) {
  recur_node own[COUNT(nodes)];
  for (size_t k = 0; k < COUNT(nodes); k++)
    own[k] = nodes[k];
  own[4].network = recur_gru(0, H);
  own[5].network = recur_lstm(0, H);
  recur_model *model = recur_model_alloc(own, COUNT(nodes));
  CHECK(model != NULL);
  CHECK(recur_model_node(model, 4)->network.input_size == E);
  CHECK(recur_model_node(model, 5)->network.input_size == H);
  return model;
}

static gsl_vector drawn(const recur_model *model, const recur_initialization *how) {
  size_t slices = 0, count = 0;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  gsl_vector theta = {.size = count, .stride = 1, .data = new_matrix(count, 1, 1)->data};
  for (size_t k = 0; k < count; k++)
    theta.data[k] = NAN;
  CHECK(recur_model_initialize(model, how, &theta) == GSL_SUCCESS);
  return theta;
}

static gsl_matrix part(const recur_model *model, const gsl_vector *theta, const char *name) {
  size_t slices = 0, count = 0;
  recur_model_slice slice;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  for (size_t k = 0; k < slices; k++)
    if (recur_model_parameters_slice(model, k, &slice) == GSL_SUCCESS &&
        strcmp(slice.name, name) == 0)
      return (gsl_matrix){.size1 = slice.rows,
                          .size2 = slice.columns,
                          .tda = slice.columns,
                          .data = theta->data + slice.offset};
  CHECK(!"a slice has the name");
  return (gsl_matrix){0};
}

static void check_all(const gsl_matrix m, double value) {
  for (size_t e = 0; e < m.size1 * m.size2; e++)
    CHECK(m.data[e] == (rk_real)value);
}

/* The largest magnitude is near the bound, which is exceeded by rounding alone. */
static void check_bound(const gsl_matrix m, double bound) {
  double largest = 0;
  for (size_t e = 0; e < m.size1 * m.size2; e++)
    largest = fmax(largest, fabs((double)m.data[e]));
  CHECK(largest <= bound * (1 + RK_REAL_EPSILON) && largest > 0.7 * bound);
}

/* The moments of independent normal numbers, within five standard deviations. */
static void check_normal(const gsl_matrix m) {
  const double n = (double)(m.size1 * m.size2);
  double sum = 0, squares = 0, products = 0;
  for (size_t e = 0; e < m.size1 * m.size2; e++) {
    sum += (double)m.data[e];
    squares += (double)m.data[e] * (double)m.data[e];
    products += e == 0 ? 0 : (double)m.data[e] * (double)m.data[e - 1];
  }
  CHECK(fabs(sum / n) < 5 / sqrt(n));
  CHECK(fabs(squares / n - 1) < 5 * sqrt(2 / n));
  CHECK(fabs(products / n) < 5 / sqrt(n));
}

static void test_values(const recur_model *model) {
  const recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  const gsl_vector theta = drawn(model, &how);
  check_note("values");
  check_normal(part(model, &theta, "embedding.weight"));
  check_all(part(model, &theta, "normal.weight"), 1);
  check_all(part(model, &theta, "normal.bias"), 0);
  check_all(part(model, &theta, "prelu.weight"), 0.25);
  check_all(part(model, &theta, "scale.weight"), 1);
  check_all(part(model, &theta, "scale.bias"), 0);
  check_bound(part(model, &theta, "gru.weight_ih_l0"), 1 / sqrt(H));
  check_bound(part(model, &theta, "dense.weight"), 1 / sqrt(H));
  check_bound(part(model, &theta, "dense.bias"), 1 / sqrt(H));
  check_bound(part(model, &theta, "convolution.weight"), 1 / sqrt(O / 2 * K));
  check_bound(part(model, &theta, "convolution.bias"), 1 / sqrt(O / 2 * K));
}

/* The nodes and the slices of a node share no numbers; a seed always gives the same ones. */
static void test_seeds(const recur_model *model) {
  recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  const gsl_vector theta = drawn(model, &how), again = drawn(model, &how);
  check_note("seeds");
  for (size_t k = 0; k < theta.size; k++)
    CHECK(theta.data[k] == again.data[k]);
  const gsl_matrix weight = part(model, &theta, "dense.weight"),
                   bias = part(model, &theta, "dense.bias"),
                   gru = part(model, &theta, "gru.weight_hh_l0"),
                   lstm = part(model, &theta, "lstm.weight_hh_l0");
  how.seed++;
  const gsl_vector other = drawn(model, &how);
  const gsl_matrix changed = part(model, &other, "dense.weight");
  for (size_t k = 0; k < O; k++) {
    CHECK(weight.data[k] != bias.data[k]);
    CHECK(weight.data[k] != changed.data[k]);
    CHECK(gru.data[k] != lstm.data[k]);
  }
}

/* A weight of a layer is one block. Only the LSTM has a forget gate. */
static void test_schemes(const recur_model *model) {
  recur_initialization how = all_of(RECUR_SCHEME_BLOCK_ORTHOGONAL);
  how.bias = RECUR_SCHEME_ZEROS;
  how.set_forget_gate_bias = true;
  how.forget_gate_bias = 1;
  const gsl_vector theta = drawn(model, &how);
  check_note("schemes");
  const gsl_matrix weight = part(model, &theta, "dense.weight");
  for (size_t i = 0; i < H; i++)
    for (size_t j = 0; j < H; j++) {
      double sum = 0;
      for (size_t k = 0; k < O; k++)
        sum += (double)AT(&weight, k, i) * (double)AT(&weight, k, j);
      CHECK(fabs(sum - (i == j)) <= 2 * O * RK_REAL_EPSILON);
    }
  check_all(part(model, &theta, "dense.bias"), 0);
  check_all(part(model, &theta, "gru.bias_ih_l0"), 0);
  const gsl_matrix bias = part(model, &theta, "lstm.bias_ih_l0");
  for (size_t k = 0; k < 4 * H; k++)
    CHECK(bias.data[k] == (k / H == 1));
}

static void test_errors(const recur_model *model) {
  static const char name[] = TEXT(recur_model_initialize);
  const recur_initialization good = all_of(RECUR_SCHEME_UNIFORM);
  recur_initialization how = good;
  gsl_vector theta = drawn(model, &good);
  const size_t count = theta.size;
#define REFUSE(status, argument, ...)                                                              \
  do {                                                                                             \
    remember();                                                                                    \
    check_refusal(recur_model_initialize(__VA_ARGS__), status, name, argument);                    \
  } while (0)
  REFUSE(GSL_EFAULT, "model", NULL, &how, &theta);
  REFUSE(GSL_EFAULT, "initialization", model, NULL, &theta);
  REFUSE(GSL_EFAULT, "theta", model, &how, NULL);
  theta.size = count - 1;
  REFUSE(GSL_EBADLEN, "theta", model, &how, &theta);
  theta.size = count;
  how.bias = RECUR_SCHEME_GLOROT;
  REFUSE(GSL_EINVAL, "initialization->bias", model, &how, &theta);
  how = good;
  how.forget_gate_bias = 1;
  REFUSE(GSL_EINVAL, "initialization->forget_gate_bias", model, &how, &theta);
  how.set_forget_gate_bias = true;
  const recur_node small[] = {nodes[0],
                              {.name = "embedding",
                               .from = {"tokens"},
                               .kind = RECUR_NODE_EMBEDDING,
                               .size = 1,
                               .output = true}};
  recur_model *other = recur_model_alloc(small, 2);
  theta.size = V;
  REFUSE(GSL_EINVAL, "initialization->set_forget_gate_bias", other, &how, &theta);
  CHECK(recur_model_initialize(other, &good, &theta) == GSL_SUCCESS);
  recur_model_free(other);
}

int main(void) {
  check_begin();
  recur_model *model = new_model();
  test_values(model);
  test_seeds(model);
  test_schemes(model);
  test_errors(model);
  recur_model_free(model);
  free_all();
  return check_end();
}
