/* Sequences and states of a batch, in the caller's order and packed: see batch.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "network/batch.h"

#include <gsl/gsl_matrix.h>

/* A sequence matrix, or some columns of one, that begins at step first. */
typedef struct {
  MATRIX m; /* without data where there is none */
  size_t first;
} KERNEL(sequence, view);

/* The rows of a step of a sequence. */
REAL *KERNEL(sequence, row)(const KERNEL(sequence, view) * s, const rk_batch *batch, size_t t,
                            size_t j);

/* The rows of steps t0 to t1 - 1, packed: s itself where it is packed already, or a copy. */
MATRIX KERNEL(sequence, pack)(const KERNEL(sequence, view) * s, const rk_batch *batch, size_t t0,
                              size_t t1, MATRIX *copy);

/* Back again: overwrites, or adds to, the rows that are valid. */
void KERNEL(sequence, unpack)(const MATRIX *packed, const KERNEL(sequence, view) * s,
                              const rk_batch *batch, size_t t0, size_t t1, bool add);

/* 0 in the rows that are not. */
void KERNEL(sequence, clear_padding)(const KERNEL(sequence, view) * s, const rk_batch *batch,
                                     size_t t0, size_t t1);

/* The first n rows of a state, B rows in the caller's order, into the batch's order, and back. A
   missing state is zero. */
void KERNEL(state, pack)(const MATRIX *state, const rk_batch *batch, MATRIX *packed);
void KERNEL(state, unpack)(const MATRIX *packed, const rk_batch *batch, MATRIX *state);
