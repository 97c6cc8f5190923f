/* internal/for_swift.h: JSON, headers and atomic writing on behalf of the Swift package.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include "support/memory_check.h"

#include <errno.h>
#include <internal/for_swift.h>

static void check_reason(const char *reason) {
  check_note("%s", recur_last_error()->message);
  CHECK(strstr(recur_last_error()->message, reason) != NULL);
}

static void test_json(void) {
  static const char text[] = "{\"a\":\n[1, 123456789012345678901234567890]}";
  size_t line = 0;
  CHECK(rf_swift_json(text, strlen(text), strlen(text), (rf_json_options){0}, &line) == NULL);
  CHECK(line == 2);
  check_reason("rf_swift_json: text is not valid JSON: too big integer");
  json_t *const json = rf_swift_json(text, strlen(text), strlen(text),
                                     (rf_json_options){.flags = JSON_DECODE_INT_AS_REAL}, &line);
  CHECK(json_real_value(json_array_get(json_object_get(json, "a"), 1)) > 1e29);
  json_decref(json);
  CHECK(rf_swift_json("[\0]", 3, 3, (rf_json_options){0}, &line) == NULL);
  CHECK(line == 1);
  CHECK(rf_swift_json("[] {}", 5, 5, (rf_json_options){0}, &line) == NULL);
  check_reason("rf_swift_json: text is not valid JSON: it is not a single object or array");
}

static json_t *with_most_names(const char *text, size_t most_names) {
  size_t line;
  return rf_swift_json(text, strlen(text), strlen(text),
                       (rf_json_options){.most_names = most_names}, &line);
}

/* Names are counted in each object alone, and only outside strings. */
static void test_names(void) {
  static const char *const two[] = {"{\"a\":1,\"b\":2}", "[{\"a\":1,\"b\":2},{\"c\":3,\"d\":4}]",
                                    "{\"a\":{\"b\":1,\"c\":2},\"d\":{\"e\":3,\"f\":4}}",
                                    "{\"a:\\\"::\":[1],\"b\":\":::\"}"};
  for (size_t k = 0; k < sizeof two / sizeof *two; k++) {
    json_t *const json = with_most_names(two[k], 2);
    CHECK(json != NULL);
    json_decref(json);
    CHECK(with_most_names(two[k], 1) == NULL);
    check_reason("rf_swift_json: text has an object with 2 names, expected at most 1");
  }
}

static void test_header(void) {
  static const double elements[] = {1, 2};
  recur_tensor tensor = {
      .name = "a", .type = RECUR_TENSOR_F64, .rank = 1, .shape = {2}, .data = elements};
  const recur_metadata pair = {"b", "c"};
  size_t size = 0;
  char *const header = rf_swift_header(&tensor, 1, &pair, 1, &size);
  CHECK(size % 8 == 0);
  CHECK(strstr(header + 8, "\"recur.checksum\":\"00000000\",\"b\":\"c\"") != NULL);
  free(header);
  tensor.name = "";
  CHECK(rf_swift_header(&tensor, 1, &pair, 1, &size) == NULL);
  check_reason("rf_swift_header: file: tensors[0] has no name");
}

/* Every allocation fails once. */
static void test_memory(void) {
  static const double elements[] = {1, 2};
  const recur_tensor tensor = {
      .name = "a", .type = RECUR_TENSOR_F64, .rank = 1, .shape = {2}, .data = elements};
  size_t size = 0;
  void *header = NULL;
  for (size_t n = 1; header == NULL; n++) {
    allocation_count = 0;
    allocation_refused = n;
    header = rf_swift_header(&tensor, 1, NULL, 0, &size);
    allocation_refused = 0;
    CHECK(header != NULL || recur_last_error()->status == GSL_ENOMEM);
  }
  free(header);
}

static int write_text(void *context, int descriptor) {
  const char *const text = context;
  if (text == NULL)
    return ENOSPC;
  return write(descriptor, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : EIO;
}

static void test_replace(void) {
  char old[] = "old", new[] = "new text";
  CHECK(rf_swift_replace(path_of("file"), write_text, old) == GSL_SUCCESS);
  CHECK(rf_swift_replace(path_of("file"), write_text, NULL) == GSL_EFAILED);
  check_reason("rf_swift_replace: file: write: No space left on device");
  file_bytes found = read_whole(path_of("file"));
  CHECK(found.size == 3 && memcmp(found.data, old, 3) == 0);
  free(found.data);
  CHECK(count_files() == 1);
  CHECK(rf_swift_replace(path_of("file"), write_text, new) == GSL_SUCCESS);
  found = read_whole(path_of("file"));
  CHECK(found.size == strlen(new) && memcmp(found.data, new, strlen(new)) == 0);
  free(found.data);
}

int main(void) {
  begin_files();
  test_json();
  test_names();
  test_header();
  test_memory();
  test_replace();
  return end_files();
}
