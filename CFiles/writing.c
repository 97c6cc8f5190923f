/* Writing files of the safetensors format: see recur/safetensors.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "json_text.h"
#include "safetensors.h"
#include "string_pairs.h"
#include "tensors.h"

#include <stdlib.h>
#include <string.h>

#define FAIL(...) rf_fail(source, GSL_EINVAL, __VA_ARGS__)

/* The strings, the checksum first. */
static int add_metadata(const rf_source *source, json_t *root, const recur_metadata *metadata,
                        size_t pairs) {
  static const recur_metadata checksum = {RF_CHECKSUM, "00000000"};
  static const char what[] = ": metadata";
  json_t *const strings = json_object();
  if (strings == NULL)
    return rf_fail_memory(source, sizeof *strings);
  RF_TRY(rf_add(source, what, root, RF_METADATA, strings));
  RF_TRY(rf_pairs_add(source, what, strings, &checksum, 1));
  return rf_pairs_add(source, what, strings, metadata, pairs);
}

/* Tensors */

static int check_tensor(const rf_source *source, size_t k, recur_tensor *tensor) {
  if (tensor->name == NULL || tensor->name[0] == 0)
    return FAIL(": tensors[%zu] has no name", k);
  if (recur_tensor_type_name(tensor->type) == NULL)
    return FAIL(": tensor %s has type %d, expected a recur_tensor_type", RF_QUOTE(tensor->name),
                (int)tensor->type);
  if (tensor->rank > RECUR_TENSOR_RANK)
    return FAIL(": tensor %s has %zu dimensions, expected at most %d", RF_QUOTE(tensor->name),
                tensor->rank, RECUR_TENSOR_RANK);
  if (!rf_tensor_measure(tensor))
    return FAIL(": tensor %s has the invalid shape %s", RF_QUOTE(tensor->name),
                RF_SHAPE(tensor->shape, tensor->rank));
  if (tensor->data == NULL && tensor->bytes > 0)
    return rf_fail(source, GSL_EFAULT, ": tensor %s has no data", RF_QUOTE(tensor->name));
  return GSL_SUCCESS;
}

static json_t *describe(const recur_tensor *tensor, size_t begin) {
  json_t *const shape = json_array();
  for (size_t k = 0; k < tensor->rank; k++)
    if (json_array_append_new(shape, json_integer((json_int_t)tensor->shape[k])) != 0) {
      json_decref(shape);
      return NULL;
    }
  return json_pack("{s:s, s:o, s:[I, I]}", "dtype", recur_tensor_type_name(tensor->type), "shape",
                   shape, "data_offsets", (json_int_t)begin, (json_int_t)(begin + tensor->bytes));
}

static int add_tensors(const rf_source *source, json_t *root, const recur_tensor *tensors,
                       size_t count, rf_chunk *chunks, size_t *size) {
  size_t end = 0;
  for (size_t k = 0; k < count; k++) {
    recur_tensor tensor = tensors[k];
    RF_TRY(check_tensor(source, k, &tensor));
    if (tensor.bytes > PTRDIFF_MAX - end)
      return FAIL(": tensor %s makes the file too large", RF_QUOTE(tensor.name));
    json_t *const entry = describe(&tensor, end);
    if (entry == NULL)
      return rf_fail_memory(source, sizeof tensor);
    RF_TRY(rf_add(source, ": tensor", root, tensor.name, entry));
    chunks[k] = (rf_chunk){tensor.data, tensor.bytes};
    end += tensor.bytes;
  }
  *size = end;
  return GSL_SUCCESS;
}

/* Files */

/* The length and the header, padded with spaces to a multiple of 8 bytes. */
static int print_header(const rf_source *source, const json_t *root, size_t values,
                        rf_chunk *start) {
  char *const text = rf_json_print(root, 0);
  if (text == NULL)
    return rf_fail_memory(source, json_object_size(root));
  const size_t length = strlen(text);
  const uint64_t padded = (length + RF_LENGTH_BYTES - 1) / RF_LENGTH_BYTES * RF_LENGTH_BYTES;
  char *const all = malloc(RF_LENGTH_BYTES + padded);
  if (all != NULL) {
    memcpy(all, &padded, sizeof padded);
    memcpy(all + RF_LENGTH_BYTES, text, length);
    memset(all + RF_LENGTH_BYTES + length, ' ', padded - length);
  }
  free(text);
  *start = (rf_chunk){all, RF_LENGTH_BYTES + padded};
  if (all == NULL)
    return rf_fail_memory(source, start->size);
  if (padded > RF_LONGEST_HEADER)
    return FAIL(": the header would have %zu bytes, expected at most %d", (size_t)padded,
                RF_LONGEST_HEADER);
  return rf_json_check(source, ": the header", all + RF_LENGTH_BYTES, padded, start->size + values);
}

static void sign(const rf_chunk *chunks, size_t count) {
  rf_checksum digits;
  rf_checksum_compute(chunks, count, digits);
  memcpy((char *)rf_checksum_place(chunks[0].data, chunks[0].size), digits, RF_DIGITS);
}

static int describe_all(const rf_source *source, json_t *root, const recur_tensor *tensors,
                        size_t count, const recur_metadata *metadata, size_t pairs,
                        rf_chunk *chunks) {
  size_t values = 0;
  RF_TRY(add_metadata(source, root, metadata, pairs));
  RF_TRY(add_tensors(source, root, tensors, count, chunks + 1, &values));
  return print_header(source, root, values, chunks);
}

int rf_header(const rf_source *source, const recur_tensor *tensors, size_t count,
              const recur_metadata *metadata, size_t pairs, rf_chunk *chunks) {
  json_t *const root = json_object();
  if (root == NULL)
    return rf_fail_memory(source, sizeof *root);
  const int status = describe_all(source, root, tensors, count, metadata, pairs, chunks);
  json_decref(root);
  return status;
}

static int write_file(const rf_source *source, const recur_tensor *tensors, size_t count,
                      const recur_metadata *metadata, size_t pairs, rf_chunk *chunks) {
  RF_TRY(rf_header(source, tensors, count, metadata, pairs, chunks));
  sign(chunks, count + 1);
  return rf_replace_chunks(source, source->path, chunks, count + 1);
}

int rf_write(const rf_source *source, const recur_tensor *tensors, size_t count,
             const recur_metadata *metadata, size_t pairs) {
  rf_chunk *const chunks = calloc(count + 1, sizeof *chunks);
  if (chunks == NULL)
    return rf_fail_memory(source, (count + 1) * sizeof *chunks);
  const int status = write_file(source, tensors, count, metadata, pairs, chunks);
  free((void *)chunks[0].data);
  free(chunks);
  return status;
}

int recur_safetensors_write(const char *path, const recur_tensor *tensors, size_t count,
                            const recur_metadata *metadata, size_t pairs) {
  RF_REQUIRE(path);
  if (count > 0)
    RF_REQUIRE(tensors);
  if (pairs > 0)
    RF_REQUIRE(metadata);
  return rf_write(&(rf_source){__func__, "path", path}, tensors, count, metadata, pairs);
}
