/* A block of steps of a layer: which steps those are, and which rows of what the workspace holds
   belong to them and to a worker.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/layer.h"

#ifndef RK_BLOCK_H
#define RK_BLOCK_H
/* One block of steps in one direction. */
typedef struct {
  size_t d, ld;
  size_t t0, t1;
} rk_block;

/* The k-th step of a block, where the reverse direction goes back, and gradients the other way. */
size_t rk_step_at(const rk_block *b, size_t k, bool back);
#endif

#define IO KERNEL(layer, io)
#define SEQUENCE KERNEL(sequence, view)

/* How many blocks there are between t0 and t1, and the k-th as a direction of a layer meets them.
 */
size_t KERNEL(block, count)(const WORKSPACE *w, size_t t0, size_t t1);
rk_block KERNEL(block, at)(const WORKSPACE *w, size_t layer, size_t d, size_t k, size_t t0,
                           size_t t1, bool back);

/* The columns of a layer's output that are a direction's. */
SEQUENCE KERNEL(block, columns_of)(const SEQUENCE *s, size_t d, size_t P);

/* A member's share of the rows of a matrix. */
MATRIX KERNEL(block, share)(const WORKER *o, const MATRIX *m);

/* What goes into a block, after dropout: as it stands, or a copy, which the first member makes. */
MATRIX KERNEL(block, input)(const WORKER *o, const IO *io, const rk_block *b);

/* The record of a block, or in inference the scratch for it. */
MATRIX KERNEL(block, gates)(const WORKSPACE *w, const IO *io, const rk_block *b);

/* A worker's rows of a step within those of its block. */
MATRIX KERNEL(block, step_rows)(const WORKER *o, const MATRIX *block, const rk_block *b, size_t t);

/* Those of what is kept of a step. */
MATRIX KERNEL(block, kept_rows)(const WORKER *o, const MATRIX *all, const IO *io, const rk_block *b,
                                size_t t);

/* Those of ld in a state that runs. */
MATRIX KERNEL(block, state_rows)(const WORKER *o, const MATRIX *state, size_t ld, size_t t);

/* Those of scratch for the sequences of a batch; none if there is no such scratch. */
MATRIX KERNEL(block, scratch_rows)(const WORKER *o, const MATRIX *scratch, size_t t);

STEP KERNEL(block, step)(const WORKER *o, const MATRIX *gates, const rk_block *b, size_t t);

/* All phases of a step, over ranges of units that are whole panels. */
void KERNEL(block, run)(const WORKER *o, const KERNEL(cell, phase) * phase, const STEP *s);

/* Whether a worker does what a step has besides its units: for its own sequences, or, where units
   are shared, for all. */
bool KERNEL(block, has_rows)(const WORKER *o);

/* What W_hh is multiplied with: h of the sequences that run at a step, or a masked copy. */
MATRIX KERNEL(block, recurrent_input)(const WORKER *o, size_t ld, size_t t, const MATRIX *h,
                                      MATRIX copy);

/* The gains of the products with W_ih, and some gates of those products, that belong to a part. */
const REAL *KERNEL(block, input_gain)(const WORKSPACE *w, size_t ld, size_t part);

MATRIX KERNEL(block, input_part)(const WORKSPACE *w, const MATRIX *gates, size_t part);
