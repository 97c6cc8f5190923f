/* Which units a random option hits. Nothing of it is kept: each number of a mask is computed where
   it is needed, forward and backward, from what it belongs to.

   The key is the seed, the counter (unit / 4, purpose and place, sequence, step), and of the four
   words one is the unit's. See base/random_places.h for the second word.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_MASK_H
#define RK_MASK_H

#include "base/random_places.h"
#include "network/batch.h"

#include <recur/random.h>

typedef enum {
  RK_DROPOUT = 0,           /* place: layer; which may be any, for what is above begins at 4 */
  RK_RECURRENT_DROPOUT = 4, /* place: l*D + d; the step is 0 */
  RK_ZONEOUT = 5,           /* l*D + d */
  RK_CELL_ZONEOUT = 6       /* l*D + d */
} rk_mask_purpose;

typedef struct {
  double threshold;
  uint32_t key[2], counter[4], words[4];
} rk_mask;

/* The mask at step 0 of sequence 0. */
rk_mask rk_mask_of(const rk_batch *batch, rk_mask_purpose purpose, size_t place,
                   double probability);

/* At step t, and at the j-th sequence in the batch's order. */
void rk_mask_to_step(rk_mask *mask, const rk_batch *batch, size_t t);
void rk_mask_to_sequence(rk_mask *mask, const rk_batch *batch, size_t j);

/* Whether it hits a unit, with the probability. Units are asked for in their order, from 0. */
static inline bool rk_mask_hits(rk_mask *mask, size_t unit) {
  if (unit % 4 == 0) {
    mask->counter[0] = (uint32_t)(unit / 4);
    recur_random_philox(mask->counter, mask->key, mask->words);
  }
  return mask->words[unit % 4] < mask->threshold;
}

#endif
