/* Reading files of the safetensors format: see recur/safetensors.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "safetensors.h"

#include "json_text.h"
#include "string_pairs.h"
#include "tensors.h"

#include <recur/file_format.h>
#include <stdlib.h>
#include <string.h>

/* A tensor and its place after the header. */
typedef struct {
  recur_tensor tensor;
  size_t begin;
} entry;

struct recur_safetensors {
  rf_bytes file;
  json_t *header; /* owns all names and strings */
  size_t count, pairs;
  bool verified;
  entry *entries; /* in the order of the header */
  const entry **by_place, **by_name;
  recur_metadata *metadata;
};

#define FAIL(...) rf_fail(source, GSL_EINVAL, __VA_ARGS__)

/* Sizes */

/* Reads an array of integers of at least 0, at most `most` of them. */
static bool read_integers(const json_t *json, size_t most, size_t *numbers, size_t *count) {
  *count = json_array_size(json);
  if (!json_is_array(json) || *count > most)
    return false;
  for (size_t k = 0; k < *count; k++) {
    const json_t *const number = json_array_get(json, k);
    if (!json_is_integer(number) || json_integer_value(number) < 0)
      return false;
    numbers[k] = (size_t)json_integer_value(number);
  }
  return true;
}

static int read_shape(const rf_source *source, const char *name, const json_t *json,
                      recur_tensor *tensor) {
  const size_t rank = json_array_size(json);
  if (rank > RECUR_TENSOR_RANK)
    return FAIL(": tensor %s has %zu dimensions, expected at most %d", RF_QUOTE(name), rank,
                RECUR_TENSOR_RANK);
  if (!read_integers(json, RECUR_TENSOR_RANK, tensor->shape, &tensor->rank))
    return FAIL(": tensor %s has no shape, expected an array of integers of at least 0",
                RF_QUOTE(name));
  if (!rf_tensor_measure(tensor))
    return FAIL(": tensor %s has the invalid shape %s", RF_QUOTE(name),
                RF_SHAPE(tensor->shape, rank));
  return GSL_SUCCESS;
}

static int read_offsets(const rf_source *source, const char *name, const json_t *json, entry *e) {
  size_t offsets[2], count;
  if (!read_integers(json, 2, offsets, &count) || count != 2)
    return FAIL(": tensor %s has no data_offsets, expected two integers of at least 0",
                RF_QUOTE(name));
  if (offsets[0] > offsets[1])
    return FAIL(": tensor %s has the invalid offsets [%zu, %zu]", RF_QUOTE(name), offsets[0],
                offsets[1]);
  if (offsets[1] - offsets[0] != e->tensor.bytes)
    return FAIL(": tensor %s has %zu bytes, expected %zu for %s", RF_QUOTE(name),
                offsets[1] - offsets[0], e->tensor.bytes,
                RF_SHAPE(e->tensor.shape, e->tensor.rank));
  e->begin = offsets[0];
  return GSL_SUCCESS;
}

/* Tensors */

static int read_type(const rf_source *source, const char *name, const json_t *json,
                     recur_tensor *tensor) {
  const char *const type = json_string_value(json);
  if (type == NULL)
    return FAIL(": tensor %s has no dtype", RF_QUOTE(name));
  tensor->type = rf_tensor_type(type);
  if (tensor->type == RECUR_TENSOR_TYPES)
    return FAIL(": tensor %s is of type %s, expected one of F64, F32, F16, BF16, I64, U64, I32, "
                "U32, I16, U16, I8, U8, BOOL",
                RF_QUOTE(name), RF_QUOTE(type));
  return GSL_SUCCESS;
}

static int read_entry(const rf_source *source, const char *name, json_t *json, entry *e) {
  static const char *const fields[] = {"dtype", "shape", "data_offsets"};
  const char *field;
  json_t *value;
  *e = (entry){.tensor = {.name = name}};
  if (name[0] == 0)
    return FAIL(" has a tensor without a name");
  if (!json_is_object(json))
    return FAIL(": tensor %s is not an object", RF_QUOTE(name));
  json_object_foreach(json, field, value) {
    bool known = false;
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
      known = known || strcmp(field, fields[k]) == 0;
    if (!known)
      return FAIL(": tensor %s has the unknown field %s", RF_QUOTE(name), RF_QUOTE(field));
  }
  RF_TRY(read_type(source, name, json_object_get(json, fields[0]), &e->tensor));
  RF_TRY(read_shape(source, name, json_object_get(json, fields[1]), &e->tensor));
  return read_offsets(source, name, json_object_get(json, fields[2]), e);
}

