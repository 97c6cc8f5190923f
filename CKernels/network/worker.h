/* Who computes a pass: how many threads, and what is whose.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/workspace.h"

/* A member of the team that computes. In the recurrence it has either some sequences of the batch
   to itself, or some units of each step, and then all meet after each phase of a step. */
typedef struct {
  WORKSPACE *w;
  const rk_member *member;
  rk_batch part; /* its sequences, which are all where it has units */
  bool by_units;
} KERNEL(worker, of_pass);
#define WORKER KERNEL(worker, of_pass)

/* How many threads are worth it for the batch, and whether they share units. */
size_t KERNEL(worker, count)(const WORKSPACE *w, bool *by_units);

/* Each gets sequences with about as many steps. */
WORKER KERNEL(worker, of)(WORKSPACE *w, const rk_member *member, bool by_units);
