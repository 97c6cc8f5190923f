/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Models: graphs of layers over time (recur/node.h), forward and backward.
 *
 *     const recur_node nodes[] = {
 *         {.name = "x", .kind = RECUR_NODE_FEATURES, .size = 1},
 *         {.name = "lstm",
 *          .from = {"x"},
 *          .kind = RECUR_NODE_NETWORK,
 *          .network = recur_lstm(1, 40)},
 *         {.name = "head",
 *          .from = {"lstm"},
 *          .kind = RECUR_NODE_DENSE,
 *          .size = 1,
 *          .bias = true},
 *         {.name = "y",
 *          .from = {"head", "x"},
 *          .kind = RECUR_NODE_ADD,
 *          .output = true},
 *     };
 *     recur_model *model = recur_model_alloc(nodes, 4);
 *
 * All parameters are one vector, theta. It has the slices of each node, in the order of the nodes:
 *
 *     EMBEDDING            weight  size x columns of the table
 *     NETWORK              the slices of recur/parameters.h
 *     DENSE                weight  O x I
 *                          bias    O x 1
 *     CONVOLUTION          weight  O x (C/g)*K: PyTorch's (O, C/g, K)
 *                          bias    O x 1
 *     PRELU                weight  C x 1, or 1 x 1 if shared
 *     LAYER_NORMALIZATION  weight  C x 1
 *                          bias    C x 1
 *     SCALE                weight  C x 1
 *                          bias    C x 1
 *
 * The state of a model is one vector, too, with the states of these nodes in the order of the
 * nodes:
 *
 *     NETWORK              h       L*D*B x P
 *                          c       L*D*B x H, with a cell state
 *     CONVOLUTION          inputs  dilation*(K - 1)*B x C, if it is
 *                                  causal: the last inputs, by step
 *
 * Sequences may be computed whole, in chunks, or step by step, with bit-identical results: pass the
 * final state of one call as the initial state of the next. recur_model_check_stream() tells
 * whether a model can be computed in chunks. Lengths, masks, threads, the floating-point
 * environment and the rules about memory are those of recur/network.h.
 */

#ifndef RECUR_MODEL_H
#define RECUR_MODEL_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <recur/attributes.h>
#include <recur/initialization.h>
#include <recur/mode.h>
#include <recur/network.h>
#include <recur/node.h>
#include <recur/threads.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A model without its parameters. It does not change, so any number of threads may use it. */
typedef struct recur_model recur_model;

enum {
  RECUR_MODEL_NODES = 4096, /**< The maximum number of nodes of a model. */
  RECUR_MODEL_STRIDES = 64  /**< The maximum number of convolutions, one after another, that change
                                 the number of steps. */
};

/** Checks nodes and creates a model.
 *
 * @param nodes  the nodes, each after those that it reads; they are copied with their names
 * @param count  the number of nodes, 1 to RECUR_MODEL_NODES
 * @return the model, to be freed with recur_model_free() after its weights and workspaces; NULL,
 * with the reason in recur_last_error(), if a node is invalid, if its value is neither read nor an
 *   output, or if there is not enough memory.
 */
RECUR_MUST_USE recur_model *recur_model_alloc(const recur_node *nodes, size_t count);

/** Frees a model.
 *
 * @param model  the model, or NULL
 */
void recur_model_free(recur_model *model);

/** Returns the number of nodes of a model.
 *
 * @param model  the model, or NULL
 * @return the number; 0 for NULL.
 */
size_t recur_model_node_count(const recur_model *model);

/** Returns a node of a model.
 *
 * @param model  the model, or NULL
 * @param k      the number of the node
 * @return the node, which the model owns; NULL if the model is NULL or k is out of range.
 */
const recur_node *recur_model_node(const recur_model *model, size_t k);

