/* recur/network.h: workspaces in the wrong state, weights of another network, and invalid batches.
   For invalid options, see configuration/test_options.c; for wrong matrices,
   test_network_arguments.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "configuration/options.h"
#include "support/network_parts.h"
#include "support/refusal.h"

static void refuse_forward(const problem *q, int status, const char *name) {
  remember();
  check_refusal(forward(q), status, TEXT(recur_network_forward), name);
}

static void refuse_backward(const problem *q, int status, const char *name) {
  remember();
  check_refusal(backward(q), status, TEXT(recur_network_backward), name);
}

/* Backward before forward, twice, and after inference. A call that failed may be repeated. */
static void test_record(void) {
  const recur_network network = recur_lstm(2, 3);
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  randomize(q.y, 1);
  refuse_backward(&q, GSL_EINVAL, "w");
  CHECK(forward(&q) == GSL_SUCCESS);
  q.dx->size1++;
  refuse_backward(&q, GSL_EBADLEN, "dx");
  q.dx->size1--;
  CHECK(backward(&q) == GSL_SUCCESS);
  refuse_backward(&q, GSL_EINVAL, "w");
  CHECK(strstr(recur_last_error()->message, "already had its backward pass") != NULL);
  run_both(&q);
  recur_network_workspace_free(q.w);
  q.mode = RECUR_MODE_INFERENCE;
  allocate(&q);
  CHECK(forward(&q) == GSL_SUCCESS);
  refuse_backward(&q, GSL_EINVAL, "w");
  end_problem(&q);
  new_problem(&q, &network, 3, 2, 0);
  recur_network_workspace *w = q.w;
  q.w = NULL;
  refuse_forward(&q, GSL_EFAULT, "w");
  refuse_backward(&q, GSL_EFAULT, "w");
  CHECK(recur_network_gates(NULL, 0, 0, q.x) == GSL_EFAULT);
  CHECK(recur_network_cell_states(NULL, 0, 0, q.x) == GSL_EFAULT);
  CHECK(recur_network_layer_outputs(NULL, 0, q.x) == GSL_EFAULT);
  recur_network_workspace_free(w);
  recur_network_workspace_free(NULL);
  free_all();
}

/* Weights that are not set or belong to another network, a workspace of the other mode, NULL. */
static void test_weights(void) {
  const recur_network network = recur_lstm(2, 3);
  recur_network other = network;
  other.cell.gate_clamp = 2;
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  recur_network_weights *weights = recur_network_weights_alloc(&network);
  recur_network_weights *others = recur_network_weights_alloc(&other);
  recur_network_workspace *w =
      recur_network_workspace_alloc(&network, 3, 2, RECUR_MODE_INFERENCE, 0);
  const recur_network_pass pass = {.x = q.x, .y = q.y};
  const char *function = TEXT(recur_network_infer), *set = TEXT(recur_network_weights_set);
#define INFER(weights, w) (remember(), recur_network_infer(weights, &pass, w))
  check_refusal(INFER(weights, w), GSL_EINVAL, function, "weights");
  CHECK(strstr(recur_last_error()->message, "are not set") != NULL);
  CHECK(recur_network_weights_set(weights, q.theta) == GSL_SUCCESS);
  CHECK(recur_network_weights_set(others, q.theta) == GSL_SUCCESS);
  check_refusal(INFER(others, w), GSL_EINVAL, function, "weights");
  check_refusal(INFER(NULL, w), GSL_EFAULT, function, "weights");
  check_refusal(INFER(weights, NULL), GSL_EFAULT, function, "w");
  check_refusal(INFER(weights, q.w), GSL_EINVAL, function, "w");
  CHECK(INFER(weights, w) == GSL_SUCCESS);
  remember();
  check_refusal(recur_network_forward(q.theta, &pass, w), GSL_EINVAL, TEXT(recur_network_forward),
                "w");
  q.parameters.size--;
  check_refusal(recur_network_weights_set(weights, q.theta), GSL_EBADLEN, set, "theta");
  q.parameters.size++;
  q.parameters.stride = 2;
  check_refusal(recur_network_weights_set(weights, q.theta), GSL_EINVAL, set, "theta");
  check_refusal(recur_network_weights_set(weights, NULL), GSL_EFAULT, set, "theta");
  check_refusal(recur_network_weights_set(NULL, q.theta), GSL_EFAULT, set, "weights");
  CHECK(recur_network_workspace_set_threads(NULL, NULL) == GSL_EFAULT);
  recur_network_weights_free(weights);
  recur_network_weights_free(others);
  recur_network_workspace_free(w);
  end_problem(&q);
}

