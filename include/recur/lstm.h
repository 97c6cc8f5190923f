/* Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000), with
   peepholes, coupled gates and projection as options. f is sigmoid, g and h tanh by default; W x
   stands for W_i x_t + b_i, U h for W_h h_{t-1} + b_h, of each gate's rows:

     i = f(W_i x + U_i h [+ p_i o c_{t-1}])       input
     f = f(W_f x + U_f h [+ p_f o c_{t-1}])       forget; coupled: f = 1 - i, and no such gate
     g = g(W_g x + U_g h)                         candidate
     c_t = f o c_{t-1} + i o g                    [clamped to +-cell_clamp]
     o = f(W_o x + U_o h [+ p_o o c_t])           output
     m_t = o o h(c_t)
     h_t = m_t                                    [projected: h_t = W_hr m_t, of size P]

   Peepholes (Gers and Schmidhuber 2000): Qiu, Neural Networks and Deep Learning, 6.61-6.63;
   coupled: 6.64; projection: Sak et al. 2014. The gradients, where a_q is the input of gate q, and
   dc comes from step t + 1:

     dm   = dh, projected W_hr^T dh               da_o = dm o h(c_t) o f'(a_o)
     dc  += dm o o o h'(c_t) + p_o o da_o         0 where c_t was clamped
     da_i = dc o g o f'(a_i)                      coupled: dc o (g - c_{t-1}) o f'(a_i)
     da_f = dc o c_{t-1} o f'(a_f)                da_g = dc o i o g'(a_g)
     dc_{t-1} = dc o f + p_i o da_i + p_f o da_f
     dh_{t-1} = sum over the gates of U_q^T da_q
     dp_i += da_i o c_{t-1},  dp_f += da_f o c_{t-1},  dp_o += da_o o c_t,  dW_hr += dh m_t^T

   With layer_normalization (Ba, Kiros and Hinton 2016, equations 20-22) the products of all gates
   together are normalised before the biases are added, which are the shifts:

     W x = LN(W x_t) o g_ih + b_i            LN(v) = (v - mean(v)) / sqrt(var(v) + 1e-5)
     U h = LN(U h_{t-1}) o g_hh + b_h        var(v) = mean((v - mean(v))^2)

   with gains g; the gradients are in recur/gru.h. The paper, and the LayerNormLSTM among PyTorch's
   examples, normalise c_t on its way out in addition, which is not done here.

   Four gates, i f g o: G = 4; coupled three, i g o. Options: bias, f, g, h, gate_clamp,
   peepholes, coupled_gates, projection_size, cell_clamp, layer_normalization, in any combination.
   Other names: torch.nn.LSTM (proj_size), keras.layers.LSTM (i f c o), ONNX LSTM (i o f c; P,
   input_forget, clip), oneDNN LSTM (i f c o; peephole and projection variants).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_LSTM_H
#define RECUR_LSTM_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One layer, one direction, biases; no peepholes, not coupled, no projection, nothing clamped. */
recur_network recur_lstm(size_t input_size, size_t hidden_size);

#ifdef __cplusplus
}
#endif

#endif
