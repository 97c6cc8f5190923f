/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Recurrent networks: L layers of any cell, in one or two directions, with the forward pass and
 * backpropagation through time.
 *
 * A plain struct describes a network. recur_rnn(), recur_residual(), recur_gru() and recur_lstm()
 * fill it in (recur/rnn.h, recur/residual.h, recur/gru.h and recur/lstm.h have the equations and
 * options), and its fields may then be changed:
 *
 *     recur_network network = recur_lstm(40, 128);
 *     network.layers = 2;
 *     network.directions = 2;
 *
 * Sizes:
 *
 *     T  time steps                G  gates of the cell
 *     B  sequences in the batch    L  layers
 *     I  input features            D  directions
 *     H  hidden units              P  size of h: H, or the projection size
 *
 * Layouts:
 *
 * - A sequence is one matrix of `T*B` rows, with step t in rows `t*B` to `t*B + B - 1`. Any tda is
 *   accepted.
 * - A state is one matrix of `L*D*B` rows, with layer l and direction d in the B rows from
 *   `(l*D + d)*B` on: PyTorch's `(L*D, B, P)`.
 * - The output of a layer has `D*P` columns, [forward, reverse], and is the input of the next
 *   layer. The reverse direction begins at the last step of each sequence, and its final state
 *   belongs to step 0.
 * - All parameters are one vector, theta (recur/parameters.h).
 *
 * A single cell is a network with one layer and one direction, and a single step is a sequence with
 * T = 1: pass the final state of one call as the initial state of the next.
 *
 * Arguments:
 *
 * - An initial and a final state, or their gradients, may be the same matrix: h0 and hT, c0 and cT,
 *   dhT and dh0, dcT and dc0. An output that overlaps any other argument is an error.
 * - A state that is NULL is zero.
 * - c0, cT, dcT and dc0 are for cells that have a cell state (LSTM), and NULL for others.
 * - Gradients of parameters are added to the vector; all other outputs are overwritten.
 * - With T = 0 the final state is the initial state. With B = 0 nothing is computed.
 *
 * Recurrent dropout (Gal and Ghahramani 2016): in training, W_hh is multiplied with
 * `m o h_{t-1}` instead of `h_{t-1}`, or with `m o (r o h_{t-1})` in a GRU that resets before the
 * product. Here `o` is the element-wise product:
 *
 *     m = 0 with probability p = recurrent_dropout, otherwise 1 / (1 - p)
 *
 * There is one value of m for each seed, layer, direction, unit and sequence. All gates and steps
 * share it. The mask does not affect the terms of a GRU and a residual cell that add `h_{t-1}`
 * itself to `h_t`. Keras 3 draws one
 * mask for each gate of a GRU or an LSTM.
 *
 * Zoneout (Krueger et al. 2016) lets elements of the states keep their previous values:
 *
 *     h_t = d o h_{t-1} + (1 - d) o h~_t
 *     c_t = d' o c_{t-1} + (1 - d') o c~_t
 *
 * An element of d is 1 with probability zoneout, one of d' with probability cell_zoneout; otherwise
 * it is 0. The cell computes `h~_t` and `c~_t` from `x_t`, `h_{t-1}` and `c_{t-1}`. In an LSTM,
 * `h~` is `o o h(c~)`, computed from c before zoneout. In training, d and d' are drawn for each
 * step, layer, direction, unit and sequence. In inference they are their expectations, the
 * probabilities.
 *
 * Floating-point environment: every function computes with rounding to nearest, without traps, and
 * with subnormal numbers read and written as zero, on the calling thread and on all others. On
 * return, the environment of the caller is restored, including its flags.
 *
 * Memory and threads: only the functions whose names end in `_alloc` allocate memory. All functions
 * may be called from any thread. Weights may be shared by any number of passes; a workspace serves
 * one call at a time. Without recur_threads, a pass takes no lock and makes no system call, so it
 * may run in a real-time thread; with them, it waits until all threads have finished their share.
 */

#ifndef RECUR_NETWORK_H
#define RECUR_NETWORK_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <recur/attributes.h>
#include <recur/cell.h>
#include <recur/mode.h>
#include <recur/threads.h>
#include <recur/weight_storage.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The description of a network: its cell, sizes and options. It owns no memory.
 *
 * A probability is 0, or at least FLT_MIN and less than 1.
 */
