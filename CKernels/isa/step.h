/* One step of a layer in one direction, over the sequences of a batch that run: what a cell and its
   kernels work on. A row for each of n sequences; rows are filled up to whole vectors, and a row of
   gates has K groups of H numbers, each so filled.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_STEP_H
#define RK_ISA_STEP_H

#include "isa/kernels.h"

#include <recur/network.h>

typedef struct rk_step {
  const recur_cell *cell;
  const rk_kernels *isa;
  const struct rk_packed_weights *weights;
  const struct rk_member *member; /* whose share of the parameters' gradients is computed */
  size_t group;                   /* how far the groups of a row are apart */
  rk_real *bias;                  /* K groups, as the cell's biases made it */
  rk_real *peepholes;             /* of as many gates as see c; or NULL */
  gsl_matrix gates;     /* n x K groups. Forward: W_ih x + bias in the gates, then what is kept.
                       Backward:     the same, then the gradients of the gates' inputs. */
  gsl_matrix products;  /* n x G groups, with layer normalisation; else without data. Forward:
                       scratch.  Backward: the products with W_hh, then their gradients. */
  const rk_real *gains; /* G*H, of the products with W_hh */
  rk_real *dgains;      /* backward: added to; or NULL */
  gsl_matrix mask;      /* n x P, of recurrent dropout; without data: none */

  gsl_matrix h_prev, c_prev; /* n x P, n x H: the state before the step */
  gsl_matrix h_in;           /* n x P: mask o h_prev, which is what W_hh is multiplied with */
  gsl_matrix h, c;           /* the state after it; backward: c alone, as the cell computed it */
  gsl_matrix m; /* n x H: h before the projection; h itself where there is none. Backward:
               its gradient. */

  /* Backward: gradients of the state after the step, then of that before it. */
  gsl_matrix dh, dc;
  gsl_matrix scratch;       /* n x H */
  gsl_matrix dh_out, m_out; /* with a projection: n x P, n x H: dh and m as they were, for dW_hr */
} rk_step;

#endif
