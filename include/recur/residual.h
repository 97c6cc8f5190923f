/* The residual cell (Qiu, Neural Networks and Deep Learning, equation 6.50):

     z_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
     h_t = h_{t-1} + phi(z_t)                            phi = f, tanh by default

     dz_t     = dh_t o phi'(z_t)
     dh_{t-1} = dh_t + W_hh^T dz_t + what the loss gives directly

   The sum is over h, which has H units on both sides, so I and H may differ: x passes through W_ih
   and nothing else. The Jacobian of a step is I + diag(phi') W_hh: the gradient of the first term
   does not vanish, but the products can still explode.

   One gate, phi(z_t): G = 1. Options: bias, f, gate_clamp. No other system that Recur converts from
   has it.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_RESIDUAL_H
#define RECUR_RESIDUAL_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One layer, one direction, tanh, biases. */
recur_network recur_residual(size_t input_size, size_t hidden_size);

#ifdef __cplusplus
}
#endif

#endif
