/* Zoneout: see zoneout.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/zoneout.h"

#include "base/matrix.h"

static rk_mask rk_zoneout_mask(const rk_zoneout *z, const rk_batch *batch, size_t ld, size_t t) {
  rk_mask mask = rk_mask_of(batch, z->purpose, ld, z->probability);
  rk_mask_to_step(&mask, batch, t);
  return mask;
}

/* A unit that zones out keeps its value bit for bit, even if the cell computed NaN. */
static void rk_zoneout_mix_row(const rk_zoneout *z, rk_mask *mask, const rk_real *past,
                               rk_real *row, size_t n) {
  const rk_real d = (rk_real)z->probability;
  for (size_t k = 0; k < n; k++)
    if (mask == NULL)
      row[k] = d * past[k] + (1 - d) * row[k];
    else if (rk_mask_hits(mask, k))
      row[k] = past[k];
}

void rk_zoneout_mix(const rk_zoneout *z, const rk_batch *batch, bool drawn, size_t ld, size_t t,
                    const gsl_matrix *before, gsl_matrix *state) {
  if (z->probability == 0)
    return;
  rk_mask mask = rk_zoneout_mask(z, batch, ld, t);
  for (size_t j = 0; j < state->size1; j++) {
    const rk_real *past = before->data + j * before->tda;
    rk_mask_to_sequence(&mask, batch, j);
    rk_zoneout_mix_row(z, drawn ? &mask : NULL, past, state->data + j * state->tda, state->size2);
  }
}

void rk_zoneout_split(const rk_zoneout *z, const rk_batch *batch, size_t ld, size_t t,
                      gsl_matrix *dstate) {
  if (z->probability == 0)
    return;
  rk_mask mask = rk_zoneout_mask(z, batch, ld, t);
  for (size_t j = 0; j < dstate->size1; j++) {
    rk_real *past = z->past.data + (batch->first + j) * z->past.tda,
            *row = dstate->data + j * dstate->tda;
    rk_mask_to_sequence(&mask, batch, j);
    for (size_t k = 0; k < dstate->size2; k++) {
      const bool hit = rk_mask_hits(&mask, k);
      past[k] = hit ? row[k] : 0;
      row[k] = hit ? 0 : row[k];
    }
  }
}

void rk_zoneout_join(const rk_zoneout *z, const rk_batch *batch, gsl_matrix *dstate) {
  if (z->probability == 0)
    return;
  const gsl_matrix past = rk_matrix_rows(&z->past, batch->first, dstate->size1);
  rk_matrix_add(&past, dstate);
}
