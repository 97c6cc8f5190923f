/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Initial parameters, drawn from a seed.
 *
 * Uniform values are the same on every platform. Orthogonal values are the same up to the rounding
 * of the compiler and the mathematics library. Single-precision values are the double-precision
 * values, rounded. The functions may be called from any thread.
 */

#ifndef RECUR_INITIALIZATION_H
#define RECUR_INITIALIZATION_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a matrix of parameters is initialized. */
typedef enum {
  RECUR_SCHEME_ZEROS,   /**< All 0. */
  RECUR_SCHEME_UNIFORM, /**< Uniform between -1/sqrt(n) and 1/sqrt(n). In a network n = H, which is
                             PyTorch's default. */
  RECUR_SCHEME_GLOROT,  /**< Weights: uniform between -b and b, where b = sqrt(6 / (rows + columns))
                             of the whole matrix. */
  RECUR_SCHEME_ORTHOGONAL, /**< Weights: the whole matrix has orthonormal columns, or orthonormal
                                rows if it has fewer rows than columns, and is uniformly distributed
                                among such matrices (Saxe et al. 2014). */
  RECUR_SCHEME_BLOCK_ORTHOGONAL /**< Weights: as RECUR_SCHEME_ORTHOGONAL, for each gate's block of
                                     rows separately. A block has H rows; a block of peepholes has
                                     one. */
} recur_scheme;

/** The initialization of a network. The gains weight_ln_ih and weight_ln_hh are always 1. */
typedef struct {
  recur_scheme input;        /**< For weight_ih, weight_hr and weight_peephole. */
  recur_scheme recurrent;    /**< For weight_hh. */
  recur_scheme bias;         /**< For the biases: RECUR_SCHEME_ZEROS or RECUR_SCHEME_UNIFORM. */
  bool set_forget_gate_bias; /**< LSTM with biases and without coupled gates: whether to set the
                                  forget gate's part of bias_ih to forget_gate_bias, and that of
                                  bias_hh to 0. */
  double forget_gate_bias;   /**< The forget gate's bias; 0 unless set_forget_gate_bias is set. */
  uint64_t seed;             /**< The seed of the random values. */
} recur_initialization;

/** Initializes all parameters of a network.
 *
 * May allocate scratch memory, which it frees.
 *
 * @param network         the network
 * @param initialization  the schemes and the seed
 * @param theta           output: all parameters, as many as recur_parameters_count() reports;
 *   stride 1
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if the network, a scheme, the forget gate's bias or the stride is invalid;
 *   GSL_ENOMEM if there is no memory for scratch.
 */
RECUR_MUST_USE int recur_parameters_initialize(const recur_network *network,
                                               const recur_initialization *initialization,
                                               gsl_vector *theta);

/** Single-precision twin of recur_parameters_initialize(). */
RECUR_MUST_USE int recur_parameters_float_initialize(const recur_network *network,
                                                     const recur_initialization *initialization,
                                                     gsl_vector_float *theta);

/** Initializes one matrix, such as the weights of an output layer.
 *
 * Streams of one seed are independent of each other and of the network's parameters. May allocate
 * scratch memory, which it frees.
 *
 * @param scheme  any scheme but RECUR_SCHEME_BLOCK_ORTHOGONAL
 * @param n       the n of RECUR_SCHEME_UNIFORM; at least 1 with every scheme
 * @param seed    the seed of the random values
 * @param stream  the number of the stream: a different one for each matrix
 * @param m       output: matrix of any shape
 * @return GSL_SUCCESS; GSL_EFAULT if m is NULL; GSL_EINVAL if the scheme or n is invalid;
 *   GSL_ENOMEM if there is no memory for scratch.
 */
RECUR_MUST_USE int recur_matrix_initialize(recur_scheme scheme, size_t n, uint64_t seed,
                                           uint32_t stream, gsl_matrix *m);

/** Single-precision twin of recur_matrix_initialize(). */
RECUR_MUST_USE int recur_matrix_float_initialize(recur_scheme scheme, size_t n, uint64_t seed,
                                                 uint32_t stream, gsl_matrix_float *m);

#ifdef __cplusplus
}
#endif

#endif
