/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The gated recurrent unit (Cho et al. 2014), in both variants.
 *
 * By default f is the sigmoid and g is tanh. `W x` stands for `W_i x_t + b_i` and `U h` for
 * `W_h h_{t-1} + b_h`, with the rows of each gate; `o` is the element-wise product:
 *
 *     r = f(W_r x + U_r h)         reset gate
 *     z = f(W_z x + U_z h)         update gate: z keeps the old state
 *     n = g(W_n x + r o (U_n h))   RECUR_RESET_AFTER: PyTorch, the default
 *     n = g(W_n x + U_n (r o h))   RECUR_RESET_BEFORE: Qiu 6.66, ONNX
 *     h_t = (1 - z) o n + z o h_{t-1}
 *
 * With RECUR_RESET_BEFORE, `U_n (r o h)` is `W_hn (r o h_{t-1}) + b_hn`: r does not multiply b_hn.
 *
 * The gradients, where a_q is the input of gate q:
 *
 *     da_n = dh o (1 - z) o g'(a_n)     da_z = dh o (h_{t-1} - n) o f'(a_z)
 *     after:  q = U_n h,  dq = da_n o r,  da_r = da_n o q o f'(a_r)
 *             dh_{t-1} = dh o z + U_r^T da_r + U_z^T da_z + U_n^T dq
 *     before: s = r o h_{t-1},  ds = U_n^T da_n
 *             da_r = ds o h_{t-1} o f'(a_r)
 *             dh_{t-1} = dh o z + ds o r + U_r^T da_r + U_z^T da_z
 *
 * The option `layer_normalization` (Ba, Kiros and Hinton 2016) normalizes each product `W x` before
 * its bias is added: r and z together, n by itself; and `U h` likewise. The biases are the shifts,
 * and each gate has its own rows of the gains:
 *
 *     W_rz x = LN(W_rz x_t) o g_ih + b_i
 *     W_n x  = LN(W_n x_t) o g_ih + b_i
 *     LN(v)  = (v - mean(v)) / sqrt(var(v) + 1e-5)
 *     var(v) = mean((v - mean(v))^2)
 *
 * The gradients of v and g follow from `d = da o g`, the gradient of LN(v):
 *
 *     dv  = (d - mean(d) - LN(v) mean(d o LN(v))) / sqrt(var(v) + 1e-5)
 *     dg += da o LN(v)
 *
 * There are three gates, in the order r z n: G = 3. The options are bias, f, g, gate_clamp (applied
 * to each a), reset and layer_normalization.
 *
 * Equivalents in other systems:
 *
 * - torch.nn.GRU: after
 * - keras.layers.GRU: after; before with reset_after=False; gates z r h
 * - ONNX GRU: before; after with linear_before_reset = 1; gates z r h
 * - oneDNN: GRU is before, LBR-GRU is after; gates u r o
 */

#ifndef RECUR_GRU_H
#define RECUR_GRU_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the description of a GRU: one layer, one direction, biases, RECUR_RESET_AFTER.
 *
 * Allocates nothing and never fails: functions that take the network check its sizes.
 *
 * @param input_size   I, the number of input features
 * @param hidden_size  H, the number of hidden units
 * @return the network, whose fields may be changed.
 */
recur_network recur_gru(size_t input_size, size_t hidden_size);

#ifdef __cplusplus
}
#endif

#endif
