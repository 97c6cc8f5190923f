/* Layer normalisation (Ba, Kiros and Hinton 2016) of the gates' products: v^ = (v - mean) /
   sqrt(var + 1e-5), where var is the mean of the squares of v - mean, over some gates of a row
   together.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_LAYER_NORM_H
#define RK_LAYER_NORM_H

#include "base/precision.h"

#include <gsl/gsl_matrix.h>
#include <stdbool.h>

/* The gates of a row that are normalised together: `count` gates of H elements, `gate_stride`
   apart. Gains are H numbers for each, without gaps. */
typedef struct {
  size_t count, H, gate_stride;
} rk_normalized;

/* v = v^ o gain, of the first gates of every row. */
void rk_layer_norm_forward(rk_normalized gates, const rk_real *gain, gsl_matrix *v);

/* From v and the gradient of v^ o gain: dv, in the place of v, and what is added to dgain, unless
   that is NULL, last row first if `descending`. */
void rk_layer_norm_backward(rk_normalized gates, const rk_real *gain, const gsl_matrix *dy,
                            rk_real *dgain, bool descending, gsl_matrix *v);

#endif
