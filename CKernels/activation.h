/* Activations over consecutive numbers.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "precision.h"

#include <gsl/gsl_matrix.h>
#include <recur/activation.h>

/* z = phi(z) */
void KERNEL(activation, forward)(const recur_activation *phi, REAL *z, size_t n);

/* dz = dh o phi'(z), where phi' is known from h = phi(z). dz may be h or dh. */
void KERNEL(activation, backward)(const recur_activation *phi, const REAL *h, const REAL *dh,
                                  REAL *dz, size_t n);

/* A gate: z = phi(z + bias), where the sum is clamped to +-clip if clip is not 0. No bias is NULL.
 */
void KERNEL(gate, forward)(const recur_activation *phi, double clip, const REAL *bias, REAL *z,
                           size_t n);

/* dz = dh o phi'(z), 0 where the sum was clamped. dz may be h or dh. */
void KERNEL(gate, backward)(const recur_activation *phi, double clip, const REAL *h, const REAL *dh,
                            REAL *dz, size_t n);

/* The same of every row. */
void KERNEL(gate, forward_rows)(const recur_activation *phi, double clip, const REAL *bias,
                                const MATRIX *z);
void KERNEL(gate, backward_rows)(const recur_activation *phi, double clip, const MATRIX *h,
                                 const MATRIX *dh, const MATRIX *dz);