/** The shape of a value. */
typedef struct {
  size_t rows;      /**< B times the number of steps, or B for one row for each sequence. */
  size_t columns;   /**< `positions * channels`; 1 for tokens. */
  size_t positions; /**< Q. */
  size_t channels;  /**< C. */
} recur_model_shape;

/** Computes the shape of a node's value.
 *
 * @param model       the model
 * @param node        the number of the node
 * @param steps       T
 * @param batch_size  B
 * @param shape       output: the shape
 * @return GSL_SUCCESS; GSL_EFAULT if a pointer is NULL; GSL_EINVAL if the number is out of range or
 *   a size is too large.
 */
RECUR_MUST_USE int recur_model_value_shape(const recur_model *model, size_t node, size_t steps,
                                           size_t batch_size, recur_model_shape *shape);

/** A named part of the parameters or of the state: a matrix that is stored row by row. */
typedef struct {
  char name[128]; /**< The node and the part, such as "lstm.weight_ih_l0" or "lstm.h". */
  size_t rows;    /**< The number of rows. */
  size_t columns; /**< The number of columns. */
  size_t offset;  /**< The index of the first element in the vector. */
} recur_model_slice;

/** Computes the number of slices and elements of the parameters.
 *
 * @param model   the model
 * @param slices  output: the number of slices
 * @param count   output: the number of elements
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL.
 */
RECUR_MUST_USE int recur_model_parameters_count(const recur_model *model, size_t *slices,
                                                size_t *count);

/** Describes one slice of the parameters.
 *
 * @param model  the model
 * @param k      the number of the slice
 * @param slice  output: its name, shape and offset
 * @return GSL_SUCCESS; GSL_EFAULT if a pointer is NULL; GSL_EINVAL if k is out of range.
 */
RECUR_MUST_USE int recur_model_parameters_slice(const recur_model *model, size_t k,
                                                recur_model_slice *slice);

/** Initializes all parameters of a model.
 *
 *     EMBEDDING            standard normal
 *     NETWORK              as recur_parameters_initialize()
 *     DENSE, CONVOLUTION   weight  the scheme `input`, for the matrix
 *                                  as one block; n is its number of
 *                                  columns
 *                          bias    the scheme `bias`, with the same n
 *     PRELU                0.25
 *     LAYER_NORMALIZATION  weight 1, bias 0
 *     SCALE                weight 1, bias 0
 *
 * Each node draws from a seed of its own, which is made of the given seed and the number of the
 * node. A forget gate's bias is set in every LSTM that has one. May allocate scratch memory, which
 * it frees.
 *
 * @param model           the model
 * @param initialization  the schemes and the seed
 * @param theta           output: all parameters; stride 1
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if a scheme, the forget gate's bias or the stride is invalid, or if a forget gate's
 *   bias is given and no network has one; GSL_ENOMEM if there is no memory for scratch.
 */
RECUR_MUST_USE int recur_model_initialize(const recur_model *model,
                                          const recur_initialization *initialization,
                                          gsl_vector *theta);

/** Single-precision twin of recur_model_initialize(). */
RECUR_MUST_USE int recur_model_float_initialize(const recur_model *model,
                                                const recur_initialization *initialization,
                                                gsl_vector_float *theta);

/** Computes the number of slices and elements of the state.
 *
 * @param model       the model
 * @param batch_size  B
 * @param slices      output: the number of slices
 * @param count       output: the number of elements
 * @return GSL_SUCCESS; GSL_EFAULT if a pointer is NULL; GSL_EINVAL if the state is too large.
 */
RECUR_MUST_USE int recur_model_state_count(const recur_model *model, size_t batch_size,
                                           size_t *slices, size_t *count);

/** Describes one slice of the state.
 *
 * @param model       the model
 * @param batch_size  B
 * @param k           the number of the slice
 * @param slice       output: its name, shape and offset
 * @return GSL_SUCCESS; GSL_EFAULT if a pointer is NULL; GSL_EINVAL if k is out of range or the
 * state is too large.
 */
