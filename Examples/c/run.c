/* Runs a model file on numbers from standard input, one step at a time: for each step a number for
   each channel, or one token. The model has one input and one output. Build and run it, as C or as
   C++:

     cc run.c $(pkg-config --cflags --libs recur-files) -o run
     echo 1 0.5 | ./run model.safetensors

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/model_file.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* What a step of the model reads and writes. */
typedef struct {
  bool is_tokens;
  size_t inputs, outputs; /* numbers of columns */
} step_shape;

static void fail(const char *reason) {
  fprintf(stderr, "%s\n", reason);
  exit(EXIT_FAILURE);
}

static void must(bool success) {
  if (!success)
    fail(recur_last_error()->message);
}

/* Finds the only input and the only output of a model that can run step by step. */
static step_shape shape_of(const recur_model *model) {
  step_shape found = {false, 0, 0};
  size_t inputs = 0, outputs = 0, chunk;
  must(recur_model_check_stream(model, &chunk) == GSL_SUCCESS);
  if (chunk != 1)
    fail("the model has strides over steps, expected one that computes each step");
  for (size_t k = 0; k < recur_model_node_count(model); k++) {
    const recur_node *node = recur_model_node(model, k);
    recur_model_shape value;
    must(recur_model_value_shape(model, k, 1, 1, &value) == GSL_SUCCESS);
    if (node->kind == RECUR_NODE_FEATURES || node->kind == RECUR_NODE_TOKENS) {
      inputs++;
      found.is_tokens = node->kind == RECUR_NODE_TOKENS;
      found.inputs = value.columns;
    }
    if (node->output) {
      outputs++;
      found.outputs = value.columns;
    }
  }
  if (inputs != 1 || outputs != 1)
    fail("the model has several inputs or outputs, expected one of each");
  return found;
}

/* Reads the input of a step; false at the end of the numbers. */
static bool read_step(bool is_tokens, gsl_matrix_float *x, gsl_vector_int *token) {
  for (size_t k = 0; k < x->size2; k++) {
    const int read = is_tokens ? scanf("%d", token->data) : scanf("%f", x->data + k);
    if (read == EOF && k == 0)
      return false;
    if (read != 1)
      fail(read == EOF ? "the last step has too few numbers" : "expected a number");
  }
  return true;
}

int main(int argc, char **argv) {
  recur_model_file *file = recur_model_file_open(argc > 1 ? argv[1] : "model.safetensors");
  must(file != NULL);
  const recur_model *model = recur_model_file_model(file);
  const step_shape shape = shape_of(model);
  size_t slices, parameters, states;
  must(recur_model_parameters_count(model, &slices, &parameters) == GSL_SUCCESS);
  must(recur_model_state_count(model, 1, &slices, &states) == GSL_SUCCESS);

  gsl_vector_float *theta = gsl_vector_float_alloc(parameters);
  recur_model_float_weights *weights = recur_model_float_weights_alloc(model);
  recur_model_float_workspace *w =
      recur_model_float_workspace_alloc(model, 1, 1, RECUR_MODE_INFERENCE, 0);
  must(weights != NULL && w != NULL);
  must(recur_model_file_float_read(file, theta) == GSL_SUCCESS);
  must(recur_model_float_weights_set(weights, theta) == GSL_SUCCESS);

  gsl_matrix_float *x = gsl_matrix_float_calloc(1, shape.inputs);
  gsl_matrix_float *y = gsl_matrix_float_calloc(1, shape.outputs);
  gsl_vector_int *token = gsl_vector_int_calloc(1);
  gsl_vector_float *state = gsl_vector_float_calloc(states);
  const gsl_matrix_float *features[] = {x};
  const gsl_vector_int *tokens[] = {token};
  gsl_matrix_float *outputs[] = {y};
  const recur_model_float_pass pass = {.features = features,
                                       .tokens = tokens,
                                       .initial_state = state,
                                       .final_state = state,
                                       .outputs = outputs};
  while (read_step(shape.is_tokens, x, token)) {
    must(recur_model_float_infer(weights, &pass, w) == GSL_SUCCESS);
    for (size_t k = 0; k < shape.outputs; k++)
      printf("%.3f%c", y->data[k], k + 1 < shape.outputs ? ' ' : '\n');
  }

  gsl_vector_float_free(state);
  gsl_vector_int_free(token);
  gsl_matrix_float_free(y);
  gsl_matrix_float_free(x);
  recur_model_float_workspace_free(w);
  recur_model_float_weights_free(weights);
  gsl_vector_float_free(theta);
  recur_model_file_close(file);
  return EXIT_SUCCESS;
}