#define DIFFER(statement)                                                                          \
  do {                                                                                             \
    recur_network other = network;                                                                 \
    other.statement;                                                                               \
    check_note("%s", #statement);                                                                  \
    CHECK(!rk_same_network(&network, &other) && !rk_same_network(&other, &network));               \
  } while (0)

/* Weights fit a network if all fields have equal values, also if their bits differ: 0 and -0. */
static void test_same_network(void) {
  const recur_network network = recur_lstm(2, 3);
  recur_network same = network;
  same.zoneout = -0.0;
  same.cell.f.alpha = -0.0;
  CHECK(memcmp(&same, &network, sizeof same) != 0 && rk_same_network(&network, &same));
  DIFFER(cell.kind = RECUR_CELL_GRU);
  DIFFER(cell.f.kind = RECUR_ACTIVATION_RELU);
  DIFFER(cell.g.alpha = 0.5);
  DIFFER(cell.h.beta = 0.5);
  DIFFER(cell.reset = RECUR_RESET_BEFORE);
  DIFFER(cell.bias = false);
  DIFFER(cell.peepholes = true);
  DIFFER(cell.projection_size = 2);
  DIFFER(cell.cell_clamp = 1);
  DIFFER(input_size = 3);
  DIFFER(layers = 2);
  DIFFER(directions = 2);
  DIFFER(dropout = 0.5);
}

/* A forward pass that fails does not affect the record of the previous one. */
static void test_failure_between(void) {
  const recur_network network = recur_gru(2, 3);
  static const size_t lengths[] = {2, 3, 1}, wrong[] = {3, 1, 4};
  problem q;
  new_problem(&q, &network, 3, 3, 0);
  q.batch.lengths = lengths;
  gsl_matrix *dx = new_padded(9, 2);
  run_both(&q);
  copy_matrix(q.dx, dx);
  CHECK(forward(&q) == GSL_SUCCESS);
  q.batch.lengths = wrong;
  refuse_forward(&q, GSL_EINVAL, "batch->lengths");
  CHECK(strstr(recur_last_error()->message, "4 for sequence 2") != NULL);
  q.x->size2++;
  refuse_forward(&q, GSL_EBADLEN, "x");
  q.x->size2--;
  CHECK(backward(&q) == GSL_SUCCESS);
  CHECK(equal_bits(dx, q.dx));
  end_problem(&q);
}

/* Cell states for a cell without one, and strides. */
static void test_states_and_strides(void) {
  const recur_network networks[] = {recur_rnn(2, 3), recur_residual(2, 3), recur_gru(2, 3)};
  for (size_t n = 0; n < COUNT(networks); n++) {
    problem q;
    new_problem(&q, &networks[n], 3, 2, 0);
    CHECK(forward(&q) == GSL_SUCCESS);
    gsl_matrix *c = new_random(2, 3, 1), **const places[] = {&q.c0, &q.cT, &q.dcT, &q.dc0};
    const char *const names[] = {"c0", "cT", "dcT", "dc0"};
    for (size_t k = 0; k < COUNT(places); k++) {
      *places[k] = c;
      if (k < 2)
        refuse_forward(&q, GSL_EINVAL, names[k]);
      else
        refuse_backward(&q, GSL_EINVAL, names[k]);
      *places[k] = NULL;
    }
    q.parameters.stride = 2;
    refuse_forward(&q, GSL_EINVAL, "theta");
    refuse_backward(&q, GSL_EINVAL, "theta");
    q.parameters.stride = 1;
    q.gradients.stride = 3;
    refuse_backward(&q, GSL_EINVAL, "dtheta");
    q.gradients.stride = 1;
    end_problem(&q);
  }
}

static void test_batches(void) {
  const recur_network network = recur_rnn(2, 3);
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  static const uint64_t beyond[] = {UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX};
  for (size_t k = 0; k < COUNT(beyond); k++) {
    q.batch = (recur_batch){.first_step = beyond[k]};
    refuse_forward(&q, GSL_EINVAL, "batch->first_step");
    q.batch = (recur_batch){.first_sequence = beyond[k]};
    refuse_forward(&q, GSL_EINVAL, "batch->first_sequence");
  }
  q.batch = (recur_batch){.first_step = UINT32_MAX - 3, .first_sequence = UINT32_MAX - 2};
  CHECK(forward(&q) == GSL_SUCCESS);
  static const size_t lengths[] = {3, SIZE_MAX};
  q.batch = (recur_batch){.lengths = lengths};
  refuse_forward(&q, GSL_EINVAL, "batch->lengths");
  q.batch = (recur_batch){.lengths = NULL};
  gsl_matrix *y = q.y;
  q.y = NULL;
  refuse_forward(&q, GSL_EFAULT, "y");
  q.y = y;
  end_problem(&q);
}

/* Masks require a batch with a seed; a pass without masks does not. */
static void test_seed(void) {
  enum { PROBABILITIES = 4 };
  for (size_t k = 0; k <= PROBABILITIES; k++) {
    recur_network network = recur_lstm(2, 3);
    double *const probabilities[PROBABILITIES] = {&network.dropout, &network.recurrent_dropout,
                                                  &network.zoneout, &network.cell_zoneout};
    network.layers = 2;
    if (k < PROBABILITIES)
      *probabilities[k] = 0.5;
    problem q;
    new_problem(&q, &network, 3, 2, 0);
    remember();
    const recur_network_pass pass = {
        .x = q.x, .h0 = q.h0, .c0 = q.c0, .y = q.y, .hT = q.hT, .cT = q.cT};
    const int status = recur_network_forward(q.theta, &pass, q.w);
    if (k < PROBABILITIES)
      check_refusal(status, GSL_EINVAL, TEXT(recur_network_forward), "batch");
    else
      CHECK(status == GSL_SUCCESS);
    end_problem(&q);
  }
}

/* A state may be updated in place, but h may not replace c. */
static void test_crossed_states(void) {
  const recur_network network = recur_lstm(2, 3);
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  const problem right = q;
  q.hT = q.c0;
  refuse_forward(&q, GSL_EINVAL, "hT");
  q = right;
  q.cT = q.h0;
  refuse_forward(&q, GSL_EINVAL, "cT");
  q = right;
  CHECK(forward(&q) == GSL_SUCCESS);
  q.dh0 = q.dcT;
  refuse_backward(&q, GSL_EINVAL, "dh0");
  q = right;
  q.dc0 = q.dhT;
  refuse_backward(&q, GSL_EINVAL, "dc0");
  end_problem(&q);
}

/* The tda of a matrix with one row does not matter. */
static void test_state_of_one_row(void) {
  const recur_network network = recur_gru(2, 3);
  problem q, r;
  new_problem(&q, &network, 3, 1, 0);
  new_twin(&r, &q);
  CHECK(forward(&q) == GSL_SUCCESS);
  gsl_matrix state = *r.h0;
  state.tda += 2;
  r.hT = &state;
  note(&r, "state of one row");
  CHECK(forward(&r) == GSL_SUCCESS);
  CHECK(equal_bits(q.hT, r.h0));
  end_part(&r);
  end_problem(&q);
}

static void test_missing_structs(void) {
  const recur_network network = recur_lstm(2, 3);
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  const recur_network_pass pass = {.x = q.x, .y = q.y};
  const recur_network_gradients gradients = {.dy = q.dy};
  remember();
  check_refusal(recur_network_forward(q.theta, NULL, q.w), GSL_EFAULT, TEXT(recur_network_forward),
                "pass");
  CHECK(forward(&q) == GSL_SUCCESS);
  remember();
  check_refusal(recur_network_backward(q.theta, NULL, &gradients, q.w), GSL_EFAULT,
                TEXT(recur_network_backward), "pass");
  check_refusal(recur_network_backward(q.theta, &pass, NULL, q.w), GSL_EFAULT,
                TEXT(recur_network_backward), "gradients");
  end_problem(&q);
}

int main(void) {
  check_begin();
  test_record();
  test_weights();
  test_same_network();
  test_failure_between();
  test_states_and_strides();
  test_batches();
  test_seed();
  test_crossed_states();
  test_state_of_one_row();
  test_missing_structs();
  return check_end();
}
