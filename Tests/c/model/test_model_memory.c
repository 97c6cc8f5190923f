/* recur/model.h: the sizes of allocations are exact, lack of memory is an error code, and no
   computation allocates.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/every_node.h"
#include "support/memory_check.h"

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
  check_no_memory(recur_model_alloc(every_node, COUNT(every_node)), "recur_model_alloc");
  check_no_memory(recur_model_weights_alloc(model), TEXT(recur_model_weights_alloc));
  check_no_memory(recur_model_workspace_alloc(model, 1, 1, RECUR_MODE_INFERENCE, 0),
                  TEXT(recur_model_workspace_alloc));
  allocation_fails = false;
}

static void test_passes_allocate_nothing(const every_node_call *c) {
  size_t slices, count;
  recur_model_slice slice;
  start_counting("descriptions");
  nothing_allocated(recur_model_parameters_count(c->model, &slices, &count));
  nothing_allocated(recur_model_parameters_slice(c->model, slices - 1, &slice));
  nothing_allocated(recur_model_state_count(c->model, EVERY_B, &slices, &count));
  nothing_allocated(recur_model_state_slice(c->model, EVERY_B, slices - 1, &slice));
  start_counting(TEXT(recur_model_weights_set));
  nothing_allocated(recur_model_weights_set(c->weights, &c->theta));
  start_counting(TEXT(recur_model_infer));
  nothing_allocated(recur_model_infer(c->weights, &c->pass, c->inference));
  start_counting(TEXT(recur_model_forward));
  nothing_allocated(recur_model_forward(&c->theta, &c->pass, c->training));
  start_counting(TEXT(recur_model_backward));
  nothing_allocated(recur_model_backward(&c->theta, &c->pass, &c->gradients, c->training));
}

int main(void) {
  every_node_call call;
  check_begin();
  start_memory_check();
  every_node_begin(&call);
  test_sizes_are_exact(call.model);
  test_no_memory(call.model);
  test_passes_allocate_nothing(&call);
  every_node_end(&call);
  return check_end();
}
