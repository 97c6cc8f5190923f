/* recur/safetensors.h: reading files, and the refusal of everything that is not the format.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include <sys/stat.h>

/* Refusals */

#define A "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"
#define B(offsets) A ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" offsets "}}"
#define TENSOR(type, shape, offsets)                                                               \
  "{\"a\":{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":" offsets "}}"
#define NOT_ONE_OBJECT "is not a safetensors file: its header is not a single JSON object"
#define NOT_JSON "has a header that is not valid JSON: "
#define NO_SHAPE ": tensor \"a\" has no shape, expected an array of integers of at least 0"
#define NO_OFFSETS ": tensor \"a\" has no data_offsets, expected two integers of at least 0"

static const struct {
  const char *header;
  size_t values;
  const char *reason;
} refused[] = {
    {"", 0, NOT_ONE_OBJECT},
    {"{", 0, NOT_ONE_OBJECT},
    {" {}", 0, NOT_ONE_OBJECT},
    {"\xef\xbb\xbf{}", 0, NOT_ONE_OBJECT},
    {"[]", 0, NOT_ONE_OBJECT},
    {"{}\n", 0, NOT_ONE_OBJECT},
    {"{} x", 0, NOT_ONE_OBJECT},
    {"   ", 0, NOT_ONE_OBJECT},
    {"{}{}", 0, NOT_JSON "it is not a single object or array"},
    {"{},{}", 0, NOT_JSON "it is not a single object or array"},
    {"{\"a\" 1}", 0, NOT_JSON "':' expected near '1'"},
    {A ",}", 4, NOT_JSON "string or '}' expected near '}'"},
    {A ",\"a\":{}}", 4, NOT_JSON "duplicate object key near '\"a\"'"},
    {A ",\"\\u0061\":{}}", 4, NOT_JSON "duplicate object key near '\"\\u0061\"'"},
    {"{\"a\":\"\\u0000\"}", 0, NOT_JSON "\\u0000 is not allowed near '\"\\u0000\"'"},
    {"{\"\\u0000\":{}}", 0, NOT_JSON},
    {"{\"a\":\"\\ud800\"}", 0, NOT_JSON "invalid Unicode '\\uD800'"},
    {"{\"\xff\":{}}", 0, NOT_JSON "unable to decode byte 0xff"},
    {"{\"a\":\"\\n\n\"}", 0, NOT_JSON},
    {"{\"__metadata__\":[]}", 0, "has a __metadata__ that is not an object"},
    {"{\"__metadata__\":{\"a\":1}}", 0, "has the metadata \"a\", which is not a string"},
    {"{\"\":{}}", 0, "has a tensor without a name"},
    {"{\"a\":1}", 0, ": tensor \"a\" is not an object"},
    {"{\"a\\n\xc3\xa9\":1}", 0, ": tensor \"a\\x0a\\xc3\\xa9\" is not an object"},
    {"{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, ": tensor \"a\" has no dtype"},
    {"{\"a\":{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
     ": tensor \"a\" has no dtype"},
    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, NO_SHAPE},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, NO_OFFSETS},
    {"{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
     NOT_JSON "duplicate object key near '\"dtype\"'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4,
     ": tensor \"a\" has the unknown field \"x\""},
    {TENSOR("F8_E4M3", "[4]", "[0,4]"), 4,
     ": tensor \"a\" is of type \"F8_E4M3\", expected one of F64, F32,"},
    {TENSOR("f32", "[1]", "[0,4]"), 4, "is of type \"f32\", expected one of"},
    {TENSOR("BF16", "[1]", "[0,4]"), 4, ": tensor \"a\" has 4 bytes, expected 2 for [1]"},
    {TENSOR("BOOL", "[1]", "[0,4]"), 4, ": tensor \"a\" has 4 bytes, expected 1 for [1]"},
    {TENSOR("F32", "[-1]", "[0,4]"), 4, NO_SHAPE},
    {TENSOR("F32", "[1.0]", "[0,4]"), 4, NO_SHAPE},
    {TENSOR("F32", "[1e0]", "[0,4]"), 4, NO_SHAPE},
    {TENSOR("F32", "1", "[0,4]"), 4, NO_SHAPE},
    {TENSOR("F32", "{}", "[0,4]"), 4, NO_SHAPE},
    {TENSOR("F32", "[9223372036854775808]", "[0,4]"), 4, NOT_JSON "too big integer"},
    {TENSOR("F32", "[4294967296,4294967296]", "[0,0]"), 0,
     ": tensor \"a\" has the invalid shape [4294967296, 4294967296]"},
    {TENSOR("F32", "[4294967296,2147483648,0]", "[0,0]"), 0, "has the invalid shape"},
    {TENSOR("F32", "[4611686018427387904]", "[0,0]"), 0,
     ": tensor \"a\" has the invalid shape [4611686018427387904]"},
    {TENSOR("F32", "[2305843009213693952]", "[0,0]"), 0, "has the invalid shape"},
    {TENSOR("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4,
     ": tensor \"a\" has 9 dimensions, expected at most 8"},
    {TENSOR("F32", "[1]", "[0]"), 4, NO_OFFSETS},
    {TENSOR("F32", "[1]", "[0,4,8]"), 4, NO_OFFSETS},
    {TENSOR("F32", "[1]", "[0,4.0]"), 4, NO_OFFSETS},
    {TENSOR("F32", "[1]", "[0,true]"), 4, NO_OFFSETS},
    {TENSOR("F32", "[1]", "[-4,0]"), 4, NO_OFFSETS},
    {TENSOR("F32", "[1]", "[4,0]"), 4, ": tensor \"a\" has the invalid offsets [4, 0]"},
    {TENSOR("F32", "[2]", "[0,4]"), 4, ": tensor \"a\" has 4 bytes, expected 8 for [2]"},
    {TENSOR("F32", "[1]", "[4,8]"), 8, ": tensor \"a\" begins at 4, expected 0"},
    {TENSOR("F32", "[1]", "[9223372036854775803,9223372036854775807]"), 4,
     ": tensor \"a\" begins at 9223372036854775803, expected 0"},
    {B("[8,12]"), 12, ": tensor \"b\" begins at 8, expected 4"},
    {B("[2,6]"), 6, ": tensor \"b\" begins at 2, expected 4"},
    {B("[0,4]"), 4, ": tensor \"b\" begins at 0, expected 4"},
    {A "}", 3, "has 3 bytes of tensors, expected 4"},
    {A "}", 5, "has 5 bytes of tensors, expected 4"},
    {"{\"__metadata__\":{\"recur.checksum\":\"00000000\"}}", 0,
     "was altered: its checksum does not match its contents"},
    {"{\"__metadata__\":{\"recur.checksum\" :\"00000000\"}}", 0, "was altered: its checksum"},
    {"{\"__metadata__\":{\"recur.checksum\":\"0\"}}", 0, "was altered: its checksum"},
    {"{\"__metadata__\":{\"recur.checksum\":\"\"}}", 0, "was altered: its checksum"},
};

