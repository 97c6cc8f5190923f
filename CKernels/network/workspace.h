/* The workspace of a network: its description, the record of a training pass, and scratch.

   Time is cut into blocks of some steps that pass through the large products together. What comes
   out does not depend on how it is cut, since each number is one chain of sums however long.

   ld is l*D + d, the place of a layer and direction; what is packed: see batch.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_WORKSPACE_H
#define RK_WORKSPACE_H

#include "base/precision.h"
#include "configuration/sizes.h"
#include "network/network_weights.h"
#include "network/sequence.h"
#include "network/zoneout.h"

typedef enum { RK_EMPTY, RK_FORWARD, RK_BACKWARD } rk_record;

struct recur_network_workspace {
  recur_network network;
  rk_sizes s;
  const rk_cell_functions *cell;
  const recur_network_weights *weights; /* in use: in training its own */
  recur_mode mode;
  recur_threads *threads; /* that it may use, or NULL */
  rk_record record;       /* what the record is of */
  rk_batch batch;

  size_t block;          /* steps in a block */
  size_t segment_length; /* steps in a segment, or all if all are kept */
  size_t segments;       /* how many: 1 or more */
  size_t chunk;       /* steps that pass through all layers before the next: a block, or, with two
                         directions, all */
  size_t kept_layers; /* how many layers' outputs there is room for */

  recur_network_weights own;  /* training: laid out forward, then backward */
  rk_parameter_views *p, *dp; /* backward: L*D each */
  size_t gate_stride;         /* from a gate of a row to the next: H, filled up */

  /* Of a segment, or in inference of a block. */
  gsl_matrix gates; /* training: L*D*segment_length*B x K gates, packed; inference: block*B */
  gsl_matrix c;     /* training: the same x H, packed */
  gsl_matrix c_new; /* training: the same, before zoneout of c; without data: c */

  gsl_matrix outputs;  /* kept_layers * (training: segment_length, inference: chunk) * B x D*P */
  gsl_matrix doutputs; /* min(L - 1, 2) * chunk*B x D*P */

  /* States in the batch's order, L*D*B x P or H. A step reads one of a pair and writes the other:
     after n steps, the state of a sequence is in the one of n % 2. */
  gsl_matrix h[2], c_run[2];
  gsl_matrix dh, dc;
  gsl_matrix h_start, c_start; /* segments*L*D*B: at the start of each segment */
  gsl_matrix masks;            /* L*D*B x P: of recurrent dropout; without data: none */

  /* Scratch. */
  gsl_matrix x_block;        /* block*B x max(I, D*P); a layer may use less */
  gsl_matrix h_prev, c_prev; /* block*B x P, H */
  gsl_matrix h_in;           /* block*B x P, with recurrent dropout */
  gsl_matrix products; /* training: block*B x G gates, inference: B, with layer normalisation */
  gsl_matrix unprojected, scratch; /* B x H */
  gsl_matrix dh_in, m;             /* block*B x P, H, with a projection: see isa/step.h */
  rk_zoneout zoneout[2];           /* of h and c */
};

/* Rows of some steps of ld in what is kept of a segment that begins at step first. */
gsl_matrix rk_workspace_kept(const recur_network_workspace *w, const gsl_matrix *all, size_t ld,
                             size_t first, size_t t0, size_t t1);

/* The outputs of a layer below the last, where first is the first step of the segment or chunk. */
rk_sequence rk_workspace_outputs(const recur_network_workspace *w, size_t layer, size_t first);

/* The gradients of the same. */
rk_sequence rk_workspace_doutputs(const recur_network_workspace *w, size_t layer, size_t first);

/* Moves the state of every sequence, after t steps, into the first of each pair. */
void rk_workspace_settle(recur_network_workspace *w, size_t t);

/* The states of one segment's start. */
gsl_matrix rk_workspace_start(const recur_network_workspace *w, const gsl_matrix *all,
                              size_t segment);

#endif
