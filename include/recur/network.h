/* Recurrent networks: L layers in one direction or two (D), over any cell; forward and backward
   through time.

   A network is described by a plain struct, which recur_rnn, recur_residual, recur_gru or
   recur_lstm (recur/rnn.h, recur/residual.h, recur/gru.h, recur/lstm.h: equations, options) fills
   in, and whose fields may then be changed:

     recur_network network = recur_lstm(40, 128);
     network.layers = 2;
     network.directions = 2;

   Sizes: T time steps, B sequences in the batch, I input features, H hidden units, G gates, L
   layers, D directions, P the size of h: H, or the projection size of an LSTM that has one.

   Layouts. A sequence is one matrix of T*B rows, step t in rows t*B ... t*B + B - 1; any tda is
   right. A state is one matrix of L*D*B rows, that of layer l and direction d in rows (l*D + d)*B
   ... (so torch's (L*D, B, P)). The output of a layer is [forward, reverse], D*P columns; it is the
   input of the next. The reverse direction begins at the last step of each sequence, and its final
   state belongs to step 0. All parameters are one vector (recur/parameters.h).

   A single cell is a network of one layer and direction, a single step a sequence of T = 1: states
   go in and come out, and hT may be the same matrix as h0.

   A state in and the same state out (h0 and hT, c0 and cT, dhT and dh0, dcT and dc0) may be one
   matrix; an output that overlaps any other argument is an error. A state that is NULL is zero. c0,
   cT, dcT and dc0 are for cells that have a cell state (LSTM), and NULL for others. Gradients of
   parameters are added to what is there; all other outputs are overwritten. T = 0 copies the
   initial state to the final one; B = 0 has nothing to compute.

   Recurrent dropout (Gal and Ghahramani 2016). In training, what W_hh is multiplied with is m o
   h_{t-1} in place of h_{t-1}, or m o (r o h_{t-1}) in a GRU that resets before the product:

     m = 0 with the chance p = recurrent_dropout, else 1 / (1 - p)

   m is one number for each seed, layer, direction, unit and sequence, the same for all gates and
   steps. What a GRU and a residual cell carry on to h_t is h_{t-1} itself. Keras's
   recurrent_dropout is of this kind.

   Zoneout (Krueger et al. 2016) lets states stay as they are:

     h_t = d o h_{t-1} + (1 - d) o h~_t        d = 1 with the chance zoneout, else 0
     c_t = d' o c_{t-1} + (1 - d') o c~_t      d' = 1 with the chance cell_zoneout, else 0

   where h~_t and c~_t are what the cell computes of x_t, h_{t-1} and c_{t-1} (so h~ of an LSTM is
   o o h(c~), before c is mixed). In training d and d' are numbers of each step, layer, direction,
   unit and sequence; in inference they are their expectation, the chance.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_NETWORK_H
#define RECUR_NETWORK_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <recur/attributes.h>
#include <recur/cell.h>
#include <recur/mode.h>
#include <recur/threads.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  recur_cell cell;
  size_t input_size;  /* I */
  size_t hidden_size; /* H */
  size_t layers;      /* L */
  size_t directions;  /* D: 1, or 2: forward and reverse */
  double dropout; /* in training, the chance of a layer's output not to reach the next; from 0 to
                     below 1, and 0 if L = 1. What remains is scaled by 1 / (1 - dropout). */
  double recurrent_dropout; /* the chance, see above; from 0 to below 1 */
  double zoneout;           /* the chance for h, from 0 to below 1 */
  double cell_zoneout;      /* the chance for c, likewise; for cells that have one (LSTM) */
} recur_network;

/* What follows from a network's description. */
typedef struct {
  size_t gates;      /* G */
  size_t state_size; /* P */
  bool cell_state;   /* whether there is c */
} recur_network_sizes;

RECUR_MUST_USE int recur_network_measure(const recur_network *network,
                                         recur_network_sizes *sizes /* out */);

/* What a batch is besides its numbers. NULL in its place: all sequences have T steps, and the rest
   is 0; but a training pass that draws masks needs a seed, and refuses NULL. */
typedef struct {
  const size_t *lengths; /* B of them, each at most T, in any order; NULL: T. Outputs past the end
                            of a sequence are 0, inputs there are not read, and the final state is
                            that of its last step. */
  uint64_t seed;         /* of all masks. Each number of a mask depends on the seed, the layer and
                            direction, the unit, and on the step and sequence counted from ... */
  uint64_t first_step;   /* ... this step on, for a chunk of longer sequences, ... */
  uint64_t
      first_sequence; /* ... and this sequence on, for a part of a batch. Both stay below 2^32. */
} recur_batch;

