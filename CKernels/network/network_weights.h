/* The weights of a whole network as passes use them: packed for products, biases summed.

   ld is l*D + d, the place of a layer and direction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "base/team.h"
#include "cells/cell.h"
#include "configuration/shape.h"

#define WEIGHTS RECUR(network, weights)

struct WEIGHTS {
  recur_network network;
  rk_shape s;
  const KERNEL(cell, functions) * cell;
  const KERNEL(isa, table) * isa;
  size_t group; /* H filled up: how far the groups of a row of gates are apart */
  bool set;     /* whether they have been prepared from parameters */

  KERNEL(weights, packed) * packed; /* L*D, in the memory of ... */
  REAL *panels;                     /* ... one after another: forward or backward */
  MATRIX constants; /* L*D x: K groups of biases, the peepholes' groups, and, with layer
                       normalisation, the gains of W_ih and W_hh, without gaps */
};

/* All but the memory, and how that is used: see memory.h. */
WEIGHTS KERNEL(weights, describe)(const recur_network *network);
void KERNEL(weights, lay_out)(WEIGHTS *weights, char *memory, size_t *used);

/* From parameters, for one way or the other, as a member's share of the work. The constants are
   made forward. */
void KERNEL(weights, prepare)(WEIGHTS *weights, const VECTOR *theta, bool backward,
                              const rk_member *member);

/* What all steps of a layer and direction have in common. */
STEP KERNEL(weights, step)(const WEIGHTS *weights, size_t ld);

/* G*H gains of the products with W_ih, or with W_hh. */
REAL *KERNEL(weights, gains)(const WEIGHTS *weights, size_t ld, bool recurrent);
