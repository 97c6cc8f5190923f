/* recur/model.h: the sizes of allocations are exact, lack of memory is an error code, and no
   computation allocates.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/matrices.h"
#include "support/memory_check.h"

#include <recur/lstm.h>

enum { T = 6, B = 3, I = 8 };

/* Every kind of node that has memory of its own. */
static recur_node nodes[] = {
    {.name = "x", .kind = RECUR_NODE_FEATURES, .size = I},
    {.name = "q", .from = {"x"}, .kind = RECUR_NODE_RESHAPE, .size = 4},
    {.name = "c",
     .from = {"q"},
     .kind = RECUR_NODE_CONVOLUTION,
     .bias = true,
     .convolution = {RECUR_AXIS_POSITIONS, 3, 2, 1, 1, 1, 1, 0, RECUR_PADDING_ZEROS}},
    {.name = "normal", .from = {"c"}, .kind = RECUR_NODE_LAYER_NORMALIZATION, .epsilon = 1e-5},
    {.name = "n", .from = {"normal"}, .kind = RECUR_NODE_NETWORK},
    {.name = "d", .from = {"n"}, .kind = RECUR_NODE_DENSE, .size = 5, .output = true},
    {.name = "s", .from = {"d"}, .kind = RECUR_NODE_SOFTMAX},
    {.name = "both", .from = {"n", "s"}, .kind = RECUR_NODE_CONCATENATE},
    {.name = "y", .from = {"both"}, .kind = RECUR_NODE_MAXIMUM, .output = true},
};

static gsl_vector contiguous(size_t size) {
  gsl_vector v = {.size = size, .stride = 1, .data = new_matrix(size, 1, 1)->data};
  const gsl_matrix m = as_column(&v);
  randomize(&m, 1);
  return v;
}

static void test_sizes_are_exact(const recur_model *model) {
  size_t bytes;
  CHECK(recur_model_weights_bytes(model, &bytes) == GSL_SUCCESS);
  recur_model_weights *weights = recur_model_weights_alloc(model);
  check_allocated(weights, bytes);
  recur_model_weights_free(weights);
  for (int mode = 0; mode < 2; mode++)
    for (size_t steps = 0; steps < 4; steps++)
      for (size_t batch = 0; batch < 3; batch++) {
        check_note("mode=%d T=%zu B=%zu", mode, steps, batch);
        CHECK(recur_model_workspace_bytes(model, steps, batch, (recur_mode)mode, 0, &bytes) ==
              GSL_SUCCESS);
        recur_model_workspace *w =
            recur_model_workspace_alloc(model, steps, batch, (recur_mode)mode, 0);
        check_allocated(w, bytes);
        recur_model_workspace_free(w);
      }
}

static void test_no_memory(const recur_model *model) {
  const size_t million = 1 << 20;
  check_no_memory(recur_model_workspace_alloc(model, million, 512, RECUR_MODE_TRAINING, 0),
                  TEXT(recur_model_workspace_alloc));
  if (!counting)
    return;
  allocation_fails = true;
  check_no_memory(recur_model_alloc(nodes, COUNT(nodes)), "recur_model_alloc");
  check_no_memory(recur_model_weights_alloc(model), TEXT(recur_model_weights_alloc));
  check_no_memory(recur_model_workspace_alloc(model, 1, 1, RECUR_MODE_INFERENCE, 0),
                  TEXT(recur_model_workspace_alloc));
  allocation_fails = false;
}

static void test_passes_allocate_nothing(const recur_model *model) {
  size_t slices, parameters, states;
  recur_model_slice slice;
  recur_model_weights *weights = recur_model_weights_alloc(model);
  recur_model_workspace *training =
      recur_model_workspace_alloc(model, T, B, RECUR_MODE_TRAINING, 0);
  recur_model_workspace *inference =
      recur_model_workspace_alloc(model, T, B, RECUR_MODE_INFERENCE, 0);
  start_counting("descriptions");
  nothing_allocated(recur_model_parameters_count(model, &slices, &parameters));
  nothing_allocated(recur_model_parameters_slice(model, slices - 1, &slice));
  nothing_allocated(recur_model_state_count(model, B, &slices, &states));
  nothing_allocated(recur_model_state_slice(model, B, slices - 1, &slice));
  const gsl_vector theta = contiguous(parameters);
  gsl_vector dtheta = contiguous(parameters), state = contiguous(states);
  const gsl_matrix *features[] = {new_random(T * B, I, 1)};
  gsl_matrix *outputs[] = {new_padded(T * B, 5), new_padded(B, 5 + I)};
  const gsl_matrix *doutputs[] = {new_random(T * B, 5, 1), NULL};
  const recur_model_pass pass = {
      .features = features, .initial_state = &state, .final_state = &state, .outputs = outputs};
  const recur_model_gradients gradients = {.doutputs = doutputs, .dtheta = &dtheta};
  start_counting(TEXT(recur_model_weights_set));
  nothing_allocated(recur_model_weights_set(weights, &theta));
  start_counting(TEXT(recur_model_infer));
  nothing_allocated(recur_model_infer(weights, &pass, inference));
  start_counting(TEXT(recur_model_forward));
  nothing_allocated(recur_model_forward(&theta, &pass, training));
  start_counting(TEXT(recur_model_backward));
  nothing_allocated(recur_model_backward(&theta, &pass, &gradients, training));
  recur_model_workspace_free(training);
  recur_model_workspace_free(inference);
  recur_model_weights_free(weights);
  free_all();
}

int main(void) {
  check_begin();
  start_memory_check();
  nodes[4].network = recur_lstm(12, I);
  recur_model *model = recur_model_alloc(nodes, COUNT(nodes));
  CHECK(model != NULL);
  test_sizes_are_exact(model);
  test_no_memory(model);
  test_passes_allocate_nothing(model);
  recur_model_free(model);
  return check_end();
}
