/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Threads that share the work of a pass, or of a program's own loops.
 *
 * Within a pass, the threads wait for each other: each spins for a moment and then sleeps. A
 * real-time thread should therefore run its passes alone.
 *
 * Results are bit-identical with any number of threads: the threads divide the outputs among
 * themselves, never the terms of a sum. The number of threads affects speed only. A pass uses fewer
 * threads than it is given, or the calling thread alone:
 *
 * - if there is too little work,
 * - while another pass or a call of recur_threads_call() uses the threads,
 * - in a child process after fork().
 */

#ifndef RECUR_THREADS_H
#define RECUR_THREADS_H

#include <recur/attributes.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A group of threads. Any number of workspaces may share one group, from any thread. */
typedef struct recur_threads recur_threads;

/** Starts threads for the passes of workspaces.
 *
 * The calling thread of a pass counts as one, so that count - 1 threads are started, but no more
 * threads than processors: the number of processors in the affinity of the calling thread, and
 * those that the limit on CPU time of the process's control groups (Linux, version 2) is worth,
 * rounded up. More threads would wait for each other. Between passes the threads use the processor
 * for a moment only and then sleep.
 *
 * @param count  the maximum number of threads including the calling thread, from 1 to 64
 * @return the threads, to be freed with recur_threads_free(); NULL, with GSL_EINVAL or GSL_ENOMEM
 *   in recur_last_error(), if count is invalid or the threads cannot be started.
 */
RECUR_MUST_USE recur_threads *recur_threads_alloc(size_t count);

/** Returns the number of threads including the calling thread.
 *
 * @param threads  the threads, or NULL
 * @return the number of threads, which is 1 for NULL.
 */
RECUR_MUST_USE size_t recur_threads_count(const recur_threads *threads);

/** Ends and frees threads.
 *
 * If workspaces still use them, the threads remain until the last of these workspaces is freed or
 * given other threads or NULL by recur_network_workspace_set_threads().
 *
 * @param threads  the threads, or NULL
 */
void recur_threads_free(recur_threads *threads);

/** Calls a function once on each thread, and returns when all calls have returned.
 *
 * The calls divide the work by their rank. A pass in the function that has the same threads
 * computes alone. The floating-point environment is that of recur_environment_call().
 *
 * There is a single call, in the calling thread, if threads is NULL, while a pass or another call
 * of this function uses the threads, and in a child process after fork().
 *
 * @param threads   the threads, or NULL
 * @param function  the function; its rank is from 0, in the calling thread, to size - 1. It must
 *   return, and must not free the threads.
 * @param context   its last argument
 */
void recur_threads_call(recur_threads *threads,
                        void (*function)(size_t rank, size_t size, void *context), void *context);

#ifdef __cplusplus
}
#endif

#endif