static int compare_places(const void *left, const void *right) {
  const entry *const a = *(const entry *const *)left, *const b = *(const entry *const *)right;
  if (a->begin != b->begin)
    return a->begin < b->begin ? -1 : 1;
  if (a->tensor.bytes != b->tensor.bytes)
    return a->tensor.bytes < b->tensor.bytes ? -1 : 1;
  return a < b ? -1 : a > b;
}

static int compare_names(const void *left, const void *right) {
  const entry *const a = *(const entry *const *)left, *const b = *(const entry *const *)right;
  return strcmp(a->tensor.name, b->tensor.name);
}

/* The tensors must fill the bytes after the header without gaps or overlaps. */
static int place_tensors(const rf_source *source, recur_safetensors *file, size_t header_end) {
  const size_t size = file->file.size - header_end;
  size_t end = 0;
  for (size_t k = 0; k < file->count; k++)
    file->by_place[k] = file->by_name[k] = &file->entries[k];
  qsort(file->by_place, file->count, sizeof(entry *), compare_places);
  qsort(file->by_name, file->count, sizeof(entry *), compare_names);
  for (size_t k = 0; k < file->count; k++) {
    const entry *const e = file->by_place[k];
    if (e->begin != end)
      return FAIL(": tensor %s begins at %zu, expected %zu", RF_QUOTE(e->tensor.name), e->begin,
                  end);
    end += e->tensor.bytes;
  }
  if (end != size)
    return FAIL(" has %zu bytes of tensors, expected %zu", size, end);
  for (size_t k = 0; k < file->count; k++)
    file->entries[k].tensor.data = file->file.data + header_end + file->entries[k].begin;
  return GSL_SUCCESS;
}

/* The checksum */

static int verify(const rf_source *source, recur_safetensors *file, size_t header_end,
                  const char *expected) {
  static const char zeros[] = "00000000";
  if (expected == NULL)
    return GSL_SUCCESS;
  const unsigned char *const begin = file->file.data, *const end = begin + file->file.size;
  const unsigned char *const place = rf_checksum_place(begin, header_end);
  if (place != NULL) {
    const unsigned char *const after = place + RF_DIGITS;
    const rf_chunk chunks[] = {
        {begin, (size_t)(place - begin)}, {zeros, RF_DIGITS}, {after, (size_t)(end - after)}};
    rf_checksum found;
    rf_checksum_compute(chunks, sizeof chunks / sizeof *chunks, found);
    file->verified = strcmp(found, expected) == 0;
  }
  if (!file->verified)
    return FAIL(" was altered: its checksum does not match its contents");
  return GSL_SUCCESS;
}

/* Files */

static int allocate(const rf_source *source, recur_safetensors *file, size_t pairs) {
  const size_t count = json_object_size(file->header);
  const size_t bytes =
      count * (sizeof *file->entries + 2 * sizeof(entry *)) + pairs * sizeof *file->metadata;
  /* With an element more, no array is empty, and NULL means that memory ran out. */
  file->entries = calloc(count + 1, sizeof *file->entries);
  file->by_place = calloc(count + 1, sizeof *file->by_place);
  file->by_name = calloc(count + 1, sizeof *file->by_name);
  file->metadata = calloc(pairs + 1, sizeof *file->metadata);
  if (file->entries == NULL || file->by_place == NULL || file->by_name == NULL ||
      file->metadata == NULL)
    return rf_fail_memory(source, bytes);
  return GSL_SUCCESS;
}

static int read_header(const rf_source *source, recur_safetensors *file, size_t header_end) {
  json_t *const metadata = json_object_get(file->header, RF_METADATA), *value;
  const char *name;
  if (metadata != NULL && !json_is_object(metadata))
    return FAIL(" has a " RF_METADATA " that is not an object");
  RF_TRY(allocate(source, file, json_object_size(metadata)));
  RF_TRY(rf_pairs_read(source, " has the metadata", metadata, RF_CHECKSUM, file->metadata,
                       &file->pairs));
  json_object_foreach(file->header, name, value) {
    if (value == metadata)
      continue;
    RF_TRY(read_entry(source, name, value, &file->entries[file->count]));
    file->count++;
  }
  RF_TRY(place_tensors(source, file, header_end));
  return verify(source, file, header_end,
                json_string_value(json_object_get(metadata, RF_CHECKSUM)));
}

/* Only spaces may follow the object, and nothing may precede it. */
static bool is_object(const char *text, size_t length) {
  while (length > 0 && text[length - 1] == ' ')
    length--;
  return length > 1 && text[0] == '{' && text[length - 1] == '}';
}

