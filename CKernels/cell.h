/* What a cell is to the sequences: the operations of one step, over all sequences of a batch at
   once, one in each row. n sequences, K numbers kept for each unit, the G gates first (shape.h).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "parameters.h"
#include "precision.h"

#include <recur/network.h>

typedef struct {
  const recur_cell *cell;
  const KERNEL(parameters, views) * p;
  const REAL *bias; /* K*H, as the cell's biases made it */
  MATRIX gates; /* n x K*H. Forward: W_ih x in the gates' columns, then what is kept. Backward: the
                   same, then the gradients of the gates' inputs. */
  MATRIX scratch;  /* n x H */
  MATRIX mask;     /* n x P, of recurrent dropout; without data: none */
  MATRIX products; /* n x G*H, with layer normalisation. Forward: scratch. Backward: the products
                      with W_hh, then their gradients. */

  /* Forward: the state before the step, then after it. */
  MATRIX h;    /* n x P */
  MATRIX c;    /* n x H; backward: the one after the step, as it was */
  MATRIX h_in; /* n x P: mask o h before the step, which is what W_hh is multiplied with */

  /* Backward: the states before the step, and their gradients: of those after it, then before it.
   */
  MATRIX h_prev, c_prev;
  MATRIX dh, dc;
  REAL *rows[4];                        /* scratch of H each */
  const KERNEL(parameters, views) * dp; /* added to: weight_hr, weight_peephole, weight_ln_hh */
} KERNEL(cell, step);

typedef struct {
  /* What is added to the gates' inputs, K*H numbers: b_ih + b_hh, unless they act apart. */
  void (*biases)(const recur_cell *cell, const KERNEL(parameters, views) * p, REAL *bias);
  void (*forward)(const KERNEL(cell, step) * s);
  void (*backward)(const KERNEL(cell, step) * s);
  /* For layer normalisation, the products with W_hh of many rows again: n x G*H. */
  void (*recurrent_products)(const recur_cell *cell, const KERNEL(parameters, views) * p,
                             const MATRIX *gates, const MATRIX *h_in, MATRIX *products);
  /* dW_hh and db_hh, added to, of many rows: what backward left in gates and in products (without
     data: there are none), and mask o h_{t-1}. */
  void (*recurrent_gradients)(const recur_cell *cell, const MATRIX *gates, const MATRIX *products,
                              const MATRIX *h_in, const KERNEL(parameters, views) * dp);
} KERNEL(cell, functions);

const KERNEL(cell, functions) * KERNEL(cell, of)(recur_cell_kind kind);

extern const KERNEL(cell, functions) KERNEL(rnn, functions), KERNEL(residual, functions),
    KERNEL(gru, functions), KERNEL(lstm, functions);

/* For cells whose gates are all W_ih x + b_ih + W_hh h + b_hh. */
void KERNEL(cell, biases)(const recur_cell *cell, const KERNEL(parameters, views) * p, REAL *bias);
void KERNEL(cell, recurrent_products)(const recur_cell *cell, const KERNEL(parameters, views) * p,
                                      const MATRIX *gates, const MATRIX *h_in, MATRIX *products);
void KERNEL(cell, recurrent_gradients)(const recur_cell *cell, const MATRIX *gates,
                                       const MATRIX *products, const MATRIX *h_in,
                                       const KERNEL(parameters, views) * dp);

/* All products with W_hh, of as many of its rows, from first on, as a has columns: a = beta a + U
   h, where h is h_in or made of it, and U h is normalised if the cell has that; and back, dh = beta
   dh
   + mask o (U^T da). beta is 0 or 1, and 1 overwrites scratch. */
void KERNEL(cell, recurrent_forward)(const KERNEL(cell, step) * s, const MATRIX *h, size_t first,
                                     REAL beta, MATRIX *a);
void KERNEL(cell, recurrent_backward)(const KERNEL(cell, step) * s, const MATRIX *da, size_t first,
                                      REAL beta, MATRIX *dh);

/* dW += dv^T x and db += the sum of da's rows, of count units from row first of W and b on. Nothing
   where W or b has no data. dv is da, but for layer normalisation between the two. */
void KERNEL(cell, add_gradients)(const MATRIX *da, const MATRIX *dv, const MATRIX *x,
                                 const MATRIX *dW, const MATRIX *db, size_t first);