typedef struct {
  recur_cell cell;          /**< The cell of all layers. */
  size_t input_size;        /**< I, at least 1. */
  size_t hidden_size;       /**< H, at least 1. */
  size_t layers;            /**< L, at least 1. */
  size_t directions;        /**< D: 1, or 2 for forward and reverse. */
  double dropout;           /**< In training, the dropout probability between layers: at least 0 and
                                 less than 1; 0 if L = 1. The remaining values are multiplied by
                                 1 / (1 - dropout). */
  double recurrent_dropout; /**< In training, the dropout probability of h_{t-1} in the product with
                                 W_hh: at least 0 and less than 1. */
  double zoneout;           /**< The probability that an element of h keeps its previous value: at
                                 least 0 and less than 1. */
  double cell_zoneout;      /**< LSTM: the same for c. */
  recur_weight_storage weight_storage; /**< In inference, how packed weights store the matrices. */
} recur_network;

/** The sizes that follow from the description of a network. */
typedef struct {
  size_t gates;      /**< G, the number of gates of the cell. */
  size_t state_size; /**< P, the size of h. */
  bool cell_state;   /**< Whether the cell has a cell state c. */
} recur_network_sizes;

/** Checks the description of a network and computes its sizes.
 *
 * @param network  the network
 * @param sizes    output: the sizes
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EINVAL if a value is out of range or
 *   the cell does not support an option.
 */
RECUR_MUST_USE int recur_network_measure(const recur_network *network, recur_network_sizes *sizes);

/** The properties of a batch other than its values.
 *
 * NULL instead of a batch means that all sequences have T steps and all other fields are 0. A
 * training pass that draws masks requires a batch, because it needs a seed.
 */
typedef struct {
  const size_t *lengths;   /**< B elements: the number of steps of each sequence, from 0 to
                                T, in any order; NULL if all are T. Past the end of a sequence,
                                inputs are not read and outputs are 0. The final state of a sequence
                                is that of its last step. */
  uint64_t seed;           /**< The seed of all masks. An element of a mask depends on the seed, the
                                layer, the direction, the unit, the step and the sequence. */
  uint64_t first_step;     /**< The number of the batch's first step in the masks: for a chunk of
                                longer sequences. All numbers of steps are below 2^32. */
  uint64_t first_sequence; /**< The number of the batch's first sequence in the masks: for a part of
                                a larger batch. All numbers of sequences are below 2^32. */
} recur_batch;

/** Parameters packed for inference.
 *
 * Packing takes about as long as a few steps of one sequence, and needs about as many elements as
 * theta has. The weights are a copy: later changes of theta do not affect them. Any number of
 * passes may use them at the same time.
 */
typedef struct recur_network_weights recur_network_weights;

/** Computes the size of packed weights in bytes.
 *
 * @param network  the network
 * @param bytes    output: the number of bytes that recur_network_weights_alloc() allocates
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EINVAL if the network is invalid or
 *   too large; GSL_EUNIMPL if the precision does not support the storage.
 */
RECUR_MUST_USE int recur_network_weights_bytes(const recur_network *network, size_t *bytes);

/** Allocates packed weights. Set them with recur_network_weights_set() before they are used.
 *
 * @param network  the network, which is copied
 * @return the weights, to be freed with recur_network_weights_free(); NULL, with the reason in
 *   recur_last_error(), if the network is invalid or there is not enough memory.
 */
RECUR_MUST_USE recur_network_weights *recur_network_weights_alloc(const recur_network *network);

/** Frees packed weights.
 *
 * @param weights  the weights, or NULL
 */
void recur_network_weights_free(recur_network_weights *weights);

/** Packs parameters. Allocates nothing. No pass may use the weights during this call.
 *
 * @param weights  output: the packed weights
 * @param theta    all parameters of the network; stride 1
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if its stride is not 1, or if an element of a matrix cannot be stored
 *   (recur/weight_storage.h).
 */
RECUR_MUST_USE int recur_network_weights_set(recur_network_weights *weights,
                                             const gsl_vector *theta);

