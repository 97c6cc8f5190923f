/* Dropout between layers, and recurrent dropout.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/dropout.h"

#include "network/mask.h"

static void rk_dropout_row(double probability, rk_mask *mask, rk_real *row, size_t n) {
  const rk_real scale = (rk_real)(1 / (1 - probability));
  for (size_t k = 0; k < n; k++)
    row[k] = rk_mask_hits(mask, k) ? 0 : row[k] * scale;
}

void rk_dropout_apply(double probability, const rk_batch *batch, size_t layer, size_t t0, size_t t1,
                      gsl_matrix *packed) {
  rk_mask mask = rk_mask_of(batch, RK_DROPOUT, layer, probability);
  rk_real *row = packed->data;
  for (size_t t = t0; t < t1; t++) {
    rk_mask_to_step(&mask, batch, t);
    for (size_t j = 0; j < rk_running(batch, t); j++, row += packed->tda) {
      rk_mask_to_sequence(&mask, batch, j);
      rk_dropout_row(probability, &mask, row, packed->size2);
    }
  }
}

void rk_dropout_recurrent_masks(double probability, const rk_batch *batch, gsl_matrix *masks) {
  for (size_t i = 0; i < masks->size1; i++) {
    rk_mask mask = rk_mask_of(batch, RK_RECURRENT_DROPOUT, i / batch->B, probability);
    rk_real *row = masks->data + i * masks->tda;
    rk_mask_to_sequence(&mask, batch, i % batch->B);
    for (size_t k = 0; k < masks->size2; k++)
      row[k] = 1;
    rk_dropout_row(probability, &mask, row, masks->size2);
  }
}