/* Parameters as inference uses them: laid out once for its products, which takes as long as some
   steps of one sequence. They hold what theta held when they were set, about as many numbers as it
   has, and any number of passes may use them at the same time. */
typedef struct recur_network_weights recur_network_weights;
RECUR_MUST_USE int recur_network_weights_bytes(const recur_network *network, size_t *bytes);
RECUR_MUST_USE recur_network_weights *recur_network_weights_alloc(const recur_network *network);
void recur_network_weights_free(recur_network_weights *weights);
RECUR_MUST_USE int recur_network_weights_set(recur_network_weights *weights,
                                             const gsl_vector *theta);

/* Scratch, and the record of a training pass, for batches of exactly T x B. It serves one call at a
   time; only alloc allocates.

   Inference holds a block of steps, and two size_t for each of T (with two directions and several
   layers: the outputs of up to two layers besides). Training holds its weights as above, and keeps
   of each step, for each unit,
   layer and direction:

     simple, residual   1 number    the gate
     GRU                4           its gates r z n, and the recurrent part that r multiplies
     LSTM               5           its gates i f g o (coupled: i g o, so 4), and the cell state;
                                    with cell_zoneout one more, the cell state before it is mixed

   and the outputs of all layers but the last; with two directions, for backward, gradients of the
   outputs of up to two of them; with recurrent dropout, once, L*D*B*P numbers. Layer normalisation
   keeps no more: backward computes both products of a block of steps again. Rows of numbers are
   filled up to whole vectors of 64 bytes, and by one more where they would have a multiple of 1024
   bytes, which caches do not like. With a segment of k > 0 steps, training keeps that for one
   segment only, and the state at the beginning of each; backward computes the rest again, to the
   same bits: least memory where k is about the square root of T, for one more forward pass. D is
   1 then. 0 keeps every step, as does k >= T. */
typedef struct recur_network_workspace recur_network_workspace;
RECUR_MUST_USE int recur_network_workspace_bytes(const recur_network *network, size_t steps,
                                                 size_t batch_size, recur_mode mode,
                                                 size_t segment_length, size_t *bytes);
RECUR_MUST_USE recur_network_workspace *
recur_network_workspace_alloc(const recur_network *network, size_t steps, size_t batch_size,
                              recur_mode mode, size_t segment_length);
void recur_network_workspace_free(recur_network_workspace *w);

/* The threads that calls with this workspace may use from now on; NULL, as at first: the caller's
   alone. Layer normalisation in training uses one. */
RECUR_MUST_USE int recur_network_workspace_set_threads(recur_network_workspace *w,
                                                       recur_threads *threads);

/* One pass over a batch: what it reads and writes. Designated initializers leave out what is
   optional: (recur_network_pass){.x = x, .y = y}. */
typedef struct {
  const gsl_matrix *x;      /* T*B x I */
  const recur_batch *batch; /* or NULL */
  const gsl_matrix *h0;     /* L*D*B x P, or NULL */
  const gsl_matrix *c0;     /* L*D*B x H, or NULL */
  gsl_matrix *y;            /* out: T*B x D*P; in inference it may be NULL */
  gsl_matrix *hT;           /* out: L*D*B x P, or NULL */
  gsl_matrix *cT;           /* out: L*D*B x H, or NULL */
} recur_network_pass;

/* The gradients of a loss: those that are given, and those that are computed from them. */
typedef struct {
  const gsl_matrix *dy;  /* T*B x D*P, or NULL: zero */
  const gsl_matrix *dhT; /* L*D*B x P, or NULL: zero */
  const gsl_matrix *dcT; /* L*D*B x H, or NULL: zero */
  gsl_matrix *dx;        /* out: T*B x I, or NULL */
  gsl_matrix *dh0;       /* out: L*D*B x P, or NULL */
  gsl_matrix *dc0;       /* out: L*D*B x H, or NULL */
  gsl_vector *dtheta;    /* added to, or NULL */
  gsl_matrix *dh_norms;  /* out: L*D*T x B, or NULL: the norm of the whole gradient dL/dh_t of each
                            step and sequence */
} recur_network_gradients;

/* Inference, in a workspace for that. */
RECUR_MUST_USE int recur_network_infer(const recur_network_weights *weights,
                                       const recur_network_pass *pass, recur_network_workspace *w);

/* The forward pass of training: the same numbers, bit for bit where nothing is drawn. */
RECUR_MUST_USE int recur_network_forward(const gsl_vector *theta, const recur_network_pass *pass,
                                         recur_network_workspace *w);

