/* recur/model_file.h: models come back bit for bit, and every other file is refused.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include "support/every_node.h"

#include <recur/model_file.h>

enum { MOST_TENSORS = 32 };

static every_node_call call;
static double *theta_data, *read_data;
static float *float_data, *float_read_data;
static size_t parameters;

static gsl_vector vector_of(double *data) {
  return (gsl_vector){.size = parameters, .stride = 1, .data = data};
}

static gsl_vector_float float_vector_of(float *data) {
  return (gsl_vector_float){.size = parameters, .stride = 1, .data = data};
}

static void begin_model(void) {
  every_node_begin(&call);
  parameters = call.theta.size;
  theta_data = calloc(parameters, sizeof *theta_data);
  read_data = calloc(parameters, sizeof *read_data);
  float_data = calloc(parameters, sizeof *float_data);
  float_read_data = calloc(parameters, sizeof *float_read_data);
  for (size_t k = 0; k < parameters; k++) {
    theta_data[k] = check_random();
    float_data[k] = (float)check_random();
  }
}

static void end_model(void) {
  free(theta_data);
  free(read_data);
  free(float_data);
  free(float_read_data);
  every_node_end(&call);
}

static int write_double(const char *name) {
  const gsl_vector theta = vector_of(theta_data);
  return recur_model_file_write(path_of(name), call.model, &theta, NULL, 0);
}

/* Round trips */

static void check_same_model(const recur_model *model) {
  char *text = NULL, *expected = NULL;
  CHECK(recur_model_to_json(model, &text) == GSL_SUCCESS);
  CHECK(recur_model_to_json(call.model, &expected) == GSL_SUCCESS);
  CHECK(strcmp(text, expected) == 0);
  free(text);
  free(expected);
}

static void test_double(void) {
  gsl_vector v = vector_of(read_data);
  gsl_vector_float w = float_vector_of(float_read_data);
  CHECK(write_double("double") == GSL_SUCCESS);
  recur_model_file *const file = recur_model_file_open(path_of("double"));
  check_same_model(recur_model_file_model(file));
  CHECK(recur_model_file_read(file, &v) == GSL_SUCCESS);
  CHECK(memcmp(read_data, theta_data, parameters * sizeof *theta_data) == 0);
  float_read_data[0] = 7;
  CHECK(recur_model_file_float_read(file, &w) == GSL_EINVAL && float_read_data[0] == 7);
  check_failed_as(GSL_EINVAL, "recur_model_file_float_read",
                  "file: tensor \"embedding.weight\" is of type F64, expected F32, F16 or BF16");
  CHECK(recur_model_file_info_count(file) == 0 && recur_model_file_info(file, 0) == NULL);
  recur_model_file_close(file);
}

static void test_float(void) {
  static const recur_metadata info[] = {{"vocabulary", "\n \"\x1b\\u001B\xe2\x98\x83"}, {"a", ""}};
  const gsl_vector_float theta = float_vector_of(float_data);
  gsl_vector v = vector_of(read_data);
  gsl_vector_float w = float_vector_of(float_read_data);
  CHECK(recur_model_file_float_write(path_of("float"), call.model, &theta, info, 2) == GSL_SUCCESS);
  recur_model_file *const file = recur_model_file_open(path_of("float"));
  check_same_model(recur_model_file_model(file));
  CHECK(recur_model_file_float_read(file, &w) == GSL_SUCCESS);
  CHECK(memcmp(float_read_data, float_data, parameters * sizeof *float_data) == 0);
  CHECK(recur_model_file_read(file, &v) == GSL_SUCCESS);
  size_t wrong = 0;
  for (size_t k = 0; k < parameters; k++)
    wrong += read_data[k] != (double)float_data[k];
  CHECK(wrong == 0);
  CHECK(recur_model_file_info_count(file) == 2 && recur_model_file_info(file, 2) == NULL);
  CHECK(strcmp(recur_model_file_info(file, 0)->key, "a") == 0);
  CHECK(strcmp(recur_model_file_info(file, 0)->value, "") == 0);
  CHECK(strcmp(recur_model_file_info(file, 1)->key, "vocabulary") == 0);
  CHECK(strcmp(recur_model_file_info(file, 1)->value, info[0].value) == 0);
  recur_model_file_close(file);
}

