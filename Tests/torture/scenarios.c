/* The calls of a program that trains a network and then uses it, alone and in a model. Each of its
   allocations and thread starts fails in turn, which must be an error with a code and a message,
   and leave nothing behind: a second attempt is bit-identical to a run without failures.

     scenarios [STRIDE]   tries every STRIDE-th network

   It links fail_nth.c, and is compiled for both precisions.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE

#include "base/precision.h"
#include "base/team.h"
#include "fail_nth.h"
#include "support/network_problem.h"

#include <recur/error.h>
#include <recur/model.h>
#include <sys/wait.h>
#include <unistd.h>

enum { T = 5, B = 3, I = 4, H = 6, CLASSES = 3, THREADS = 3, UPDATES = 2 };

/* The objects that a scenario allocates, and the arguments that the test prepares. */
typedef struct {
  problem training;
  gsl_matrix *gates, *cell_states, *outputs, *probabilities, *dh, *head, *dhead;
  gsl_vector loss, dloss;
  recur_threads *threads;
  recur_network_weights *weights;
  recur_network_workspace *training_workspace, *inference_workspace;
  recur_softmax_workspace *softmax_workspace;
  recur_node nodes[3];
  gsl_vector model_parameters;
  gsl_matrix *model_output;
  recur_model *model;
  recur_model_weights *model_weights;
  recur_model_workspace *model_workspace;
} scenario;

static bool all_allocated(scenario *s) {
  const recur_network *network = &s->training.network;
  /* recur_threads_alloc starts no threads on one processor. */
  return (s->threads = rk_team_alloc("recur_threads_alloc", THREADS)) &&
         (s->training_workspace =
              recur_network_workspace_alloc(network, T, B, RECUR_MODE_TRAINING, 0)) &&
         (s->softmax_workspace = recur_softmax_workspace_alloc(T * B, CLASSES)) &&
         (s->weights = recur_network_weights_alloc(network)) &&
         (s->inference_workspace =
              recur_network_workspace_alloc(network, T, B, RECUR_MODE_INFERENCE, 0)) &&
         (s->model = recur_model_alloc(s->nodes, COUNT(s->nodes))) &&
         (s->model_weights = recur_model_weights_alloc(s->model)) &&
         (s->model_workspace =
              recur_model_workspace_alloc(s->model, T, B, RECUR_MODE_INFERENCE, 0));
}

static void free_scenario(scenario *s) {
  recur_model_workspace_free(s->model_workspace);
  recur_model_weights_free(s->model_weights);
  recur_model_free(s->model);
  recur_network_workspace_free(s->inference_workspace);
  recur_network_weights_free(s->weights);
  recur_softmax_workspace_free(s->softmax_workspace);
  recur_network_workspace_free(s->training_workspace);
  recur_threads_free(s->threads);
  s->threads = NULL;
  s->weights = NULL;
  s->softmax_workspace = NULL;
  s->training_workspace = s->inference_workspace = NULL;
  s->model = NULL;
  s->model_weights = NULL;
  s->model_workspace = NULL;
}

/* The gradients of a softmax head on the network's outputs. */
static int run_head(scenario *s) {
  static const int labels[T * B] = {0, 2, 1, 1, 0, 2, 2, 2, 0, 1, 0, 1, 2, 0, 1};
  const gsl_vector_int l = {.size = T * B, .stride = 1, .data = (int *)labels};
  const size_t P = s->training.D * s->training.P, size = CLASSES * P + CLASSES;
  const gsl_vector theta = {size, 1, s->head->data, NULL, 0};
  const gsl_vector gradient = {size, 1, s->dhead->data, NULL, 0};
  recur_linear_parameters p, dp;
  const gsl_matrix *h = s->training.y;
  int status = recur_linear_parameters_view(&theta, P, CLASSES, &p);
  status = status ? status : recur_linear_parameters_view(&gradient, P, CLASSES, &dp);
  status =
      status ? status : recur_softmax_cross_entropy_forward(&p, h, &l, s->probabilities, &s->loss);
  return status ? status
                : recur_softmax_cross_entropy_backward(&p, h, &l, s->probabilities, &s->dloss,
                                                       s->dh, &dp, s->softmax_workspace);
}