/** The scratch memory of a pass, and in training its record, for batches of exactly T steps and B
 * sequences.
 *
 * A workspace serves one call at a time. It has all the memory that a pass needs.
 *
 * An inference workspace has room for a block of steps and for two size_t for each of the T steps;
 * with two directions and several layers, also for the outputs of up to two layers.
 *
 * A training workspace has room for packed weights (recur_network_weights), and for these values of
 * each step, unit, layer and direction:
 *
 *     simple, residual  1  the gate
 *     GRU               4  r z n, and the recurrent part that r multiplies
 *     LSTM              5  i f g o (coupled: i g o, so 4), and the cell
 *                          state; with cell_zoneout one more, the cell
 *                          state before zoneout
 *
 * It also has room for the outputs of all layers but the last; with two directions, for the
 * gradients of the outputs of up to two layers; with recurrent dropout, for `L*D*B*P` values of
 * masks. Layer normalization needs no more, because the backward pass recomputes the products of a
 * block of steps.
 *
 * Each row is padded to a multiple of 64 bytes, and by another 64 bytes if its size would be a
 * multiple of 1024 bytes, which causes cache conflicts.
 *
 * With a segment length k > 0, training stores these values for one segment of k steps only, and
 * the state at the start of each segment. The backward pass recomputes the other segments; the
 * results are bit-identical. The memory is smallest for k near the square root of T, at the cost of
 * one more forward pass.
 */
typedef struct recur_network_workspace recur_network_workspace;

/** Computes the size of a workspace in bytes.
 *
 * @param network         the network
 * @param steps           T
 * @param batch_size      B
 * @param mode            RECUR_MODE_INFERENCE or RECUR_MODE_TRAINING
 * @param segment_length  the steps of a segment; 0, or T and more, to store all steps; 0 for
 *   inference and for D = 2
 * @param bytes           output: the number of bytes that recur_network_workspace_alloc() allocates
 * @return GSL_SUCCESS; GSL_EFAULT if network or bytes is NULL; GSL_EINVAL if an argument is invalid
 *   or too large; GSL_EUNIMPL for segments with two directions, or for training with an activation
 *   or a storage that supports inference only (recur/activation.h, recur/weight_storage.h).
 */
RECUR_MUST_USE int recur_network_workspace_bytes(const recur_network *network, size_t steps,
                                                 size_t batch_size, recur_mode mode,
                                                 size_t segment_length, size_t *bytes);

/** Allocates a workspace.
 *
 * @param network         the network, which is copied
 * @param steps           T
 * @param batch_size      B
 * @param mode            RECUR_MODE_INFERENCE or RECUR_MODE_TRAINING
 * @param segment_length  the steps of a segment; 0, or T and more, to store all steps; 0 for
 *   inference and for D = 2
 * @return the workspace, to be freed with recur_network_workspace_free(); NULL, with the reason in
 *   recur_last_error(), if recur_network_workspace_bytes() would fail or there is not enough
 *   memory.
 */
RECUR_MUST_USE recur_network_workspace *
recur_network_workspace_alloc(const recur_network *network, size_t steps, size_t batch_size,
                              recur_mode mode, size_t segment_length);

/** Frees a workspace. Its threads remain until recur_threads_free().
 *
 * @param w  the workspace, or NULL
 */
void recur_network_workspace_free(recur_network_workspace *w);

/** Sets the threads that later calls with a workspace may use.
 *
 * Training with layer normalization uses the calling thread only. No pass may use the workspace
 * during this call.
 *
 * @param w        the workspace
 * @param threads  the threads; NULL, the initial value, for the calling thread only
 * @return GSL_SUCCESS; GSL_EFAULT if w is NULL.
 */
RECUR_MUST_USE int recur_network_workspace_set_threads(recur_network_workspace *w,
                                                       recur_threads *threads);

/** The arguments of one pass over a batch: its inputs and outputs.
 *
 * With designated initializers, optional fields may be left out:
 *
 *     (recur_network_pass){.x = x, .y = y}
 */
