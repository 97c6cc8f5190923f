/* The random masks of dropout and zoneout: see mask.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/mask.h"

rk_mask rk_mask_of(const rk_batch *batch, rk_mask_purpose purpose, size_t place,
                   double probability) {
  return (rk_mask){.threshold = probability * 0x1p32,
                   .key = {(uint32_t)batch->seed, (uint32_t)(batch->seed >> 32)},
                   .counter = {0, (uint32_t)purpose * RK_RANDOM_PLACES + (uint32_t)place, 0, 0}};
}

void rk_mask_to_step(rk_mask *mask, const rk_batch *batch, size_t t) {
  mask->counter[3] = batch->first_step + (uint32_t)t;
}

void rk_mask_to_sequence(rk_mask *mask, const rk_batch *batch, size_t j) {
  mask->counter[2] = batch->first_sequence + (uint32_t)batch->order[j];
}