RECUR_MUST_USE int recur_model_state_slice(const recur_model *model, size_t batch_size, size_t k,
                                           recur_model_slice *slice);

/** Checks that a model can be computed chunk by chunk, and step by step.
 *
 * @param model  the model
 * @param steps  output: chunks have a multiple of this number of steps, except the last; the
 *   product of the strides over steps; for several branches, the least common multiple
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EUNIMPL, with the name of the node in
 *   recur_last_error(), if a node needs whole sequences: a network with a reverse direction, a
 *   convolution over steps that is not causal, a first step, a mean or a maximum.
 */
RECUR_MUST_USE int recur_model_check_stream(const recur_model *model, size_t *steps);

/** Parameters packed for inference: see recur_network_weights. */
typedef struct recur_model_weights recur_model_weights;

/** Computes the size of packed weights in bytes.
 *
 * @param model  the model
 * @param bytes  output: the number of bytes that recur_model_weights_alloc() allocates
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EINVAL if the weights are too large.
 */
RECUR_MUST_USE int recur_model_weights_bytes(const recur_model *model, size_t *bytes);

/** Allocates packed weights. Set them with recur_model_weights_set() before they are used.
 *
 * @param model  the model, which must outlive the weights
 * @return the weights, to be freed with recur_model_weights_free(); NULL, with the reason in
 *   recur_last_error(), if they are too large or there is not enough memory.
 */
RECUR_MUST_USE recur_model_weights *recur_model_weights_alloc(const recur_model *model);

/** Frees packed weights.
 *
 * @param weights  the weights, or NULL
 */
void recur_model_weights_free(recur_model_weights *weights);

/** Packs parameters. Allocates nothing. No pass may use the weights during this call.
 *
 * @param weights  output: the packed weights
 * @param theta    all parameters of the model; stride 1
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if its stride is not 1.
 */
RECUR_MUST_USE int recur_model_weights_set(recur_model_weights *weights, const gsl_vector *theta);

/** The scratch memory of a pass, and in training its record, for batches of exactly T steps and B
 * sequences: see recur_network_workspace. It has room for the values of all nodes; in training,
 * also for their gradients.
 */
typedef struct recur_model_workspace recur_model_workspace;

/** Computes the size of a workspace in bytes.
 *
 * @param model           the model
 * @param steps           T
 * @param batch_size      B
 * @param mode            RECUR_MODE_INFERENCE or RECUR_MODE_TRAINING
 * @param segment_length  the segments of the networks: see recur_network_workspace
 * @param bytes           output: the number of bytes that recur_model_workspace_alloc() allocates
 * @return as recur_network_workspace_bytes().
 */
RECUR_MUST_USE int recur_model_workspace_bytes(const recur_model *model, size_t steps,
                                               size_t batch_size, recur_mode mode,
                                               size_t segment_length, size_t *bytes);

/** Allocates a workspace.
 *
 * @param model           the model, which must outlive the workspace
 * @param steps           T
 * @param batch_size      B
 * @param mode            RECUR_MODE_INFERENCE or RECUR_MODE_TRAINING
 * @param segment_length  the segments of the networks
 * @return the workspace, to be freed with recur_model_workspace_free(); NULL, with the reason in
 *   recur_last_error(), if recur_model_workspace_bytes() would fail or there is not enough memory.
 */
RECUR_MUST_USE recur_model_workspace *recur_model_workspace_alloc(const recur_model *model,
                                                                  size_t steps, size_t batch_size,
                                                                  recur_mode mode,
                                                                  size_t segment_length);

/** Frees a workspace. Its threads remain until recur_threads_free().
 *
 * @param w  the workspace, or NULL
 */
void recur_model_workspace_free(recur_model_workspace *w);

/** Sets the threads that later calls with a workspace may use.
 *
 * @param w        the workspace
 * @param threads  the threads; NULL, the initial value, for the calling thread only
 * @return GSL_SUCCESS; GSL_EFAULT if w is NULL.
 */
