/* Threads that share the work of a pass.

   Results are bit-identical for any number of threads: outputs are shared out, and never the
   terms of a sum. So it is a matter of speed alone how many of them take part, and a workspace
   takes fewer, or none but the caller's, where work is too little to be worth it, where other calls
   use the threads at the moment, and in a process that has been forked since.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_THREADS_H
#define RECUR_THREADS_H

#include <recur/attributes.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct recur_threads recur_threads;

/* `count` threads, from 1 to 64, of which one is the caller's of whatever uses them: count - 1 are
   started, and wait without using the processor, a moment after work has ended. NULL, with
   recur_last_error, if they cannot be. Any number of workspaces may use them, from any thread. */
RECUR_MUST_USE recur_threads *recur_threads_alloc(size_t count);

/* Ends them. Workspaces that were given them must have been freed, or given others or NULL. NULL is
   fine. */
void recur_threads_free(recur_threads *threads);

#ifdef __cplusplus
}
#endif

#endif
