/* Matrices as inference stores them: halves, bfloat16, and integers with a scale for each row. The
   values have been rounded by recur_parameters_float_round(). All results are allocated; NULL if
   there is no memory.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_STORED_MATRICES_H
#define RF_STORED_MATRICES_H

#include <recur/safetensors.h>

void *rf_halves_of(const recur_tensor *tensor, const float *values);

void *rf_bfloat16_of(const recur_tensor *tensor, const float *values);

/* The scale of each row, and after them the name of the tensor that has them. */
float *rf_scales_of(const recur_tensor *tensor, const float *values);

void *rf_integers_of(const recur_tensor *tensor, const float *values, const float *scales);

#endif
