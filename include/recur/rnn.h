/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The simple recurrent cell (Elman).
 *
 * The activation phi is f, tanh by default:
 *
 *     z_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
 *     h_t = phi(z_t)
 *
 * The gradients (Qiu, Neural Networks and Deep Learning, chapter 6, equations 6.34-6.41), where
 * `dz_t = dL/dz_t`, dh_t is the total gradient of h_t, and `o` is the element-wise product:
 *
 *     dz_t     = dh_t o phi'(z_t)
 *     dh_{t-1} = W_hh^T dz_t + (direct gradient from the loss)
 *     dx_t     = W_ih^T dz_t
 *     dW_ih   += dz_t x_t^T           db_ih += dz_t
 *     dW_hh   += dz_t h_{t-1}^T       db_hh += dz_t
 *
 * There is one gate: G = 1. The options are bias, f and gate_clamp.
 *
 * Equivalents: torch.nn.RNN, keras.layers.SimpleRNN (one bias), ONNX RNN, oneDNN vanilla RNN.
 */

#ifndef RECUR_RNN_H
#define RECUR_RNN_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the description of a simple recurrent network: one layer, one direction, tanh, biases.
 *
 * Allocates nothing and never fails: functions that take the network check its sizes.
 *
 * @param input_size   I, the number of input features
 * @param hidden_size  H, the number of hidden units
 * @return the network, whose fields may be changed.
 */
recur_network recur_rnn(size_t input_size, size_t hidden_size);

/** Computes the textbook's error terms `delta_{t,k} = dL_t/dz_k` for all k <= t.
 *
 * L_t is the loss at step t alone, and steps are counted from 0. The network has one layer and one
 * direction, without gate_clamp, recurrent dropout and zoneout:
 *
 *     delta_{t,t} = dL_t/dh_t o phi'(z_t)
 *     delta_{t,k} = W_hh^T delta_{t,k+1} o phi'(z_k)
 *
 * Allocates nothing and may be called from any thread.
 *
 * @param weight_hh  W_hh: `H x H`
 * @param phi        the activation of the cell
 * @param h          `T*B x H`, the outputs of the forward pass; at least `(t + 1)*B` rows
 * @param t          the step of the loss, less than T
 * @param dh_t       `B x H`, the gradient dL_t/dh_t
 * @param delta      output: `(t + 1)*B x H`, with `delta_{t,k}` in rows `k*B` to `k*B + B - 1`
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if a shape is wrong;
 *   GSL_EINVAL if phi or t is invalid or delta overlaps another argument; GSL_EUNIMPL if the value
 *   of phi does not determine its slope (recur/activation.h).
 */
RECUR_MUST_USE int recur_rnn_error_terms(const gsl_matrix *weight_hh, const recur_activation *phi,
                                         const gsl_matrix *h, size_t t, const gsl_matrix *dh_t,
                                         gsl_matrix *delta);

/** Single-precision twin of recur_rnn_error_terms(). */
RECUR_MUST_USE int recur_rnn_float_error_terms(const gsl_matrix_float *weight_hh,
                                               const recur_activation *phi,
                                               const gsl_matrix_float *h, size_t t,
                                               const gsl_matrix_float *dh_t,
                                               gsl_matrix_float *delta);

#ifdef __cplusplus
}
#endif

#endif
