/* Zoneout: what stands around a step of the cell.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/zoneout.h"

#include "base/matrix.h"

#define ZONEOUT KERNEL(zoneout, of)

static rk_mask KERNEL(zoneout, mask)(const ZONEOUT *z, const rk_batch *batch, size_t ld, size_t t) {
  rk_mask mask = rk_mask_of(batch, z->purpose, ld, z->chance);
  rk_mask_to_step(&mask, batch, t);
  return mask;
}

/* A unit that is hit keeps its number to the bit, whatever the cell computed. */
static void KERNEL(zoneout, mix_row)(const ZONEOUT *z, rk_mask *mask, const REAL *past, REAL *row,
                                     size_t n) {
  const REAL d = (REAL)z->chance;
  for (size_t k = 0; k < n; k++)
    if (mask == NULL)
      row[k] = d * past[k] + (1 - d) * row[k];
    else if (rk_mask_hits(mask, k))
      row[k] = past[k];
}

void KERNEL(zoneout, mix)(const ZONEOUT *z, const rk_batch *batch, bool drawn, size_t ld, size_t t,
                          const MATRIX *before, MATRIX *state) {
  if (z->chance == 0)
    return;
  rk_mask mask = KERNEL(zoneout, mask)(z, batch, ld, t);
  for (size_t j = 0; j < state->size1; j++) {
    const REAL *past = before->data + j * before->tda;
    rk_mask_to_sequence(&mask, batch, j);
    KERNEL(zoneout, mix_row)
    (z, drawn ? &mask : NULL, past, state->data + j * state->tda, state->size2);
  }
}

void KERNEL(zoneout, split)(const ZONEOUT *z, const rk_batch *batch, size_t ld, size_t t,
                            MATRIX *dstate) {
  if (z->chance == 0)
    return;
  rk_mask mask = KERNEL(zoneout, mask)(z, batch, ld, t);
  for (size_t j = 0; j < dstate->size1; j++) {
    REAL *past = z->past.data + (batch->first + j) * z->past.tda,
         *row = dstate->data + j * dstate->tda;
    rk_mask_to_sequence(&mask, batch, j);
    for (size_t k = 0; k < dstate->size2; k++) {
      const bool hit = rk_mask_hits(&mask, k);
      past[k] = hit ? row[k] : 0;
      row[k] = hit ? 0 : row[k];
    }
  }
}

void KERNEL(zoneout, join)(const ZONEOUT *z, const rk_batch *batch, MATRIX *dstate) {
  if (z->chance == 0)
    return;
  const MATRIX past = KERNEL(matrix, rows)(&z->past, batch->first, dstate->size1);
  KERNEL(matrix, add)(&past, dstate);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "zoneout.c"
#endif
