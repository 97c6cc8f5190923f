/* recur/threads.h: valid counts, at most as many threads as processors, concurrent callers, forks,
   and the end of all threads. rk_team_alloc() starts more threads than there are processors.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* fork and other POSIX functions under -std=c11 */

#include "base/processors.h"
#include "base/team.h"
#include "support/check.h"

#include <dirent.h>
#include <gsl/gsl_errno.h>
#include <pthread.h>
#include <recur/error.h>
#include <recur/lstm.h>
#include <recur/parameters.h>
#include <recur/threads.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { T = 20, B = 16, I = 24, H = 72, CALLERS = 3, CALLS = 20 };

typedef struct {
  recur_threads *threads;
  const recur_network_float_weights *weights;
  const gsl_matrix_float *x;
  gsl_matrix_float *y;
} work;

/* Runs CALLS passes in its own workspace. Returns NULL, or the failure. */
static void *run(void *argument) {
  work *own = argument;
  const recur_network network = recur_lstm(I, H);
  recur_network_float_workspace *w =
      recur_network_float_workspace_alloc(&network, T, B, RECUR_MODE_INFERENCE, 0);
  const recur_network_float_pass pass = {.x = own->x, .y = own->y};
  int status = recur_network_float_workspace_set_threads(w, own->threads);
  for (int k = 0; k < CALLS && status == GSL_SUCCESS; k++)
    status = recur_network_float_infer(own->weights, &pass, w);
  recur_network_float_workspace_free(w);
  return status == GSL_SUCCESS ? NULL : own;
}

static bool same(const gsl_matrix_float *a, const gsl_matrix_float *b) {
  return memcmp(a->data, b->data, a->size1 * a->size2 * sizeof *a->data) == 0;
}

static int threads_running(void) {
  DIR *tasks = opendir("/proc/self/task");
  int count = 0;
  while (readdir(tasks) != NULL)
    count++;
  closedir(tasks);
  return count - 2; /* . and .. */
}

/* A joined thread may remain listed for a moment, especially under emulation. */
static bool settles_at(int count) {
  const struct timespec moment = {.tv_nsec = 1000000};
  for (int k = 0; k < 10000 && threads_running() != count; k++)
    nanosleep(&moment, NULL);
  return threads_running() == count;
}

/* The minimum count within a tenth of a second, which excludes threads that are about to end. */
static int threads_staying(void) {
  const struct timespec moment = {.tv_nsec = 1000000};
  int least = threads_running();
  for (int k = 0; k < 100; k++) {
    nanosleep(&moment, NULL);
    const int now = threads_running();
    least = now < least ? now : least;
  }
  return least;
}

