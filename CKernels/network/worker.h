/* The workers of a pass: how many threads, and the share of each.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_WORKER_H
#define RK_WORKER_H

#include "network/workspace.h"

/* One thread of the team. In the recurrence, it computes either some sequences of the batch, or
   some units of each step. In the latter case, a barrier follows each phase of a step. */
typedef struct {
  recur_network_workspace *w;
  const rk_thread *thread;
  rk_batch sequences; /* its sequences; all if by_units */
  bool by_units;
} rk_worker;

/* How many threads the batch is worth, and whether they share units. */
size_t rk_worker_count(const recur_network_workspace *w, bool *by_units);

/* The sequences of each worker have about the same number of steps in total. */
rk_worker rk_worker_of(recur_network_workspace *w, const rk_thread *thread, bool by_units);

#endif
