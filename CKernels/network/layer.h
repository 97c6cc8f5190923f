/* One layer, in all its directions, over some steps.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_LAYER_H
#define RK_LAYER_H

#include "base/precision.h"
#include "network/worker.h"

/* What a layer reads and writes. */
typedef struct {
  size_t layer;
  size_t first, last;   /* the segment: steps first to last - 1 */
  size_t number;        /* which segment it is */
  rk_sequence x, y;     /* input; output, without data if it is not wanted */
  rk_sequence dy, dx;   /* backward: their gradients; without data: zero, not wanted */
  gsl_matrix *dh_norms; /* L*D*T x B, or NULL */
} rk_layer_io;

/* Steps t0 to t1 - 1, from and to the states that run in the workspace. What the threads wrote is
   there for all of them then, but for padding, which the first clears and none reads. */
void rk_layer_forward(const rk_worker *o, const rk_layer_io *io, size_t t0, size_t t1);
void rk_layer_backward(const rk_worker *o, const rk_layer_io *io, size_t t0, size_t t1);

#endif