/* All gradients of a loss, after one forward pass in the same workspace, which is used up: theta
   and the pass's x and y have to hold what they held then; nothing else of the pass is read. */
RECUR_MUST_USE int recur_network_backward(const gsl_vector *theta, const recur_network_pass *pass,
                                          const recur_network_gradients *gradients,
                                          recur_network_workspace *w);

/* The record of a training pass that keeps all steps, without segments or with one of at least T,
   of one layer and direction (from 0), in the layout of a sequence; 0 past the end of a sequence.
   The gates in their order, after forward; the gradients of their inputs, after backward, which
   takes their place; the cell states, after either. */
RECUR_MUST_USE int recur_network_gates(const recur_network_workspace *w, size_t layer,
                                       size_t direction, gsl_matrix *gates); /* out: T*B x G*H */
RECUR_MUST_USE int recur_network_gate_gradients(const recur_network_workspace *w, size_t layer,
                                                size_t direction,
                                                gsl_matrix *dgates); /* out: T*B x G*H */
RECUR_MUST_USE int recur_network_cell_states(const recur_network_workspace *w, size_t layer,
                                             size_t direction, gsl_matrix *c); /* out: T*B x H */

/* The outputs of a layer below the last, before dropout; those of the last are y. */
RECUR_MUST_USE int recur_network_layer_outputs(const recur_network_workspace *w, size_t layer,
                                               gsl_matrix *y); /* out: T*B x D*P */

/* The same in single precision. */

typedef struct recur_network_float_weights recur_network_float_weights;
RECUR_MUST_USE int recur_network_float_weights_bytes(const recur_network *network, size_t *bytes);
RECUR_MUST_USE recur_network_float_weights *
recur_network_float_weights_alloc(const recur_network *network);
void recur_network_float_weights_free(recur_network_float_weights *weights);
RECUR_MUST_USE int recur_network_float_weights_set(recur_network_float_weights *weights,
                                                   const gsl_vector_float *theta);

typedef struct recur_network_float_workspace recur_network_float_workspace;
RECUR_MUST_USE int recur_network_float_workspace_bytes(const recur_network *network, size_t steps,
                                                       size_t batch_size, recur_mode mode,
                                                       size_t segment_length, size_t *bytes);
RECUR_MUST_USE recur_network_float_workspace *
recur_network_float_workspace_alloc(const recur_network *network, size_t steps, size_t batch_size,
                                    recur_mode mode, size_t segment_length);
void recur_network_float_workspace_free(recur_network_float_workspace *w);

RECUR_MUST_USE int recur_network_float_workspace_set_threads(recur_network_float_workspace *w,
                                                             recur_threads *threads);

typedef struct {
  const gsl_matrix_float *x;
  const recur_batch *batch;
  const gsl_matrix_float *h0, *c0;
  gsl_matrix_float *y, *hT, *cT;
} recur_network_float_pass;

typedef struct {
  const gsl_matrix_float *dy, *dhT, *dcT;
  gsl_matrix_float *dx, *dh0, *dc0;
  gsl_vector_float *dtheta;
  gsl_matrix_float *dh_norms;
} recur_network_float_gradients;

RECUR_MUST_USE int recur_network_float_infer(const recur_network_float_weights *weights,
                                             const recur_network_float_pass *pass,
                                             recur_network_float_workspace *w);
RECUR_MUST_USE int recur_network_float_forward(const gsl_vector_float *theta,
                                               const recur_network_float_pass *pass,
                                               recur_network_float_workspace *w);
RECUR_MUST_USE int recur_network_float_backward(const gsl_vector_float *theta,
                                                const recur_network_float_pass *pass,
                                                const recur_network_float_gradients *gradients,
                                                recur_network_float_workspace *w);
RECUR_MUST_USE int recur_network_float_gates(const recur_network_float_workspace *w, size_t layer,
                                             size_t direction, gsl_matrix_float *gates);
RECUR_MUST_USE int recur_network_float_gate_gradients(const recur_network_float_workspace *w,
                                                      size_t layer, size_t direction,
                                                      gsl_matrix_float *dgates);
RECUR_MUST_USE int recur_network_float_cell_states(const recur_network_float_workspace *w,
                                                   size_t layer, size_t direction,
                                                   gsl_matrix_float *c);
RECUR_MUST_USE int recur_network_float_layer_outputs(const recur_network_float_workspace *w,
                                                     size_t layer, gsl_matrix_float *y);

#ifdef __cplusplus
}
#endif

#endif
