/* Activations of matrices.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"

#include <gsl/gsl_matrix.h>
#include <recur/activation.h>

/* dz = dh o phi'(z), where phi' is known from h = phi(z). dz may be h or dh. */
void KERNEL(activation, backward_rows)(const recur_activation *phi, const MATRIX *h,
                                       const MATRIX *dh, const MATRIX *dz);
