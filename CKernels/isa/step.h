/* One step of a layer in one direction, over the sequences of a batch that run: what a cell and its
   kernels work on. A row for each of n sequences; rows are filled up to whole vectors, and a row of
   gates has K groups of H numbers, each so filled.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "isa/kernels.h"
#include "weights/parameters.h"
#include "weights/weights.h"

#include <recur/network.h>

#define STEP struct KERNEL(cell, step)

STEP {
  const recur_cell *cell;
  const KERNEL(isa, table) * isa;
  const KERNEL(weights, packed) * weights;
  const rk_member *member; /* whose share of the parameters' gradients is computed */
  size_t group;            /* how far the groups of a row are apart */
  REAL *bias;              /* K groups, as the cell's biases made it */
  REAL *peepholes;         /* of as many gates as see c; or NULL */
  MATRIX gates; /* n x K groups. Forward: W_ih x + bias in the gates, then what is kept. Backward:
                   the same, then the gradients of the gates' inputs. */
  MATRIX products;   /* n x G groups, with layer normalisation; else without data. Forward: scratch.
                        Backward: the products with W_hh, then their gradients. */
  const REAL *gains; /* G*H, of the products with W_hh */
  REAL *dgains;      /* backward: added to; or NULL */
  MATRIX mask;       /* n x P, of recurrent dropout; without data: none */

  MATRIX h_prev, c_prev; /* n x P, n x H: the state before the step */
  MATRIX h_in;           /* n x P: mask o h_prev, which is what W_hh is multiplied with */
  MATRIX h, c;           /* the state after it; backward: c alone, as the cell computed it */
  MATRIX m;              /* n x H: h before the projection; h itself where there is none. Backward:
                            its gradient. */

  /* Backward: gradients of the state after the step, then of that before it. */
  MATRIX dh, dc;
  MATRIX scratch;       /* n x H */
  MATRIX dh_out, m_out; /* with a projection: n x P, n x H: dh and m as they were, for dW_hr */
};