static int read_record(scenario *s) {
  problem *q = &s->training;
  int status = recur_network_gate_gradients(q->w, 0, 0, s->gates);
  if (status == GSL_SUCCESS && q->cell_state)
    status = recur_network_cell_states(q->w, 0, 0, s->cell_states);
  return status ? status : recur_network_layer_outputs(q->w, 0, s->outputs);
}

static int update(scenario *s) {
  problem *q = &s->training;
  q->w = s->training_workspace;
  int status = forward(q);
  status = status ? status : run_head(s);
  status = status ? status : backward(q);
  for (size_t k = 0; status == GSL_SUCCESS && k < q->count; k++)
    q->theta->data[k] -= (rk_real)0.1 * q->dtheta->data[k];
  return status ? status : read_record(s);
}

static int infer(scenario *s) {
  problem q = s->training;
  q.mode = RECUR_MODE_INFERENCE;
  q.weights = s->weights;
  q.w = s->inference_workspace;
  return forward(&q);
}

/* Orthogonal weights need scratch memory. */
static int infer_model(scenario *s) {
  const recur_initialization random = {.input = RECUR_SCHEME_ORTHOGONAL,
                                       .recurrent = RECUR_SCHEME_ORTHOGONAL};
  const gsl_matrix *features[] = {s->training.x};
  gsl_matrix *const outputs[] = {s->model_output};
  const recur_model_pass pass = {.features = features, .outputs = outputs};
  int status = recur_model_initialize(s->model, &random, &s->model_parameters);
  status = status ? status : recur_model_weights_set(s->model_weights, &s->model_parameters);
  return status ? status : recur_model_infer(s->model_weights, &pass, s->model_workspace);
}

/* Returns the library's code for the first failure. */
static int run(scenario *s) {
  if (!all_allocated(s))
    return recur_last_error()->status;
  int status = recur_network_workspace_set_threads(s->training_workspace, s->threads);
  for (size_t k = 0; status == GSL_SUCCESS && k < UPDATES; k++)
    status = update(s);
  status = status ? status : infer(s);
  return status ? status : infer_model(s);
}

/* A checksum of all matrices (FNV-1a). */
static uint64_t bits_of_matrices(void) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t k = 0; k < guarded_count; k++)
    for (size_t i = 0; i < guarded_matrices[k].numbers; i++)
      hash = (hash ^ bits_of_number(guarded_matrices[k].block[i])) * UINT64_C(0x100000001b3);
  return hash;
}

static void restore_matrices(void) {
  for (size_t k = 0; k < guarded_count; k++)
    memcpy(guarded_matrices[k].block, guarded_matrices[k].copy,
           guarded_matrices[k].numbers * sizeof(rk_real));
}

static uint64_t undisturbed(scenario *s) {
  restore_matrices();
  const long live = fail_nth_live();
  CHECK(run(s) == GSL_SUCCESS);
  free_scenario(s);
  CHECK(fail_nth_live() == live);
  return bits_of_matrices();
}

/* Runs a scenario whose n-th call fails. Returns false if it has no such call. */
static bool disturbed(scenario *s, const char *call, long n, int error, uint64_t bits) {
  restore_matrices();
  const long live = fail_nth_live();
  CHECK(recur_threads_alloc(0) == NULL); /* an earlier error, with another code and message */
  fail_nth_arm(call, n, error);
  const int status = run(s);
  free_scenario(s);
  const bool failed = fail_nth_disarm();
  CHECK(fail_nth_live() == live);
  CHECK(status == (failed ? GSL_ENOMEM : GSL_SUCCESS));
  CHECK(failed || bits_of_matrices() == bits);
  if (failed) {
    CHECK(recur_last_error()->status == GSL_ENOMEM);
    const char *message = recur_last_error()->message;
    CHECK(strstr(message, "_alloc: ") != NULL || strstr(message, "_initialize: ") != NULL);
    CHECK(undisturbed(s) == bits);
  }
  return failed;
}

