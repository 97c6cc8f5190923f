/* Writing files of models: see recur/model_file.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "graph_json.h"
#include "json_text.h"
#include "model_slices.h"
#include "safetensors.h"
#include "stored_matrices.h"
#include "string_pairs.h"
#include "tensors.h"

#include <math.h>
#include <recur/parameters.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(...) rf_fail(source, GSL_EINVAL, __VA_ARGS__)

/* All parameters, in either precision. */
typedef struct {
  recur_tensor_type type;
  const char *data;
  size_t element, size, stride;
} parameters;

/* The tensors of a file. A slice has one, or two if it is stored as integers. */
typedef struct {
  recur_model_slice *slices;
  recur_tensor *tensors;
  void **memory;       /* the converted elements of a tensor, to be freed; otherwise NULL */
  size_t count;        /* of the tensors */
  float *rounded;      /* the parameters of one network, as inference rounds them */
  size_t node, offset; /* its node, and the offset of its parameters */
} contents;

/* The limits of recur_parameters_float_round(), whose message would not name the tensor. */
static int check_limit(const rf_source *source, const recur_tensor *tensor,
                       recur_tensor_type type) {
  const float *const values = tensor->data;
  const bool half = type == RECUR_TENSOR_F16;
  const float limit = half ? 65520 : type == RECUR_TENSOR_BF16 ? 0x1.ffp127F : INFINITY;
  for (size_t k = 0; k < tensor->elements; k++)
    if (fabsf(values[k]) >= limit)
      return FAIL(": tensor %s is %g at index %zu, expected a magnitude below %s",
                  RF_QUOTE(tensor->name), (double)values[k], k,
                  half ? "65520, the limit of halves" : "3.39617e38, the limit of bfloat16");
  return GSL_SUCCESS;
}

/* Rounds the parameters of a network. They begin at an offset. */
static int round_network(const rf_source *source, contents *c, const recur_network *network,
                         const parameters *p) {
  size_t slices, count;
  RF_TRY(recur_parameters_count(network, RECUR_LAYOUT_PYTORCH, &slices, &count));
  free(c->rounded);
  c->rounded = malloc(count * sizeof *c->rounded);
  if (c->rounded == NULL)
    return rf_fail_memory(source, count * sizeof *c->rounded);
  memcpy(c->rounded, p->data + c->offset * p->element, count * sizeof *c->rounded);
  gsl_vector_float theta = {.size = count, .stride = 1, .data = c->rounded};
  return recur_parameters_float_round(network, &theta);
}

/* Converts the elements of the last tensor to its type, F16 or BF16. */
static bool store_narrow(contents *c, const float *values) {
  recur_tensor *const tensor = &c->tensors[c->count - 1];
  void **const memory = &c->memory[c->count - 1];
  *memory = tensor->type == RECUR_TENSOR_F16 ? rf_halves_of(tensor, values)
                                             : rf_bfloat16_of(tensor, values);
  tensor->data = *memory;
  return tensor->data != NULL;
}

/* Replaces the elements of the last tensor by integers, and adds the tensor of their scales. */
static bool store_integers(contents *c, const float *values) {
  recur_tensor *const tensor = &c->tensors[c->count - 1];
  void **const memory = &c->memory[c->count - 1];
  float *const scales = rf_scales_of(tensor, values);
  memory[1] = scales;
  if (scales == NULL)
    return false;
  tensor->data = memory[0] = rf_integers_of(tensor, values, scales);
  const size_t rows = tensor->shape[0];
  c->tensors[c->count++] = (recur_tensor){.name = (const char *)(scales + rows),
                                          .type = RECUR_TENSOR_F32,
                                          .rank = 1,
                                          .shape = {rows},
                                          .data = scales};
  return tensor->data != NULL;
}

/* Tensors */

/* Stores the last tensor, a slice of a network, as inference does. */
static int store(const rf_source *source, contents *c, const rf_slices *place, const parameters *p,
                 recur_tensor_type type) {
  const recur_node *const node = recur_model_node(place->model, place->node);
  recur_tensor *const tensor = &c->tensors[c->count - 1];
  const size_t offset = c->slices[place->next - 1].offset;
  if (p->type == RECUR_TENSOR_F64)
    return rf_fail(source, GSL_EUNIMPL,
                   ": network %s has compressed weights, expected single precision and "
                   "recur_model_file_float_write()",
                   RF_QUOTE(node->name));
  RF_TRY(check_limit(source, tensor, type));
  /* The first slice of a network is a matrix. */
  if (c->rounded == NULL || c->node != place->node) {
    c->node = place->node;
    c->offset = offset;
    RF_TRY(round_network(source, c, &node->network, p));
  }
  tensor->type = type;
  const float *const values = c->rounded + (offset - c->offset);
  if (type == RECUR_TENSOR_I8)
    return store_integers(c, values) ? GSL_SUCCESS : rf_fail_memory(source, tensor->elements);
  return store_narrow(c, values) ? GSL_SUCCESS : rf_fail_memory(source, 2 * tensor->elements);
}

