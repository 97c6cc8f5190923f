/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Threads that share the work of a pass.
 *
 * Within a pass, the threads wait for each other: each spins for a moment and then sleeps. A
 * real-time thread should therefore run its passes alone.
 *
 * Results are bit-identical with any number of threads: the threads divide the outputs among
 * themselves, never the terms of a sum. The number of threads affects speed only. A pass uses fewer
 * threads than it is given, or the calling thread alone:
 *
 * - if there is too little work,
 * - while another pass uses the threads,
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
 * The calling thread of a pass counts as one, so that count - 1 threads are started. Between passes
 * they use the processor for a moment only and then sleep.
 *
 * @param count  the number of threads including the calling thread, from 1 to 64
 * @return the threads, to be freed with recur_threads_free(); NULL, with GSL_EINVAL or GSL_ENOMEM
 *   in recur_last_error(), if count is invalid or the threads cannot be started.
 */
RECUR_MUST_USE recur_threads *recur_threads_alloc(size_t count);

/** Ends and frees threads.
 *
 * No workspace may still use them: first free each such workspace, or pass other threads or NULL to
 * recur_network_workspace_set_threads().
 *
 * @param threads  the threads, or NULL
 */
void recur_threads_free(recur_threads *threads);

#ifdef __cplusplus
}
#endif

#endif
