/* recur/threads.h: memory that cannot be allocated, and a thread that cannot be started. The test
   compiles its own copy of base/team.c, which calls the functions below.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE
#include "support/check.h"

#include <errno.h>
#include <pthread.h>
#include <recur/error.h>
#include <signal.h>

static bool memory_is_refused, watch_is_refused;
static size_t atforks, begun, joined, refused; /* the refused thread's number, from 1; 0 for none */

static void *tested_calloc(size_t count, size_t size) {
  return memory_is_refused ? NULL : calloc(count, size);
}

static int tested_create(pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
                         void *argument) {
  return ++begun == refused ? EAGAIN : pthread_create(id, attributes, run, argument);
}

static int tested_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
  atforks++;
  return watch_is_refused ? ENOMEM : pthread_atfork(prepare, parent, child);
}

static int tested_join(pthread_t id, void **result) {
  joined++;
  return pthread_join(id, result);
}

#define calloc tested_calloc
#define pthread_create tested_create
#define pthread_join tested_join
#define pthread_atfork tested_atfork
#include "base/team.c"

static void check_failure(const recur_threads *threads, const char *argument, const char *reason) {
  const recur_error *e = recur_last_error();
  CHECK(threads == NULL && e->status == GSL_ENOMEM);
  CHECK(strcmp(e->function, "start") == 0 && strcmp(e->argument, argument) == 0);
  CHECK(strstr(e->message, reason) != NULL);
}

static void test_memory(void) {
  check_note("memory");
  memory_is_refused = true;
  check_failure(rk_team_alloc("start", 2), "threads", "cannot be allocated");
  memory_is_refused = false;
  CHECK(begun == 0);
}

/* The first team of a process watches its forks; the next one tries again. */
static void test_watch(void) {
  check_note("forks");
  watch_is_refused = true;
  check_failure(rk_team_alloc("start", 2), "count", "fork() cannot be counted");
  watch_is_refused = false;
  CHECK(begun == 0);
}

/* The threads that were started before the refused one are ended. */
static void test_start(size_t count, size_t number) {
  char reason[40];
  check_note("thread %zu of %zu", number, count);
  snprintf(reason, sizeof reason, "thread %zu cannot be started", number);
  begun = joined = 0;
  refused = number;
  check_failure(rk_team_alloc("start", count), "count", reason);
  CHECK(begun == number && joined == number - 1);
  begun = joined = refused = 0;
  recur_threads *threads = rk_team_alloc("start", count);
  CHECK(threads != NULL && begun == count - 1);
  recur_threads_free(threads);
  CHECK(joined == count - 1);
}

/* The new threads block all signals; the calling thread keeps its own mask. */
static void test_signals(void) {
  sigset_t own, found;
  sigemptyset(&own);
  sigaddset(&own, SIGUSR1);
  check_note("signals");
  CHECK(pthread_sigmask(SIG_SETMASK, &own, NULL) == 0);
  recur_threads *threads = rk_team_alloc("start", 2);
  CHECK(pthread_sigmask(SIG_SETMASK, NULL, &found) == 0);
  CHECK(sigismember(&found, SIGUSR1) == 1 && sigismember(&found, SIGUSR2) == 0);
  recur_threads_free(threads);
  begun = joined = 0;
}

int main(void) {
  check_begin();
  test_watch();
  test_signals();
  test_memory();
  for (size_t count = 2; count <= 5; count++)
    for (size_t number = 1; number < count; number++)
      test_start(count, number);
  CHECK(atforks == 2); /* refused, and then once for all teams */
  return check_end();
}
