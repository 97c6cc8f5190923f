/* Dropout between layers. Nothing of a mask is kept: its numbers are computed where they are
   needed, forward and backward, from what they belong to.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "dropout.h"

#include <recur/random.h>

/* Four units to a counter: (unit / 4, layer, sequence, step), the key is the seed. */
static void KERNEL(dropout, row)(double chance, uint32_t counter[4], const uint32_t key[2],
                                 REAL *row, size_t n) {
  const REAL scale = (REAL)(1 / (1 - chance));
  const double threshold = chance * 0x1p32;
  for (size_t k = 0; k < n; k += 4) {
    uint32_t words[4];
    counter[0] = (uint32_t)(k / 4);
    recur_random_philox(counter, key, words);
    for (size_t l = k; l < n && l < k + 4; l++)
      row[l] = words[l - k] < threshold ? 0 : row[l] * scale;
  }
}

void KERNEL(dropout, apply)(double chance, const rk_batch *batch, size_t layer, size_t t0,
                            size_t t1, MATRIX *packed) {
  const uint32_t key[2] = {(uint32_t)batch->seed, (uint32_t)(batch->seed >> 32)};
  uint32_t counter[4] = {0, (uint32_t)layer, 0, 0};
  REAL *row = packed->data;
  for (size_t t = t0; t < t1; t++)
    for (size_t j = 0; j < batch->count[t]; j++, row += packed->tda) {
      counter[2] = batch->first_sequence + (uint32_t)batch->order[j];
      counter[3] = batch->first_step + (uint32_t)t;
      KERNEL(dropout, row)(chance, counter, key, row, packed->size2);
    }
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "dropout.c"
#endif
