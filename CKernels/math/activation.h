/* Activations of matrices, without argument checks.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ACTIVATION_H
#define RK_ACTIVATION_H

#include "base/precision.h"

#include <recur/activation.h>

/* dz = dh o phi'(z), where phi' is computed from h = phi(z). dz may be h or dh. */
void rk_activation_gradient(const recur_activation *phi, const gsl_matrix *h, const gsl_matrix *dh,
                            gsl_matrix *dz);

#endif
