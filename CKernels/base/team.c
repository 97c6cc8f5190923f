/* Teams of threads: see team.h.

   A thread that waits, for work or at a barrier, first spins, because the next step is often only
   microseconds away. While it spins, it offers the processor to other threads, because there may be
   more threads than processors. Then it sleeps.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* pthread_atfork and sched_yield under -std=c11 */

#include "base/team.h"

#include "base/check.h"
#include "base/environment.h"
#include "base/processors.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

enum { MOST_THREADS = 64, SPINS = 1000, SPINS_UNTIL_OFFER = 50 };

typedef struct {
  recur_threads *threads;
  size_t rank;
  pthread_t id;
} seat;

/* A value that threads wait on until it changes. */
typedef struct {
  atomic_uint_fast64_t value;
  atomic_size_t sleepers;
} watched;

struct recur_threads {
  size_t count;
  atomic_size_t owners;   /* the program, until it frees the threads, and workspaces */
  unsigned forks;         /* the process's number of forks when the threads were started */
  pthread_mutex_t in_use; /* held while a team works */

  /* The current work: number * MOST_SIZE + size. With both in one word, a thread that does not take
     part reads no other field, which may already be changing. */
  watched work;
  void (*run)(const rk_thread *, void *);
  void *context;

  atomic_bool ended;

  atomic_size_t arrived;
  watched phase; /* the number of barriers passed */

  pthread_mutex_t sleep;
  pthread_cond_t wake;

  seat seats[MOST_THREADS]; /* 0 is the calling thread and unused */
};

enum { MOST_SIZE = 2 * MOST_THREADS };

static inline void pause_a_moment(void) {
#ifdef __x86_64__
  __builtin_ia32_pause();
#elif defined __aarch64__
  __asm__ volatile("yield");
#endif
}

/* The number of forks: a forked child has none of its parent's threads. */
static atomic_uint forks;

static void count_fork(void) {
  atomic_fetch_add(&forks, 1);
}

/* Returns 0, or an error number: the next call tries again. */
static int watch_forks(void) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static bool counting;
  pthread_mutex_lock(&mutex);
  const int status = counting ? 0 : pthread_atfork(NULL, NULL, count_fork);
  counting = status == 0;
  pthread_mutex_unlock(&mutex);
  return status;
}

/* Waiting */

/* Returns the value once it is not `seen`. */
static uint_fast64_t wait_for_change(recur_threads *t, watched *w, uint_fast64_t seen) {
  for (size_t k = 1; k <= SPINS; k++) {
    const uint_fast64_t value = atomic_load_explicit(&w->value, memory_order_acquire);
    if (value != seen)
      return value;
    pause_a_moment();
    if (k % SPINS_UNTIL_OFFER == 0)
      sched_yield();
  }
  /* No wake-up is lost: either change() sees this sleeper, or this thread sees the new value. */
  pthread_mutex_lock(&t->sleep);
  atomic_fetch_add(&w->sleepers, 1);
  while (atomic_load(&w->value) == seen)
    pthread_cond_wait(&t->wake, &t->sleep);
  atomic_fetch_sub(&w->sleepers, 1);
  pthread_mutex_unlock(&t->sleep);
  return atomic_load(&w->value);
}

static void change(recur_threads *t, watched *w, uint_fast64_t value) {
  atomic_store(&w->value, value);
  if (atomic_load(&w->sleepers) == 0)
    return;
  pthread_mutex_lock(&t->sleep);
  pthread_cond_broadcast(&t->wake);
  pthread_mutex_unlock(&t->sleep);
}

/* Members */

void rk_barrier(const rk_thread *thread) {
  if (thread->size == 1)
    return;
  recur_threads *t = thread->threads;
  const uint_fast64_t phase = atomic_load_explicit(&t->phase.value, memory_order_relaxed);
  if (atomic_fetch_add_explicit(&t->arrived, 1, memory_order_acq_rel) + 1 < thread->size) {
    wait_for_change(t, &t->phase, phase);
    return;
  }
  atomic_store_explicit(&t->arrived, 0, memory_order_relaxed);
  change(t, &t->phase, phase + 1);
}

void rk_share(const rk_thread *thread, size_t count, size_t grain, size_t *first, size_t *last) {
  const size_t units = (count + grain - 1) / grain;
  *first = units * thread->rank / thread->size * grain;
  *last = units * (thread->rank + 1) / thread->size * grain;
  *first = *first < count ? *first : count;
  *last = *last < count ? *last : count;
}

/* Threads */

