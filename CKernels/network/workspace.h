/* The workspace of a network: its description, the record of a training pass, and scratch.

   Time is cut into blocks of some steps that pass through the large products together. What comes
   out does not depend on how it is cut, since each number is one chain of sums however long.

   ld is l*D + d, the place of a layer and direction; what is packed: see batch.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "configuration/shape.h"
#include "network/network_weights.h"
#include "network/sequence.h"
#include "network/zoneout.h"

#define WORKSPACE RECUR(network, workspace)

#ifndef RK_WORKSPACE_H
#define RK_WORKSPACE_H
typedef enum { RK_EMPTY, RK_FORWARD, RK_BACKWARD } rk_record;
#endif

struct WORKSPACE {
  recur_network network;
  rk_shape s;
  const KERNEL(cell, functions) * cell;
  const WEIGHTS *weights; /* in use: in training its own */
  recur_pass pass;
  recur_threads *threads; /* that it may use, or NULL */
  rk_record record;       /* what the record is of */
  rk_batch batch;

  size_t block;       /* steps in a block */
  size_t segment;     /* steps in a segment, or all if all are kept */
  size_t segments;    /* how many: 1 or more */
  size_t chunk;       /* steps that pass through all layers before the next: a block, or, with two
                         directions, all */
  size_t kept_layers; /* how many layers' outputs there is room for */

  WEIGHTS own;                        /* training: laid out forward, then backward */
  KERNEL(parameters, views) * p, *dp; /* backward: L*D each */
  size_t group; /* H filled up: how far the groups of a row of gates are apart */

  /* Of a segment, or in inference of a block. */
  MATRIX gates; /* training: L*D*segment*B x K groups, packed; inference: block*B */
  MATRIX c;     /* training: the same x H, packed */
  MATRIX c_new; /* training: the same, before zoneout of c; without data: c */

  MATRIX outputs;  /* kept_layers * (training: segment, inference: chunk) * B x D*P */
  MATRIX doutputs; /* min(L - 1, 2) * chunk*B x D*P */

  /* States in the batch's order, L*D*B x P or H. A step reads one of a pair and writes the other:
     after n steps, the state of a sequence is in the one of n % 2. */
  MATRIX h[2], c_run[2];
  MATRIX dh, dc;
  MATRIX h_start, c_start; /* segments*L*D*B: at the start of each segment */
  MATRIX masks;            /* L*D*B x P: of recurrent dropout; without data: none */

  /* Scratch. */
  MATRIX x_block;        /* block*B x max(I, D*P), of which less is used */
  MATRIX h_prev, c_prev; /* block*B x P, H */
  MATRIX h_in;           /* block*B x P, with recurrent dropout */
  MATRIX products;       /* training: block*B x G groups, inference: B, with layer normalisation */
  MATRIX unprojected, scratch;    /* B x H */
  MATRIX dh_out, m_out;           /* block*B x P, H, with a projection: see step.h */
  KERNEL(zoneout, of) zoneout[2]; /* of h and c */
};

/* Rows of some steps of ld in what is kept of a segment that begins at step first. */
MATRIX KERNEL(workspace, kept)(const WORKSPACE *w, const MATRIX *all, size_t ld, size_t first,
                               size_t t0, size_t t1);

/* The outputs of a layer below the last, where first is the first step of the segment or chunk. */
KERNEL(sequence, view)
KERNEL(workspace, outputs)(const WORKSPACE *w, size_t layer, size_t first);

/* The gradients of the same. */
KERNEL(sequence, view)
KERNEL(workspace, doutputs)(const WORKSPACE *w, size_t layer, size_t first);

/* Moves the state of every sequence, after t steps, into the first of each pair. */
void KERNEL(workspace, settle)(WORKSPACE *w, size_t t);

/* The states of one segment's start. */
MATRIX KERNEL(workspace, start)(const WORKSPACE *w, const MATRIX *all, size_t segment);
