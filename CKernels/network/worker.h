/* Who computes a pass: how many threads, and what is whose.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_WORKER_H
#define RK_WORKER_H

#include "network/workspace.h"

/* A thread of the team that computes. In the recurrence it has either some sequences of the batch
   to itself, or some units of each step, and then all meet after each phase of a step. */
typedef struct {
  recur_network_workspace *w;
  const rk_thread *thread;
  rk_batch sequences; /* its sequences, which are all where it has units */
  bool by_units;
} rk_worker;

/* How many threads are worth it for the batch, and whether they share units. */
size_t rk_worker_count(const recur_network_workspace *w, bool *by_units);

/* Each gets sequences with about as many steps. */
rk_worker rk_worker_of(recur_network_workspace *w, const rk_thread *thread, bool by_units);

#endif