static void test_sizes(void) {
  const size_t wrong[] = {0, 65, (size_t)-1};
  for (size_t k = 0; k < 3; k++) {
    CHECK(recur_threads_alloc(wrong[k]) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
    CHECK(strcmp(recur_last_error()->argument, "count") == 0);
  }
  recur_threads_free(
      recur_threads_alloc(2)); /* a sanitizer's own thread may start with the first */
  const int before = threads_staying();
  for (size_t count = 1; count <= 8; count++) {
    recur_threads *threads = rk_team_alloc("test", count);
    CHECK(recur_threads_count(threads) == count && settles_at(before + (int)count - 1));
    recur_threads_free(threads);
    CHECK(settles_at(before));
  }
  recur_threads_free(NULL);
  CHECK(recur_threads_count(NULL) == 1);
}

static size_t count_of_threads(size_t wanted) {
  recur_threads *threads = recur_threads_alloc(wanted);
  const size_t count = recur_threads_count(threads);
  recur_threads_free(threads);
  return count;
}

/* Threads that wait for each other on one processor would be slower than one thread. */
static void test_processors(void) {
  const size_t processors = rk_processors();
  CHECK(processors >= 1 && processors <= (size_t)sysconf(_SC_NPROCESSORS_ONLN));
  CHECK(count_of_threads(1) == 1);
  CHECK(count_of_threads(64) == (processors < 64 ? processors : 64));
  cpu_set_t before, one;
  CHECK(sched_getaffinity(0, sizeof before, &before) == 0);
  CPU_ZERO(&one);
  CPU_SET((size_t)sched_getcpu(), &one);
  CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(rk_processors() == 1 && count_of_threads(64) == 1);
  CHECK(sched_setaffinity(0, sizeof before, &before) == 0);
  CHECK(count_of_threads(64) == (processors < 64 ? processors : 64));
}

/* Starts threads and chooses the instruction set. */
static void *call_first(void *unused) {
  const recur_network network = recur_lstm(I, H);
  recur_threads *threads = recur_threads_alloc(2);
  recur_network_float_weights *weights = recur_network_float_weights_alloc(&network);
  (void)unused;
  recur_network_float_weights_free(weights);
  recur_threads_free(threads);
  static int failure;
  return threads != NULL && weights != NULL ? NULL : &failure;
}

/* The first calls of a process come from several threads at once. */
static void test_first_calls(void) {
  pthread_t callers[CALLERS];
  for (size_t k = 0; k < CALLERS; k++)
    CHECK(pthread_create(&callers[k], NULL, call_first, NULL) == 0);
  for (size_t k = 0; k < CALLERS; k++) {
    void *failed;
    CHECK(pthread_join(callers[k], &failed) == 0 && failed == NULL);
  }
}

/* Several callers share the threads: a second caller works alone. */
static void test_callers(work *first) {
  work own[CALLERS];
  pthread_t callers[CALLERS];
  for (size_t k = 0; k < CALLERS; k++) {
    own[k] = *first;
    own[k].y = gsl_matrix_float_alloc(T * B, H);
    CHECK(pthread_create(&callers[k], NULL, run, &own[k]) == 0);
  }
  for (size_t k = 0; k < CALLERS; k++) {
    void *failed;
    pthread_join(callers[k], &failed);
    CHECK(failed == NULL && same(own[k].y, first->y));
    gsl_matrix_float_free(own[k].y);
  }
}

static void count_itself(size_t rank, size_t size, void *context) {
  (void)rank;
  *(size_t *)context = size;
}

/* A forked process has none of the threads, and computes the same without them. */
static void test_fork(work *first) {
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    work own = *first;
    own.y = gsl_matrix_float_alloc(T * B, H);
    size_t size = 0;
    recur_threads_call(own.threads, count_itself, &size);
    const bool right = run(&own) == NULL && same(own.y, first->y) && size == 1;
    gsl_matrix_float_free(own.y);
    recur_threads_free(own.threads);
    exit(right ? 0 : 1);
  }
  int status = 1;
  CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

typedef struct {
  size_t size;
  int ran[8];
} roll;

static void answer(const rk_thread *thread, void *context) {
  roll *all = context;
  all->ran[thread->rank]++;
  rk_barrier(thread);
  if (thread->rank == 0)
    all->size = thread->size;
}

/* What the calls of recur_threads_call() found, by rank. */
typedef struct {
  work *pass; /* that each call runs, or NULL */
  recur_threads *threads;
  size_t sizes[8];
  bool alone[8], right[8], masked[8];
} calls;

static void record_call(size_t rank, size_t size, void *context) {
  calls *all = context;
  all->sizes[rank] += size;
  size_t inner = 0;
  recur_threads_call(all->threads, count_itself, &inner);
  all->alone[rank] = inner == 1;
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, NULL, &blocked);
  all->masked[rank] = sigismember(&blocked, SIGTERM) == 1 && sigismember(&blocked, SIGSEGV) == 0;
  if (all->pass == NULL)
    return;
  work own = *all->pass;
  own.y = gsl_matrix_float_alloc(T * B, H);
  all->right[rank] = run(&own) == NULL && same(own.y, all->pass->y);
  gsl_matrix_float_free(own.y);
}

/* A program's function: one call for each thread, whose passes and calls are alone. The library's
   threads have all signals blocked but those of faults. */
