/* The promise of recur/network.h to real-time threads, for clang's real-time sanitizer: a pass on
   the calling thread neither allocates nor waits. With RECUR_TEST_THREADS=N, passes use N threads,
   which wait for each other; the sanitizer then needs the suppressions of realtime-threads.txt.

   To prove that the sanitizer reports violations, the test runs itself with RECUR_TEST_VIOLATION
   set, and expects that run to fail.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* setenv */

#include "base/precision.h"
#include "support/every_node.h"
#include "support/network_problem.h"

#include <sys/wait.h>
#include <unistd.h>

enum { STEPS = 3, ROWS = 5, FEATURES = 64, CLASSES = 30 };

#define REAL_TIME __attribute__((nonblocking))

static int stream_step(const recur_network_weights *weights, const recur_network_pass *pass,
                       recur_network_workspace *w) REAL_TIME;
static int stream_step(const recur_network_weights *weights, const recur_network_pass *pass,
                       recur_network_workspace *w) {
  return recur_network_infer(weights, pass, w);
}

static int training_step(const problem *q) REAL_TIME;
static int training_step(const problem *q) {
  const int status = forward(q);
  return status ? status : backward(q);
}

typedef struct {
  recur_linear_parameters p, dp;
  gsl_matrix *x, *y, *dy, *dx;
  gsl_vector_int labels;
  gsl_vector loss;
  recur_softmax_workspace *w;
} head;

static int head_step(const head *h) REAL_TIME;
static int head_step(const head *h) {
  gsl_vector loss = h->loss;
  int status = recur_linear_forward(&h->p, h->x, h->y);
  status |= recur_linear_backward(&h->p, h->x, h->dy, h->dx, &h->dp);
  status |= recur_softmax_forward(&h->p, h->x, h->y);
  status |= recur_softmax_backward(&h->p, h->x, h->y, h->dy, h->dx, &h->dp, h->w);
  status |= recur_softmax_cross_entropy_forward(&h->p, h->x, &h->labels, h->y, &loss);
  return status | recur_softmax_cross_entropy_backward(&h->p, h->x, &h->labels, h->y, &h->loss,
                                                       h->dx, &h->dp, h->w);
}

static int model_step(const every_node_call *c) REAL_TIME;
static int model_step(const every_node_call *c) {
  int status = recur_model_infer(c->weights, &c->pass, c->inference);
  status |= recur_model_forward(&c->theta, &c->pass, c->training);
  return status | recur_model_backward(&c->theta, &c->pass, &c->gradients, c->training);
}

static void violation(size_t size) REAL_TIME;
static void violation(size_t size) {
  void *volatile memory = malloc(size);
  free(memory);
}

/* So many units that threads share them. */
static void test_streams(size_t k, recur_threads *threads) {
  const recur_network network = network_case(k, FEATURES, 1000, 1, 1);
  problem q;
  new_problem(&q, &network, 1, 1, 0);
  note(&q, "stream");
  recur_network_workspace_free(q.w);
  q.mode = RECUR_MODE_INFERENCE;
  allocate(&q);
  CHECK(recur_network_weights_set(q.weights, q.theta) == GSL_SUCCESS);
  CHECK(recur_network_workspace_set_threads(q.w, threads) == GSL_SUCCESS);
  const recur_network_pass pass = {.x = q.x,
                                   .h0 = q.h0,
                                   .c0 = q.c0,
                                   .y = q.y,
                                   .hT = (gsl_matrix *)q.h0,
                                   .cT = (gsl_matrix *)q.c0};
  for (int t = 0; t < STEPS; t++)
    CHECK(stream_step(q.weights, &pass, q.w) == GSL_SUCCESS);
  end_problem(&q);
}

static void test_training(size_t k, recur_threads *threads) {
  const recur_network network = with_random_options(network_case(k, 20, 60, 2, 1), -1);
  problem q;
  new_problem(&q, &network, 9, 8, 4);
  note(&q, "training");
  CHECK(recur_network_workspace_set_threads(q.w, threads) == GSL_SUCCESS);
  CHECK(training_step(&q) == GSL_SUCCESS);
  end_problem(&q);
}

static recur_linear_parameters new_parameters(void) {
  return (recur_linear_parameters){.weight = *new_random(CLASSES, FEATURES, 1),
                                   .bias = new_random_vector(CLASSES)};
}

static void test_heads(void) {
  static int labels[ROWS] = {3, 0, 29, 7, 7};
  const head h = {.p = new_parameters(),
                  .dp = new_parameters(),
                  .x = new_random(ROWS, FEATURES, 1),
                  .y = new_padded(ROWS, CLASSES),
                  .dy = new_random(ROWS, CLASSES, 1),
                  .dx = new_padded(ROWS, FEATURES),
                  .labels = {.size = ROWS, .stride = 1, .data = labels},
                  .loss = new_random_vector(ROWS),
                  .w = recur_softmax_workspace_alloc(ROWS, CLASSES)};
  check_note("heads");
  CHECK(head_step(&h) == GSL_SUCCESS);
  recur_softmax_workspace_free(h.w);
  free_all();
}

static void test_models(recur_threads *threads) {
  every_node_call c;
  check_note("every node");
  every_node_begin(&c);
  CHECK(recur_model_weights_set(c.weights, &c.theta) == GSL_SUCCESS);
  CHECK(recur_model_workspace_set_threads(c.inference, threads) == GSL_SUCCESS);
  CHECK(recur_model_workspace_set_threads(c.training, threads) == GSL_SUCCESS);
  CHECK(model_step(&c) == GSL_SUCCESS);
  every_node_end(&c);
}

static void test_violation(const char *program) {
  check_note("a violation");
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    setenv("RECUR_TEST_VIOLATION", "1", 1);
    execl(program, program, (char *)NULL);
    _exit(0);
  }
  int status = 0;
  CHECK(child > 0 && waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) != 0);
}

int main(int count, char **arguments) {
  const char *const number = getenv("RECUR_TEST_THREADS");
  check_begin();
  if (count > 0 && getenv("RECUR_TEST_VIOLATION") != NULL) {
    violation(64);
    return EXIT_SUCCESS;
  }
  test_violation(arguments[0]);
  recur_threads *threads = number ? recur_threads_alloc(strtoul(number, NULL, 10)) : NULL;
  CHECK((number == NULL) == (threads == NULL));
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    test_streams(k, threads);
    test_training(k, threads);
  }
  test_heads();
  test_models(threads);
  recur_threads_free(threads);
  return check_end();
}
