/* The timed calls of Recur. Memory is allocated, and for inference the weights are prepared, before
   the first call; a timed call is the same as a user's.

   Each function runs one kind of pass for about `seconds` seconds, at least once and at most
   `capacity` times, after an untimed warm-up unless `seconds` is 0. It writes the duration of each
   call and returns the number of calls, or RECUR_TIMING_FAILED. recur_timing_float.c is the
   single-precision twin.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _POSIX_C_SOURCE 199309L
#include "base/precision.h"

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/rnn.h>
#include <string.h>
#include <time.h>

enum { RECUR_TIMING_FAILED = -1 };

/* Matches problem.py. Matrices are contiguous and have Recur's layout; c0, cT and dc0 are NULL for
   cells without them. */
typedef struct {
  size_t cell;    /* 0 simple, 1 GRU, 2 LSTM */
  size_t storage; /* a recur_weight_storage */
  size_t layers, directions, T, B, I, H;
  const size_t *lengths; /* or NULL */
  size_t parameters;
  void *theta, *x, *h0, *c0, *dy;              /* in */
  void *y, *hT, *cT, *dx, *dh0, *dc0, *dtheta; /* out */
} problem;

static recur_network network_of(const problem *p) {
  recur_network (*const constructors[])(size_t, size_t) = {recur_rnn, recur_gru, recur_lstm};
  recur_network network = constructors[p->cell](p->I, p->H);
  network.layers = p->layers;
  network.directions = p->directions;
  network.weight_storage = (recur_weight_storage)p->storage;
  return network;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static long measure(int (*call)(void *), void *arguments, double seconds, double *times,
                    long capacity) {
  /* Warms up caches and predictors, since other contenders ran before. */
  for (const double end = now() + 0.05 * seconds; now() < end;)
    if (call(arguments) != 0)
      return RECUR_TIMING_FAILED;
  const double end = now() + seconds;
  for (long k = 0; k < capacity;) {
    const double begin = now();
    if (call(arguments) != 0)
      return RECUR_TIMING_FAILED;
    const double after = now();
    times[k++] = after - begin;
    if (after >= end)
      return k;
  }
  return capacity;
}

typedef struct {
  gsl_vector theta, dtheta;
  gsl_matrix x, h0, c0, dy, y, hT, cT, dx, dh0, dc0;
  recur_batch batch;
  recur_network_weights *weights;
  recur_network_workspace *w;
} timing;

static gsl_matrix timing_matrix(void *data, size_t rows, size_t columns) {
  return (gsl_matrix){rows, columns, columns, data, NULL, 0};
}

static timing timing_of(const problem *p) {
  const size_t rows = p->T * p->B, states = p->layers * p->directions * p->B, H = p->H;
  return (timing){
      .theta = {p->parameters, 1, p->theta, NULL, 0},
      .dtheta = {p->parameters, 1, p->dtheta, NULL, 0},
      .x = timing_matrix(p->x, rows, p->I),
      .dx = timing_matrix(p->dx, rows, p->I),
      .y = timing_matrix(p->y, rows, p->directions * H),
      .dy = timing_matrix(p->dy, rows, p->directions * H),
      .h0 = timing_matrix(p->h0, states, H),
      .hT = timing_matrix(p->hT, states, H),
      .dh0 = timing_matrix(p->dh0, states, H),
      .c0 = timing_matrix(p->c0, states, H),
      .cT = timing_matrix(p->cT, states, H),
      .dc0 = timing_matrix(p->dc0, states, H),
      .batch = {.lengths = p->lengths},
  };
}

static gsl_matrix *timing_optional(gsl_matrix *m) {
  return m->data ? m : NULL;
}

static recur_network_pass timing_pass(timing *a) {
  return (recur_network_pass){.x = &a->x,
                              .batch = &a->batch,
                              .h0 = &a->h0,
                              .c0 = timing_optional(&a->c0),
                              .y = &a->y,
                              .hT = &a->hT,
                              .cT = timing_optional(&a->cT)};
}

static int timing_call_forward(void *arguments) {
  timing *a = arguments;
  const recur_network_pass pass = timing_pass(a);
  return recur_network_infer(a->weights, &pass, a->w);
}

/* The gradients of one batch: the sums start at zero. */
static int timing_call_training(void *arguments) {
  timing *a = arguments;
  memset(a->dtheta.data, 0, a->dtheta.size * sizeof(rk_real));
  const recur_network_pass pass = timing_pass(a);
  const recur_network_gradients gradients = {.dy = &a->dy,
                                             .dx = &a->dx,
                                             .dh0 = &a->dh0,
                                             .dc0 = timing_optional(&a->dc0),
                                             .dtheta = &a->dtheta};
  const int status = recur_network_forward(&a->theta, &pass, a->w);
  return status ? status : recur_network_backward(&a->theta, &pass, &gradients, a->w);
}

/* One step from the state after the previous step, which it overwrites. */
static int timing_call_stream(void *arguments) {
  timing *a = arguments;
  gsl_matrix *c = timing_optional(&a->cT);
  const recur_network_pass pass = {
      .x = &a->x, .h0 = &a->hT, .c0 = c, .y = &a->y, .hT = &a->hT, .cT = c};
  return recur_network_infer(a->weights, &pass, a->w);
}

static int timing_prepare(timing *a, const problem *p, recur_mode pass, recur_threads *threads) {
  const recur_network network = network_of(p);
  a->w = recur_network_workspace_alloc(&network, p->T, p->B, pass, 0);
  if (a->w == NULL || recur_network_workspace_set_threads(a->w, threads) != 0)
    return RECUR_TIMING_FAILED;
  if (pass == RECUR_MODE_TRAINING)
    return 0;
  a->weights = recur_network_weights_alloc(&network);
  return a->weights && recur_network_weights_set(a->weights, &a->theta) == 0 ? 0
                                                                             : RECUR_TIMING_FAILED;
}

static long timing_run(const problem *p, int threads, recur_mode pass, int (*call)(void *),
                       double seconds, double *times, long capacity) {
  recur_threads *team = threads > 1 ? recur_threads_alloc(threads) : NULL;
  timing a = timing_of(p);
  long count =
      threads > 1 && team == NULL ? RECUR_TIMING_FAILED : timing_prepare(&a, p, pass, team);
  if (count == 0)
    count = measure(call, &a, seconds, times, capacity);
  recur_network_weights_free(a.weights);
  recur_network_workspace_free(a.w);
  recur_threads_free(team);
  return count;
}

long recur_timing_forward(const problem *p, int threads, double seconds, double *times,
                          long capacity);
long recur_timing_training(const problem *p, int threads, double seconds, double *times,
                           long capacity);
long recur_timing_stream(const problem *p, int threads, double seconds, double *times,
                         long capacity);

long recur_timing_forward(const problem *p, int threads, double seconds, double *times,
                          long capacity) {
  return timing_run(p, threads, RECUR_MODE_INFERENCE, timing_call_forward, seconds, times,
                    capacity);
}

long recur_timing_training(const problem *p, int threads, double seconds, double *times,
                           long capacity) {
  return timing_run(p, threads, RECUR_MODE_TRAINING, timing_call_training, seconds, times,
                    capacity);
}

long recur_timing_stream(const problem *p, int threads, double seconds, double *times,
                         long capacity) {
  const size_t bytes = p->layers * p->directions * p->B * p->H * sizeof(rk_real);
  memcpy(p->hT, p->h0, bytes);
  if (p->cT)
    memcpy(p->cT, p->c0, bytes);
  return timing_run(p, threads, RECUR_MODE_INFERENCE, timing_call_stream, seconds, times, capacity);
}