/* The shapes in a file, in the order of the model. */
static void test_shapes(void) {
  static const struct {
    const char *name;
    size_t rank, shape[3];
  } expected[] = {
      {"embedding.weight", 2, {5, 8}},
      {"spectrum.weight", 3, {6, 2, 2}},
      {"normal.weight", 1, {3}},
      {"normal.bias", 1, {3}},
      {"scale.weight", 1, {3}},
      {"scale.bias", 1, {3}},
      {"prelu.weight", 1, {3}},
      {"network.weight_ih_l0", 2, {28, 12}},
      {"network.weight_hh_l0", 2, {28, 7}},
      {"network.bias_ih_l0", 1, {28}},
      {"network.bias_hh_l0", 1, {28}},
      {"causal.weight", 3, {4, 7, 3}},
      {"causal.bias", 1, {4}},
      {"y.weight", 2, {4, 11}},
      {"y.bias", 1, {4}},
  };
  recur_safetensors *const file = recur_safetensors_open(path_of("double"));
  CHECK(recur_safetensors_count(file) == COUNT(expected));
  for (size_t k = 0; k < COUNT(expected); k++) {
    const recur_tensor *const tensor = recur_safetensors_tensor(file, k);
    check_note("%s", expected[k].name);
    CHECK(strcmp(tensor->name, expected[k].name) == 0 && tensor->rank == expected[k].rank);
    CHECK(memcmp(tensor->shape, expected[k].shape, sizeof expected[k].shape) == 0);
  }
  CHECK(strcmp(recur_safetensors_string(file, "recur.kind"), "model") == 0);
  CHECK(strcmp(recur_safetensors_string(file, "recur.version"), "2") == 0);
  CHECK(recur_safetensors_metadata_count(file) == 4);
  CHECK(strcmp(recur_safetensors_string(file, "recur.info"), "{}") == 0);
  recur_safetensors_close(file);
  recur_safetensors *const other = recur_safetensors_open(path_of("float"));
  CHECK(strcmp(recur_safetensors_string(other, "recur.info"),
               "{\"a\":\"\",\"vocabulary\":\"\\n \\\"\\u001b\\\\u001B\xe2\x98\x83\"}") == 0);
  recur_safetensors_close(other);
}

/* A model without parameters, and names with dots. */
static void test_small_models(void) {
  const recur_node dots[] = {
      {.name = "x", .kind = RECUR_NODE_FEATURES, .size = 1},
      {.name = "a", FROM("x"), .kind = RECUR_NODE_DENSE, .size = 1},
      {.name = "a.weight", FROM("a"), .kind = RECUR_NODE_DENSE, .size = 1, .output = true}};
  const double two[] = {0.5, -0.25};
  const gsl_vector theta = {.size = 2, .stride = 1, .data = (double *)two}, none = {.stride = 1};
  double back[2];
  gsl_vector read = {.size = 2, .stride = 1, .data = back}, read_none = none;
  recur_model *model = recur_model_alloc(dots, 3);
  CHECK(recur_model_file_write(path_of("dots"), model, &theta, NULL, 0) == GSL_SUCCESS);
  recur_model_free(model);
  recur_model_file *file = recur_model_file_open(path_of("dots"));
  CHECK(recur_model_file_read(file, &read) == GSL_SUCCESS && memcmp(back, two, sizeof two) == 0);
  recur_model_file_close(file);
  const recur_node scale = {.name = "x", .kind = RECUR_NODE_FEATURES, .size = 1, .output = true};
  model = recur_model_alloc(&scale, 1);
  CHECK(recur_model_file_write(path_of("none"), model, &none, NULL, 0) == GSL_SUCCESS);
  recur_model_free(model);
  file = recur_model_file_open(path_of("none"));
  CHECK(recur_model_file_read(file, &read_none) == GSL_SUCCESS);
  recur_model_file_close(file);
}

/* Altered files */

/* The contents of a file, which a test changes and writes again. */
typedef struct {
  recur_safetensors *file;
  size_t count, pairs;
  recur_tensor tensors[MOST_TENSORS];
  recur_metadata metadata[4];
} contents;

static contents contents_of(const char *name) {
  contents c = {.file = recur_safetensors_open(path_of(name))};
  c.count = recur_safetensors_count(c.file);
  c.pairs = recur_safetensors_metadata_count(c.file);
  for (size_t k = 0; k < c.count; k++)
    c.tensors[k] = *recur_safetensors_tensor(c.file, k);
  for (size_t k = 0; k < c.pairs; k++)
    c.metadata[k] = *recur_safetensors_metadata(c.file, k);
  return c;
}

