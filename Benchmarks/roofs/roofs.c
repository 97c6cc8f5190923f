/* roofs THREADS [NAME BYTES]...: prints, as JSON, the rates of THREADS threads together, each on
   its own core: fused multiply-add operations per second, and for each NAME the bytes read per
   second from a buffer of BYTES bytes in each thread.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "roofs.h"

static int always(void) {
  return 1;
}

#ifdef __x86_64__
static int avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
}

static int avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

const roofs_variant roofs_variants[] = {
#ifdef __x86_64__
    {avx512, roofs_fma_avx512_float, roofs_fma_avx512_double, roofs_read_avx512},
    {avx2, roofs_fma_avx2_float, roofs_fma_avx2_double, roofs_read_avx2},
#endif
    {always, roofs_fma_any_float, roofs_fma_any_double, roofs_read_any},
    {NULL, NULL, NULL, NULL},
};

enum { TRIES = 8 };
#define TRY_SECONDS 0.02

/* The work of one thread: one of the two kinds, in several tries. */
typedef struct {
  double (*fma)(long rounds);
  void (*read)(const void *buffer, size_t bytes, long passes);
  size_t bytes;
  int core;
  pthread_barrier_t *together;
  double rates[TRIES]; /* out: work per second */
} task;

static void pin(int index) {
  cpu_set_t allowed, one;
  sched_getaffinity(0, sizeof allowed, &allowed);
  for (int core = 0; core < CPU_SETSIZE; core++)
    if (CPU_ISSET(core, &allowed) && index-- == 0) {
      CPU_ZERO(&one);
      CPU_SET(core, &one);
      sched_setaffinity(0, sizeof one, &one);
      return;
    }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* A piece of work that takes much longer than reading the clock. */
static double piece(const task *t, const void *buffer) {
  enum { ROUNDS = 20000, BYTES = 1 << 22 };
  if (t->fma)
    return t->fma(ROUNDS);
  const long passes = 1 + BYTES / (long)t->bytes;
  t->read(buffer, t->bytes, passes);
  return (double)passes * t->bytes;
}

static void *run(void *argument) {
  task *t = argument;
  pin(t->core);
  void *buffer = t->read ? aligned_alloc(READ_BLOCK, t->bytes) : NULL;
  if (buffer)
    memset(buffer, 1, t->bytes);
  for (int k = 0; k < TRIES; k++) {
    pthread_barrier_wait(t->together);
    double work = 0, seconds = 0;
    for (const double begin = now(); seconds < TRY_SECONDS; seconds = now() - begin)
      work += piece(t, buffer);
    t->rates[k] = work / seconds;
  }
  free(buffer);
  return NULL;
}

/* The best try of the sum over all threads. */
static double rate(task like, int threads) {
  pthread_barrier_t together;
  pthread_barrier_init(&together, NULL, threads);
  like.together = &together;
  pthread_t ids[threads];
  task tasks[threads];
  for (int k = 0; k < threads; k++) {
    tasks[k] = like;
    tasks[k].core = k;
    pthread_create(&ids[k], NULL, run, &tasks[k]);
  }
  double sums[TRIES] = {0}, best = 0;
  for (int k = 0; k < threads; k++) {
    pthread_join(ids[k], NULL);
    for (int try = 0; try < TRIES; try++)
      sums[try] += tasks[k].rates[try];
  }
  for (int try = 0; try < TRIES; try++)
    best = sums[try] > best ? sums[try] : best;
  return best;
}

/* The best rate of all instruction sets. */
static double best_rate(task (*make)(const roofs_variant *, size_t), size_t bytes, int threads) {
  double best = 0;
  for (const roofs_variant *v = roofs_variants; v->supported; v++) {
    const double r = v->supported() ? rate(make(v, bytes), threads) : 0;
    best = r > best ? r : best;
  }
  return best;
}

static task float_task(const roofs_variant *v, size_t bytes) {
  return (task){.fma = v->fma_float, .bytes = bytes};
}

static task double_task(const roofs_variant *v, size_t bytes) {
  return (task){.fma = v->fma_double, .bytes = bytes};
}

static task read_task(const roofs_variant *v, size_t bytes) {
  return (task){.read = v->read, .bytes = bytes / READ_BLOCK * READ_BLOCK};
}

int main(int argc, char **argv) {
  const int threads = argc > 1 ? atoi(argv[1]) : 1;
  printf("{\"fma\": {\"float\": %.4g", best_rate(float_task, 0, threads));
  printf(", \"double\": %.4g}, \"bandwidth\": {", best_rate(double_task, 0, threads));
  for (int k = 2; k + 1 < argc; k += 2) {
    const double r = best_rate(read_task, strtoull(argv[k + 1], NULL, 10), threads);
    printf("%s\"%s\": %.4g", k > 2 ? ", " : "", argv[k], r);
  }
  printf("}}\n");
  return 0;
}
