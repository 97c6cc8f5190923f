/* Timed calls of Recur for the benchmarks. Before the first call, all memory is allocated, and
   weights are packed for inference. Then a call is timed as a user would make it.

   Each function runs one kind of pass for about `seconds` seconds, after untimed calls for 5 % of
   that time. It runs at least once and at most `capacity` times, writes the duration of each
   call, and returns the number of calls, or RECUR_TIMING_FAILED.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_TIMING_FLOAT
#define _POSIX_C_SOURCE 199309L
#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/rnn.h>
#include <string.h>
#include <time.h>

enum { RECUR_TIMING_FAILED = -1 };

/* The same struct as in problem.py. Matrices are contiguous, in Recur's layout; c0, cT and dc0 are
   NULL for cells without them. */
typedef struct {
  size_t cell; /* 0 simple, 1 GRU, 2 LSTM */
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
  return network;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static long measure(int (*call)(void *), void *arguments, double seconds, double *times,
                    long capacity) {
  /* Other code ran before, so caches and branch predictors need to warm up. */
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

#define REAL double
#define MATRIX gsl_matrix
#define VECTOR gsl_vector
#define RECUR(name) recur_network_##name
#define TIMING(name) recur_timing_##name
#endif

typedef struct {
  VECTOR theta, dtheta;
  MATRIX x, h0, c0, dy, y, hT, cT, dx, dh0, dc0;
  recur_batch batch;
  RECUR(weights) * weights;
  RECUR(workspace) * w;
} TIMING(arguments);

static MATRIX TIMING(matrix)(void *data, size_t rows, size_t columns) {
  return (MATRIX){rows, columns, columns, data, NULL, 0};
}

static TIMING(arguments) TIMING(arguments_of)(const problem *p) {
  const size_t rows = p->T * p->B, states = p->layers * p->directions * p->B, H = p->H;
  return (TIMING(arguments)){
      .theta = {p->parameters, 1, p->theta, NULL, 0},
      .dtheta = {p->parameters, 1, p->dtheta, NULL, 0},
      .x = TIMING(matrix)(p->x, rows, p->I),
      .dx = TIMING(matrix)(p->dx, rows, p->I),
      .y = TIMING(matrix)(p->y, rows, p->directions * H),
      .dy = TIMING(matrix)(p->dy, rows, p->directions * H),
      .h0 = TIMING(matrix)(p->h0, states, H),
      .hT = TIMING(matrix)(p->hT, states, H),
      .dh0 = TIMING(matrix)(p->dh0, states, H),
      .c0 = TIMING(matrix)(p->c0, states, H),
      .cT = TIMING(matrix)(p->cT, states, H),
      .dc0 = TIMING(matrix)(p->dc0, states, H),
      .batch = {.lengths = p->lengths},
  };
}

static MATRIX *TIMING(optional)(MATRIX *m) {
  return m->data ? m : NULL;
}

static RECUR(pass) TIMING(pass)(TIMING(arguments) * a) {
  return (RECUR(pass)){.x = &a->x,
                       .batch = &a->batch,
                       .h0 = &a->h0,
                       .c0 = TIMING(optional)(&a->c0),
                       .y = &a->y,
                       .hT = &a->hT,
                       .cT = TIMING(optional)(&a->cT)};
}

static int TIMING(call_forward)(void *arguments) {
  TIMING(arguments) *a = arguments;
  const RECUR(pass) pass = TIMING(pass)(a);
  return RECUR(infer)(a->weights, &pass, a->w);
}

/* The gradients of one batch. The sums start at zero. */
static int TIMING(call_training)(void *arguments) {
  TIMING(arguments) *a = arguments;
  memset(a->dtheta.data, 0, a->dtheta.size * sizeof(REAL));
  const RECUR(pass) pass = TIMING(pass)(a);
  const RECUR(gradients) gradients = {.dy = &a->dy,
                                      .dx = &a->dx,
                                      .dh0 = &a->dh0,
                                      .dc0 = TIMING(optional)(&a->dc0),
                                      .dtheta = &a->dtheta};
  const int status = RECUR(forward)(&a->theta, &pass, a->w);
  return status ? status : RECUR(backward)(&a->theta, &pass, &gradients, a->w);
}

/* One step, from the state of the previous step, which is overwritten. */
static int TIMING(call_stream)(void *arguments) {
  TIMING(arguments) *a = arguments;
  MATRIX *c = TIMING(optional)(&a->cT);
  const RECUR(pass) pass = {.x = &a->x, .h0 = &a->hT, .c0 = c, .y = &a->y, .hT = &a->hT, .cT = c};
  return RECUR(infer)(a->weights, &pass, a->w);
}

static int TIMING(prepare)(TIMING(arguments) * a, const problem *p, recur_mode pass,
                           recur_threads *threads) {
  const recur_network network = network_of(p);
  a->w = RECUR(workspace_alloc)(&network, p->T, p->B, pass, 0);
  if (a->w == NULL || RECUR(workspace_set_threads)(a->w, threads) != 0)
    return RECUR_TIMING_FAILED;
  if (pass == RECUR_MODE_TRAINING)
    return 0;
  a->weights = RECUR(weights_alloc)(&network);
  return a->weights && RECUR(weights_set)(a->weights, &a->theta) == 0 ? 0 : RECUR_TIMING_FAILED;
}

static long TIMING(run)(const problem *p, int threads, recur_mode pass, int (*call)(void *),
                        double seconds, double *times, long capacity) {
  recur_threads *team = threads > 1 ? recur_threads_alloc(threads) : NULL;
  TIMING(arguments) a = TIMING(arguments_of)(p);
  long count =
      threads > 1 && team == NULL ? RECUR_TIMING_FAILED : TIMING(prepare)(&a, p, pass, team);
  if (count == 0)
    count = measure(call, &a, seconds, times, capacity);
  RECUR(weights_free)(a.weights);
  RECUR(workspace_free)(a.w);
  recur_threads_free(team);
  return count;
}

long TIMING(forward)(const problem *p, int threads, double seconds, double *times, long capacity);
long TIMING(training)(const problem *p, int threads, double seconds, double *times, long capacity);
long TIMING(stream)(const problem *p, int threads, double seconds, double *times, long capacity);

long TIMING(forward)(const problem *p, int threads, double seconds, double *times, long capacity) {
  return TIMING(run)(p, threads, RECUR_MODE_INFERENCE, TIMING(call_forward), seconds, times,
                     capacity);
}

long TIMING(training)(const problem *p, int threads, double seconds, double *times, long capacity) {
  return TIMING(run)(p, threads, RECUR_MODE_TRAINING, TIMING(call_training), seconds, times,
                     capacity);
}

long TIMING(stream)(const problem *p, int threads, double seconds, double *times, long capacity) {
  const size_t bytes = p->layers * p->directions * p->B * p->H * sizeof(REAL);
  memcpy(p->hT, p->h0, bytes);
  if (p->cT)
    memcpy(p->cT, p->c0, bytes);
  return TIMING(run)(p, threads, RECUR_MODE_INFERENCE, TIMING(call_stream), seconds, times,
                     capacity);
}

#ifndef RECUR_TIMING_FLOAT
#define RECUR_TIMING_FLOAT
#undef REAL
#undef MATRIX
#undef VECTOR
#undef RECUR
#undef TIMING
#define REAL float
#define MATRIX gsl_matrix_float
#define VECTOR gsl_vector_float
#define RECUR(name) recur_network_float_##name
#define TIMING(name) recur_timing_float_##name
#include "recur_timing.c"
#endif