static recur_model_file *reopen(const contents *c) {
  CHECK(recur_safetensors_write(path_of("altered"), c->tensors, c->count, c->metadata, c->pairs) ==
        GSL_SUCCESS);
  return recur_model_file_open(path_of("altered"));
}

static void refuse(const contents *c, const char *reason) {
  recur_model_file *const file = reopen(c);
  CHECK(file == NULL);
  recur_model_file_close(file);
  check_failed_as(GSL_EINVAL, "recur_model_file_open", reason);
  CHECK(strstr(recur_last_error()->message, "/altered\"") != NULL);
}

/* Each tensor missing, doubled, renamed, of another shape, of another type, and not finite. */
static void test_altered_tensors(void) {
  const contents c = contents_of("double");
  static double values[1000];
  char reason[200];
  for (size_t k = 0; k < c.count; k++) {
    const char *const name = c.tensors[k].name;
    contents a = c;
    memmove(a.tensors + k, a.tensors + k + 1, (--a.count - k) * sizeof *a.tensors);
    snprintf(reason, sizeof reason, " has no tensor \"%s\"", name);
    refuse(&a, reason);
    a = c;
    a.tensors[a.count] = a.tensors[k];
    a.tensors[a.count++].name = "z";
    refuse(&a, " has the unexpected tensor \"z\"");
    a.tensors[a.count - 1].name = "!";
    refuse(&a, " has the unexpected tensor \"!\"");
    a = c;
    a.tensors[k].name = "z";
    snprintf(reason, sizeof reason, " has no tensor \"%s\"", name);
    refuse(&a, reason);
    a = c;
    /* A row instead of a column, and one dimension too many. */
    a.tensors[k].rank++;
    a.tensors[k].shape[c.tensors[k].rank] = c.tensors[k].rank == 1 ? c.tensors[k].shape[0] : 1;
    if (c.tensors[k].rank == 1)
      a.tensors[k].shape[0] = 1;
    snprintf(reason, sizeof reason, ": tensor \"%s\" has the shape [", name);
    refuse(&a, reason);
    a = c;
    a.tensors[k].shape[0]--;
    snprintf(reason, sizeof reason, ": tensor \"%s\" has the shape [%zu", name,
             c.tensors[k].shape[0] - 1);
    refuse(&a, reason);
    a = c;
    a.tensors[k].type = RECUR_TENSOR_I64;
    snprintf(reason, sizeof reason, ": tensor \"%s\" is of type I64, expected F64, F32, F16 or",
             name);
    refuse(&a, reason);
    a = c;
    memcpy(values, c.tensors[k].data, c.tensors[k].bytes);
    a.tensors[k].data = values;
    const size_t at = check_random_below(c.tensors[k].elements);
    values[at] = k % 3 == 0 ? NAN : k % 3 == 1 ? HUGE_VAL : -HUGE_VAL;
    snprintf(reason, sizeof reason, ": tensor \"%s\" is not finite at index %zu", name, at);
    refuse(&a, reason);
  }
  recur_safetensors_close(c.file);
}

/* Every order of the tensors is read alike. Columns may have two dimensions. */
static void test_accepted_tensors(void) {
  contents c = contents_of("double");
  gsl_vector v = vector_of(read_data);
  for (size_t k = c.count - 1; k > 0; k--) {
    const size_t other = check_random_below(k + 1);
    const recur_tensor tensor = c.tensors[k];
    c.tensors[k] = c.tensors[other];
    c.tensors[other] = tensor;
  }
  for (size_t k = 0; k < c.count; k++)
    if (c.tensors[k].rank == 1) {
      c.tensors[k].rank = 2;
      c.tensors[k].shape[1] = 1;
    }
  memset(read_data, 0, parameters * sizeof *read_data);
  recur_model_file *const file = reopen(&c);
  CHECK(recur_model_file_read(file, &v) == GSL_SUCCESS);
  CHECK(memcmp(read_data, theta_data, parameters * sizeof *theta_data) == 0);
  recur_model_file_close(file);
  recur_safetensors_close(c.file);
}

/* The weight of one column has two dimensions. One is accepted, too. */
static void test_columns(void) {
  double back[2];
  gsl_vector read = {.size = 2, .stride = 1, .data = back};
  contents c = contents_of("dots");
  CHECK(c.tensors[0].rank == 2 && c.tensors[0].shape[0] == 1 && c.tensors[0].shape[1] == 1);
  c.tensors[0].rank = 1;
  recur_model_file *const file = reopen(&c);
  CHECK(recur_model_file_read(file, &read) == GSL_SUCCESS && back[0] == 0.5 && back[1] == -0.25);
  recur_model_file_close(file);
  recur_safetensors_close(c.file);
}

