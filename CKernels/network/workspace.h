/* The workspace of a network: its description, the record of a training pass, and scratch.

   A block is a number of steps whose large products are computed together. The results do not
   depend on the size of blocks, because each element is one chain of sums of any length.

   ld is l*D + d, the index of a layer and direction. batch.h explains packed matrices.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_WORKSPACE_H
#define RK_WORKSPACE_H

#include "base/precision.h"
#include "configuration/sizes.h"
#include "network/network_weights.h"
#include "network/sequence.h"
#include "network/zoneout.h"

typedef enum { RK_EMPTY, RK_FORWARD, RK_BACKWARD } rk_record;

/* theta, x, h0, c0, y, hT and cT. */
enum { RK_FORWARD_ARGUMENTS = 7 };

struct recur_network_workspace {
  recur_network network;
  rk_sizes s;
  const rk_cell_functions *cell;
  const recur_network_weights *weights; /* in use; in training: own */
  recur_mode mode;
  recur_threads *threads; /* or NULL */
  rk_record record;       /* the last pass that was recorded */
  size_t past_steps;      /* of all forward passes: see rk_block_goes_back() */
  rk_batch batch;
  rk_argument last[RK_FORWARD_ARGUMENTS]; /* those of the last forward pass */
  bool checked;                           /* whether they were valid */

  size_t block;          /* steps in a block */
  size_t segment_length; /* steps in a segment: all steps without segments */
  size_t segments;       /* at least 1 */
  size_t chunk;       /* steps that pass through all layers before the next ones: a block, or, with
                         two directions, all steps */
  size_t kept_layers; /* the number of layers whose outputs are stored */

  recur_network_weights own;  /* training: packed for forward, then for backward */
  rk_parameter_views *p, *dp; /* backward: L*D each */
  size_t gate_stride;         /* from one gate of a row to the next: H, padded */

  /* The record of a segment; in inference, scratch for a block. */
  gsl_matrix gates; /* training: L*D*segment_length*B x K gates, packed; inference: block*B */
  gsl_matrix c;     /* training: the same x H, packed */
  gsl_matrix c_new; /* training: the same, before zoneout of c; without data if that is c */

  gsl_matrix outputs;  /* kept_layers * (training: segment_length, inference: chunk) * B x D*P */
  gsl_matrix doutputs; /* min(L - 1, 2) * chunk*B x D*P */

  /* The running states, L*D*B x P or H, in the batch's order. A step reads one of a pair and writes
     the other: after n steps, the state of a sequence is in the one with index n % 2. */
  gsl_matrix h[2], c_run[2];
  gsl_matrix dh, dc;
  gsl_matrix h_start, c_start; /* segments*L*D*B rows: at the start of each segment */
  gsl_matrix masks;            /* L*D*B x P: recurrent dropout; otherwise without data */

  /* Scratch. */
  gsl_matrix x_block;        /* block*B x max(I, D*P); a layer may use less */
  gsl_matrix h_prev, c_prev; /* block*B x P, H */
  gsl_matrix h_in;           /* block*B x P, with recurrent dropout */
  gsl_matrix products; /* with layer normalization: training block*B, inference B, x G gates */
  gsl_matrix unprojected, scratch; /* B x H */
  int8_t *integers[2];             /* with 8-bit weights, for runs: a row of x and one of h */
  gsl_matrix dh_in, m;             /* block*B x P, H, with a projection: see isa/step.h */
  rk_zoneout zoneout[2];           /* for h and c */
};

/* The number of bytes of a workspace, after the checks of recur_network_workspace_bytes(); and a
   workspace in memory of that size, whose alignment is RK_ROW_BYTES. */
int rk_workspace_bytes(const char *function, const recur_network *network, size_t T, size_t B,
                       recur_mode mode, size_t segment_length, size_t *bytes);
recur_network_workspace *rk_workspace_place(const recur_network *network, size_t T, size_t B,
                                            recur_mode mode, size_t segment_length, void *memory);

/* The rows of ld and steps t0 to t1 - 1 in the stored values of the segment from step `first`
   on. */
gsl_matrix rk_workspace_kept(const recur_network_workspace *w, const gsl_matrix *all, size_t ld,
                             size_t first, size_t t0, size_t t1);

/* The outputs of a layer below the last, for the segment or chunk that begins at step `first`. */
rk_sequence rk_workspace_outputs(const recur_network_workspace *w, size_t layer, size_t first);

/* The gradients of these outputs. */
rk_sequence rk_workspace_doutputs(const recur_network_workspace *w, size_t layer, size_t first);

/* Copies the state of every sequence after t steps to index 0 of its pair. */
void rk_workspace_settle(recur_network_workspace *w, size_t t);

/* The states at the start of one segment. */
gsl_matrix rk_workspace_start(const recur_network_workspace *w, const gsl_matrix *all,
                              size_t segment);

#endif