static int add_slice(const rf_source *source, contents *c, rf_slices *place, const parameters *p) {
  recur_model_slice *const slice = &c->slices[place->next];
  recur_tensor *const tensor = &c->tensors[c->count++];
  rf_next_slice(place, slice, tensor);
  const recur_tensor_type type = tensor->type;
  tensor->type = p->type;
  tensor->data = p->data + slice->offset * p->element;
  tensor->elements = slice->rows * slice->columns;
  RF_TRY(rf_check_finite(source, tensor));
  return type == RECUR_TENSOR_F64 ? GSL_SUCCESS : store(source, c, place, p, type);
}

static int write_slices(const rf_source *source, const recur_model *model, const parameters *p,
                        const recur_metadata *metadata, size_t pairs, size_t slices, contents *c) {
  rf_slices place = {.model = model};
  for (size_t k = 0; k < slices; k++)
    RF_TRY(add_slice(source, c, &place, p));
  return rf_write(source, c->tensors, c->count, metadata, pairs);
}

static int write_parameters(const rf_source *source, const recur_model *model, const parameters *p,
                            const recur_metadata *metadata, size_t pairs) {
  const rf_source theta = {source->function, "theta", NULL};
  size_t count, size;
  (void)!recur_model_parameters_count(model, &count, &size);
  RF_TRY(rf_check_theta(&theta, size, p->size, p->stride));
  contents c = {.slices = calloc(count + 1, sizeof *c.slices),
                .tensors = calloc(2 * count + 1, sizeof *c.tensors),
                .memory = calloc(2 * count + 1, sizeof *c.memory)};
  const int status = c.slices == NULL || c.tensors == NULL || c.memory == NULL
                         ? rf_fail_memory(source, (count + 1) * sizeof *c.slices)
                         : write_slices(source, model, p, metadata, pairs, count, &c);
  for (size_t k = 0; c.memory != NULL && k < 2 * count; k++)
    free(c.memory[k]);
  free(c.memory);
  free(c.tensors);
  free(c.slices);
  free(c.rounded);
  return status;
}

/* Writes the digits of escapes such as \\u001b in lower case: Recur's Swift library, which accepts
   one text only, does. */
static void lower_digits(char *text) {
  for (; *text != 0; text++) {
    if (*text != '\\')
      continue;
    text++;
    for (size_t k = 1; *text == 'u' && k <= 4; k++)
      if (text[k] >= 'A' && text[k] <= 'F')
        text[k] = (char)(text[k] - 'A' + 'a');
  }
}

/* Prints the caller's strings as JSON; NULL after a failure. */
static char *print_info(const rf_source *source, const recur_metadata *info, size_t count) {
  json_t *const json = json_object();
  char *text = NULL;
  if (json == NULL)
    rf_fail_memory(source, sizeof *json);
  else if (rf_pairs_add(source, ": info", json, info, count) == GSL_SUCCESS) {
    text = rf_json_print(json, 0);
    if (text == NULL)
      rf_fail_memory(source, count);
    else
      lower_digits(text);
  }
  json_decref(json);
  return text;
}

static int write_file(const rf_source *source, const recur_model *model, const parameters *p,
                      const recur_metadata *info, size_t count) {
  char *const graph = rf_model_to_json(model);
  if (graph == NULL)
    return rf_fail_memory(source, recur_model_node_count(model));
  char *const strings = print_info(source, info, count);
  const recur_metadata metadata[] = {{RF_MODEL_KIND, RF_MODEL_KIND_NAME},
                                     {RF_MODEL_VERSION, RF_MODEL_VERSION_NUMBER},
                                     {RF_MODEL_GRAPH, graph},
                                     {RF_MODEL_INFO, strings}};
  const size_t pairs = sizeof metadata / sizeof *metadata;
  const int status = strings == NULL ? recur_last_error()->status
                                     : write_parameters(source, model, p, metadata, pairs);
  free(graph);
  free(strings);
  return status;
}

int recur_model_file_write(const char *path, const recur_model *model, const gsl_vector *theta,
                           const recur_metadata *info, size_t count) {
  RF_REQUIRE(path);
  RF_REQUIRE(model);
  RF_REQUIRE(theta);
  if (count > 0)
    RF_REQUIRE(info);
  const parameters p = {RECUR_TENSOR_F64, (const char *)theta->data, sizeof(double), theta->size,
                        theta->stride};
  return write_file(&(rf_source){__func__, "path", path}, model, &p, info, count);
}

int recur_model_file_float_write(const char *path, const recur_model *model,
                                 const gsl_vector_float *theta, const recur_metadata *info,
                                 size_t count) {
  RF_REQUIRE(path);
  RF_REQUIRE(model);
  RF_REQUIRE(theta);
  if (count > 0)
    RF_REQUIRE(info);
  const parameters p = {RECUR_TENSOR_F32, (const char *)theta->data, sizeof(float), theta->size,
                        theta->stride};
  return write_file(&(rf_source){__func__, "path", path}, model, &p, info, count);
}
