/* recur/model_file.h: a model of an amplifier, from JSON to a file and
   back.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <recur/error.h>
#include <recur/model_file.h>
#include <stdio.h>
#include <string.h>

static const char graph[] =
    "{\"nodes\":["
    "{\"name\":\"x\",\"kind\":\"features\",\"size\":1},"
    "{\"name\":\"lstm\",\"kind\":\"network\",\"from\":[\"x\"],"
    "\"network\":"
    "{\"cell\":\"lstm\",\"inputSize\":1,\"hiddenSize\":8}},"
    "{\"name\":\"head\",\"kind\":\"dense\",\"from\":[\"lstm\"],"
    "\"size\":1,\"bias\":true},"
    "{\"name\":\"y\",\"kind\":\"add\",\"from\":[\"head\",\"x\"],"
    "\"output\":true}]}";

int main(void) {
  recur_model *model = recur_model_from_json(graph, strlen(graph));
  size_t slices, parameters;
  if (recur_model_parameters_count(model, &slices, &parameters) !=
      GSL_SUCCESS)
    return 1;
  gsl_vector_float *theta = gsl_vector_float_alloc(parameters);
  for (size_t k = 0; k < parameters; k++)
    gsl_vector_float_set(theta, k, 0.3f * sinf((float)k));
  const recur_metadata info = {"sample rate", "48000"};
  int status = recur_model_file_float_write("amp.safetensors", model,
                                            theta, &info, 1);
  recur_model_free(model);

  recur_model_file *file = recur_model_file_open("amp.safetensors");
  if (status != GSL_SUCCESS || file == NULL) {
    printf("%s\n", recur_last_error()->message);
    return 1;
  }
  const recur_metadata *pair = recur_model_file_info(file, 0);
  printf("%s: %s\n", pair->key, pair->value);
  status = recur_model_file_float_read(file, theta);
  printf("%zu parameters, the last is %.3f\n", parameters,
         gsl_vector_float_get(theta, parameters - 1));
  gsl_vector_float_free(theta);
  recur_model_file_close(file);
  return status;
}

/* prints:
sample rate: 48000
361 parameters, the last is 0.288
*/
