/* Sequences and states of a batch, in the caller's order and packed: see batch.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_SEQUENCE_H
#define RK_SEQUENCE_H

#include "base/precision.h"
#include "network/batch.h"

#include <gsl/gsl_matrix.h>

/* A sequence matrix, or some of its columns, that begins at step `first`. */
typedef struct {
  gsl_matrix m; /* may have no data */
  size_t first;
} rk_sequence;

/* The row of step t of the j-th sequence in the batch's order. */
rk_real *rk_sequence_row(const rk_sequence *s, const rk_batch *batch, size_t t, size_t j);

/* The packed rows of steps t0 to t1 - 1: a view of s if the batch is full, otherwise a copy. */
gsl_matrix rk_sequence_pack(const rk_sequence *s, const rk_batch *batch, size_t t0, size_t t1,
                            gsl_matrix *copy);

/* The reverse of packing: overwrites the valid rows of s, or adds to them. */
void rk_sequence_unpack(const gsl_matrix *packed, const rk_sequence *s, const rk_batch *batch,
                        size_t t0, size_t t1, bool add);

/* Sets the rows past the end of each sequence to 0. */
void rk_sequence_clear_padding(const rk_sequence *s, const rk_batch *batch, size_t t0, size_t t1);

/* Copy a state from the caller's order to the batch's order, and back. NULL stands for zero. */
void rk_state_pack(const gsl_matrix *state, const rk_batch *batch, gsl_matrix *packed);
void rk_state_unpack(const gsl_matrix *packed, const rk_batch *batch, gsl_matrix *state);

#endif
