/* A block of steps of a layer, and the rows of the workspace's matrices that belong to a block or
   to a worker.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_BLOCK_H
#define RK_BLOCK_H

#include "network/layer.h"

/* One block of steps in one direction. */
typedef struct {
  size_t d, ld;
  size_t t0, t1;
} rk_block;

/* The k-th step of a block; from the last step to the first if `back`. */
static inline size_t rk_step_at(const rk_block *b, size_t k, bool back) {
  return back ? b->t1 - 1 - k : b->t0 + k;
}

/* The number of blocks from t0 to t1, and the k-th of them in the order of processing. */
size_t rk_block_count(const recur_network_workspace *w, size_t t0, size_t t1);
rk_block rk_block_at(const recur_network_workspace *w, size_t layer, size_t d, size_t k, size_t t0,
                     size_t t1, bool back);

/* The columns of one direction in a layer's output. */
rk_sequence rk_block_columns_of(const rk_sequence *s, size_t d, size_t P);

/* A thread's share of the rows of a matrix. */
gsl_matrix rk_block_share(const rk_worker *o, const gsl_matrix *m);

/* The input of a block, after dropout: a view, or a copy that the first thread makes. */
gsl_matrix rk_block_input(const rk_worker *o, const rk_layer_io *io, const rk_block *b);

/* The gates of a block: its record, or in inference the scratch matrix. */
gsl_matrix rk_block_gates(const recur_network_workspace *w, const rk_layer_io *io,
                          const rk_block *b);

/* A worker's rows of step t, in a matrix with the rows of a block. */
gsl_matrix rk_block_step_rows(const rk_worker *o, const gsl_matrix *block, const rk_block *b,
                              size_t t);

/* A worker's rows of step t, in the stored values of a segment. */
gsl_matrix rk_block_kept_rows(const rk_worker *o, const gsl_matrix *all, const rk_layer_io *io,
                              const rk_block *b, size_t t);

/* A worker's rows of ld at step t, in a running state. */
gsl_matrix rk_block_state_rows(const rk_worker *o, const gsl_matrix *state, size_t ld, size_t t);

/* A worker's rows at step t, in scratch with a row for each sequence; may have no data. */
gsl_matrix rk_block_scratch_rows(const rk_worker *o, const gsl_matrix *scratch, size_t t);

/* Whether step t takes the units in the reverse order. Weights that exceed the second-level cache
   are read in alternating directions: a step begins with those that the step before has left there.
 */
bool rk_block_goes_back(const rk_worker *o, size_t t);

/* Run all phases of a step, in ranges of units that are whole panels. */
void rk_block_run_forward(const rk_worker *o, const rk_forward_step *s);
void rk_block_run_backward(const rk_worker *o, const rk_backward_step *s);

/* Whether a worker does the work of a step that is not divided into units: each worker for its own
   sequences, or, if workers share units, the first one for all sequences. */
bool rk_block_has_rows(const rk_worker *o);

/* The operand of W_hh: h of the sequences that run at a step, or a masked copy. */
gsl_matrix rk_block_recurrent_input(const rk_worker *o, size_t ld, size_t t, const gsl_matrix *h,
                                    gsl_matrix copy);

#endif
