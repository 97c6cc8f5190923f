/* One layer, in all directions, for a range of steps.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_LAYER_H
#define RK_LAYER_H

#include "base/precision.h"
#include "network/worker.h"

/* The inputs and outputs of a layer. */
typedef struct {
  size_t layer;
  size_t first, last;   /* the segment: steps first to last - 1 */
  size_t number;        /* the index of the segment */
  rk_sequence x, y;     /* the input, and the output; y may have no data */
  rk_sequence dy, dx;   /* backward: dy without data is zero, dx without data is not computed */
  gsl_matrix *dh_norms; /* L*D*T x B, or NULL */
} rk_layer_io;

/* Compute steps t0 to t1 - 1, from and to the running states in the workspace. Afterwards, all
   threads see all results except padding, which the first thread clears and none reads. */
void rk_layer_forward(const rk_worker *o, const rk_layer_io *io, size_t t0, size_t t1);
void rk_layer_backward(const rk_worker *o, const rk_layer_io *io, size_t t0, size_t t1);

#endif