static size_t attempts;

static void every_call_fails(scenario *s, const char *call, int error, uint64_t bits) {
  char what[40];
  long n = 1;
  for (bool failed = true; failed; n++) {
    snprintf(what, sizeof what, "%s %ld", call, n);
    note(&s->training, what);
    failed = disturbed(s, call, n, error, bits);
  }
  CHECK(n > 2);
  attempts += (size_t)n - 2;
}

/* A model of the network and a dense layer, with its parameters and output. */
static void begin_model(scenario *s) {
  const recur_node nodes[] = {
      {.name = "x", .kind = RECUR_NODE_FEATURES, .size = I},
      {.name = "network",
       .kind = RECUR_NODE_NETWORK,
       .from = {"x"},
       .network = s->training.network},
      {.name = "y", .kind = RECUR_NODE_DENSE, .from = {"network"}, .size = CLASSES, .output = true},
  };
  memcpy(s->nodes, nodes, sizeof nodes);
  recur_model *model = recur_model_alloc(nodes, COUNT(nodes));
  size_t slices, count;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  recur_model_free(model);
  s->model_parameters = (gsl_vector){count, 1, new_matrix(count, 1, 1)->data, NULL, 0};
  s->model_output = new_padded(T * B, CLASSES);
}

static void begin(scenario *s, size_t k, size_t directions) {
  const recur_network network = with_random_options(network_case(k, I, H, 2, directions), -1);
  *s = (scenario){.training = describe(&network, T, B)};
  problem *q = &s->training;
  randomize_arguments(q);
  settle(q);
  q->batch.seed = k;
  const size_t P = q->D * q->P;
  s->gates = new_padded(T * B, q->G * q->H);
  s->cell_states = new_padded(T * B, q->H);
  s->outputs = new_padded(T * B, P);
  s->probabilities = new_padded(T * B, CLASSES);
  s->dh = new_padded(T * B, P);
  s->head = new_matrix(CLASSES * P + CLASSES, 1, 1);
  s->dhead = new_matrix(CLASSES * P + CLASSES, 1, 1);
  randomize(s->head, 1);
  randomize(s->dhead, 1);
  s->loss = new_vector(T * B);
  s->dloss = new_random_vector(T * B);
  begin_model(s);
  remember();
}

static void torture(size_t k, size_t directions) {
  scenario s;
  begin(&s, k, directions);
  note(&s.training, "undisturbed");
  const uint64_t bits = undisturbed(&s);
  CHECK(undisturbed(&s) == bits);
  every_call_fails(&s, "allocate", ENOMEM, bits);
  every_call_fails(&s, "pthread_create", EAGAIN, bits);
  free_all();
}

/* The library counts forks: a child without its parent's threads must not wait for them. The first
   threads of a process begin to count, so this comes before all else. */
static void torture_forks(void) {
  check_note("pthread_atfork");
  fail_nth_arm("pthread_atfork", 1, ENOMEM);
  recur_threads *threads = recur_threads_alloc(THREADS);
  CHECK(fail_nth_disarm());
  CHECK(threads == NULL && recur_last_error()->status == GSL_ENOMEM);
  scenario s;
  begin(&s, 0, 1);
  CHECK(run(&s) == GSL_SUCCESS);
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(update(&s) == GSL_SUCCESS ? 0 : 1);
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  free_scenario(&s);
  free_all();
}

int main(int count, char **arguments) {
  check_begin();
  const size_t stride = count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
  torture_forks();
  for (size_t k = 0; k < NETWORK_CASES; k += stride)
    for (size_t directions = 1; directions <= 2; directions++)
      torture(k, directions);
  printf("%zu calls failed in turn\n", attempts);
  return check_end();
}
