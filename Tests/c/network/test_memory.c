/* recur/network.h: lack of memory is an error code, and no computation allocates.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/memory_check.h"
#include "support/network_problem.h"

/* More than the address space, and a failing malloc. */
static void test_no_memory(void) {
  const size_t million = 1 << 20;
  const recur_network large = recur_rnn(1, million), small = recur_gru(1, 1);
  check_no_memory(recur_network_workspace_alloc(&large, 1000 * million, 1, RECUR_MODE_TRAINING, 0),
                  TEXT(recur_network_workspace_alloc));
  if (!counting)
    return;
  allocation_fails = true;
  check_no_memory(recur_network_weights_alloc(&small), TEXT(recur_network_weights_alloc));
  check_no_memory(recur_network_workspace_alloc(&small, 1, 1, RECUR_MODE_TRAINING, 0),
                  TEXT(recur_network_workspace_alloc));
  allocation_fails = false;
}

/* Every function that computes, and a call that fails. */
static void check_network_allocates_nothing(const recur_network *network, size_t segment) {
  static const size_t lengths[] = {9, 2, 0};
  problem q;
  new_problem(&q, network, 9, 3, segment);
  q.batch.lengths = lengths;
  gsl_matrix *gates = new_padded(27, q.G * q.H);
  run_both(&q);
  start_counting(TEXT(recur_network_forward));
  nothing_allocated(forward(&q));
  start_counting(TEXT(recur_network_gates));
  if (segment == 0)
    nothing_allocated(recur_network_gates(q.w, 0, 0, gates));
  start_counting(TEXT(recur_network_backward));
  nothing_allocated(backward(&q));
  start_counting("a failure");
  CHECK(backward(&q) == GSL_EINVAL);
  nothing_allocated(GSL_SUCCESS);
  recur_network_workspace_free(q.w);
  q.mode = RECUR_MODE_INFERENCE;
  q.segment = 0;
  allocate(&q);
  start_counting(TEXT(recur_network_infer));
  nothing_allocated(forward(&q));
  end_problem(&q);
}

static void test_networks_allocate_nothing(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    recur_network network = with_random_options(network_case(k, 4, 8, 2, 1), -1);
    check_network_allocates_nothing(&network, 3);
    network.directions = 2;
    check_network_allocates_nothing(&network, 0);
  }
}

static void test_error_terms_allocate_nothing(void) {
  const gsl_matrix *W = new_random(4, 4, 1), *h = new_random(6, 4, 1);
  const recur_activation phi = {.kind = RECUR_ACTIVATION_TANH};
  gsl_matrix *dh = new_random(2, 4, 1), *delta = new_padded(6, 4);
  start_counting(TEXT(recur_rnn_error_terms));
  nothing_allocated(recur_rnn_error_terms(W, &phi, h, 2, dh, delta));
  free_all();
}

int main(void) {
  check_begin();
  start_memory_check();
  test_no_memory();
  test_networks_allocate_nothing();
  test_error_terms_allocate_nothing();
  return check_end();
}
