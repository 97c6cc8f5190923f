/* recur/network.h and recur_rnn_error_terms: every wrong matrix and vector, for every function.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/arguments.h"
#include "support/network_problem.h"

#define REQUIRED_INPUT(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, REQUIRED)
#define INPUT(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, 0)
#define RESULT(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, OUTPUT)
#define INPUT_STATE(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, STATE_IN)
#define RESULT_STATE(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, STATE_OUT)
#define THETA(q) VECTOR_ARGUMENT("theta", (q)->theta, &(q)->theta, REQUIRED | CONTIGUOUS)

/* The arguments of a function. Where a call uses up the record, a forward pass creates it again. */
typedef struct {
  problem q, right;
  gsl_matrix *gates, *c, *layer_y, *weight_hh, *h, *dh_t, *delta;
} network_arguments;

static int call_forward(void *arguments) {
  const network_arguments *a = arguments;
  return forward(&a->q);
}

static int call_backward(void *arguments) {
  const network_arguments *a = arguments;
  const int status = backward(&a->q);
  if (status == GSL_SUCCESS)
    CHECK(forward(&a->right) == GSL_SUCCESS);
  return status;
}

static int call_gates(void *arguments) {
  const network_arguments *a = arguments;
  return recur_network_gates(a->q.w, 1, 1, a->gates);
}

static int call_gate_gradients(void *arguments) {
  const network_arguments *a = arguments;
  return recur_network_gate_gradients(a->q.w, 1, 1, a->gates);
}

static int call_cell_states(void *arguments) {
  const network_arguments *a = arguments;
  return recur_network_cell_states(a->q.w, 1, 1, a->c);
}

static int call_layer_outputs(void *arguments) {
  const network_arguments *a = arguments;
  return recur_network_layer_outputs(a->q.w, 0, a->layer_y);
}

static int call_error_terms(void *arguments) {
  const network_arguments *a = arguments;
  const recur_activation phi = {.kind = RECUR_ACTIVATION_TANH};
  return recur_rnn_error_terms(a->weight_hh, &phi, a->h, 1, a->dh_t, a->delta);
}

/* Makes each listed argument wrong, and checks the refusals. */
#define REFUSE(name, run, a, ...)                                                                  \
  do {                                                                                             \
    const argument listed[] = {__VA_ARGS__};                                                       \
    tested_function f = {.function = TEXT(name),                                                   \
                         .call = run,                                                              \
                         .problem = a,                                                             \
                         .remember = remember,                                                     \
                         .nothing_touched = nothing_touched,                                       \
                         .count = COUNT(listed)};                                                  \
    memcpy(f.arguments, listed, sizeof listed);                                                    \
    refuse_everything_wrong(&f);                                                                   \
  } while (0)

static void test_network(void) {
  recur_network network = lstm_with(2 + 8, 3, 4);
  network.layers = network.directions = 2;
  network_arguments a;
  problem *q = &a.q;
  new_problem(q, &network, 3, 2, 0);
  REFUSE(recur_network_forward, call_forward, &a, THETA(q), REQUIRED_INPUT(q, x),
         INPUT_STATE(q, h0), INPUT_STATE(q, c0),
         MATRIX_ARGUMENT("y", q->y, &q->y, REQUIRED | OUTPUT), RESULT_STATE(q, hT),
         RESULT_STATE(q, cT));
  a.gates = new_padded(q->T * q->B, q->G * q->H);
  REFUSE(recur_network_gates, call_gates, &a,
         MATRIX_ARGUMENT("gates", a.gates, &a.gates, REQUIRED | OUTPUT));
  a.right = a.q;
  settle(&a.right);
  REFUSE(recur_network_backward, call_backward, &a, THETA(q), REQUIRED_INPUT(q, x),
         REQUIRED_INPUT(q, y), INPUT(q, dy), INPUT_STATE(q, dhT), INPUT_STATE(q, dcT),
         RESULT(q, dx), RESULT_STATE(q, dh0), RESULT_STATE(q, dc0),
         VECTOR_ARGUMENT("dtheta", q->dtheta, &q->dtheta, OUTPUT | CONTIGUOUS),
         RESULT(q, dh_norms));
  a.c = new_padded(q->T * q->B, q->H);
  a.layer_y = new_padded(q->T * q->B, q->D * q->P);
  run_both(q);
  REFUSE(recur_network_gate_gradients, call_gate_gradients, &a,
         MATRIX_ARGUMENT("dgates", a.gates, &a.gates, REQUIRED | OUTPUT));
  REFUSE(recur_network_cell_states, call_cell_states, &a,
         MATRIX_ARGUMENT("c", a.c, &a.c, REQUIRED | OUTPUT));
  REFUSE(recur_network_layer_outputs, call_layer_outputs, &a,
         MATRIX_ARGUMENT("y", a.layer_y, &a.layer_y, REQUIRED | OUTPUT));
  end_problem(q);
}

static void test_error_terms(void) {
  network_arguments a = {.weight_hh = new_random(4, 4, 1),
                         .h = new_random(3 * 2, 4, 1),
                         .dh_t = new_random(2, 4, 1),
                         .delta = new_padded(2 * 2, 4)};
  REFUSE(recur_rnn_error_terms, call_error_terms, &a,
         MATRIX_ARGUMENT("weight_hh", a.weight_hh, &a.weight_hh, REQUIRED | ANY_ROWS),
         MATRIX_ARGUMENT("h", a.h, &a.h, REQUIRED | ANY_ROWS),
         MATRIX_ARGUMENT("dh_t", a.dh_t, &a.dh_t, REQUIRED | ANY_ROWS),
         MATRIX_ARGUMENT("delta", a.delta, &a.delta, REQUIRED | OUTPUT));
  free_all();
}

/* A valid shape whose rows are so far apart that they exceed memory. */
static void test_beyond_memory(void) {
  const recur_network network = recur_rnn(1, 1);
  const size_t T = UINT16_MAX, B = INT16_MAX;
  problem q;
  new_problem(&q, &network, 1, 1, 0);
  recur_network_workspace *w =
      recur_network_workspace_alloc(&network, T, B, RECUR_MODE_INFERENCE, 0);
  recur_network_weights *weights = recur_network_weights_alloc(&network);
  CHECK(recur_network_weights_set(weights, q.theta) == GSL_SUCCESS);
  gsl_matrix x = *q.x;
  x.size1 = T * B;
  x.tda = INT_MAX;
  remember();
  check_note("beyond memory");
  const recur_network_pass pass = {.x = &x};
  CHECK(recur_network_infer(weights, &pass, w) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "x") == 0);
  CHECK(nothing_touched());
  recur_network_workspace_free(w);
  recur_network_weights_free(weights);
  end_problem(&q);
}

int main(void) {
  check_begin();
  test_network();
  test_error_terms();
  test_beyond_memory();
  return check_end();
}