static int read_file(const rf_source *source, recur_safetensors *file) {
  const size_t size = file->file.size;
  uint64_t length;
  const recur_file_format format = recur_file_format_of(file->file.data, size);
  if (format != RECUR_FILE_SAFETENSORS && format != RECUR_FILE_UNKNOWN)
    return FAIL(" is %s, expected a safetensors file", recur_file_format_name(format));
  if (size < RF_LENGTH_BYTES)
    return FAIL(" has %zu bytes, too few for a safetensors file", size);
  memcpy(&length, file->file.data, sizeof length);
  /* The first bytes of a text are no length. */
  if (length > RF_LONGEST_HEADER && size > RF_LENGTH_BYTES &&
      ((const char *)file->file.data)[RF_LENGTH_BYTES] != '{')
    return FAIL(" is %s, expected a safetensors file", recur_file_format_name(format));
  if (length > RF_LONGEST_HEADER)
    return FAIL(" is not a safetensors file: its header would have %llu bytes, expected at most %d",
                (unsigned long long)length, RF_LONGEST_HEADER);
  if (length > size - RF_LENGTH_BYTES)
    return FAIL(" ends after %zu bytes, within a header of %llu bytes", size,
                (unsigned long long)length);
  const char *const text = (const char *)file->file.data + RF_LENGTH_BYTES;
  if (!is_object(text, length))
    return FAIL(" is not a safetensors file: its header is not a single JSON object");
  file->header = rf_json_parse(source, " has a header that", text, length, size);
  if (file->header == NULL)
    return recur_last_error()->status;
  return read_header(source, file, RF_LENGTH_BYTES + length);
}

/* Reads bytes, which belong to the result. */
static recur_safetensors *open_bytes(const rf_source *source, const rf_bytes *bytes) {
  recur_safetensors *const file = calloc(1, sizeof *file);
  if (file == NULL) {
    rf_fail_memory(source, sizeof *file);
    rf_unmap(bytes);
    return NULL;
  }
  file->file = *bytes;
  if (read_file(source, file) == GSL_SUCCESS)
    return file;
  recur_safetensors_close(file);
  return NULL;
}

recur_safetensors *rf_open(const rf_source *source) {
  rf_bytes bytes;
  return rf_map(source, &bytes) == GSL_SUCCESS ? open_bytes(source, &bytes) : NULL;
}

recur_safetensors *rf_open_memory(const rf_source *source, const void *file, size_t size) {
  return open_bytes(source, &(rf_bytes){.data = file, .size = size});
}

recur_safetensors *recur_safetensors_open(const char *path) {
  const rf_source source = {__func__, "path", path};
  if (path == NULL) {
    rf_fail(&source, GSL_EFAULT, " is NULL");
    return NULL;
  }
  return rf_open(&source);
}

recur_safetensors *recur_safetensors_from_memory(const void *file, size_t size) {
  const rf_source source = {__func__, "file", NULL};
  if (file == NULL) {
    rf_fail(&source, GSL_EFAULT, " is NULL");
    return NULL;
  }
  return rf_open_memory(&source, file, size);
}

void recur_safetensors_close(recur_safetensors *file) {
  if (file == NULL)
    return;
  free(file->entries);
  free(file->by_place);
  free(file->by_name);
  free(file->metadata);
  json_decref(file->header);
  rf_unmap(&file->file);
  free(file);
}

size_t recur_safetensors_count(const recur_safetensors *file) {
  return file == NULL ? 0 : file->count;
}

const recur_tensor *recur_safetensors_tensor(const recur_safetensors *file, size_t k) {
  return k < recur_safetensors_count(file) ? &file->by_place[k]->tensor : NULL;
}

const recur_tensor *recur_safetensors_find(const recur_safetensors *file, const char *name) {
  if (file == NULL || name == NULL)
    return NULL;
  const entry wanted = {.tensor = {.name = name}}, *const key = &wanted;
  const entry *const *const found =
      bsearch(&key, file->by_name, file->count, sizeof key, compare_names);
  return found == NULL ? NULL : &(*found)->tensor;
}

size_t recur_safetensors_metadata_count(const recur_safetensors *file) {
  return file == NULL ? 0 : file->pairs;
}

const recur_metadata *recur_safetensors_metadata(const recur_safetensors *file, size_t k) {
  return k < recur_safetensors_metadata_count(file) ? &file->metadata[k] : NULL;
}

const char *recur_safetensors_string(const recur_safetensors *file, const char *key) {
  if (file == NULL || key == NULL || strcmp(key, RF_CHECKSUM) == 0)
    return NULL;
  return json_string_value(json_object_get(json_object_get(file->header, RF_METADATA), key));
}

bool recur_safetensors_is_verified(const recur_safetensors *file) {
  return file != NULL && file->verified;
}
