/* Runs a model file on numbers from standard input, one step at a time. The model has one input and
   one output of size 1. Build and run it, as C or as C++:

     cc run.c $(pkg-config --cflags --libs recur-files) -o run
     echo 1 0.5 | ./run model.safetensors

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/model_file.h>
#include <stdio.h>

int main(int argc, char **argv) {
  recur_model_file *file = recur_model_file_open(argc > 1 ? argv[1] : "model.safetensors");
  const recur_model *model = recur_model_file_model(file);
  size_t slices, parameters, states;
  if (file == NULL || recur_model_parameters_count(model, &slices, &parameters) != GSL_SUCCESS ||
      recur_model_state_count(model, 1, &slices, &states) != GSL_SUCCESS)
    return fprintf(stderr, "%s\n", recur_last_error()->message), 1;
  gsl_vector_float *theta = gsl_vector_float_alloc(parameters),
                   *state = gsl_vector_float_calloc(states);
  gsl_matrix_float *x = gsl_matrix_float_alloc(1, 1), *y = gsl_matrix_float_alloc(1, 1);
  recur_model_float_weights *weights = recur_model_float_weights_alloc(model);
  recur_model_float_workspace *w =
      recur_model_float_workspace_alloc(model, 1, 1, RECUR_MODE_INFERENCE, 0);
  const gsl_matrix_float *inputs[] = {x};
  gsl_matrix_float *outputs[] = {y};
  const recur_model_float_pass pass = {
      .features = inputs, .initial_state = state, .final_state = state, .outputs = outputs};
  int status = recur_model_file_float_read(file, theta);
  for (status |= recur_model_float_weights_set(weights, theta);
       status == GSL_SUCCESS && scanf("%f", x->data) == 1; printf("%.3f\n", y->data[0]))
    status = recur_model_float_infer(weights, &pass, w);
  return status;
}