static void *live(void *argument) {
  const seat *own = argument;
  recur_threads *t = own->threads;
  const size_t rank = own->rank;
  uint_fast64_t seen = 0;
  rk_environment_enter();
  while (!atomic_load(&t->ended)) {
    const uint_fast64_t work = wait_for_change(t, &t->work, seen);
    const rk_thread thread = {.threads = t, .rank = rank, .size = work % MOST_SIZE};
    if (rank < thread.size) {
      t->run(&thread, t->context);
      rk_barrier(&thread);
    }
    seen = work;
  }
  return NULL;
}

/* Publishes work of size 0, which makes every thread check `ended`; joins the started threads. */
static void end(recur_threads *t, size_t started) {
  atomic_store(&t->ended, true);
  change(t, &t->work, (atomic_load(&t->work.value) / MOST_SIZE + 1) * MOST_SIZE);
  for (size_t k = 1; k < started; k++)
    pthread_join(t->seats[k].id, NULL);
}

/* Blocks signals in the new thread: the program's own threads handle them. Faults are handled in
   the thread that has them; blocked, they would end the process without a call of its handler. */
static int start(seat *own) {
  static const int faults[] = {SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
  sigset_t others, before;
  sigfillset(&others);
  for (size_t k = 0; k < sizeof faults / sizeof *faults; k++)
    sigdelset(&others, faults[k]);
  pthread_sigmask(SIG_SETMASK, &others, &before);
  const int status = pthread_create(&own->id, NULL, live, own);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return status;
}

recur_threads *rk_team_alloc(const char *function, size_t count) {
  const int error = watch_forks();
  if (error != 0) {
    rk_fail(GSL_ENOMEM, function, "count",
            "is %zu, but calls of fork() cannot be counted: error %d", count, error);
    return NULL;
  }
  recur_threads *t = calloc(1, sizeof *t);
  if (t == NULL) {
    rk_fail(GSL_ENOMEM, function, "threads", "of %zu bytes cannot be allocated", sizeof *t);
    return NULL;
  }
  t->count = count;
  atomic_init(&t->owners, 1);
  t->forks = atomic_load(&forks);
  pthread_mutex_init(&t->in_use, NULL);
  pthread_mutex_init(&t->sleep, NULL);
  pthread_cond_init(&t->wake, NULL);
  for (size_t k = 1; k < count; k++) {
    t->seats[k].threads = t;
    t->seats[k].rank = k;
    const int status = start(&t->seats[k]);
    if (status != 0) {
      end(t, k);
      free(t);
      rk_fail(GSL_ENOMEM, function, "count", "is %zu, but thread %zu cannot be started: error %d",
              count, k, status);
      return NULL;
    }
  }
  return t;
}

recur_threads *recur_threads_alloc(size_t count) {
  if (count < 1 || count > MOST_THREADS) {
    rk_fail(GSL_EINVAL, __func__, "count", "is %zu, expected 1 to %d", count, MOST_THREADS);
    return NULL;
  }
  const size_t processors = rk_processors();
  return rk_team_alloc(__func__, count < processors ? count : processors);
}

size_t recur_threads_count(const recur_threads *threads) {
  return threads == NULL ? 1 : threads->count;
}

void rk_team_hold(recur_threads *threads) {
  if (threads != NULL)
    atomic_fetch_add(&threads->owners, 1);
}

void rk_team_release(recur_threads *threads) {
  if (threads == NULL || atomic_fetch_sub(&threads->owners, 1) > 1)
    return;
  if (threads->forks == atomic_load(&forks))
    end(threads, threads->count);
  free(threads);
}

void recur_threads_free(recur_threads *threads) {
  rk_team_release(threads);
}

void rk_team_run(recur_threads *threads, size_t size, void (*run)(const rk_thread *, void *),
                 void *context) {
  const rk_thread alone = {.threads = NULL, .rank = 0, .size = 1};
  if (threads == NULL || size < 2 || threads->forks != atomic_load(&forks) ||
      pthread_mutex_trylock(&threads->in_use) != 0) {
    run(&alone, context);
    return;
  }
  const rk_thread first = {
      .threads = threads, .rank = 0, .size = size < threads->count ? size : threads->count};
  const uint_fast64_t number = atomic_load(&threads->work.value) / MOST_SIZE + 1;
  threads->run = run;
  threads->context = context;
  change(threads, &threads->work, number * MOST_SIZE + first.size);
  run(&first, context);
  rk_barrier(&first);
  pthread_mutex_unlock(&threads->in_use);
}

/* A call of the program's own function. */
typedef struct {
  void (*function)(size_t rank, size_t size, void *context);
  void *context;
} program_call;

static void run_program(const rk_thread *thread, void *argument) {
  const program_call *call = argument;
  call->function(thread->rank, thread->size, call->context);
}

void recur_threads_call(recur_threads *threads,
                        void (*function)(size_t rank, size_t size, void *context), void *context) {
  RK_COMPUTES;
  program_call call = {function, context};
  rk_team_run(threads, recur_threads_count(threads), run_program, &call);
}
