/* The interface of a cell to the layers: one step, forward and backward.

   A step is computed in phases, and a phase in ranges of units. Within a phase, the ranges do not
   depend on each other, so any thread may compute any range in any order.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_CELL_H
#define RK_CELL_H

#include "base/team.h"
#include "isa/step.h"
#include "math/layer_norm.h"
#include "weights/packing.h"

enum { RK_MAX_PHASES = 3 };

/* Threads share the gradients of parameters in units of whole tiles and cache lines. */
enum { RK_GRADIENT_GRAIN = 48 };

/* Computes units first to last - 1 of H, or of P if `over_outputs`. A NULL run ends a list. */
typedef struct {
  rk_forward_kernel *run;
  bool over_outputs;
} rk_forward_phase;

typedef struct {
  rk_backward_kernel *run;
  bool over_outputs;
} rk_backward_phase;

typedef struct {
  rk_gate_range ranges[RK_MAX_RANGES]; /* of the gates, for W_hh; count 0 ends the list */
  /* Writes the constants of a layer: biases, peepholes, gains. */
  void (*set_constants)(const rk_layer_constants *layer, const rk_parameter_views *p);
  /* With layer normalization, all units are one range. */
  rk_forward_phase forward[RK_MAX_PHASES + 1];
  rk_backward_phase backward[RK_MAX_PHASES + 1];
  /* Without layer normalization: steps of one sequence, with the results of the phases; or NULL. */
  void (*run)(const rk_forward_run *r);
  /* With layer normalization, backward: recomputes the products with W_hh. */
  void (*products)(const rk_backward_step *s, const rk_parameter_views *p);
  /* Adds the gradients of all parameters except W_ih and b_ih, over many rows, from the gradients
     that backward left in gates. If `descending`, the last row comes first. */
  void (*gradients)(const rk_backward_step *s, const rk_parameter_views *dp, bool descending);
} rk_cell_functions;

const rk_cell_functions *rk_cell_of(const recur_cell *cell);

extern const rk_cell_functions rk_rnn_functions, rk_residual_functions, rk_gru_functions,
    rk_gru_before_functions, rk_lstm_functions, rk_lstm_projected_functions;

/* For cells whose gates are all W_ih x + b_ih + W_hh h + b_hh. */
void rk_cell_set_constants(const rk_layer_constants *layer, const rk_parameter_views *p);
void rk_cell_products(const rk_backward_step *s, const rk_parameter_views *p);
void rk_cell_gradients(const rk_backward_step *s, const rk_parameter_views *dp, bool descending);

/* v = U h for `count` gates from `first` on; for `products`. */
void rk_cell_products_of(const rk_backward_step *s, const gsl_matrix *weight, const gsl_matrix *h,
                         size_t first, size_t count);

/* The columns of one gate. */
gsl_matrix rk_cell_gate(const rk_layer_constants *layer, const gsl_matrix *gates, size_t gate);

/* c = start + a b, for units first to last - 1 of each group of b, the last ones first if `back`;
   start NULL means 0. a has `summands` gates, which are summed in order. */
void rk_cell_multiply(const rk_layer_constants *layer, const rk_packed_operand *b, bool back,
                      const gsl_matrix *a, size_t summands, const rk_real *start, size_t start_row,
                      gsl_matrix *c, size_t first, size_t last);

/* The k-th range of gates, as layer normalization expects it. */
rk_normalized rk_cell_normalized(const rk_layer_constants *layer, size_t k);

/* a = start + U h for the k-th range of gates, where h is h_in or computed from it. U h is
   normalized if the cell uses layer normalization. */
void rk_cell_recurrent_forward(const rk_forward_step *s, size_t k, const gsl_matrix *h,
                               const rk_real *start, size_t start_row, gsl_matrix *a, size_t first,
                               size_t last);

/* Backward, for the k-th range of gates, whose gradients are da: dh += mask o (U^T da), or, without
   `add`, dh = mask o (U^T da). */
void rk_cell_recurrent_backward(const rk_backward_step *s, size_t k, const gsl_matrix *da, bool add,
                                gsl_matrix *dh, size_t first, size_t last);

/* dx = W_ih^T dv, or, if `add`, dx += W_ih^T dv. */
void rk_cell_input_backward(const rk_layer_constants *layer, const gsl_matrix *dv, bool add,
                            gsl_matrix *dx);

/* A thread's share of dW += dv^T x and db += the sum of da's rows, for `count` gates, from row
   `first` of W and b on. Skips W or b if it has no data. Without layer normalization dv is da. */
void rk_cell_add_gradients(const rk_backward_step *s, const gsl_matrix *da, const gsl_matrix *dv,
                           size_t count, const gsl_matrix *x, const gsl_matrix *dW,
                           const gsl_matrix *db, size_t first, bool descending);

#endif