/* Under a path and in memory. */
static void check_refused(const file_bytes *file, const char *reason) {
  CHECK(recur_safetensors_from_memory(file->data, file->size) == NULL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_from_memory", reason);
  CHECK(strcmp(recur_last_error()->argument, "file") == 0);
  write_whole(path_of("refused"), file);
  CHECK(recur_safetensors_open(path_of("refused")) == NULL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_open", reason);
  CHECK(strcmp(recur_last_error()->argument, "path") == 0);
  CHECK(strstr(recur_last_error()->message, ": path \"/tmp/") != NULL);
  CHECK(strstr(recur_last_error()->message, "/refused\"") != NULL);
}

static void test_refusals(void) {
  for (size_t k = 0; k < COUNT(refused); k++) {
    file_bytes file = file_of(refused[k].header, refused[k].values);
    check_refused(&file, refused[k].reason);
    free(file.data);
  }
}

static void test_lengths(void) {
  static const uint64_t lengths[] = {100000001, (uint64_t)1 << 63, UINT64_MAX};
  char reason[100];
  file_bytes file = file_of("{}", 0);
  for (size_t size = 0; size < 8; size++) {
    const file_bytes begin = {file.data, size};
    snprintf(reason, sizeof reason, "has %zu bytes, too few for a safetensors file", size);
    check_refused(&begin, reason);
  }
  for (size_t size = 8; size < 10; size++) {
    const file_bytes begin = {file.data, size};
    snprintf(reason, sizeof reason, "ends after %zu bytes, within a header of 2 bytes", size);
    check_refused(&begin, reason);
  }
  for (size_t k = 0; k < COUNT(lengths); k++) {
    memcpy(file.data, &lengths[k], 8);
    snprintf(reason, sizeof reason, "its header would have %llu bytes, expected at most 100000000",
             (unsigned long long)lengths[k]);
    check_refused(&file, reason);
  }
  check_refused(&(file_bytes){file.data, 8},
                "its header would have 18446744073709551615 bytes, expected at most 100000000");
  file_bytes text = {(unsigned char *)"date,value\n", 11};
  check_refused(&text, "is a file of an unknown format, expected a safetensors file");
  memcpy(file.data, &(uint64_t){100000000}, 8);
  check_refused(&file, "ends after 10 bytes, within a header of 100000000 bytes");
  free(file.data);
}

static void test_zero_byte(void) {
  file_bytes file = file_of("{\"a\":1 }", 0);
  file.data[8 + 6] = 0;
  check_refused(&file, NOT_JSON "it has a zero byte");
  free(file.data);
}

/* A header of `count` times a text between two others. */
static file_bytes repeated(const char *before, const char *text, size_t count, const char *after) {
  const size_t room = strlen(before) + count * strlen(text) + strlen(after) + 1;
  char *const header = malloc(room), *at = header + strlen(before);
  strcpy(header, before);
  for (size_t k = 0; k < count; k++, at += strlen(text))
    strcpy(at, text);
  strcpy(at, after);
  const file_bytes file = file_of(header, 0);
  free(header);
  return file;
}

/* 8,000 separators are free, and each needs 8 bytes of the file. */
static void test_separators(void) {
  file_bytes file = repeated("{\"a\":[", "0,", 20000, "0]}");
  check_refused(&file,
                "has a header that has 20003 separators in 40017 bytes, expected at most 13002");
  free(file.data);
  file = repeated("{\"__metadata__\":{\"a\":\"", ",:[{\\\\\\\"", 9000, "\"}}");
  recur_safetensors *const open = recur_safetensors_from_memory(file.data, file.size);
  CHECK(open != NULL && strlen(recur_safetensors_string(open, "a")) == 9000 * 6);
  recur_safetensors_close(open);
  free(file.data);
  file = repeated("{\"a\":", "[", 100000, "}");
  check_refused(&file, "has a header that has 100002 separators");
  free(file.data);
  file = repeated("{\"a\":", "[", 32, "}");
  check_refused(&file, "has a header that nests 33 objects and arrays, expected at most 32");
  free(file.data);
  file = repeated("{\"a\":", "[", 31, "}");
  check_refused(&file, NOT_JSON);
  free(file.data);
}

static void test_paths(void) {
  char path[300];
  CHECK(recur_safetensors_open(NULL) == NULL);
  check_failed_as(GSL_EFAULT, "recur_safetensors_open", "path is NULL");
  CHECK(recur_safetensors_from_memory(NULL, 8) == NULL);
  check_failed_as(GSL_EFAULT, "recur_safetensors_from_memory", "file is NULL");
  CHECK(recur_safetensors_open(path_of("missing\x1b")) == NULL);
  check_failed_as(GSL_EFAILED, "recur_safetensors_open", "/missing\\x1b\": open: No such file");
  CHECK(recur_safetensors_open(folder) == NULL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_open", "is not a regular file");
  /* Neither of them may wait. */
  CHECK(mkfifo(path_of("pipe"), 0600) == 0);
  CHECK(recur_safetensors_open(path_of("pipe")) == NULL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_open", "/pipe\" is not a regular file");
  CHECK(recur_safetensors_open("/dev/tty") == NULL);
  CHECK(recur_safetensors_open("/dev/zero") == NULL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_open", "\"/dev/zero\" is not a regular file");
  memset(path, 'p', sizeof path - 1);
  path[sizeof path - 1] = 0;
  memcpy(path + sizeof path - 12, "\xff\xff\xff/the end", 12);
  CHECK(recur_safetensors_open(path) == NULL);
  check_failed_as(GSL_EFAILED, "recur_safetensors_open", "path ...\"ppp");
  memset(path, '\x01', sizeof path - 1);
  CHECK(recur_safetensors_open(path) == NULL);
  check_failed_as(GSL_EFAILED, "recur_safetensors_open", "\\x01...\": open: ");
}

/* Files that are read */

static void test_nothing(void) {
  CHECK(recur_safetensors_count(NULL) == 0 && recur_safetensors_tensor(NULL, 0) == NULL);
  CHECK(recur_safetensors_find(NULL, "a") == NULL && recur_safetensors_string(NULL, "a") == NULL);
  CHECK(recur_safetensors_metadata_count(NULL) == 0 && recur_safetensors_metadata(NULL, 0) == NULL);
  CHECK(!recur_safetensors_is_verified(NULL));
  recur_safetensors_close(NULL);
  CHECK(recur_tensor_type_name(RECUR_TENSOR_TYPES) == NULL);
  CHECK(recur_tensor_type_name((recur_tensor_type)-1) == NULL);
  CHECK(strcmp(recur_tensor_type_name(RECUR_TENSOR_BOOL), "BOOL") == 0);
  const file_bytes file = file_of("{}   ", 0);
  recur_safetensors *const open = recur_safetensors_from_memory(file.data, file.size);
  CHECK(open != NULL && recur_safetensors_count(open) == 0);
  CHECK(recur_safetensors_find(open, "a") == NULL && recur_safetensors_find(open, NULL) == NULL);
  CHECK(recur_safetensors_tensor(open, 0) == NULL && recur_safetensors_metadata(open, 0) == NULL);
  CHECK(recur_safetensors_string(open, "a") == NULL &&
        recur_safetensors_string(open, NULL) == NULL);
  CHECK(!recur_safetensors_is_verified(open));
  recur_safetensors_close(open);
  free(file.data);
}

/* The tensors are in the order of their data; those without data come first at their place. */
static void test_order(void) {
  static const char header[] =
      "{ \"c\" : {\"shape\":[1],\"data_offsets\":[8,12],\"dtype\":\"F32\"},"
      "\"\\u0061\":{\"dtype\":\"F64\",\"shape\":[1,1],\"data_offsets\":[0,8]},"
      "\"scalar\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[12,13]},"
      "\"empty\":{\"dtype\":\"F16\",\"shape\":[0,4],\"data_offsets\":[8,8]},"
      "\"none\":{\"dtype\":\"I64\",\"shape\":[0,9223372036854775807,4],\"data_offsets\":[8,8]},"
      "\"__metadata__\":{\"z\":\"pt\",\"\":\"\xe2\x98\x83\"}}  ";
  static const char *const names[] = {"a", "empty", "none", "c", "scalar"};
  const file_bytes file = file_of(header, 13);
  recur_safetensors *const open = recur_safetensors_from_memory(file.data, file.size);
  const unsigned char *const values = file.data + file.size - 13;
  CHECK(recur_safetensors_count(open) == COUNT(names));
  for (size_t k = 0; k < COUNT(names); k++) {
    const recur_tensor *const tensor = recur_safetensors_tensor(open, k);
    check_note("tensor %s", names[k]);
    CHECK(tensor != NULL && strcmp(tensor->name, names[k]) == 0);
    CHECK(recur_safetensors_find(open, names[k]) == tensor);
  }
  const recur_tensor *const c = recur_safetensors_tensor(open, 3),
                            *const none = recur_safetensors_tensor(open, 2),
                            *const scalar = recur_safetensors_tensor(open, 4);
  CHECK(c->type == RECUR_TENSOR_F32 && c->rank == 1 && c->shape[0] == 1 && c->shape[1] == 0);
  CHECK(c->elements == 1 && c->bytes == 4 && c->data == values + 8);
  CHECK(none->rank == 3 && none->shape[1] == INT64_MAX && none->elements == 0 && none->bytes == 0);
  CHECK(scalar->rank == 0 && scalar->elements == 1 && scalar->bytes == 1);
  CHECK(scalar->data == values + 12);
  CHECK(recur_safetensors_metadata_count(open) == 2 && recur_safetensors_metadata(open, 2) == NULL);
  CHECK(strcmp(recur_safetensors_metadata(open, 0)->key, "z") == 0);
  CHECK(strcmp(recur_safetensors_metadata(open, 1)->value, "\xe2\x98\x83") == 0);
  CHECK(strcmp(recur_safetensors_string(open, "z"), "pt") == 0);
  CHECK(strcmp(recur_safetensors_string(open, ""), "\xe2\x98\x83") == 0);
  CHECK(recur_safetensors_string(open, "format") == NULL);
  recur_safetensors_close(open);
  free(file.data);
}

static void test_python(void) {
  static const double weight[] = {0.1f, -0.2f, 0.3f, 1e-45f, 1e38f, -0.0};
  double values[6];
  gsl_vector v = {.size = 6, .stride = 1, .data = values};
  recur_safetensors *const open = recur_safetensors_open("Tests/golden/python.safetensors");
  CHECK(recur_safetensors_count(open) == 6 && !recur_safetensors_is_verified(open));
  CHECK(strcmp(recur_safetensors_string(open, "note"), "\xc3\xbc \"quoted\"") == 0);
  CHECK(recur_tensor_read(recur_safetensors_find(open, "weight"), &v) == GSL_SUCCESS);
  CHECK(memcmp(values, weight, sizeof weight) == 0);
  v.size = 2;
  CHECK(recur_tensor_read(recur_safetensors_find(open, "double"), &v) == GSL_SUCCESS);
  CHECK(values[0] == 0.1 && values[1] == 5e-324);
  v.size = 4;
  CHECK(recur_tensor_read(recur_safetensors_find(open, "half"), &v) == GSL_SUCCESS);
  CHECK(values[0] == 1 && values[1] == -2 && values[2] == 65504 && values[3] == 0x1p-24);
  const recur_tensor *const mask = recur_safetensors_find(open, "mask");
  CHECK(mask->type == RECUR_TENSOR_BOOL && memcmp(mask->data, "\1\0\1", 3) == 0);
  recur_safetensors_close(open);
}

int main(void) {
  begin_files();
  test_refusals();
  test_lengths();
  test_zero_byte();
  test_separators();
  test_paths();
  test_nothing();
  test_order();
  test_python();
  return end_files();
}
