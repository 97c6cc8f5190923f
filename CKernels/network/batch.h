/* The sequences of a batch in the order of their lengths, longest first, so that those that still
   run at a step are the first ones: no work is done on the rest.

   A sequence matrix has T*B rows in the caller's order. What is packed has only rows that are
   valid: those of step t are offset[t] ... offset[t + 1] - 1, sequence order[0] first.

   A part of a batch has some of its sequences, and the same rows.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_BATCH_H
#define RK_BATCH_H

#include <recur/network.h>

typedef struct {
  size_t T, B;
  size_t first, n; /* a part: n sequences from the batch's first-th on; a whole one: 0, B */
  bool full;       /* all sequences have T steps: packed is as it was */
  size_t *order;   /* n: which sequence comes first, ... */
  size_t *length;  /* n: its steps */
  size_t *count;   /* T: how many sequences of the whole batch run at a step */
  size_t *offset;  /* T + 1: how many rows are before it */
  uint64_t seed;
  uint32_t first_step, first_sequence;
} rk_batch;

/* How many size_t it needs. */
size_t rk_batch_size_count(size_t T, size_t B);

rk_batch rk_batch_share(const rk_batch *batch, size_t first, size_t n);

/* How many sequences run at a step, of a part or the whole. */
static inline size_t rk_running(const rk_batch *batch, size_t t) {
  const size_t count = batch->count[t] < batch->first ? 0 : batch->count[t] - batch->first;
  return count < batch->n ? count : batch->n;
}

/* Reads what the caller says about a batch, or NULL. */
int rk_batch_read(const char *function, rk_batch *batch, const recur_batch *given);

#endif
