/* Layer normalisation (Ba, Kiros and Hinton 2016) of each group of some columns of a row, the last
   of which may be narrower: v^ = (v - mean) / sqrt(var + 1e-5), where var is the mean of the
   squares of v - mean.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "precision.h"

#include <gsl/gsl_matrix.h>

/* v = v^ o gain */
void KERNEL(layer_norm, forward)(const REAL *gain, size_t group, MATRIX *v);

/* From v and the gradient of v^ o gain: dv, in the place of v, and what is added to dgain, unless
   that is NULL. */
void KERNEL(layer_norm, backward)(const REAL *gain, size_t group, const MATRIX *dy, REAL *dgain,
                                  MATRIX *v);