static void test_calls(work *pass) {
  recur_threads *threads = rk_team_alloc("test", 4);
  work own = *pass;
  own.threads = threads;
  calls all = {.pass = &own, .threads = threads};
  recur_threads_call(threads, record_call, &all);
  for (size_t rank = 0; rank < 8; rank++)
    CHECK(all.sizes[rank] == (rank < 4 ? 4 : 0) && all.right[rank] == (rank < 4) &&
          all.alone[rank] == (rank < 4) && all.masked[rank] == (rank > 0 && rank < 4));
  recur_threads_free(threads);
  all = (calls){0};
  recur_threads_call(NULL, record_call, &all);
  CHECK(all.sizes[0] == 1 && all.sizes[1] == 0);
}

/* A team of the maximum size: each member runs once. */
static void test_members(void) {
  recur_threads *threads = rk_team_alloc("test", 4);
  for (int round = 0; round < 3; round++)
    for (size_t size = 1; size <= 6; size++) {
      roll all = {0};
      const size_t expected = size < 4 ? size : 4;
      rk_team_run(threads, size, answer, &all);
      check_note("a team of %zu", size);
      CHECK(all.size == expected);
      for (size_t rank = 0; rank < 8; rank++)
        CHECK(all.ran[rank] == (rank < expected));
    }
  recur_threads_free(threads);
}

/* Threads that the program frees first remain until the workspaces that use them are freed or use
   others. */
static void test_owners(const work *first) {
  const recur_network network = recur_lstm(I, H);
  const int before = threads_staying();
  recur_threads *threads = rk_team_alloc("test", 3);
  recur_network_float_workspace *w[2];
  gsl_matrix_float *y = gsl_matrix_float_alloc(T * B, H);
  for (size_t k = 0; k < 2; k++) {
    w[k] = recur_network_float_workspace_alloc(&network, T, B, RECUR_MODE_INFERENCE, 0);
    for (int twice = 0; twice < 2; twice++)
      CHECK(recur_network_float_workspace_set_threads(w[k], threads) == GSL_SUCCESS);
  }
  recur_threads_free(threads);
  for (size_t k = 0; k < 2; k++) {
    const recur_network_float_pass pass = {.x = first->x, .y = y};
    CHECK(settles_at(before + 2));
    CHECK(recur_network_float_infer(first->weights, &pass, w[k]) == GSL_SUCCESS);
    CHECK(same(y, first->y));
    if (k == 0)
      recur_network_float_workspace_free(w[0]);
    else
      CHECK(recur_network_float_workspace_set_threads(w[1], NULL) == GSL_SUCCESS);
  }
  CHECK(settles_at(before));
  recur_network_float_workspace_free(w[1]);
  gsl_matrix_float_free(y);
}

int main(void) {
  check_begin();
  test_first_calls();
  test_members();
  const recur_network network = recur_lstm(I, H);
  size_t parts, count;
  CHECK(recur_parameters_count(&network, RECUR_LAYOUT_PYTORCH, &parts, &count) == GSL_SUCCESS);
  gsl_vector_float *theta = gsl_vector_float_alloc(count);
  gsl_matrix_float *x = gsl_matrix_float_alloc(T * B, I), *y = gsl_matrix_float_alloc(T * B, H);
  for (size_t k = 0; k < count; k++)
    theta->data[k] = (float)(0.1 * check_random());
  for (size_t k = 0; k < T * B * I; k++)
    x->data[k] = (float)check_random();
  recur_network_float_weights *weights = recur_network_float_weights_alloc(&network);
  CHECK(recur_network_float_weights_set(weights, theta) == GSL_SUCCESS);

  work alone = {.weights = weights, .x = x, .y = y};
  CHECK(run(&alone) == NULL);
  test_sizes();
  test_processors();
  test_owners(&alone);
  test_calls(&alone);
  work shared = alone;
  shared.threads = rk_team_alloc("test", 2);
  test_callers(&shared);
  test_fork(&shared);
  recur_threads_free(shared.threads);

  recur_network_float_weights_free(weights);
  gsl_matrix_float_free(x);
  gsl_matrix_float_free(y);
  gsl_vector_float_free(theta);
  return check_end();
}
