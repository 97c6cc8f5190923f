/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000), with
 * optional peepholes, coupled gates and projection.
 *
 * By default f is the sigmoid, and g and h are tanh. `W x` stands for `W_i x_t + b_i` and `U h` for
 * `W_h h_{t-1} + b_h`, with the rows of each gate; `o` between two terms is the element-wise
 * product:
 *
 *     i = f(W_i x + U_i h [+ p_i o c_{t-1}])   input gate
 *     f = f(W_f x + U_f h [+ p_f o c_{t-1}])   forget gate; coupled: 1 - i
 *     g = g(W_g x + U_g h)                     candidate
 *     c_t = f o c_{t-1} + i o g                [clamped to +-cell_clamp]
 *     o = f(W_o x + U_o h [+ p_o o c_t])       output gate
 *     m_t = o o h(c_t)
 *     h_t = m_t                                [projected: W_hr m_t]
 *
 * References: peepholes, Gers and Schmidhuber 2000, and Qiu, Neural Networks and Deep Learning,
 * 6.61-6.63; coupled gates, Qiu 6.64; projection, Sak et al. 2014.
 *
 * The gradients, where a_q is the input of gate q and dc comes from step t + 1:
 *
 *     dm   = dh                            projected: W_hr^T dh
 *     da_o = dm o h(c_t) o f'(a_o)
 *     dc  += dm o o o h'(c_t) + p_o o da_o   0 where c_t was clamped
 *     da_i = dc o g o f'(a_i)   coupled: dc o (g - c_{t-1}) o f'(a_i)
 *     da_f = dc o c_{t-1} o f'(a_f)
 *     da_g = dc o i o g'(a_g)
 *     dc_{t-1} = dc o f + p_i o da_i + p_f o da_f
 *     dh_{t-1} = sum over the gates of U_q^T da_q
 *     dp_i += da_i o c_{t-1},  dp_f += da_f o c_{t-1},  dp_o += da_o o c_t
 *     dW_hr += dh m_t^T
 *
 * The option `layer_normalization` (Ba, Kiros and Hinton 2016, equations 20-22) normalizes the
 * products of all gates together before the biases, which are the shifts, are added:
 *
 *     W x = LN(W x_t) o g_ih + b_i
 *     U h = LN(U h_{t-1}) o g_hh + b_h
 *     LN(v)  = (v - mean(v)) / sqrt(var(v) + 1e-5)
 *     var(v) = mean((v - mean(v))^2)
 *
 * Here g_ih and g_hh are the gains; recur/gru.h has the gradients. Unlike the paper and the
 * LayerNormLSTM in PyTorch's examples, Recur does not normalize c_t in `h(c_t)`.
 *
 * There are four gates, in the order i f g o: G = 4. With coupled gates there are three, i g o. The
 * options are bias, f, g, h, gate_clamp, peepholes, coupled_gates, projection_size, cell_clamp and
 * layer_normalization, in any combination.
 *
 * Equivalents in other systems:
 *
 * - torch.nn.LSTM: proj_size
 * - keras.layers.LSTM: gates i f c o
 * - ONNX LSTM: gates i o f c; P, input_forget, clip
 * - oneDNN LSTM: gates i f c o; variants with peepholes and projection
 */

#ifndef RECUR_LSTM_H
#define RECUR_LSTM_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the description of an LSTM: one layer, one direction, biases, and no other options.
 *
 * Allocates nothing and never fails: functions that take the network check its sizes.
 *
 * @param input_size   I, the number of input features
 * @param hidden_size  H, the number of hidden units
 * @return the network, whose fields may be changed.
 */
recur_network recur_lstm(size_t input_size, size_t hidden_size);

#ifdef __cplusplus
}
#endif

#endif
