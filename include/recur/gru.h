/* The gated recurrent unit (Cho et al. 2014), in both variants. f is sigmoid and g tanh by default;
   W x stands for W_i x_t + b_i, U h for W_h h_{t-1} + b_h, of each gate's rows:

     r = f(W_r x + U_r h)                reset
     z = f(W_z x + U_z h)                update: z keeps the old state
     n = g(W_n x + r o (U_n h))          RECUR_RESET_AFTER: r after the product; torch, the default
     n = g(W_n x + U_n (r o h))          RECUR_RESET_BEFORE: r before it (Qiu 6.66; ONNX's default)
     h_t = (1 - z) o n + z o h_{t-1}

   In the second, b_hn stands outside of the product. The gradients, where a_q is the input of gate
   q:

     da_n = dh o (1 - z) o g'(a_n)       da_z = dh o (h_{t-1} - n) o f'(a_z)
     after:  q = U_n h,  dq = da_n o r,  da_r = da_n o q o f'(a_r)
             dh_{t-1} = dh o z + U_r^T da_r + U_z^T da_z + U_n^T dq
     before: s = r o h_{t-1},  ds = U_n^T da_n,  da_r = ds o h_{t-1} o f'(a_r)
             dh_{t-1} = dh o z + ds o r + U_r^T da_r + U_z^T da_z

   With layer_normalization (Ba, Kiros and Hinton 2016) a product W x is normalised before the bias
   is added, of r and z together and of n for itself, and U h likewise:

     W_rz x = LN(W_rz x_t) o g_ih + b_i      LN(v) = (v - mean(v)) / sqrt(var(v) + 1e-5)
     W_n x  = LN(W_n x_t) o g_ih + b_i       var(v) = mean((v - mean(v))^2)

   with the gains' own rows; the biases are the shifts. From d = da o g, the gradient of LN(v),
   comes

     dv = (d - mean(d) - LN(v) mean(d o LN(v))) / sqrt(var(v) + 1e-5),   dg += da o LN(v)

   Three gates, r z n: G = 3. Options: bias, f, g, gate_clamp (of each a), reset,
   layer_normalization. Other names: torch.nn.GRU (after), keras.layers.GRU (after, z r h; before
   with reset_after=False), ONNX GRU (before, or after with linear_before_reset = 1; z r h), oneDNN
   GRU (before, u r o) and LBR-GRU (after).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_GRU_H
#define RECUR_GRU_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One layer, one direction, biases, reset after. */
recur_network recur_gru(size_t input_size, size_t hidden_size);

#ifdef __cplusplus
}
#endif

#endif