typedef struct {
  const gsl_matrix *x;      /**< `T*B x I`, the input. */
  const recur_batch *batch; /**< Lengths and seed; or NULL. */
  const gsl_matrix *h0;     /**< `L*D*B x P`, the initial state h; NULL for zero. */
  const gsl_matrix *c0;     /**< `L*D*B x H`, the initial cell state; NULL for zero. */
  gsl_matrix *y;            /**< Output: `T*B x D*P`; in inference it may be NULL. */
  gsl_matrix *hT;           /**< Output: `L*D*B x P`, the final state h; or NULL. */
  gsl_matrix *cT;           /**< Output: `L*D*B x H`, the final cell state; or NULL. */
} recur_network_pass;

/** The arguments of a backward pass: the gradients of a loss with respect to the outputs of the
 * forward pass, and the gradients to compute.
 */
typedef struct {
  const gsl_matrix *dy;  /**< `T*B x D*P`, the gradient of y; NULL for zero. */
  const gsl_matrix *dhT; /**< `L*D*B x P`, the gradient of hT; NULL for zero. */
  const gsl_matrix *dcT; /**< `L*D*B x H`, the gradient of cT; NULL for zero. */
  gsl_matrix *dx;        /**< Output: `T*B x I`, the gradient of x; or NULL. */
  gsl_matrix *dh0;       /**< Output: `L*D*B x P`, the gradient of h0; or NULL. */
  gsl_matrix *dc0;       /**< Output: `L*D*B x H`, the gradient of c0; or NULL. */
  gsl_vector *dtheta;    /**< Output: the gradient of theta is added to it; or NULL. */
  gsl_matrix *dh_norms;  /**< Output: `L*D*T x B`, the norm of the total gradient dL/dh_t of each
                              layer, direction, step and sequence; or NULL. */
} recur_network_gradients;

/** Computes a pass in inference. Allocates nothing.
 *
 * @param weights  packed weights of the same network as w
 * @param pass     the inputs and outputs
 * @param w        a workspace for RECUR_MODE_INFERENCE
 * @return GSL_SUCCESS; GSL_EFAULT if weights, pass, pass->x or w is NULL; GSL_EBADLEN if a shape is
 *   wrong; GSL_EINVAL if the weights are not set or belong to a different network, w is for
 *   training, a field of the batch is out of range, a cell state is passed to a cell that has none,
 *   or an output overlaps another argument.
 */
RECUR_MUST_USE int recur_network_infer(const recur_network_weights *weights,
                                       const recur_network_pass *pass, recur_network_workspace *w);

/** Computes the forward pass of training, and records it in the workspace. Allocates nothing.
 *
 * Without dropout and zoneout, the results are bit-identical to those of recur_network_infer().
 *
 * @param theta  all parameters; stride 1
 * @param pass   the inputs and outputs; y is required
 * @param w      a workspace for RECUR_MODE_TRAINING
 * @return GSL_SUCCESS; GSL_EFAULT if theta, pass, pass->x, pass->y or w is NULL; GSL_EBADLEN if a
 *   shape is wrong; GSL_EINVAL if w is for inference, a stride is not 1, there is no batch although
 *   masks are drawn, a field of the batch is out of range, a cell state is passed to a cell that
 *   has none, or an output overlaps another argument.
 */
RECUR_MUST_USE int recur_network_forward(const gsl_vector *theta, const recur_network_pass *pass,
                                         recur_network_workspace *w);

/** Computes the gradients of a loss by backpropagation through time. Allocates nothing.
 *
 * Each forward pass permits one backward pass in the same workspace. theta, pass->x and pass->y
 * must have the values that they had after the forward pass; no other field of the pass is read.
 *
 * @param theta      all parameters; stride 1
 * @param pass       the inputs and outputs of the forward pass
 * @param gradients  the given gradients, and the gradients to compute
 * @param w          the workspace of the forward pass
 * @return GSL_SUCCESS; GSL_EFAULT if theta, pass, pass->x, pass->y, gradients or w is NULL;
 *   GSL_EBADLEN if a shape is wrong; GSL_EINVAL if w has no forward pass, a stride is not 1, a cell
 *   state's gradient is passed to a cell that has none, or an output overlaps another argument.
 */
RECUR_MUST_USE int recur_network_backward(const gsl_vector *theta, const recur_network_pass *pass,
                                          const recur_network_gradients *gradients,
                                          recur_network_workspace *w);

