/* Layer normalization (Ba, Kiros and Hinton 2016) of the gates' products, over some gates of a row
   together: v^ = (v - mean) / sqrt(var + epsilon), where var is the mean of (v - mean)^2.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_LAYER_NORM_H
#define RK_LAYER_NORM_H

#include "base/precision.h"

#include <gsl/gsl_matrix.h>
#include <stdbool.h>

/* The gates of a row that are normalized together: `count` gates of H elements, `gate_stride`
   apart. Each has H gains, without gaps. */
typedef struct {
  size_t count, H, gate_stride;
  rk_real epsilon;
} rk_normalized;

/* v = v^ o gain, for the first gates of each row. */
void rk_layer_norm_forward(rk_normalized gates, const rk_real *gain, gsl_matrix *v);

/* From v and dy, the gradient of v^ o gain: replaces v by dv, and adds the gradient of the gains to
   dgain unless that is NULL. If `descending`, the last row comes first. */
void rk_layer_norm_backward(rk_normalized gates, const rk_real *gain, const gsl_matrix *dy,
                            rk_real *dgain, bool descending, gsl_matrix *v);

#endif
