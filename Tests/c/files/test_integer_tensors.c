/* recur/model_file.h: matrices of networks that are stored as 8-bit integers with scales, and files
   whose integers or scales are wrong.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include <recur/model_file.h>

enum { I = 2, H = 3, IH = I * H, HH = H * H, COUNTED = IH + HH };

static const int8_t integers[COUNTED] = {-127, 1, 0, 127, 5, -5, 7, 8, 9, 10, 11, -12, 0, 0, 0};
static const float scales[2 * H] = {0.5f, 3, 0.25f, 0x1p-90f, 2, 0};

static const char graph[] =
    "{\"nodes\":[{\"name\":\"x\",\"kind\":\"features\",\"size\":2},"
    "{\"name\":\"n\",\"kind\":\"network\",\"from\":[\"x\"],\"output\":true,\"network\":"
    "{\"cell\":\"simple\",\"hiddenSize\":3,\"bias\":false,\"weightStorage\":\"int8\"}}]}";

/* The tensors of a correct file, and their number. */
typedef struct {
  recur_tensor tensors[6];
  size_t count;
  const char *graph;
} contents;

static contents correct(void) {
  return (contents){.tensors = {{.name = "n.weight_ih_l0",
                                 .type = RECUR_TENSOR_I8,
                                 .rank = 2,
                                 .shape = {H, I},
                                 .data = integers},
                                {.name = "n.weight_hh_l0",
                                 .type = RECUR_TENSOR_I8,
                                 .rank = 2,
                                 .shape = {H, H},
                                 .data = integers + IH},
                                {.name = "n.weight_ih_l0.scale",
                                 .type = RECUR_TENSOR_F32,
                                 .rank = 1,
                                 .shape = {H},
                                 .data = scales},
                                {.name = "n.weight_hh_l0.scale",
                                 .type = RECUR_TENSOR_F32,
                                 .rank = 1,
                                 .shape = {H},
                                 .data = scales + H}},
                    .count = 4,
                    .graph = graph};
}

static recur_model_file *open_contents(const contents *c) {
  const recur_metadata metadata[] = {
      {"recur.kind", "model"}, {"recur.version", "2"}, {"recur.model", c->graph}};
  CHECK(recur_safetensors_write(path_of("model"), c->tensors, c->count, metadata, 3) ==
        GSL_SUCCESS);
  return recur_model_file_open(path_of("model"));
}

static void test_values(void) {
  const contents c = correct();
  recur_model_file *file = open_contents(&c);
  if (!CHECK(file != NULL))
    return;
  double data[COUNTED];
  float float_data[COUNTED];
  gsl_vector theta = {.size = COUNTED, .stride = 1, .data = data};
  gsl_vector_float float_theta = {.size = COUNTED, .stride = 1, .data = float_data};
  CHECK(recur_model_file_read(file, &theta) == GSL_SUCCESS);
  CHECK(recur_model_file_float_read(file, &float_theta) == GSL_SUCCESS);
  for (size_t k = 0; k < COUNTED; k++) {
    const float scale = scales[k < IH ? k / I : H + (k - IH) / H];
    CHECK(data[k] == (double)scale * integers[k]);
    CHECK(float_data[k] == scale * integers[k]);
  }
  recur_model_file_close(file);
}

static void check_refused(const contents *c, const char *reason) {
  check_note("expected: %s", reason);
  CHECK(open_contents(c) == NULL);
  CHECK(strstr(recur_last_error()->message, reason) != NULL);
}

static void test_refusals(void) {
  contents c = correct();
  c.count = 3;
  check_refused(&c, "has no tensor \"n.weight_hh_l0.scale\"");
  c = correct();
  c.tensors[3].shape[0] = 2;
  check_refused(&c, "tensor \"n.weight_hh_l0.scale\" has the shape [2], expected [3]");
  c = correct();
  c.tensors[1].shape[1] = 2;
  check_refused(&c, "tensor \"n.weight_hh_l0\" has the shape [3, 2], expected [3, 3]");
  c = correct();
  c.tensors[3].type = RECUR_TENSOR_I32;
  check_refused(&c, "tensor \"n.weight_hh_l0.scale\" is of type I32");
  static const float infinite[H] = {1, INFINITY, 1};
  c = correct();
  c.tensors[2].data = infinite;
  check_refused(&c, "tensor \"n.weight_ih_l0.scale\" is not finite at index 1");
  c = correct();
  c.tensors[4] = c.tensors[3];
  c.tensors[4].name = "n.weight_hr_l0.scale";
  c.count = 5;
  check_refused(&c, "has the unexpected tensor \"n.weight_hr_l0.scale\"");
  char other[sizeof graph];
  snprintf(other, sizeof other, "%s", graph);
  memcpy(strstr(other, "int8"), "half", strlen("half"));
  c = correct();
  c.graph = other;
  check_refused(&c, "tensor \"n.weight_ih_l0\" is of type I8, expected F64, F32, F16 or BF16");
}

int main(void) {
  check_begin();
  begin_files();
  test_values();
  test_refusals();
  return end_files();
}
