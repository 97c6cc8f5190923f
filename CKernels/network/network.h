/* Passes of a network without checks of their arguments, for models. Their results are those of the
   public functions of the same names.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_NETWORK_H
#define RK_NETWORK_H

#include "network/workspace.h"

/* A pass in inference. `function` is named in errors of the batch. */
int rk_network_infer(const char *function, const recur_network_weights *weights,
                     const recur_network_pass *pass, recur_network_workspace *w);

/* A pass in training. */
int rk_network_forward(const char *function, const gsl_vector *theta,
                       const recur_network_pass *pass, recur_network_workspace *w);

/* The backward pass of the last forward pass. */
void rk_network_backward(const gsl_vector *theta, const recur_network_pass *pass,
                         const recur_network_gradients *gradients, recur_network_workspace *w);

#endif
