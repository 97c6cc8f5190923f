/* The simple recurrent cell (Elman):

     z_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
     h_t = phi(z_t)                                      phi = f, tanh by default

   and its gradients, with dz_t = dL/dz_t (Qiu, Neural Networks and Deep Learning, chapter 6,
   equations 6.34-6.41; here dh_t is the whole gradient of h_t):

     dz_t     = dh_t o phi'(z_t)
     dh_{t-1} = W_hh^T dz_t + what the loss gives directly
     dx_t     = W_ih^T dz_t
     dW_ih   += dz_t x_t^T           db_ih += dz_t
     dW_hh   += dz_t h_{t-1}^T       db_hh += dz_t

   One gate: G = 1. Options: bias, f, gate_clamp.
   Other names: torch.nn.RNN, keras.layers.SimpleRNN (one bias), ONNX RNN, oneDNN vanilla RNN.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_RNN_H
#define RECUR_RNN_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One layer, one direction, tanh, biases. */
recur_network recur_rnn(size_t input_size, size_t hidden_size);

/* The textbook's error terms delta_{t,k} = dL_t/dz_k for all k <= t, where L_t is the loss at step
   t alone, of one layer and direction without gate_clamp, recurrent dropout and zoneout:

     delta_{t,t} = dL_t/dh_t o phi'(z_t)
     delta_{t,k} = W_hh^T delta_{t,k+1} o phi'(z_k)       (steps are counted from 0)

   B is the number of rows of dh_t, and h has at least (t + 1)*B. */
RECUR_MUST_USE int recur_rnn_error_terms(const gsl_matrix *weight_hh, /* H x H */
                                         const recur_activation *phi,
                                         const gsl_matrix *h,    /* T*B x H, from forward */
                                         size_t t,               /* below T */
                                         const gsl_matrix *dh_t, /* B x H, dL_t/dh_t */
                                         gsl_matrix *delta);     /* out: (t+1)*B x H */
RECUR_MUST_USE int recur_rnn_float_error_terms(const gsl_matrix_float *weight_hh,
                                               const recur_activation *phi,
                                               const gsl_matrix_float *h, size_t t,
                                               const gsl_matrix_float *dh_t,
                                               gsl_matrix_float *delta);

#ifdef __cplusplus
}
#endif

#endif
