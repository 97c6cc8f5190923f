/* recur/linear.h and recur/softmax.h: workspace_bytes is the size of the allocation, lack of memory
   is an error code, and no computation allocates.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/matrices.h"
#include "support/memory_check.h"

#include <recur/linear.h>
#include <recur/softmax.h>

static void test_sizes_are_exact(void) {
  for (size_t rows = 0; rows < 4; rows++)
    for (size_t O = 1; O <= 4; O++) {
      check_note("rows=%zu O=%zu", rows, O);
      size_t bytes;
      CHECK(recur_softmax_workspace_bytes(rows, O, &bytes) == GSL_SUCCESS);
      recur_softmax_workspace *w = recur_softmax_workspace_alloc(rows, O);
      check_allocated(w, bytes);
      recur_softmax_workspace_free(w);
    }
}

/* More than the address space, and a failing malloc. */
static void test_no_memory(void) {
  const size_t million = 1 << 20;
  check_no_memory(recur_softmax_workspace_alloc(1000 * million, million),
                  TEXT(recur_softmax_workspace_alloc));
  if (!counting)
    return;
  allocation_fails = true;
  check_no_memory(recur_softmax_workspace_alloc(1, 1), TEXT(recur_softmax_workspace_alloc));
  allocation_fails = false;
}

/* All parameters are in one vector, and all gradients in another, as is intended. */
static void test_heads_allocate_nothing(void) {
  const size_t N = 6, H = 4, O = 3;
  gsl_vector theta = {15, 1, new_matrix(15, 1, 1)->data, NULL, 0};
  gsl_vector gradient = {15, 1, new_matrix(15, 1, 1)->data, NULL, 0};
  const gsl_matrix all[] = {as_column(&theta), as_column(&gradient)};
  randomize(&all[0], 1);
  randomize(&all[1], 1);
  int labels[] = {0, 1, 2, 2, 1, 0};
  const gsl_vector_int label_view = {.size = N, .stride = 1, .data = labels};
  gsl_matrix *h = new_random(N, H, 1), *y = new_padded(N, O), *dh = new_padded(N, H),
             *dy = new_random(N, O, 1);
  gsl_vector loss = new_vector(N), dloss = new_random_vector(N);
  recur_softmax_workspace *w = recur_softmax_workspace_alloc(N, O);
  recur_linear_parameters p, dp;
  start_counting(TEXT(recur_linear_parameters_view));
  nothing_allocated(recur_linear_parameters_view(&theta, H, O, &p));
  nothing_allocated(recur_linear_parameters_view(&gradient, H, O, &dp));
  start_counting(TEXT(recur_linear_forward));
  nothing_allocated(recur_linear_forward(&p, h, y));
  start_counting(TEXT(recur_linear_backward));
  nothing_allocated(recur_linear_backward(&p, h, dy, dh, &dp));
  start_counting(TEXT(recur_softmax_forward));
  nothing_allocated(recur_softmax_forward(&p, h, y));
  start_counting(TEXT(recur_softmax_backward));
  nothing_allocated(recur_softmax_backward(&p, h, y, dy, dh, &dp, w));
  start_counting(TEXT(recur_softmax_cross_entropy_forward));
  nothing_allocated(recur_softmax_cross_entropy_forward(&p, h, &label_view, y, &loss));
  start_counting(TEXT(recur_softmax_cross_entropy_backward));
  nothing_allocated(
      recur_softmax_cross_entropy_backward(&p, h, &label_view, y, &dloss, dh, &dp, w));
  recur_softmax_workspace_free(w);
  free_all();
}

int main(void) {
  check_begin();
  start_memory_check();
  test_sizes_are_exact();
  test_no_memory();
  test_heads_allocate_nothing();
  return check_end();
}
