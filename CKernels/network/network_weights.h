/* The weights of a whole network as passes use them: packed for products, with biases added up.

   ld is l*D + d, the index of a layer and direction.

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
  size_t gate_stride; /* H, padded */
  bool set;           /* whether recur_network_weights_set has been called */

  rk_packed_weights *packed; /* L*D, with their elements in panels */
  char *panels;              /* packed for the forward or for the backward pass */
  gsl_matrix constants;      /* L*D rows: K gates of biases, the peepholes, and with layer
                            normalization the gains of W_ih and W_hh, without gaps */
};

/* The number of bytes of packed weights, after the checks of recur_network_weights_bytes(); and
   weights in memory of that size, whose alignment is RK_ROW_BYTES. */
int rk_network_weights_bytes(const char *function, const recur_network *network, size_t *bytes);
recur_network_weights *rk_network_weights_place(const recur_network *network, void *memory);

/* All fields except the arrays; and the layout of the arrays in memory: see memory.h. */
recur_network_weights rk_network_weights_describe(const recur_network *network);
void rk_network_weights_lay_out(recur_network_weights *weights, char *memory, size_t *used);

/* A thread's share of packing the parameters for the forward or the backward pass. Forward also
   sets the constants. */
void rk_network_weights_prepare(recur_network_weights *weights, const gsl_vector *theta,
                                bool backward, const rk_thread *thread);

/* The constants of all steps of a layer and direction. */
rk_layer_constants rk_network_weights_layer(const recur_network_weights *weights, size_t ld);

#endif
