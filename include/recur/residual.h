/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The residual cell (Qiu, Neural Networks and Deep Learning, equation 6.50).
 *
 * `o` is the element-wise product, and phi is the activation f, tanh by default:
 *
 *     z_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
 *     h_t = h_{t-1} + phi(z_t)
 *
 *     dz_t     = dh_t o phi'(z_t)
 *     dh_{t-1} = dh_t + W_hh^T dz_t + (direct gradient from the loss)
 *
 * Both terms of the sum have H elements, so the input size I may differ from H. The Jacobian of one
 * step is `1 + diag(phi') W_hh`, where 1 is the identity matrix: the gradient of the first term
 * does not vanish, but products of Jacobians can still explode.
 *
 * There is one gate, phi(z_t): G = 1. The options are bias, f and gate_clamp. None of the systems
 * whose parameters Recur converts has this cell.
 */

#ifndef RECUR_RESIDUAL_H
#define RECUR_RESIDUAL_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the description of a residual network: one layer, one direction, tanh, biases.
 *
 * Allocates nothing and never fails: functions that take the network check its sizes.
 *
 * @param input_size   I, the number of input features
 * @param hidden_size  H, the number of hidden units
 * @return the network, whose fields may be changed.
 */
recur_network recur_residual(size_t input_size, size_t hidden_size);

#ifdef __cplusplus
}
#endif

#endif
