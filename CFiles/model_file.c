/* Reading files of models: see recur/model_file.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "graph_json.h"
#include "json_text.h"
#include "model_slices.h"
#include "safetensors.h"
#include "string_pairs.h"
#include "tensors.h"

#include <recur/model_file.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(...) rf_fail(source, GSL_EINVAL, __VA_ARGS__)

struct recur_model_file {
  recur_safetensors *file;
  recur_model *model;
  size_t slices, parameters;
  const recur_tensor **tensors; /* of the slices */
  const recur_tensor **scales;  /* of the slices with 8-bit integers, otherwise NULL */
  json_t *info_json;            /* owns the strings */
  recur_metadata *info;
  size_t info_count;
};

/* Reading */

/* The requirements on the strings of a file: those of Swift's FileKind. */
static int check_kind(const rf_source *source, const recur_safetensors *file) {
  const char *const found_kind = recur_safetensors_string(file, RF_MODEL_KIND);
  const char *const found_version = recur_safetensors_string(file, RF_MODEL_VERSION);
  if (found_kind == NULL || found_version == NULL)
    return FAIL(" contains tensors, but is not a Recur model");
  if (strcmp(found_version, RF_MODEL_VERSION_NUMBER) != 0)
    return FAIL(" has version %s, expected %s", RF_QUOTE(found_version), RF_MODEL_VERSION_NUMBER);
  if (!recur_safetensors_is_verified(file))
    return FAIL(" was altered: it has no checksum");
  if (strcmp(found_kind, RF_MODEL_KIND_NAME) != 0)
    return FAIL(" is of kind %s, expected %s", RF_QUOTE(found_kind), RF_MODEL_KIND_NAME);
  return GSL_SUCCESS;
}

static int read_graph(const rf_source *source, recur_model_file *file) {
  const char *const text = recur_safetensors_string(file->file, RF_MODEL_GRAPH);
  if (text == NULL)
    return FAIL(" has no metadata " RF_MODEL_GRAPH);
  file->model = rf_model_from_json(source, ": " RF_MODEL_GRAPH, text, strlen(text));
  return file->model == NULL ? recur_last_error()->status : GSL_SUCCESS;
}

static int read_info(const rf_source *source, recur_model_file *file) {
  const char *const text = recur_safetensors_string(file->file, RF_MODEL_INFO);
  if (text == NULL)
    return GSL_SUCCESS;
  file->info_json = rf_json_parse(source, ": " RF_MODEL_INFO, text, strlen(text), strlen(text));
  if (file->info_json == NULL)
    return recur_last_error()->status;
  if (!json_is_object(file->info_json))
    return FAIL(": " RF_MODEL_INFO " is not an object");
  const size_t count = json_object_size(file->info_json);
  file->info = calloc(count + 1, sizeof *file->info);
  if (file->info == NULL)
    return rf_fail_memory(source, count * sizeof *file->info);
  return rf_pairs_read(source, ": " RF_MODEL_INFO " has", file->info_json, NULL, file->info,
                       &file->info_count);
}

static bool is_column(const recur_tensor *tensor) {
  return tensor->rank == 1 || (tensor->rank == 2 && tensor->shape[1] == 1);
}

/* A column may have one dimension or two. */
static bool has_shape(const recur_tensor *tensor, const recur_tensor *expected) {
  if (is_column(tensor) && is_column(expected))
    return tensor->shape[0] == expected->shape[0];
  return tensor->rank == expected->rank &&
         memcmp(tensor->shape, expected->shape, sizeof tensor->shape) == 0;
}

