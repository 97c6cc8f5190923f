/* Sequences and states of a batch, in the caller's order and packed: see batch.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_SEQUENCE_H
#define RK_SEQUENCE_H

#include "base/precision.h"
#include "network/batch.h"

#include <gsl/gsl_matrix.h>

/* A sequence matrix, or some columns of one, that begins at step first. */
typedef struct {
  gsl_matrix m; /* without data where there is none */
  size_t first;
} rk_sequence;

/* The rows of a step of a sequence. */
rk_real *rk_sequence_row(const rk_sequence *s, const rk_batch *batch, size_t t, size_t j);

/* The rows of steps t0 to t1 - 1, packed: s itself where it is packed already, or a copy. */
gsl_matrix rk_sequence_pack(const rk_sequence *s, const rk_batch *batch, size_t t0, size_t t1,
                            gsl_matrix *copy);

/* Back again: overwrites, or adds to, the rows that are valid. */
void rk_sequence_unpack(const gsl_matrix *packed, const rk_sequence *s, const rk_batch *batch,
                        size_t t0, size_t t1, bool add);

/* 0 in the rows that are not. */
void rk_sequence_clear_padding(const rk_sequence *s, const rk_batch *batch, size_t t0, size_t t1);

/* The first n rows of a state, B rows in the caller's order, into the batch's order, and back. A
   missing state is zero. */
void rk_state_pack(const gsl_matrix *state, const rk_batch *batch, gsl_matrix *packed);
void rk_state_unpack(const gsl_matrix *packed, const rk_batch *batch, gsl_matrix *state);

#endif
