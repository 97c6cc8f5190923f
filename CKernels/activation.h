/* The functions phi of a cell, over whole matrices.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "precision.h"

#include <gsl/gsl_matrix.h>
#include <recur/activation.h>

/* h = phi(z + bias): the bias is one number a column. h may be z. */
void KERNEL(activation, forward)(recur_activation phi, const MATRIX *z, const REAL *bias,
                                 MATRIX *h);

/* dz = dh o phi'(z), where phi' is known from h = phi(z). dz may be dh. */
void KERNEL(activation, backward)(recur_activation phi, const MATRIX *h, const MATRIX *dh,
                                  MATRIX *dz);
