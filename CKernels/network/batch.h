/* The sequences of a batch, sorted by length, longest first. At each step, the sequences that still
   run are the first ones, and the others cost nothing.

   A sequence matrix has T*B rows in the caller's order. A packed matrix has only the valid rows:
   those of step t are offset[t] ... offset[t + 1] - 1, with sequence order[0] first.

   A part of a batch has some of its sequences, and shares its rows.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_BATCH_H
#define RK_BATCH_H

#include <recur/network.h>

typedef struct {
  size_t T, B;
  size_t first, n; /* a part: n sequences from index first on; the whole batch: 0, B */
  bool full;       /* all sequences have T steps, so packed matrices are sequence matrices */
  size_t *order;   /* n: the caller's index of each sequence */
  size_t *length;  /* n: its number of steps */
  size_t *count;   /* T: how many sequences of the whole batch run at a step */
  size_t *offset;  /* T + 1: the number of packed rows before a step */
  uint64_t seed;
  uint32_t first_step, first_sequence;
} rk_batch;

/* The number of size_t that the arrays need together. */
size_t rk_batch_size_count(size_t T, size_t B);

rk_batch rk_batch_share(const rk_batch *batch, size_t first, size_t n);

/* How many sequences of a part or of the whole batch run at a step. */
static inline size_t rk_running(const rk_batch *batch, size_t t) {
  const size_t count = batch->count[t] < batch->first ? 0 : batch->count[t] - batch->first;
  return count < batch->n ? count : batch->n;
}

/* Checks the numbers of the first step and sequence of a batch, which may be NULL; and lengths. */
int rk_batch_check_range(const char *function, size_t T, size_t B, const recur_batch *given);
int rk_batch_check_lengths(const char *function, size_t T, size_t B, const size_t *lengths);

/* Checks and converts the caller's batch, which may be NULL. */
int rk_batch_read(const char *function, rk_batch *batch, const recur_batch *given);

#endif
