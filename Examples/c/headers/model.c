/* recur/model.h: an LSTM with a dense layer and a skip connection, as
   in models of guitar amplifiers, over a stream of samples, one at a
   time.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier:
   GPL-3.0-or-later */

#include <math.h>
#include <recur/lstm.h>
#include <recur/model.h>
#include <stdio.h>

int main(void) {
  const recur_node nodes[] = {
      {.name = "x", .kind = RECUR_NODE_FEATURES, .size = 1},
      {.name = "lstm",
       .from = {"x"},
       .kind = RECUR_NODE_NETWORK,
       .network = recur_lstm(1, 8)},
      {.name = "head",
       .from = {"lstm"},
       .kind = RECUR_NODE_DENSE,
       .size = 1,
       .bias = true},
      {.name = "y",
       .from = {"head", "x"},
       .kind = RECUR_NODE_ADD,
       .output = true},
  };
  recur_model *model = recur_model_alloc(nodes, 4);
  size_t slices, parameters, states;
  if (model == NULL ||
      recur_model_parameters_count(model, &slices, &parameters) !=
          GSL_SUCCESS ||
      recur_model_state_count(model, 1, &slices, &states) !=
          GSL_SUCCESS)
    return 1;

  gsl_vector *theta = gsl_vector_alloc(parameters),
             *state = gsl_vector_calloc(states);
  for (size_t k = 0; k < parameters; k++)
    gsl_vector_set(theta, k, 0.3 * sin((double)k));
  recur_model_weights *weights = recur_model_weights_alloc(model);
  recur_model_workspace *w =
      recur_model_workspace_alloc(model, 1, 1, RECUR_MODE_INFERENCE, 0);
  int status = recur_model_weights_set(weights, theta);

  gsl_matrix *x = gsl_matrix_alloc(1, 1), *y = gsl_matrix_alloc(1, 1);
  const gsl_matrix *features[] = {x};
  gsl_matrix *outputs[] = {y};
  const recur_model_pass pass = {.features = features,
                                 .initial_state = state,
                                 .final_state = state,
                                 .outputs = outputs};
  for (int t = 0; t < 3 && status == GSL_SUCCESS; t++) {
    gsl_matrix_set(x, 0, 0, cos(t));
    status = recur_model_infer(weights, &pass, w);
    printf("%6.3f -> %6.3f\n", gsl_matrix_get(x, 0, 0),
           gsl_matrix_get(y, 0, 0));
  }

  recur_model_workspace_free(w);
  recur_model_weights_free(weights);
  recur_model_free(model);
  gsl_matrix_free(x);
  gsl_matrix_free(y);
  gsl_vector_free(theta);
  gsl_vector_free(state);
  return status;
}

/* prints:
 1.000 ->  1.119
 0.540 ->  0.605
-0.416 -> -0.325
*/
