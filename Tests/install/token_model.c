/* Writes a model file whose input is a token and whose output has two channels: an embedding with
   the rows (1, 10), (2, 20) and (3, 30), and their sums over the steps.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/model_file.h>
#include <string.h>

static const char graph[] =
    "{\"nodes\":[{\"name\":\"word\",\"kind\":\"tokens\",\"size\":3},"
    "{\"name\":\"vector\",\"kind\":\"embedding\",\"from\":[\"word\"],\"size\":2},"
    "{\"name\":\"sum\",\"kind\":\"network\",\"from\":[\"vector\"],\"network\":{\"cell\":\"simple\","
    "\"hiddenSize\":2,\"bias\":false,\"activation\":{\"kind\":\"identity\"}},\"output\":true}]}";

int main(void) {
  const float elements[] = {1, 10, 2, 20, 3, 30, 1, 0, 0, 1, 1, 0, 0, 1};
  const size_t count = sizeof elements / sizeof elements[0];
  recur_model *model = recur_model_from_json(graph, strlen(graph));
  gsl_vector_float *theta = gsl_vector_float_alloc(count);
  memcpy(theta->data, elements, sizeof elements);
  const int status = recur_model_file_float_write("tokens.safetensors", model, theta, NULL, 0);
  gsl_vector_float_free(theta);
  recur_model_free(model);
  return status;
}
