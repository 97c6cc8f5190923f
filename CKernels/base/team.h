/* A team: the threads that compute a pass together. All run the same code on different shares of
   the work, and wait for each other at barriers.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_TEAM_H
#define RK_TEAM_H

#include <recur/threads.h>
#include <stdbool.h>

typedef struct rk_thread {
  recur_threads *threads; /* NULL in a team of one */
  size_t rank, size;
} rk_thread;

/* Runs run(thread, context) on up to `size` threads, including the calling one, and returns when
   all have finished. threads may be NULL. */
void rk_team_run(recur_threads *threads, size_t size, void (*run)(const rk_thread *, void *),
                 void *context);

/* Starts count - 1 threads, also if there are fewer processors. `function` is named in errors. */
recur_threads *rk_team_alloc(const char *function, size_t count);

/* The threads end when every owner has released them: the program with recur_threads_free(), and
   the workspaces that hold them. NULL is allowed. */
void rk_team_hold(recur_threads *threads);
void rk_team_release(recur_threads *threads);

/* Returns when all threads have called it. What each wrote before is then visible to all. */
void rk_barrier(const rk_thread *thread);

/* A thread's share of count items, first to last - 1, in units of grain. */
void rk_share(const rk_thread *thread, size_t count, size_t grain, size_t *first, size_t *last);

#endif