static int check_tensor(const rf_source *source, const recur_tensor *tensor,
                        const recur_tensor *expected) {
  if (tensor == NULL)
    return FAIL(" has no tensor %s", RF_QUOTE(expected->name));
  if (!rf_is_double(tensor) && (tensor->type != RECUR_TENSOR_I8 || expected->type != tensor->type))
    return FAIL(": tensor %s is of type %s, expected F64, F32, F16%s", RF_QUOTE(tensor->name),
                recur_tensor_type_name(tensor->type),
                expected->type == RECUR_TENSOR_I8 ? ", BF16 or I8" : " or BF16");
  if (!has_shape(tensor, expected))
    return FAIL(": tensor %s has the shape %s, expected %s", RF_QUOTE(tensor->name),
                RF_SHAPE(tensor->shape, tensor->rank), RF_SHAPE(expected->shape, expected->rank));
  return tensor->type == RECUR_TENSOR_I8 ? GSL_SUCCESS : rf_check_finite(source, tensor);
}

/* Finds the scales of a tensor of integers. */
static int find_scale(const rf_source *source, const recur_model_file *file,
                      const recur_tensor *integers, const recur_tensor **scale) {
  char name[sizeof((recur_model_slice *)NULL)->name + sizeof ".scale"];
  snprintf(name, sizeof name, "%s.scale", integers->name);
  const recur_tensor expected = {.name = name, .rank = 1, .shape = {integers->shape[0]}};
  *scale = recur_safetensors_find(file->file, name);
  return check_tensor(source, *scale, &expected);
}

static int compare_pointers(const void *left, const void *right) {
  const recur_tensor *const a = *(const recur_tensor *const *)left, *const b = *(
                                                                        const recur_tensor *const *)
                                                                                   right;
  return a < b ? -1 : a > b;
}

/* Finds the first tensor of the file that no slice has: the slices have different tensors. */
static int check_left_over(const rf_source *source, const recur_model_file *file, size_t count) {
  size_t found = file->slices;
  for (size_t k = 0; k < file->slices; k++)
    found += file->scales[k] != NULL;
  if (found == count)
    return GSL_SUCCESS;
  const size_t places = 2 * (count + 1);
  qsort(file->tensors, places, sizeof *file->tensors, compare_pointers);
  for (size_t k = 0;; k++) {
    const recur_tensor *const tensor = recur_safetensors_tensor(file->file, k);
    if (bsearch(&tensor, file->tensors, places, sizeof tensor, compare_pointers) == NULL)
      return FAIL(" has the unexpected tensor %s", RF_QUOTE(tensor->name));
  }
}

/* Finds the tensor of each slice. A model that the file does not contain has a slice without a
   tensor, however large the model is. */
static int find_tensors(const rf_source *source, recur_model_file *file) {
  const size_t count = recur_safetensors_count(file->file);
  rf_slices slices = {.model = file->model};
  (void)!recur_model_parameters_count(file->model, &file->slices, &file->parameters);
  file->tensors = calloc(2 * (count + 1), sizeof *file->tensors);
  if (file->tensors == NULL)
    return rf_fail_memory(source, 2 * (count + 1) * sizeof *file->tensors);
  file->scales = file->tensors + count + 1;
  for (size_t k = 0; k < file->slices; k++) {
    recur_model_slice slice;
    recur_tensor expected;
    rf_next_slice(&slices, &slice, &expected);
    const recur_tensor *const tensor = recur_safetensors_find(file->file, slice.name);
    RF_TRY(check_tensor(source, tensor, &expected));
    file->tensors[k] = tensor;
    if (tensor->type == RECUR_TENSOR_I8)
      RF_TRY(find_scale(source, file, tensor, &file->scales[k]));
  }
  return check_left_over(source, file, count);
}

static int read_file(const rf_source *source, recur_model_file *file) {
  RF_TRY(check_kind(source, file->file));
  RF_TRY(read_graph(source, file));
  RF_TRY(read_info(source, file));
  return find_tensors(source, file);
}

/* Opens a model in a file, which belongs to the result. */
static recur_model_file *open_file(const rf_source *source, recur_safetensors *tensors) {
  if (tensors == NULL)
    return NULL;
  recur_model_file *const file = calloc(1, sizeof *file);
  if (file == NULL) {
    rf_fail_memory(source, sizeof *file);
    recur_safetensors_close(tensors);
    return NULL;
  }
  file->file = tensors;
  if (read_file(source, file) == GSL_SUCCESS)
    return file;
  recur_model_file_close(file);
  return NULL;
}