/** Copies the gates of a forward pass. Allocates nothing.
 *
 * @param w          a training workspace without segments, after recur_network_forward() and before
 *   recur_network_backward()
 * @param layer      the layer, from 0 to L - 1
 * @param direction  0 for forward, 1 for reverse
 * @param gates      output: `T*B x G*H`, the values of the gates in the order of the cell; 0 past
 *   the end of a sequence
 * @return GSL_SUCCESS; GSL_EFAULT if w or gates is NULL; GSL_EBADLEN if the shape is wrong;
 *   GSL_EINVAL if the layer or the direction is out of range, or w has no such record.
 */
RECUR_MUST_USE int recur_network_gates(const recur_network_workspace *w, size_t layer,
                                       size_t direction, gsl_matrix *gates);

/** Copies the gradients of the gates' inputs. Allocates nothing.
 *
 * @param w          a training workspace without segments, after recur_network_backward()
 * @param layer      the layer, from 0 to L - 1
 * @param direction  0 for forward, 1 for reverse
 * @param dgates     output: `T*B x G*H`, the gradients in the order of the gates; 0 past the end of
 *   a sequence
 * @return GSL_SUCCESS; GSL_EFAULT if w or dgates is NULL; GSL_EBADLEN if the shape is wrong;
 *   GSL_EINVAL if the layer or the direction is out of range, or w has no such record.
 */
RECUR_MUST_USE int recur_network_gate_gradients(const recur_network_workspace *w, size_t layer,
                                                size_t direction, gsl_matrix *dgates);

/** Copies the cell states of a forward pass. Allocates nothing.
 *
 * @param w          a training workspace without segments, after recur_network_forward() or
 *   recur_network_backward()
 * @param layer      the layer, from 0 to L - 1
 * @param direction  0 for forward, 1 for reverse
 * @param c          output: `T*B x H`; 0 past the end of a sequence
 * @return GSL_SUCCESS; GSL_EFAULT if w or c is NULL; GSL_EBADLEN if the shape is wrong; GSL_EINVAL
 *   if the cell has no cell state, the layer or the direction is out of range, or w has no such
 *   record.
 */
RECUR_MUST_USE int recur_network_cell_states(const recur_network_workspace *w, size_t layer,
                                             size_t direction, gsl_matrix *c);

/** Copies the outputs of a layer below the last, before dropout. Allocates nothing.
 *
 * The outputs of the last layer are the y of the pass.
 *
 * @param w      a training workspace without segments, after recur_network_forward() or
 *   recur_network_backward()
 * @param layer  the layer, from 0 to L - 2
 * @param y      output: `T*B x D*P`
 * @return GSL_SUCCESS; GSL_EFAULT if w or y is NULL; GSL_EBADLEN if the shape is wrong; GSL_EINVAL
 *   if the layer is out of range, or w has no such record.
 */
RECUR_MUST_USE int recur_network_layer_outputs(const recur_network_workspace *w, size_t layer,
                                               gsl_matrix *y);

/** Single-precision twin of recur_network_weights. */
typedef struct recur_network_float_weights recur_network_float_weights;

/** Single-precision twin of recur_network_weights_bytes(). */
RECUR_MUST_USE int recur_network_float_weights_bytes(const recur_network *network, size_t *bytes);

/** Single-precision twin of recur_network_weights_alloc(). */
RECUR_MUST_USE recur_network_float_weights *
recur_network_float_weights_alloc(const recur_network *network);

/** Single-precision twin of recur_network_weights_free(). */
void recur_network_float_weights_free(recur_network_float_weights *weights);

/** Single-precision twin of recur_network_weights_set(). */
RECUR_MUST_USE int recur_network_float_weights_set(recur_network_float_weights *weights,
                                                   const gsl_vector_float *theta);

/** Single-precision twin of recur_network_workspace. */
typedef struct recur_network_float_workspace recur_network_float_workspace;

/** Single-precision twin of recur_network_workspace_bytes(). */
RECUR_MUST_USE int recur_network_float_workspace_bytes(const recur_network *network, size_t steps,
                                                       size_t batch_size, recur_mode mode,
                                                       size_t segment_length, size_t *bytes);

