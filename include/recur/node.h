/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The nodes of a model: inputs and layers (recur/model.h).
 *
 * A node computes one value from the values of earlier nodes, which it names. A value has C
 * channels at each of Q positions, for each step of each sequence: a matrix with a row for each
 * step and sequence, in the order of recur/network.h, and `Q*C` columns. The channels of position 0
 * come first. Q is 1 for most values; an image row, or a frame of audio samples, has more
 * positions.
 *
 *     FEATURES             an input of the model: Q = 1, C = size
 *     TOKENS               an input of the model: 0 to size - 1
 *     EMBEDDING            row k of the weight for token k; C = size
 *     NETWORK              the outputs of a recurrent network; C = D*P
 *     DENSE                W x + b, where x has all columns; Q = 1,
 *                          C = size
 *     CONVOLUTION          see recur_convolution
 *     ACTIVATION           phi(x)
 *     PRELU                x for x > 0, otherwise a x; one a for each
 *                          channel, or for all if shared
 *     LAYER_NORMALIZATION  (x - mean) / sqrt(var + epsilon) o w + b,
 *                          over the channels of a position; var is the
 *                          mean of (x - mean)^2
 *     SCALE                w o x + b: one w and b for each channel
 *     ADD, MULTIPLY        the sum or the product of values
 *     CONCATENATE          the channels of all values, at each position
 *     SLICE                channels first to first + size - 1 of each
 *                          position
 *     RESHAPE              the same columns as Q = size positions
 *     SOFTMAX              exp(x) / sum exp(x), over the channels of a
 *                          position
 *     MAGNITUDE            sqrt(a^2 + b^2), where a is the first half of
 *                          the channels and b the second
 *     FIRST_STEP           one row for each sequence: its first step
 *     LAST_STEP            one row for each sequence: its last step
 *     MEAN, MAXIMUM        one row for each sequence: over its steps
 *
 * A batch normalization in inference is a SCALE with `w = gamma / sqrt(variance + epsilon)` and
 * `b = beta - mean w`.
 *
 * A sequence without steps has 0 as its first and last step, mean and maximum. The last layer of a
 * network with a reverse direction ends at the first step.
 */

#ifndef RECUR_NODE_H
#define RECUR_NODE_H

#include <recur/activation.h>
#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kind of a node. */
typedef enum {
  RECUR_NODE_FEATURES,            /**< An input of features. */
  RECUR_NODE_TOKENS,              /**< An input of tokens. */
  RECUR_NODE_EMBEDDING,           /**< A table with a row for each token. */
  RECUR_NODE_NETWORK,             /**< A recurrent network. */
  RECUR_NODE_DENSE,               /**< `W x + b` */
  RECUR_NODE_CONVOLUTION,         /**< A convolution over steps or positions. */
  RECUR_NODE_ACTIVATION,          /**< `phi(x)` */
  RECUR_NODE_PRELU,               /**< A leaky ReLU with trained slopes. */
  RECUR_NODE_LAYER_NORMALIZATION, /**< Layer normalization. */
  RECUR_NODE_SCALE,               /**< `w o x + b` */
  RECUR_NODE_ADD,                 /**< The sum. */
  RECUR_NODE_MULTIPLY,            /**< The product of elements. */
  RECUR_NODE_CONCATENATE,         /**< All channels. */
  RECUR_NODE_SLICE,               /**< Some channels. */
  RECUR_NODE_RESHAPE,             /**< Other positions. */
  RECUR_NODE_SOFTMAX,             /**< Probabilities of classes. */
  RECUR_NODE_MAGNITUDE,           /**< The magnitude of complex numbers. */
  RECUR_NODE_FIRST_STEP,          /**< The first step. */
  RECUR_NODE_LAST_STEP,           /**< The last step. */
  RECUR_NODE_MEAN,                /**< The mean of all steps. */
  RECUR_NODE_MAXIMUM,             /**< The maximum of all steps. */
  RECUR_NODE_KINDS                /**< The number of kinds. */
} recur_node_kind;

/** What a convolution runs over. */
typedef enum {
  RECUR_AXIS_STEPS,    /**< The steps of a sequence. */
  RECUR_AXIS_POSITIONS /**< The positions within a step. */
} recur_axis;

/** The values before the first and after the last step or position. For n of them, the index i
 * stands for the index below.
 */
typedef enum {
  RECUR_PADDING_ZEROS,    /**< 0. */
  RECUR_PADDING_REFLECT,  /**< -i for i < 0, `2(n - 1) - i` for i >= n. Padding is less than n. */
  RECUR_PADDING_REPLICATE /**< 0 for i < 0, n - 1 for i >= n. */
} recur_padding;

/** A convolution (in signal processing: a correlation), as in PyTorch and ONNX:
 *
 *     y_i = b + sum over k of W_k x_(i stride + k dilation - before)
 *
 * n values give `floor((n + before + after - dilation (K - 1) - 1) / stride) + 1`; none if n is 0
 * or the numerator is negative. With g groups, the channels of x and y are cut into g parts, and
 * each part of y depends on the same part of x only.
 *
 * A convolution over steps that pads dilation (K - 1) steps of zeros before and none after is
 * causal: it can continue a sequence from a state, which has the last dilation (K - 1) inputs.
 */
typedef struct {
  recur_axis axis;       /**< Steps or positions. */
  size_t output_size;    /**< O, the channels of the output; a multiple of groups. */
  size_t kernel_size;    /**< K, at least 1. */
  size_t stride;         /**< At least 1. */
  size_t dilation;       /**< At least 1. */
  size_t groups;         /**< g, at least 1; divides the channels of the input. */
  size_t before;         /**< The padding before the first step or position. */
  size_t after;          /**< The padding after the last step or position. */
  recur_padding padding; /**< The values of the padding. */
} recur_convolution;

/** Returns a causal convolution over steps: stride, dilation and groups are 1.
 *
 * @param output_size  O
 * @param kernel_size  K
 * @return the convolution, padded with K - 1 zeros before the first step.
 */
recur_convolution recur_causal_convolution(size_t output_size, size_t kernel_size);

enum {
  RECUR_NODE_SOURCES = 8 /**< The maximum number of values that a node reads. */
};

/** A node. Fields that its kind does not use are zero.
 *
 *     {.name = "lstm",
 *      .from = {"x"},
 *      .kind = RECUR_NODE_NETWORK,
 *      .network = recur_lstm(1, 40)}
 */
typedef struct {
  const char *name;     /**< 1 to 79 printable ASCII characters without spaces; unique. */
  recur_node_kind kind; /**< What it computes. */
  const char *from[RECUR_NODE_SOURCES]; /**< The names of the earlier nodes that it reads. */
  bool output;                          /**< Whether its value is an output of the model. */
  size_t size;                          /**< The size in the table above. */
  size_t first;                         /**< SLICE: the first channel. */
  bool bias;                            /**< DENSE, CONVOLUTION: whether b is a parameter. */
  bool shared;                          /**< PRELU: one slope for all channels. */
  double epsilon;                       /**< LAYER_NORMALIZATION: at least FLT_MIN. */
  recur_network network;                /**< NETWORK: its input_size is that of the source; 0 stands
                                             for it. */
  recur_convolution convolution;        /**< CONVOLUTION. */
  recur_activation activation;          /**< ACTIVATION. */
} recur_node;

#ifdef __cplusplus
}
#endif

#endif
