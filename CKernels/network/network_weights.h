/* The weights of a whole network as passes use them: packed for products, biases summed.

   ld is l*D + d, the place of a layer and direction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_NETWORK_PACKING_H
#define RK_NETWORK_PACKING_H

#include "base/precision.h"
#include "base/team.h"
#include "cells/cell.h"
#include "configuration/sizes.h"

struct recur_network_weights {
  recur_network network;
  rk_sizes s;
  const rk_cell_functions *cell;
  const rk_kernels *kernels;
  size_t gate_stride; /* H filled up */
  bool set;           /* whether they have been prepared from parameters */

  rk_packed_weights *packed; /* L*D, in the memory of ... */
  rk_real *panels;           /* ... one after another: forward or backward */
  gsl_matrix constants;      /* L*D x: K gates of biases, the peepholes' groups, and, with layer
                            normalisation, the gains of W_ih and W_hh, without gaps */
};

/* All but the memory, and how that is used: see memory.h. */
recur_network_weights rk_network_weights_describe(const recur_network *network);
void rk_network_weights_lay_out(recur_network_weights *weights, char *memory, size_t *used);

/* From parameters, for one way or the other, as a thread's share of the work. The constants are
   made forward. */
void rk_network_weights_prepare(recur_network_weights *weights, const gsl_vector *theta,
                                bool backward, const rk_thread *thread);

/* What all steps of a layer and direction share. */
rk_layer_constants rk_network_weights_layer(const recur_network_weights *weights, size_t ld);

#endif
