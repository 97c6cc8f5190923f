/* recur/model_file.h: a file has the matrices of a network as inference stores them, rounded as
   recur_parameters_float_round() rounds them.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include <recur/lstm.h>
#include <recur/model_file.h>
#include <recur/parameters.h>

enum { I = 2, H = 132, P = 128, OUT = 1 };

static recur_network network_of(recur_weight_storage storage) {
  recur_network network = recur_lstm(I, H);
  network.cell.projection_size = P;
  network.weight_storage = storage;
  return network;
}

static recur_model *model_of(recur_weight_storage storage) {
  const recur_node nodes[] = {
      {.name = "x", .kind = RECUR_NODE_FEATURES, .size = I},
      {.name = "first", .from = {"x"}, .kind = RECUR_NODE_DENSE, .size = I},
      {.name = "lstm",
       .from = {"first"},
       .kind = RECUR_NODE_NETWORK,
       .network = network_of(storage)},
      {.name = "y", .from = {"lstm"}, .kind = RECUR_NODE_DENSE, .size = OUT, .output = true}};
  return recur_model_alloc(nodes, 4);
}

/* Random numbers of many sizes, subnormal halves too. Some round to zero. */
static void fill(gsl_vector_float *theta) {
  for (size_t k = 0; k < theta->size; k++) {
    const float scale = (float[]){1, 1e-3f, 1e-6f, 300}[check_random_below(4)];
    theta->data[k] = k < I * I + 2 * I ? 0x1p-120f : (float)check_random() * scale;
  }
}

/* The parameters as they are in inference. */
static gsl_vector_float *rounded_of(const gsl_vector_float *theta, recur_weight_storage storage) {
  const recur_network network = network_of(storage);
  gsl_vector_float *const rounded = gsl_vector_float_alloc(theta->size);
  gsl_vector_float_memcpy(rounded, theta);
  const size_t first = I * I;
  gsl_vector_float own =
      gsl_vector_float_subvector(rounded, first, theta->size - first - OUT * P).vector;
  CHECK(recur_parameters_float_round(&network, &own) == GSL_SUCCESS);
  return rounded;
}

static void check_file(const char *name, const gsl_vector_float *expected,
                       recur_tensor_type matrix) {
  recur_model_file *const file = recur_model_file_open(path_of(name));
  gsl_vector *const numbers = gsl_vector_alloc(expected->size);
  if (CHECK(file != NULL) && CHECK(recur_model_file_read(file, numbers) == GSL_SUCCESS))
    for (size_t k = 0; k < expected->size; k++)
      if (!CHECK(numbers->data[k] == (double)expected->data[k]))
        break;
  gsl_vector_free(numbers);
  recur_model_file_close(file);
  recur_safetensors *const tensors = recur_safetensors_open(path_of(name));
  const bool scaled = matrix == RECUR_TENSOR_I8;
  CHECK(recur_safetensors_find(tensors, "lstm.weight_ih_l0")->type == matrix);
  CHECK(recur_safetensors_find(tensors, "lstm.weight_hh_l0")->type == matrix);
  CHECK(recur_safetensors_find(tensors, "lstm.weight_hr_l0")->type ==
        (scaled ? RECUR_TENSOR_F32 : matrix));
  CHECK((recur_safetensors_find(tensors, "lstm.weight_hh_l0.scale") != NULL) == scaled);
  CHECK(recur_safetensors_count(tensors) == (scaled ? 9 : 7));
  recur_safetensors_close(tensors);
}

static void check_storage(recur_weight_storage storage, recur_tensor_type type) {
  recur_model *const model = model_of(storage);
  size_t slices, count;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  gsl_vector_float *const theta = gsl_vector_float_alloc(count);
  fill(theta);
  gsl_vector_float *const rounded = rounded_of(theta, storage);
  CHECK(recur_model_file_float_write(path_of("float"), model, theta, NULL, 0) == GSL_SUCCESS);
  check_file("float", rounded, type);
  gsl_vector_float_free(rounded);
  gsl_vector_float_free(theta);
  recur_model_free(model);
}

/* A number beyond those that a storage has. */
static void check_limit(recur_weight_storage storage, float excess, const char *message) {
  recur_model *const model = model_of(storage);
  size_t slices, count;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  gsl_vector_float *const theta = gsl_vector_float_calloc(count);
  theta->data[I * I + 5] = excess;
  CHECK(recur_model_file_float_write(path_of("none"), model, theta, NULL, 0) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_model_file_float_write", message);
  gsl_vector_float_free(theta);
  recur_model_free(model);
}

/* Double precision, and a matrix that is too small for the storage. */
static void test_refusals(void) {
  recur_model *model = model_of(RECUR_STORAGE_HALF);
  size_t slices, count;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  gsl_vector *const wide = gsl_vector_calloc(count);
  CHECK(recur_model_file_write(path_of("none"), model, wide, NULL, 0) == GSL_EUNIMPL);
  check_failed_as(GSL_EUNIMPL, "recur_model_file_write",
                  ": network \"lstm\" has compressed weights, expected single precision");
  gsl_vector_free(wide);
  recur_model_free(model);
  static const char small[] = "{\"nodes\":[{\"name\":\"x\",\"kind\":\"features\",\"size\":1},"
                              "{\"name\":\"n\",\"kind\":\"network\",\"from\":[\"x\"],\"output\":"
                              "true,\"network\":{\"cell\":\"gru\",\"hiddenSize\":1,"
                              "\"weightStorage\":\"int8\"}}]}";
  model = recur_model_from_json(small, strlen(small));
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  gsl_vector_float *const theta = gsl_vector_float_calloc(count);
  CHECK(recur_model_file_float_write(path_of("none"), model, theta, NULL, 0) == GSL_EINVAL);
  CHECK(strstr(recur_last_error()->message, "expected full for a W_hh of 3 elements") != NULL);
  gsl_vector_float_free(theta);
  recur_model_free(model);
}

int main(void) {
  begin_files();
  check_storage(RECUR_STORAGE_HALF, RECUR_TENSOR_F16);
  check_storage(RECUR_STORAGE_BFLOAT16, RECUR_TENSOR_BF16);
  check_storage(RECUR_STORAGE_INT8, RECUR_TENSOR_I8);
  check_limit(
      RECUR_STORAGE_HALF, 65520,
      ": tensor \"lstm.weight_ih_l0\" is 65520 at index 5, expected a magnitude below 65520");
  check_limit(RECUR_STORAGE_BFLOAT16, -0x1.ffp127F,
              ": tensor \"lstm.weight_ih_l0\" is -3.39618e+38 at index 5, expected a magnitude "
              "below 3.39617e38, the limit of bfloat16");
  test_refusals();
  CHECK(count_files() == 1);
  return end_files();
}