/* A test of the Swift library checks that it writes the same bytes. */
static void test_golden(void) {
  static const recur_node nodes[] = {
      {.name = "x", .kind = RECUR_NODE_FEATURES, .size = 1},
      {.name = "norm", FROM("x"), .kind = RECUR_NODE_LAYER_NORMALIZATION, .epsilon = 1e-5},
      {.name = "prelu", FROM("norm"), .kind = RECUR_NODE_PRELU},
      {.name = "conv",
       FROM("prelu"),
       .kind = RECUR_NODE_CONVOLUTION,
       .convolution = {RECUR_AXIS_STEPS, 2, 3, 1, 2, 1, 4, 0, RECUR_PADDING_ZEROS}},
      {.name = "scale", FROM("conv"), .kind = RECUR_NODE_SCALE},
      {.name = "y", FROM("scale"), .kind = RECUR_NODE_DENSE, .size = 1, .bias = true},
      {.name = "z",
       FROM("y"),
       .kind = RECUR_NODE_NETWORK,
       .output = true,
       .network = {.cell = {.kind = RECUR_CELL_GRU,
                            .bias = true,
                            .f = {.kind = RECUR_ACTIVATION_SIGMOID},
                            .layer_normalization = true},
                   .hidden_size = 2,
                   .layers = 1,
                   .directions = 1}},
  };
  static const recur_metadata info[] = {{"vocabulary", "\n\t \"\x1b/\\u001B\xe2\x98\x83"},
                                        {"a", ""}};
  float data[100];
  size_t slices, count;
  recur_model *const model = recur_model_alloc(nodes, COUNT(nodes));
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS && count <= 100);
  for (size_t k = 0; k < count; k++)
    data[k] = (float)k / 64 - 0.3f;
  const gsl_vector_float theta = {.size = count, .stride = 1, .data = data};
  CHECK(recur_model_file_float_write(path_of("golden"), model, &theta, info, 2) == GSL_SUCCESS);
  recur_model_free(model);
  const file_bytes expected = read_whole("Tests/golden/model.safetensors"),
                   found = read_whole(path_of("golden"));
  CHECK(expected.size == found.size && memcmp(expected.data, found.data, found.size) == 0);
  free(expected.data);
  free(found.data);
}

/* Tensors of different types, which are exact in single precision. */
static void test_types(void) {
  static const uint16_t half[28] = {0x3c00, 1}, brain[28] = {0x3f80, 1};
  const gsl_vector_float theta = float_vector_of(float_data);
  gsl_vector_float w = float_vector_of(float_read_data);
  CHECK(recur_model_file_float_write(path_of("types"), call.model, &theta, NULL, 0) == GSL_SUCCESS);
  contents c = contents_of("types");
  size_t offset = 0;
  for (size_t k = 0; k < c.count && strcmp(c.tensors[k].name, "network.bias_ih_l0") != 0; k++)
    offset += c.tensors[k].elements;
  for (size_t k = 0; k < c.count; k++) {
    const bool is_half = strcmp(c.tensors[k].name, "network.bias_ih_l0") == 0;
    if (!is_half && strcmp(c.tensors[k].name, "network.bias_hh_l0") != 0)
      continue;
    c.tensors[k].type = is_half ? RECUR_TENSOR_F16 : RECUR_TENSOR_BF16;
    c.tensors[k].data = is_half ? half : brain;
  }
  recur_model_file *const file = reopen(&c);
  CHECK(recur_model_file_float_read(file, &w) == GSL_SUCCESS);
  CHECK(float_read_data[offset] == 1 && float_read_data[offset + 1] == 0x1p-24f);
  CHECK(float_read_data[offset + 28] == 1 && float_read_data[offset + 29] == 0x1p-133f);
  CHECK(memcmp(float_read_data, float_data, offset * sizeof *float_data) == 0);
  recur_model_file_close(file);
  recur_safetensors_close(c.file);
}

/* Strings */

static recur_metadata *pair_of(contents *c, const char *key) {
  size_t k = 0;
  while (strcmp(c->metadata[k].key, key) != 0)
    k++;
  return &c->metadata[k];
}