RECUR_MUST_USE int recur_model_workspace_set_threads(recur_model_workspace *w,
                                                     recur_threads *threads);

/** The arguments of one pass over a batch: its inputs and outputs. The arrays have an element for
 * each FEATURES or TOKENS node, and for each output, in the order of the nodes.
 */
typedef struct {
  const gsl_matrix *const *features;   /**< `T*B x C` each; NULL without FEATURES nodes. */
  const gsl_vector_int *const *tokens; /**< `T*B` each; NULL without TOKENS nodes. */
  const recur_batch *batch;            /**< Lengths and seed; or NULL. */
  const gsl_vector *initial_state;     /**< The state before the first step; NULL for zero. */
  gsl_vector *final_state;    /**< Output: the state after the last step of each sequence; or NULL.
                                   May be initial_state. */
  gsl_matrix *const *outputs; /**< Outputs: one matrix each, with the shape of its value. */
} recur_model_pass;

/** The arguments of a backward pass. */
typedef struct {
  const gsl_matrix *const *doutputs; /**< The gradient of each output; NULL for zero. */
  const gsl_vector *dfinal_state;    /**< The gradient of the final state; NULL for zero. */
  gsl_matrix *const *dfeatures; /**< Outputs: the gradient of each input of features, or NULL for
                                     one that is not computed; or NULL for none. */
  gsl_vector *dinitial_state;   /**< Output: the gradient of the initial state; or NULL. */
  gsl_vector *dtheta;           /**< Output: the gradient of theta is added to it; or NULL. */
  gsl_matrix *const *dvalues;   /**< Outputs: the gradient of the value of each node, or NULL for an
                                     input and one that is not computed; or NULL for none. */
} recur_model_gradients;

/** Computes a pass in inference. Allocates nothing.
 *
 * @param weights  packed weights of the model of w
 * @param pass     the inputs and outputs
 * @param w        a workspace for RECUR_MODE_INFERENCE
 * @return GSL_SUCCESS; GSL_EFAULT if a required argument is NULL; GSL_EBADLEN if a shape is wrong;
 *   GSL_EINVAL if the mode or the weights do not fit the workspace, a length or a token is out of
 *   range, a length is no multiple of the chunks of recur_model_check_stream() although a final
 * state is given, or an output overlaps another argument.
 */
RECUR_MUST_USE int recur_model_infer(const recur_model_weights *weights,
                                     const recur_model_pass *pass, recur_model_workspace *w);

/** Computes a pass in training and records it. Allocates nothing.
 *
 * @param theta  all parameters; stride 1
 * @param pass   the inputs and outputs
 * @param w      a workspace for RECUR_MODE_TRAINING
 * @return as recur_model_infer(); also GSL_EINVAL if the model draws masks and pass->batch is NULL.
 */
RECUR_MUST_USE int recur_model_forward(const gsl_vector *theta, const recur_model_pass *pass,
                                       recur_model_workspace *w);

/** Computes the gradients of a loss by backpropagation through the graph and through time.
 * Allocates nothing.
 *
 * Each forward pass permits one backward pass in the same workspace. theta and the inputs and
 * outputs of the pass must have the values that they had after the forward pass.
 *
 * @param theta      all parameters; stride 1
 * @param pass       the inputs and outputs of the forward pass
 * @param gradients  the given gradients, and the gradients to compute
 * @param w          the workspace of the forward pass
 * @return GSL_SUCCESS; GSL_EFAULT if a required argument is NULL; GSL_EBADLEN if a shape is wrong;
 *   GSL_EINVAL if w has no forward pass, a stride is not 1, dvalues has a matrix for an input, or
 *   an output overlaps another argument.
 */
RECUR_MUST_USE int recur_model_backward(const gsl_vector *theta, const recur_model_pass *pass,
                                        const recur_model_gradients *gradients,
                                        recur_model_workspace *w);

