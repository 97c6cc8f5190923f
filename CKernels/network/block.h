/* A block of steps of a layer: which steps those are, and which rows of what the workspace holds
   belong to them and to a worker.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_BLOCK_H
#define RK_BLOCK_H

#include "network/layer.h"

/* One block of steps in one direction. */
typedef struct {
  size_t d, ld;
  size_t t0, t1;
} rk_block;

/* The k-th step of a block, where the reverse direction goes back, and gradients the other way. */
static inline size_t rk_step_at(const rk_block *b, size_t k, bool back) {
  return back ? b->t1 - 1 - k : b->t0 + k;
}

/* How many blocks there are between t0 and t1, and the k-th as a direction of a layer meets them.
 */
size_t rk_block_count(const recur_network_workspace *w, size_t t0, size_t t1);
rk_block rk_block_at(const recur_network_workspace *w, size_t layer, size_t d, size_t k, size_t t0,
                     size_t t1, bool back);

/* The columns of a layer's output that are a direction's. */
rk_sequence rk_block_columns_of(const rk_sequence *s, size_t d, size_t P);

/* A thread's share of the rows of a matrix. */
gsl_matrix rk_block_share(const rk_worker *o, const gsl_matrix *m);

/* What goes into a block, after dropout: as it stands, or a copy, which the first thread makes. */
gsl_matrix rk_block_input(const rk_worker *o, const rk_layer_io *io, const rk_block *b);

/* The record of a block, or in inference the scratch for it. */
gsl_matrix rk_block_gates(const recur_network_workspace *w, const rk_layer_io *io,
                          const rk_block *b);

/* A worker's rows of a step within those of its block. */
gsl_matrix rk_block_step_rows(const rk_worker *o, const gsl_matrix *block, const rk_block *b,
                              size_t t);

/* Those of what is kept of a step. */
gsl_matrix rk_block_kept_rows(const rk_worker *o, const gsl_matrix *all, const rk_layer_io *io,
                              const rk_block *b, size_t t);

/* Those of ld in a state that runs. */
gsl_matrix rk_block_state_rows(const rk_worker *o, const gsl_matrix *state, size_t ld, size_t t);

/* Those of scratch for the sequences of a batch; none if there is no such scratch. */
gsl_matrix rk_block_scratch_rows(const rk_worker *o, const gsl_matrix *scratch, size_t t);

/* All phases of a step, over ranges of units that are whole panels. */
void rk_block_run_forward(const rk_worker *o, const rk_forward_step *s);
void rk_block_run_backward(const rk_worker *o, const rk_backward_step *s);

/* Whether a worker does what a step has besides its units: for its own sequences, or, where units
   are shared, for all. */
bool rk_block_has_rows(const rk_worker *o);

/* What W_hh is multiplied with: h of the sequences that run at a step, or a masked copy. */
gsl_matrix rk_block_recurrent_input(const rk_worker *o, size_t ld, size_t t, const gsl_matrix *h,
                                    gsl_matrix copy);

#endif
