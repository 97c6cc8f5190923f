/* One step of a layer in one direction, over the n sequences of a batch that run: what a cell and
   its kernels work on, forward and backward. A matrix has a row for each sequence; rows are filled
   up to whole vectors, and a row of gates has K gates of H elements, each filled likewise.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_STEP_H
#define RK_ISA_STEP_H

#include "isa/kernels.h"

#include <recur/network.h>

struct rk_packed_weights; /* weights/packing.h */
struct rk_thread;         /* base/team.h */

/* What all steps of a layer and direction share. */
typedef struct rk_layer_constants {
  const recur_cell *cell;
  const rk_kernels *kernels;
  const struct rk_packed_weights *weights;
  size_t H, P;        /* units, and the size of h */
  size_t gate_stride; /* from a gate of a row to the next: H, filled up */
  rk_real *bias;      /* K gates: what is added to the products */
  rk_real *peepholes; /* of the gates that see c, gate_stride apart; or NULL */
  rk_real *gains_ih;  /* G*H without gaps, of layer normalisation */
  rk_real *gains_hh;
} rk_layer_constants;

/* From the state before a step to the state after it. */
typedef struct rk_forward_step {
  rk_layer_constants layer;
  gsl_matrix gates;    /* n x K gates. In: W_ih x + bias; out: what is kept of a step. */
  gsl_matrix products; /* n x G gates: scratch of layer normalisation; else without data */
  gsl_matrix h_prev;   /* n x P */
  gsl_matrix c_prev;   /* n x H */
  gsl_matrix h_in;     /* n x P: mask o h_prev, which W_hh is multiplied with */
  gsl_matrix h;        /* out: n x P */
  gsl_matrix c;        /* out: n x H */
  gsl_matrix m;        /* out: n x H, h before the projection; h itself where there is none */
} rk_forward_step;

/* From the gradients of the state after a step to those of the state before it. */
typedef struct rk_backward_step {
  rk_layer_constants layer;
  const struct rk_thread *thread; /* whose share of the parameters' gradients is computed */
  gsl_matrix gates;    /* n x K gates. In: what is kept of a step; out: the gradients of the gates'
                          inputs. */
  gsl_matrix products; /* n x G gates, with layer normalisation; else without data. In: the products
                          with W_hh; out: their gradients. */
  rk_real *dgains_hh;  /* G*H, added to; or NULL */
  gsl_matrix mask;     /* n x P, of recurrent dropout; without data: none */
  gsl_matrix h_prev;   /* n x P: the state before the step */
  gsl_matrix c_prev;   /* n x H */
  gsl_matrix h_in;     /* n x P: mask o h_prev */
  gsl_matrix c;        /* n x H: c as the cell computed it */
  gsl_matrix dh;       /* n x P. In: dL/dh after the step; out: before it. */
  gsl_matrix dc;       /* n x H, likewise */
  gsl_matrix dm;       /* n x H: the gradient of h before the projection; dh where there is none */
  gsl_matrix scratch;  /* n x H */
  gsl_matrix dh_in;    /* with a projection: n x P, a copy of dh as it came in, for dW_hr */
  gsl_matrix m;        /* with a projection: out, n x H, for dW_hr */
} rk_backward_step;

#endif
