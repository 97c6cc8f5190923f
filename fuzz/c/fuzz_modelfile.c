/* Files of tensors and models, and models as JSON. The first byte chooses what the others are:

     0  a file
     1  a header; the bytes after the first zero byte are those of the tensors
     2  the JSON of a model

   A checksum in a file is set to the right one, unless the byte is 4 or more. What is accepted is
   read: the tensors fill the file, and the JSON of a model is read as the same model.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "target.h"

#include <recur/model_file.h>
#include <zlib.h>

/* In memory of exactly its size, so that the address sanitizer finds invalid accesses. */
typedef struct {
  unsigned char *data;
  size_t size;
} input;

static input input_of(const uint8_t *data, size_t size, size_t lead) {
  input in = {malloc(lead + size), lead + size};
  if (size > 0)
    memcpy(in.data + lead, data, size);
  return in;
}

static input with_header(const uint8_t *data, size_t size) {
  const uint8_t *const zero = size == 0 ? NULL : memchr(data, 0, size);
  const uint64_t length = zero == NULL ? size : (size_t)(zero - data);
  input in = input_of(data, size, sizeof length);
  memcpy(in.data, &length, sizeof length);
  if (zero != NULL) {
    in.size--;
    memmove(in.data + sizeof length + length, in.data + sizeof length + length + 1,
            size - length - 1);
  }
  return in;
}

/* Sets the first checksum of a file. */
static void sign(const input *in) {
  static const char before[] = "\"recur.checksum\":\"";
  const size_t length = sizeof before - 1;
  char digits[9];
  for (size_t k = 0; k + length + 8 <= in->size; k++)
    if (memcmp(in->data + k, before, length) == 0) {
      memcpy(in->data + k + length, "00000000", 8);
      snprintf(digits, sizeof digits, "%08lx", crc32_z(0, in->data, in->size));
      memcpy(in->data + k + length, digits, 8);
      return;
    }
}

static void read_tensor(const recur_safetensors *file, size_t k) {
  const recur_tensor *const t = recur_safetensors_tensor(file, k);
  REQUIRE(recur_safetensors_find(file, t->name) == t && t->rank <= RECUR_TENSOR_RANK);
  gsl_vector v = {.size = t->elements, .stride = 1, .data = malloc(t->elements * sizeof(double))};
  gsl_vector_float w = {
      .size = t->elements, .stride = 1, .data = malloc(t->elements * sizeof(float))};
  const int status = recur_tensor_read(t, &v), single = recur_tensor_float_read(t, &w);
  REQUIRE((status == GSL_SUCCESS) == (t->type <= RECUR_TENSOR_BF16));
  REQUIRE((single == GSL_SUCCESS) == (t->type <= RECUR_TENSOR_BF16 && t->type > RECUR_TENSOR_F64));
  for (size_t i = 0; single == GSL_SUCCESS && i < t->elements; i++)
    REQUIRE(v.data[i] == (double)w.data[i] || isnan(v.data[i]));
  free(v.data);
  free(w.data);
}

/* The name of a type has its bits; that of BOOL, of one byte, has none. */
static size_t bytes_of(const recur_tensor *t) {
  const char *const digits = strpbrk(recur_tensor_type_name(t->type), "0123456789");
  return t->elements * (digits == NULL ? 1 : strtoul(digits, NULL, 10) / 8);
}

static void read_tensors(const input *in) {
  recur_safetensors *const file = recur_safetensors_from_memory(in->data, in->size);
  if (!check_pointer(file, "recur_safetensors_from_memory"))
    return;
  uint64_t bytes;
  memcpy(&bytes, in->data, sizeof bytes);
  bytes += sizeof bytes;
  for (size_t k = 0; k < recur_safetensors_count(file); k++) {
    read_tensor(file, k);
    bytes += bytes_of(recur_safetensors_tensor(file, k));
  }
  REQUIRE(bytes == in->size);
  for (size_t k = 0; k < recur_safetensors_metadata_count(file); k++) {
    const recur_metadata *const pair = recur_safetensors_metadata(file, k);
    REQUIRE(recur_safetensors_string(file, pair->key) == pair->value);
  }
  recur_safetensors_close(file);
}

/* The JSON of a model is read as a model with the same JSON. */
static void check_json(const recur_model *model) {
  char *text = NULL, *again = NULL;
  REQUIRE(recur_model_to_json(model, &text) == GSL_SUCCESS);
  recur_model *const read = recur_model_from_json(text, strlen(text));
  REQUIRE(recur_model_to_json(read, &again) == GSL_SUCCESS);
  REQUIRE(strcmp(text, again) == 0);
  recur_model_free(read);
  free(text);
  free(again);
}

static void read_json(const input *in) {
  recur_model *const model = recur_model_from_json((const char *)in->data, in->size);
  if (check_pointer(model, "recur_model_from_json"))
    check_json(model);
  recur_model_free(model);
}

static void read_model(const input *in) {
  recur_model_file *const file = recur_model_file_from_memory(in->data, in->size);
  size_t slices, count;
  if (!check_pointer(file, "recur_model_file_from_memory"))
    return;
  check_json(recur_model_file_model(file));
  REQUIRE(recur_model_parameters_count(recur_model_file_model(file), &slices, &count) ==
          GSL_SUCCESS);
  REQUIRE(count <= in->size / 2);
  gsl_vector theta = {.size = count, .stride = 1, .data = malloc(count * sizeof(double))};
  REQUIRE(recur_model_file_read(file, &theta) == GSL_SUCCESS);
  for (size_t k = 0; k < count; k++)
    REQUIRE(isfinite(theta.data[k]));
  free(theta.data);
  recur_model_file_close(file);
}

/* The functions are those of both precisions, so this target is compiled once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  reader r = {data, data + size};
  const unsigned choice = take_byte(&r);
  const size_t rest = (size_t)(r.end - r.at);
  const input in = choice % 4 == 1 ? with_header(r.at, rest) : input_of(r.at, rest, 0);
  if (choice < 4)
    sign(&in);
  if (choice % 4 == 2) {
    read_json(&in);
  } else {
    read_tensors(&in);
    read_model(&in);
  }
  free(in.data);
  return 0;
}