/** Single-precision twin of recur_network_workspace_alloc(). */
RECUR_MUST_USE recur_network_float_workspace *
recur_network_float_workspace_alloc(const recur_network *network, size_t steps, size_t batch_size,
                                    recur_mode mode, size_t segment_length);

/** Single-precision twin of recur_network_workspace_free(). */
void recur_network_float_workspace_free(recur_network_float_workspace *w);

/** Single-precision twin of recur_network_workspace_set_threads(). */
RECUR_MUST_USE int recur_network_float_workspace_set_threads(recur_network_float_workspace *w,
                                                             recur_threads *threads);

/** Single-precision twin of recur_network_pass. */
typedef struct {
  const gsl_matrix_float *x;  /**< `T*B x I`, the input. */
  const recur_batch *batch;   /**< Lengths and seed; or NULL. */
  const gsl_matrix_float *h0; /**< `L*D*B x P`, the initial state h; NULL for zero. */
  const gsl_matrix_float *c0; /**< `L*D*B x H`, the initial cell state; NULL for zero. */
  gsl_matrix_float *y;        /**< Output: `T*B x D*P`; in inference it may be NULL. */
  gsl_matrix_float *hT;       /**< Output: `L*D*B x P`, the final state h; or NULL. */
  gsl_matrix_float *cT;       /**< Output: `L*D*B x H`, the final cell state; or NULL. */
} recur_network_float_pass;

/** Single-precision twin of recur_network_gradients. */
typedef struct {
  const gsl_matrix_float *dy;  /**< `T*B x D*P`, the gradient of y; NULL for zero. */
  const gsl_matrix_float *dhT; /**< `L*D*B x P`, the gradient of hT; NULL for zero. */
  const gsl_matrix_float *dcT; /**< `L*D*B x H`, the gradient of cT; NULL for zero. */
  gsl_matrix_float *dx;        /**< Output: `T*B x I`, the gradient of x; or NULL. */
  gsl_matrix_float *dh0;       /**< Output: `L*D*B x P`, the gradient of h0; or NULL. */
  gsl_matrix_float *dc0;       /**< Output: `L*D*B x H`, the gradient of c0; or NULL. */
  gsl_vector_float *dtheta;    /**< Output: the gradient of theta is added to it; or NULL. */
  gsl_matrix_float *dh_norms;  /**< Output: `L*D*T x B`, the norms of dL/dh_t; or NULL. */
} recur_network_float_gradients;

/** Single-precision twin of recur_network_infer(). */
RECUR_MUST_USE int recur_network_float_infer(const recur_network_float_weights *weights,
                                             const recur_network_float_pass *pass,
                                             recur_network_float_workspace *w);

/** Single-precision twin of recur_network_forward(). */
RECUR_MUST_USE int recur_network_float_forward(const gsl_vector_float *theta,
                                               const recur_network_float_pass *pass,
                                               recur_network_float_workspace *w);

/** Single-precision twin of recur_network_backward(). */
RECUR_MUST_USE int recur_network_float_backward(const gsl_vector_float *theta,
                                                const recur_network_float_pass *pass,
                                                const recur_network_float_gradients *gradients,
                                                recur_network_float_workspace *w);

/** Single-precision twin of recur_network_gates(). */
RECUR_MUST_USE int recur_network_float_gates(const recur_network_float_workspace *w, size_t layer,
                                             size_t direction, gsl_matrix_float *gates);

/** Single-precision twin of recur_network_gate_gradients(). */
RECUR_MUST_USE int recur_network_float_gate_gradients(const recur_network_float_workspace *w,
                                                      size_t layer, size_t direction,
                                                      gsl_matrix_float *dgates);

/** Single-precision twin of recur_network_cell_states(). */
RECUR_MUST_USE int recur_network_float_cell_states(const recur_network_float_workspace *w,
                                                   size_t layer, size_t direction,
                                                   gsl_matrix_float *c);

/** Single-precision twin of recur_network_layer_outputs(). */
RECUR_MUST_USE int recur_network_float_layer_outputs(const recur_network_float_workspace *w,
                                                     size_t layer, gsl_matrix_float *y);

#ifdef __cplusplus
}
#endif

#endif
