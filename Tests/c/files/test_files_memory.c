/* recur/safetensors.h and recur/model_file.h: every allocation fails once, and files take little
   memory.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include "support/every_node.h"
#include "support/memory_check.h"

#include <jansson.h>
#include <recur/model_file.h>
#include <recur/rnn.h>

/* The memory of jansson. If allocations are not counted otherwise, this counts them. */

static size_t live, peak;

static void *allocate(size_t size) {
  if (!counting && !count_allocation(size))
    return NULL;
  void *const memory = malloc(size);
  live += memory == NULL ? 0 : malloc_usable_size(memory);
  peak = live > peak ? live : peak;
  return memory;
}

static void release(void *memory) {
  live -= memory == NULL ? 0 : malloc_usable_size(memory);
  free(memory);
}

/* Every allocation fails once */

static every_node_call call;
static file_bytes file;
static char *text;
static recur_model *stored; /* with networks of all compressed storages */
static gsl_vector_float *stored_theta;

/* These return whether they succeeded. */

static bool open_tensors(void) {
  recur_safetensors *const open = recur_safetensors_from_memory(file.data, file.size);
  recur_safetensors_close(open);
  return open != NULL;
}

static bool open_model(void) {
  recur_model_file *const open = recur_model_file_open(path_of("model"));
  recur_model_file_close(open);
  return open != NULL;
}

static bool from_json(void) {
  recur_model *const model = recur_model_from_json(text, strlen(text));
  recur_model_free(model);
  return model != NULL;
}

static bool to_json(void) {
  char *own = NULL;
  const int status = recur_model_to_json(call.model, &own);
  CHECK(status != GSL_SUCCESS || strcmp(own, text) == 0);
  CHECK(status == GSL_SUCCESS || own == NULL);
  free(own);
  return status == GSL_SUCCESS;
}

static bool write_model(void) {
  static const recur_metadata info[] = {{"b", "c"}, {"a", ""}};
  return recur_model_file_write(path_of("model"), call.model, &call.theta, info, 2) == GSL_SUCCESS;
}

static recur_network network_of(size_t units, recur_weight_storage storage) {
  recur_network network = recur_rnn(1, units);
  network.weight_storage = storage;
  return network;
}

static void begin_stored(void) {
  const recur_node nodes[] = {{.name = "x", .kind = RECUR_NODE_FEATURES, .size = 1},
                              {.name = "a",
                               .from = {"x"},
                               .kind = RECUR_NODE_NETWORK,
                               .network = network_of(128, RECUR_STORAGE_INT8)},
                              {.name = "y", .from = {"a"}, .kind = RECUR_NODE_DENSE, .size = 1},
                              {.name = "b",
                               .from = {"y"},
                               .kind = RECUR_NODE_NETWORK,
                               .network = network_of(256, RECUR_STORAGE_HALF)},
                              {.name = "z", .from = {"b"}, .kind = RECUR_NODE_DENSE, .size = 1},
                              {.name = "c",
                               .from = {"z"},
                               .kind = RECUR_NODE_NETWORK,
                               .network = network_of(128, RECUR_STORAGE_BFLOAT16),
                               .output = true}};
  size_t slices, count;
  stored = recur_model_alloc(nodes, COUNT(nodes));
  CHECK(recur_model_parameters_count(stored, &slices, &count) == GSL_SUCCESS);
  stored_theta = gsl_vector_float_calloc(count);
}

static bool write_stored(void) {
  return recur_model_file_float_write(path_of("model"), stored, stored_theta, NULL, 0) ==
         GSL_SUCCESS;
}

static void fail_each(const char *what, bool (*run)(void)) {
  bool done = false;
  size_t n = 0;
  while (!done) {
    check_note("%s, allocation %zu", what, ++n);
    allocation_count = 0;
    allocation_refused = n;
    const bool succeeded = run();
    allocation_refused = 0;
    done = allocation_count < n;
    /* The parser's buffer may grow at the next byte instead. */
    CHECK(succeeded || !done);
    /* jansson reports a string without memory as an invalid token. */
    CHECK(succeeded || recur_last_error()->status == GSL_ENOMEM ||
          strstr(recur_last_error()->message, "is not valid JSON: ") != NULL);
    CHECK(live == 0 && count_files() == 1);
  }
  CHECK(n > 3 && run());
  recur_model_file *const open = recur_model_file_open(path_of("model"));
  CHECK(open != NULL);
  recur_model_file_close(open);
}

static void test_failures(void) {
  CHECK(write_model());
  CHECK(recur_model_to_json(call.model, &text) == GSL_SUCCESS);
  file = read_whole(path_of("model"));
  fail_each("recur_safetensors_from_memory", open_tensors);
  fail_each("recur_model_file_open", open_model);
  fail_each("recur_model_from_json", from_json);
  fail_each("recur_model_to_json", to_json);
  fail_each("recur_model_file_write", write_model);
  fail_each("recur_model_file_float_write", write_stored);
  free(file.data);
  free(text);
}

/* The memory of headers: at most 16 times their size, and a mebibyte. */

static void check_header(const char *what, const char *part, size_t count, bool numbered) {
  const size_t room = count * (strlen(part) + 24) + 100;
  char *const header = malloc(room), *at = header;
  at += sprintf(at, "{");
  for (size_t k = 0; k < count; k++)
    at += numbered ? sprintf(at, "%s\"%zu\":%s", k == 0 ? "" : ",", k, part)
                   : sprintf(at, "%s%s", k == 0 ? "\"a\":[" : ",", part);
  strcpy(at, numbered ? "}" : "]}");
  file_bytes made = file_of(header, 0);
  check_note("%s", what);
  peak = 0;
  const struct mallinfo2 before = mallinfo2();
  recur_safetensors *const open = recur_safetensors_from_memory(made.data, made.size);
  const struct mallinfo2 after = mallinfo2();
  const size_t most = 16 * made.size + (1 << 20);
  CHECK(peak <= most);
  CHECK(after.uordblks <= before.uordblks + most);
  recur_safetensors_close(open);
  free(made.data);
  free(header);
}

static void test_headers(void) {
  check_header("tensors", "{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,0]}", 1000, true);
  check_header("empty tensors",
               "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],      \"\":          []}",
               20000, true);
  check_header("empty tensors, read",
               "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]                         }",
               20000, true);
  check_header("objects", "{             }", 50000, false);
  check_header("objects", "{}", 4000, false);
  check_header("arrays", "[             ]", 50000, false);
  check_header("numbers", "1       ", 50000, false);
}

int main(void) {
  begin_files();
  start_memory_check();
  every_node_begin(&call);
  begin_stored();
  json_set_alloc_funcs(allocate, release);
  test_failures();
  test_headers();
  every_node_end(&call);
  gsl_vector_float_free(stored_theta);
  recur_model_free(stored);
  return end_files();
}