/* A small file that describes a large model, without or with some of its tensors. */
static void refuse_graph(const contents *c, const char *text, const char *reason) {
  contents a = *c;
  pair_of(&a, "recur.model")->value = text;
  refuse(&a, reason);
}

static void test_altered_strings(void) {
  static const char *const required[] = {"recur.kind", "recur.version", "recur.model"};
  const contents c = contents_of("double");
  contents a;
  for (size_t k = 0; k < COUNT(required); k++) {
    a = c;
    pair_of(&a, required[k])->key = "other";
    refuse(&a,
           k < 2 ? " contains tensors, but is not a Recur model" : " has no metadata recur.model");
  }
  a = c;
  pair_of(&a, "recur.kind")->value = "check\npoint";
  refuse(&a, " is of kind \"check\\x0apoint\", expected model");
  a = c;
  pair_of(&a, "recur.version")->value = "3";
  refuse(&a, " has version \"3\", expected 2");
  a = c;
  pair_of(&a, "recur.info")->value = "[]";
  refuse(&a, ": recur.info is not an object");
  pair_of(&a, "recur.info")->value = "{";
  refuse(&a, ": recur.info is not valid JSON: ");
  pair_of(&a, "recur.info")->value = "{\"a\":1}";
  refuse(&a, ": recur.info has \"a\", which is not a string");
  pair_of(&a, "recur.info")->key = "info";
  recur_model_file *const file = reopen(&a);
  CHECK(file != NULL && recur_model_file_info_count(file) == 0);
  recur_model_file_close(file);
  refuse_graph(&c, "{}", ": recur.model is not an object with an array of nodes alone");
  refuse_graph(&c, "{\"nodes\":[{\"name\":\"x\",\"kind\":\"features\",\"size\":0}]}",
               ": recur.model: nodes [0] (\"x\") has size 0");
  refuse_graph(&c,
               "{\"nodes\":[{\"name\":\"x\",\"kind\":\"features\",\"size\":536870912},"
               "{\"name\":\"y\",\"kind\":\"dense\",\"from\":[\"x\"],\"size\":536870912,"
               "\"output\":true}]}",
               ": tensor \"y.weight\" has the shape [4, 11], expected [536870912, 536870912]");
  refuse_graph(&c,
               "{\"nodes\":[{\"name\":\"x\",\"kind\":\"features\",\"size\":12},"
               "{\"name\":\"network\",\"kind\":\"network\",\"from\":[\"x\"],\"output\":true,"
               "\"network\":{\"cell\":\"lstm\",\"inputSize\":12,\"hiddenSize\":7,"
               "\"layers\":2147483647}}]}",
               " has no tensor \"network.weight_ih_l1\"");
  recur_safetensors_close(c.file);
}

/* Files without a checksum, and files of the Swift library, whose version is 1. */
static void test_other_files(void) {
  CHECK(recur_model_file_open("Tests/golden/swift.safetensors") == NULL);
  check_failed_as(GSL_EINVAL, "recur_model_file_open", " has version \"1\", expected 2");
  CHECK(recur_model_file_open("Tests/golden/python.safetensors") == NULL);
  check_failed_as(GSL_EINVAL, "recur_model_file_open",
                  " contains tensors, but is not a Recur model");
  const file_bytes unsigned_ =
      file_of("{\"__metadata__\":{\"recur.kind\":\"model\",\"recur.version\":\"2\"}}", 0);
  CHECK(recur_model_file_from_memory(unsigned_.data, unsigned_.size) == NULL);
  check_failed_as(GSL_EINVAL, "recur_model_file_from_memory",
                  "file was altered: it has no checksum");
  free(unsigned_.data);
  CHECK(recur_model_file_open(path_of("missing")) == NULL);
  check_failed_as(GSL_EFAILED, "recur_model_file_open", "missing\": open: No such file");
}

static void test_memory(void) {
  file_bytes whole = read_whole(path_of("double"));
  gsl_vector v = vector_of(read_data);
  recur_model_file *const file = recur_model_file_from_memory(whole.data, whole.size);
  memset(read_data, 0, parameters * sizeof *read_data);
  CHECK(recur_model_file_read(file, &v) == GSL_SUCCESS);
  CHECK(memcmp(read_data, theta_data, parameters * sizeof *theta_data) == 0);
  recur_model_file_close(file);
  free(whole.data);
}

/* Arguments */

