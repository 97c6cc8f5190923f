/* The weights of a whole network as passes use them: packed for products, biases summed.

   ld is l*D + d, the place of a layer and direction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_NETWORK_WEIGHTS_H
#define RK_NETWORK_WEIGHTS_H

#include "base/precision.h"
#include "base/team.h"
#include "cells/cell.h"
#include "configuration/shape.h"

struct recur_network_weights {
  recur_network network;
  rk_shape s;
  const rk_cell_functions *cell;
  const rk_kernels *isa;
  size_t group; /* H filled up: how far the groups of a row of gates are apart */
  bool set;     /* whether they have been prepared from parameters */

  rk_packed_weights *packed; /* L*D, in the memory of ... */
  rk_real *panels;           /* ... one after another: forward or backward */
  gsl_matrix constants;      /* L*D x: K groups of biases, the peepholes' groups, and, with layer
                            normalisation, the gains of W_ih and W_hh, without gaps */
};

/* All but the memory, and how that is used: see memory.h. */
recur_network_weights rk_network_weights_describe(const recur_network *network);
void rk_network_weights_lay_out(recur_network_weights *weights, char *memory, size_t *used);

/* From parameters, for one way or the other, as a member's share of the work. The constants are
   made forward. */
void rk_network_weights_prepare(recur_network_weights *weights, const gsl_vector *theta,
                                bool backward, const rk_member *member);

/* What all steps of a layer and direction have in common. */
rk_step rk_network_weights_step(const recur_network_weights *weights, size_t ld);

/* G*H gains of the products with W_ih, or with W_hh. */
rk_real *rk_network_weights_gains(const recur_network_weights *weights, size_t ld, bool recurrent);

#endif