/** Single-precision twin of recur_model_weights. */
typedef struct recur_model_float_weights recur_model_float_weights;

/** Single-precision twin of recur_model_weights_bytes(). */
RECUR_MUST_USE int recur_model_float_weights_bytes(const recur_model *model, size_t *bytes);

/** Single-precision twin of recur_model_weights_alloc(). */
RECUR_MUST_USE recur_model_float_weights *recur_model_float_weights_alloc(const recur_model *model);

/** Single-precision twin of recur_model_weights_free(). */
void recur_model_float_weights_free(recur_model_float_weights *weights);

/** Single-precision twin of recur_model_weights_set(). */
RECUR_MUST_USE int recur_model_float_weights_set(recur_model_float_weights *weights,
                                                 const gsl_vector_float *theta);

/** Single-precision twin of recur_model_workspace. */
typedef struct recur_model_float_workspace recur_model_float_workspace;

/** Single-precision twin of recur_model_workspace_bytes(). */
RECUR_MUST_USE int recur_model_float_workspace_bytes(const recur_model *model, size_t steps,
                                                     size_t batch_size, recur_mode mode,
                                                     size_t segment_length, size_t *bytes);

/** Single-precision twin of recur_model_workspace_alloc(). */
RECUR_MUST_USE recur_model_float_workspace *
recur_model_float_workspace_alloc(const recur_model *model, size_t steps, size_t batch_size,
                                  recur_mode mode, size_t segment_length);

/** Single-precision twin of recur_model_workspace_free(). */
void recur_model_float_workspace_free(recur_model_float_workspace *w);

/** Single-precision twin of recur_model_workspace_set_threads(). */
RECUR_MUST_USE int recur_model_float_workspace_set_threads(recur_model_float_workspace *w,
                                                           recur_threads *threads);

/** Single-precision twin of recur_model_pass. */
typedef struct {
  const gsl_matrix_float *const *features; /**< `T*B x C` each; NULL without FEATURES nodes. */
  const gsl_vector_int *const *tokens;     /**< `T*B` each; NULL without TOKENS nodes. */
  const recur_batch *batch;                /**< Lengths and seed; or NULL. */
  const gsl_vector_float *initial_state;   /**< The state before the first step; NULL for zero. */
  gsl_vector_float *final_state;           /**< Output: the state after the last steps; or NULL. */
  gsl_matrix_float *const *outputs;        /**< Outputs: one matrix each. */
} recur_model_float_pass;

/** Single-precision twin of recur_model_gradients. */
typedef struct {
  const gsl_matrix_float *const *doutputs; /**< The gradient of each output; NULL for zero. */
  const gsl_vector_float *dfinal_state;    /**< The gradient of the final state; NULL for zero. */
  gsl_matrix_float *const *dfeatures;      /**< Outputs: the gradients of features; or NULL. */
  gsl_vector_float *dinitial_state;        /**< Output: that of the initial state; or NULL. */
  gsl_vector_float *dtheta;                /**< Output: that of theta is added to it; or NULL. */
  gsl_matrix_float *const *dvalues;        /**< Outputs: those of the nodes' values; or NULL. */
} recur_model_float_gradients;

/** Single-precision twin of recur_model_infer(). */
RECUR_MUST_USE int recur_model_float_infer(const recur_model_float_weights *weights,
                                           const recur_model_float_pass *pass,
                                           recur_model_float_workspace *w);

/** Single-precision twin of recur_model_forward(). */
RECUR_MUST_USE int recur_model_float_forward(const gsl_vector_float *theta,
                                             const recur_model_float_pass *pass,
                                             recur_model_float_workspace *w);

/** Single-precision twin of recur_model_backward(). */
RECUR_MUST_USE int recur_model_float_backward(const gsl_vector_float *theta,
                                              const recur_model_float_pass *pass,
                                              const recur_model_float_gradients *gradients,
                                              recur_model_float_workspace *w);

#ifdef __cplusplus
}
#endif

#endif