static void test_arguments(void) {
  gsl_vector v = vector_of(read_data);
  gsl_vector_float w = float_vector_of(float_read_data);
  CHECK(recur_model_file_open(NULL) == NULL);
  check_failed_as(GSL_EFAULT, "recur_model_file_open", "path is NULL");
  CHECK(recur_model_file_from_memory(NULL, 0) == NULL);
  check_failed_as(GSL_EFAULT, "recur_model_file_from_memory", "file is NULL");
  recur_model_file_close(NULL);
  CHECK(recur_model_file_model(NULL) == NULL && recur_model_file_info(NULL, 0) == NULL);
  CHECK(recur_model_file_info_count(NULL) == 0);
  recur_model_file *const file = recur_model_file_open(path_of("float"));
  CHECK(recur_model_file_read(NULL, &v) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_model_file_read", "file is NULL");
  CHECK(recur_model_file_read(file, NULL) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_model_file_read", "theta is NULL");
  CHECK(recur_model_file_float_read(NULL, &w) == GSL_EFAULT);
  CHECK(recur_model_file_float_read(file, NULL) == GSL_EFAULT);
  v.size--;
  CHECK(recur_model_file_read(file, &v) == GSL_EBADLEN);
  check_failed_as(GSL_EBADLEN, "recur_model_file_read", "theta is ");
  CHECK(recur_last_error()->expected[0] == parameters && recur_last_error()->found[0] == v.size);
  w.stride = 2;
  CHECK(recur_model_file_float_read(file, &w) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_model_file_float_read", "theta has a stride of 2, expected 1");
  recur_model_file_close(file);
}

static int write_info(const recur_metadata *info, size_t count) {
  const gsl_vector theta = vector_of(theta_data);
  return recur_model_file_write(path_of("refused"), call.model, &theta, info, count);
}

static void test_refused_writing(void) {
  const recur_metadata twice[] = {{"a", ""}, {"a", "1"}}, wrong = {"a", "\xff"}, none = {"a", NULL};
  gsl_vector v = vector_of(theta_data);
  gsl_vector_float w = float_vector_of(float_data);
  const char *const path = "refused";
  CHECK(write_info(twice, 2) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_model_file_write", ": info \"a\" is used twice");
  CHECK(write_info(&wrong, 1) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_model_file_write", ": info \"\\xff\" is not UTF-8");
  CHECK(write_info(&none, 1) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_model_file_write", ": info [0] has no key or no value");
  CHECK(write_info(NULL, 1) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_model_file_write", "info is NULL");
  CHECK(recur_model_file_write(NULL, call.model, &v, NULL, 0) == GSL_EFAULT);
  CHECK(recur_model_file_write(path, NULL, &v, NULL, 0) == GSL_EFAULT);
  CHECK(recur_model_file_write(path, call.model, NULL, NULL, 0) == GSL_EFAULT);
  CHECK(recur_model_file_float_write(NULL, call.model, &w, NULL, 0) == GSL_EFAULT);
  CHECK(recur_model_file_float_write(path, NULL, &w, NULL, 0) == GSL_EFAULT);
  CHECK(recur_model_file_float_write(path, call.model, NULL, NULL, 0) == GSL_EFAULT);
  CHECK(recur_model_file_float_write(path, call.model, &w, NULL, 1) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_model_file_float_write", "info is NULL");
  v.size++;
  CHECK(recur_model_file_write(path, call.model, &v, NULL, 0) == GSL_EBADLEN);
  check_failed_as(GSL_EBADLEN, "recur_model_file_write", "theta is ");
  w.stride = 0;
  CHECK(recur_model_file_float_write(path, call.model, &w, NULL, 0) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_model_file_float_write", "theta has a stride of 0");
  const double right = theta_data[parameters - 1];
  theta_data[parameters - 1] = NAN;
  CHECK(write_info(NULL, 0) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_model_file_write",
                  ": tensor \"y.bias\" is not finite at index 3");
  theta_data[parameters - 1] = right;
  CHECK(access(path_of("refused"), F_OK) != 0 && access(path, F_OK) != 0);
}

int main(void) {
  begin_files();
  begin_model();
  test_double();
  test_float();
  test_shapes();
  test_small_models();
  test_altered_tensors();
  test_accepted_tensors();
  test_columns();
  test_golden();
  test_types();
  test_altered_strings();
  test_other_files();
  test_memory();
  test_arguments();
  test_refused_writing();
  end_model();
  return end_files();
}
