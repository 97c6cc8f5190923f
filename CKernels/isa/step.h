/* One step of a layer in one direction, forward and backward: the data of a cell and its kernels.

   n is the number of sequences that have this step. A matrix has one row for each of them. Rows are
   padded to whole vectors. A row of gates has K gates of H elements, each padded likewise.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_STEP_H
#define RK_ISA_STEP_H

#include "isa/kernels.h"

#include <recur/network.h>

struct rk_packed_weights; /* weights/packing.h */
struct rk_thread;         /* base/team.h */

/* The constants of all steps of a layer and direction. */
typedef struct rk_layer_constants {
  const recur_cell *cell;
  const rk_kernels *kernels;
  const struct rk_packed_weights *weights;
  size_t H, P;        /* units, and the size of h */
  size_t gate_stride; /* from one gate of a row to the next: H, padded */
  rk_real *bias;      /* K gates: added to the products */
  rk_real *peepholes; /* of the gates that have them, gate_stride apart; or NULL */
  rk_real *gains_ih;  /* of layer normalization: G*H without gaps */
  rk_real *gains_hh;
} rk_layer_constants;

/* From the state before a step to the state after it. */
typedef struct rk_forward_step {
  rk_layer_constants layer;
  bool back;           /* the last units come first: see rk_block_goes_back() */
  gsl_matrix gates;    /* n x K gates. In: W_ih x + bias; out: the stored values of the step */
  gsl_matrix products; /* n x G gates: scratch of layer normalization; otherwise without data */
  gsl_matrix h_prev;   /* n x P */
  gsl_matrix c_prev;   /* n x H */
  gsl_matrix h_in;     /* n x P: mask o h_prev, the operand of W_hh */
  gsl_matrix h;        /* out: n x P */
  gsl_matrix c;        /* out: n x H */
  gsl_matrix m;        /* out: n x H, h before the projection; h itself without a projection */
} rk_forward_step;

/* Consecutive steps of one sequence. The pointers are those of the first step. */
typedef struct rk_forward_run {
  rk_layer_constants layer;
  const rk_packed_operand *ih, *hh; /* the weights: hh has one operand for each range of gates */
  size_t steps;
  bool alternates, odd; /* steps alternate the order of units; odd: the first step goes back */
  const rk_real *x;     /* NULL: the gates have W_ih x + bias already */
  rk_real *gates;       /* as in rk_forward_step */
  rk_real *h[2], *c[2]; /* step k reads index k % 2 and writes the other one */
  rk_real *y, *c_kept;  /* out: h and c of each step; may be NULL */
  int8_t *x_integers, *h_integers;              /* scratch for the operands of 8-bit weights */
  ptrdiff_t x_step, gates_step, y_step, c_step; /* from a step to the next; may be negative */
} rk_forward_run;

/* Computes the gradients of the state before a step from the gradients of the state after it. */
typedef struct rk_backward_step {
  rk_layer_constants layer;
  bool back;                      /* as in rk_forward_step */
  const struct rk_thread *thread; /* computes its share of the parameters' gradients */
  gsl_matrix gates;    /* n x K gates. In: the stored values of the step; out: the gradients of the
                          gates' inputs */
  gsl_matrix products; /* n x G gates, with layer normalization; otherwise without data. In: the
                          products with W_hh; out: their gradients */
  rk_real *dgains_hh;  /* G*H, added to; or NULL */
  gsl_matrix mask;     /* n x P: recurrent dropout; otherwise without data */
  gsl_matrix h_prev;   /* n x P: the state before the step */
  gsl_matrix c_prev;   /* n x H */
  gsl_matrix h_in;     /* n x P: mask o h_prev; set only for the parameters' gradients */
  gsl_matrix c;        /* n x H: c as the cell computed it */
  gsl_matrix dh;       /* n x P. In: dL/dh after the step; out: before it */
  gsl_matrix dc;       /* n x H, likewise */
  gsl_matrix dm;       /* n x H: the gradient of m; dh without a projection */
  gsl_matrix scratch;  /* n x H */
  gsl_matrix dh_in;    /* with a projection: n x P, a copy of the incoming dh, for dW_hr */
  gsl_matrix m;        /* with a projection: out, n x H, for dW_hr */
} rk_backward_step;

#endif
