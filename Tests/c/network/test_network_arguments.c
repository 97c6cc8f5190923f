/* recur/network.h and recur_rnn_error_terms: every wrong matrix or vector of every function.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/arguments.h"
#include "support/network_problem.h"

#ifndef NETWORK_ARGUMENTS
#define NETWORK_ARGUMENTS
#define REQUIRED_INPUT(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, REQUIRED)
#define INPUT(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, 0)
#define RESULT(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, OUTPUT)
#define INPUT_STATE(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, STATE_IN)
#define RESULT_STATE(q, m) MATRIX_ARGUMENT(#m, (q)->m, &(q)->m, STATE_OUT)
#define THETA(q) VECTOR_ARGUMENT("theta", (q)->theta, &(q)->theta, REQUIRED | CONTIGUOUS)
#endif

/* What a function is called with, and, after what uses up the record, the forward pass that makes
   it anew. */
typedef struct {
  NAME(problem) q, right;
  MATRIX *gates, *c, *layer_y, *weight_hh, *h, *dh_t, *delta;
} NAME(arguments);

static int NAME(call_forward)(void *arguments) {
  const NAME(arguments) *a = arguments;
  return NAME(forward)(&a->q);
}

static int NAME(call_backward)(void *arguments) {
  const NAME(arguments) *a = arguments;
  const int status = NAME(backward)(&a->q);
  if (status == GSL_SUCCESS)
    CHECK(NAME(forward)(&a->right) == GSL_SUCCESS);
  return status;
}

static int NAME(call_gates)(void *arguments) {
  const NAME(arguments) *a = arguments;
  return RECUR(network, gates)(a->q.w, 1, 1, a->gates);
}

static int NAME(call_cell_states)(void *arguments) {
  const NAME(arguments) *a = arguments;
  return RECUR(network, cell_states)(a->q.w, 1, 1, a->c);
}

static int NAME(call_layer_outputs)(void *arguments) {
  const NAME(arguments) *a = arguments;
  return RECUR(network, layer_outputs)(a->q.w, 0, a->layer_y);
}

static int NAME(call_error_terms)(void *arguments) {
  const NAME(arguments) *a = arguments;
  const recur_activation phi = {.kind = RECUR_ACTIVATION_TANH};
  return RECUR(rnn, error_terms)(a->weight_hh, &phi, a->h, 1, a->dh_t, a->delta);
}

/* Refuses what is wrong in the arguments listed. */
#define REFUSE(concept, name, a, ...)                                                              \
  do {                                                                                             \
    const argument listed[] = {__VA_ARGS__};                                                       \
    tested_function f = {.function = TEXT(RECUR(concept, name)),                                   \
                         .call = NAME(call_##name),                                                \
                         .problem = a,                                                             \
                         .remember = NAME(remember),                                               \
                         .nothing_touched = NAME(nothing_touched),                                 \
                         .count = COUNT(listed)};                                                  \
    memcpy(f.arguments, listed, sizeof listed);                                                    \
    refuse_everything_wrong(&f);                                                                   \
  } while (0)

static void NAME(test_network)(void) {
  recur_network network = lstm_with(2 + 8, 3, 4);
  network.layers = network.directions = 2;
  NAME(arguments) a;
  NAME(problem) *q = &a.q;
  NAME(new_problem)(q, &network, 3, 2, 0);
  REFUSE(network, forward, &a, THETA(q), REQUIRED_INPUT(q, x), INPUT_STATE(q, h0),
         INPUT_STATE(q, c0), MATRIX_ARGUMENT("y", q->y, &q->y, REQUIRED | OUTPUT),
         RESULT_STATE(q, hT), RESULT_STATE(q, cT));
  a.right = a.q;
  NAME(settle)(&a.right);
  REFUSE(network, backward, &a, THETA(q), REQUIRED_INPUT(q, x), REQUIRED_INPUT(q, y), INPUT(q, dy),
         INPUT_STATE(q, dhT), INPUT_STATE(q, dcT), RESULT(q, dx), RESULT_STATE(q, dh0),
         RESULT_STATE(q, dc0),
         VECTOR_ARGUMENT("dtheta", q->dtheta, &q->dtheta, OUTPUT | CONTIGUOUS),
         RESULT(q, dh_norms));
  a.gates = NAME(new_padded)(q->T * q->B, q->G * q->H);
  a.c = NAME(new_padded)(q->T * q->B, q->H);
  a.layer_y = NAME(new_padded)(q->T * q->B, q->D * q->P);
  REFUSE(network, gates, &a, MATRIX_ARGUMENT("gates", a.gates, &a.gates, REQUIRED | OUTPUT));
  REFUSE(network, cell_states, &a, MATRIX_ARGUMENT("c", a.c, &a.c, REQUIRED | OUTPUT));
  REFUSE(network, layer_outputs, &a,
         MATRIX_ARGUMENT("y", a.layer_y, &a.layer_y, REQUIRED | OUTPUT));
  NAME(end_problem)(q);
}

static void NAME(test_error_terms)(void) {
  NAME(arguments)
  a = {.weight_hh = NAME(new_random)(4, 4, 1),
       .h = NAME(new_random)(3 * 2, 4, 1),
       .dh_t = NAME(new_random)(2, 4, 1),
       .delta = NAME(new_padded)(2 * 2, 4)};
  REFUSE(rnn, error_terms, &a,
         MATRIX_ARGUMENT("weight_hh", a.weight_hh, &a.weight_hh, REQUIRED | ANY_ROWS),
         MATRIX_ARGUMENT("h", a.h, &a.h, REQUIRED | ANY_ROWS),
         MATRIX_ARGUMENT("dh_t", a.dh_t, &a.dh_t, REQUIRED | ANY_ROWS),
         MATRIX_ARGUMENT("delta", a.delta, &a.delta, REQUIRED | OUTPUT));
  NAME(free_all)();
}

/* A shape that is right, of rows so far apart that memory cannot hold them. */
static void NAME(test_beyond_memory)(void) {
  const recur_network network = recur_rnn(1, 1);
  const size_t T = UINT16_MAX, B = INT16_MAX;
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 1, 1, 0);
  RECUR(network, workspace) *w =
      RECUR(network, workspace_alloc)(&network, T, B, RECUR_MODE_INFERENCE, 0);
  RECUR(network, weights) *weights = RECUR(network, weights_alloc)(&network);
  CHECK(RECUR(network, weights_set)(q.theta, weights) == GSL_SUCCESS);
  MATRIX x = *q.x;
  x.size1 = T * B;
  x.tda = INT_MAX;
  NAME(remember)();
  check_note("%s beyond memory", TEXT(REAL));
  const RECUR(network, pass) pass = {.x = &x};
  CHECK(RECUR(network, infer)(weights, &pass, w) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "x") == 0);
  CHECK(NAME(nothing_touched)());
  RECUR(network, workspace_free)(w);
  RECUR(network, weights_free)(weights);
  NAME(end_problem)(&q);
}

static void NAME(run)(void) {
  NAME(test_network)();
  NAME(test_error_terms)();
  NAME(test_beyond_memory)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network_arguments.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