recur_model_file *recur_model_file_open(const char *path) {
  const rf_source source = {__func__, "path", path};
  if (path == NULL) {
    rf_fail(&source, GSL_EFAULT, " is NULL");
    return NULL;
  }
  return open_file(&source, rf_open(&source));
}

recur_model_file *recur_model_file_from_memory(const void *file, size_t size) {
  const rf_source source = {__func__, "file", NULL};
  if (file == NULL) {
    rf_fail(&source, GSL_EFAULT, " is NULL");
    return NULL;
  }
  return open_file(&source, rf_open_memory(&source, file, size));
}

void recur_model_file_close(recur_model_file *file) {
  if (file == NULL)
    return;
  recur_model_free(file->model);
  free(file->tensors);
  free(file->info);
  json_decref(file->info_json);
  recur_safetensors_close(file->file);
  free(file);
}

const recur_model *recur_model_file_model(const recur_model_file *file) {
  return file == NULL ? NULL : file->model;
}

size_t recur_model_file_info_count(const recur_model_file *file) {
  return file == NULL ? 0 : file->info_count;
}

const recur_metadata *recur_model_file_info(const recur_model_file *file, size_t k) {
  return k < recur_model_file_info_count(file) ? &file->info[k] : NULL;
}

/* Parameters */

/* Element k of integers times the scale of its row, which is exact in single precision. */
static double scaled(const recur_tensor *integers, const recur_tensor *scale, size_t k) {
  const uint64_t bits = rf_double_bits(scale, k / integers->shape[1]);
  double factor;
  memcpy(&factor, &bits, sizeof factor);
  return factor * ((const int8_t *)integers->data)[k];
}

int recur_model_file_read(const recur_model_file *file, gsl_vector *theta) {
  RF_REQUIRE(file);
  RF_REQUIRE(theta);
  RF_TRY(rf_check_theta(&(rf_source){__func__, "theta", NULL}, file->parameters, theta->size,
                        theta->stride));
  size_t offset = 0;
  for (size_t k = 0; k < file->slices; k++) {
    gsl_vector slice = {
        .size = file->tensors[k]->elements, .stride = 1, .data = theta->data + offset};
    for (size_t i = 0; file->scales[k] != NULL && i < slice.size; i++)
      slice.data[i] = scaled(file->tensors[k], file->scales[k], i);
    if (file->scales[k] == NULL)
      RF_TRY(recur_tensor_read(file->tensors[k], &slice));
    offset += slice.size;
  }
  return GSL_SUCCESS;
}

int recur_model_file_float_read(const recur_model_file *file, gsl_vector_float *theta) {
  RF_REQUIRE(file);
  RF_REQUIRE(theta);
  const rf_source source = {__func__, "file", NULL};
  RF_TRY(rf_check_theta(&(rf_source){__func__, "theta", NULL}, file->parameters, theta->size,
                        theta->stride));
  for (size_t k = 0; k < file->slices; k++)
    if (file->tensors[k]->type == RECUR_TENSOR_F64)
      return rf_fail(&source, GSL_EINVAL, ": tensor %s is of type F64, expected F32, F16 or BF16",
                     RF_QUOTE(file->tensors[k]->name));
  size_t offset = 0;
  for (size_t k = 0; k < file->slices; k++) {
    gsl_vector_float slice = {
        .size = file->tensors[k]->elements, .stride = 1, .data = theta->data + offset};
    for (size_t i = 0; file->scales[k] != NULL && i < slice.size; i++)
      slice.data[i] = (float)scaled(file->tensors[k], file->scales[k], i);
    if (file->scales[k] == NULL)
      RF_TRY(recur_tensor_float_read(file->tensors[k], &slice));
    offset += slice.size;
  }
  return GSL_SUCCESS;
}
