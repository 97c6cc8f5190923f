/* What a cell is to the layers: its equations of one step, forward and backward.

   A step is computed in phases. Each works on ranges of units, which do not depend on each other
   within a phase: whoever computes them, in whatever order, gets the same.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "isa/step.h"
#include "math/layer_norm.h"

#ifndef RK_CELL_H
#define RK_CELL_H
enum { RK_MOST_PHASES = 3 };

/* Gradients of parameters are shared out by so many units: whole tiles and cache lines. */
enum { RK_GRADIENT_GRAIN = 48 };
#endif

/* Units first to last - 1, of H, or, where the phase is over what comes out, of P. */
typedef struct {
  void (*run)(const STEP *s, size_t first, size_t last); /* NULL: there are no more phases */
  bool outputs;                                          /* whether it is over P */
} KERNEL(cell, phase);

typedef struct {
  rk_part_gates parts[RK_MOST_PARTS]; /* of W_hh; count 0 ends them */
  /* What is added to the gates' inputs, K groups: b_ih + b_hh, unless they act apart. */
  void (*biases)(const STEP *s, const KERNEL(parameters, views) * p);
  /* With layer normalisation all units are one range. */
  KERNEL(cell, phase) forward[RK_MOST_PHASES + 1], backward[RK_MOST_PHASES + 1];
  /* For layer normalisation, backward: the products with W_hh again. */
  void (*products)(const STEP *s, const KERNEL(parameters, views) * p);
  /* Gradients of all but what belongs to the input, of many rows, added to: from what backward left
     in gates. Rows are taken from the last to the first if `descending`. */
  void (*gradients)(const STEP *s, const KERNEL(parameters, views) * dp, bool descending);
} KERNEL(cell, functions);

const KERNEL(cell, functions) * KERNEL(cell, of)(const recur_cell *cell);

extern const KERNEL(cell, functions) KERNEL(rnn, functions), KERNEL(residual, functions),
    KERNEL(gru, functions), KERNEL(gru_before, functions), KERNEL(lstm, functions),
    KERNEL(lstm_projected, functions);

/* For cells whose gates are all W_ih x + b_ih + W_hh h + b_hh. */
void KERNEL(cell, biases)(const STEP *s, const KERNEL(parameters, views) * p);
void KERNEL(cell, products)(const STEP *s, const KERNEL(parameters, views) * p);
void KERNEL(cell, gradients)(const STEP *s, const KERNEL(parameters, views) * dp, bool descending);

/* v = U h, of the count gates from first on; for products. */
void KERNEL(cell, products_of)(const STEP *s, const MATRIX *weight, const MATRIX *h, size_t first,
                               size_t count);

/* Columns of some groups of the gates. */
MATRIX KERNEL(cell, group)(const STEP *s, size_t first);

/* c = start + a b, for units first to last - 1 of each group of b; a NULL start is 0. a has
   `segments` groups, which are summed one after another. */
void KERNEL(cell, multiply)(const STEP *s, const KERNEL(packed, operand) * b, const MATRIX *a,
                            size_t segments, const REAL *start, size_t start_row, MATRIX *c,
                            size_t first, size_t last);

/* The gates of a part, as layer normalisation takes them. */
rk_normalized KERNEL(cell, normalized)(const STEP *s, size_t k);

/* Products with W_hh. Forward, of its k-th part: a = start + U h, where h is h_in or made of it,
   and U h is normalised if the cell has that. */
void KERNEL(cell, recurrent_forward)(const STEP *s, size_t k, const MATRIX *h, const REAL *start,
                                     size_t start_row, MATRIX *a, size_t first, size_t last);
/* Back: dh += mask o (U^T da), or, if not `add`, without what was there. da are the gradients of
   the part's gates. */
void KERNEL(cell, recurrent_backward)(const STEP *s, size_t k, const MATRIX *da, bool add,
                                      MATRIX *dh, size_t first, size_t last);

/* dx = W_ih^T dv, or, if `add`, dx += it. */
void KERNEL(cell, input_backward)(const STEP *s, const MATRIX *dv, bool add, MATRIX *dx);

/* A member's share of: dW += dv^T x and db += the sum of da's rows, for `count` groups of both,
   from row first of W and b on. Nothing where W or b has no data. dv is da, but for layer
   normalisation between the two. */
void KERNEL(cell, add_gradients)(const STEP *s, const MATRIX *da, const MATRIX *dv, size_t count,
                                 const MATRIX *x, const MATRIX *dW, const MATRIX *db, size_t first,
                                 bool descending);
