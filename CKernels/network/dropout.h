/* Dropout between layers, and recurrent dropout.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_DROPOUT_H
#define RK_DROPOUT_H

#include "base/precision.h"
#include "network/batch.h"

/* Multiplies packed rows of steps t0 to t1 - 1, a layer's outputs or their gradients, by the mask:
   0 with the given probability, otherwise 1 / (1 - probability). */
void rk_dropout_apply(double probability, const rk_batch *batch, size_t layer, size_t t0, size_t t1,
                      gsl_matrix *packed);

/* Draws the masks of recurrent dropout, which all steps share: L*D*B x P, in the batch's order. */
void rk_dropout_recurrent_masks(double probability, const rk_batch *batch, gsl_matrix *masks);

#endif
