/* The random masks of dropout and zoneout. They are not stored: forward and backward compute each
   element where they need it.

   The key is the seed, and the counter is (unit / 4, purpose and place, sequence, step). Each of
   the four random words is for one unit. See base/random_places.h for the second word of the
   counter.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_MASK_H
#define RK_MASK_H

#include "base/random_places.h"
#include "network/batch.h"

#include <recur/random.h>

typedef enum {
  RK_DROPOUT = 0,           /* place: layer; any layer is below the next purpose, 4 */
  RK_RECURRENT_DROPOUT = 4, /* place: l*D + d; the step is 0 */
  RK_ZONEOUT = 5,           /* l*D + d */
  RK_CELL_ZONEOUT = 6       /* l*D + d */
} rk_mask_purpose;

typedef struct {
  double threshold;
  uint32_t key[2], counter[4], words[4];
} rk_mask;

/* A mask, at step 0 of sequence 0. */
rk_mask rk_mask_of(const rk_batch *batch, rk_mask_purpose purpose, size_t place,
                   double probability);

/* Move a mask to step t, and to the j-th sequence in the batch's order. */
void rk_mask_to_step(rk_mask *mask, const rk_batch *batch, size_t t);
void rk_mask_to_sequence(rk_mask *mask, const rk_batch *batch, size_t j);

/* Whether the mask hits a unit. It must be called for units 0, 1, 2, ... in order. */
static inline bool rk_mask_hits(rk_mask *mask, size_t unit) {
  if (unit % 4 == 0) {
    mask->counter[0] = (uint32_t)(unit / 4);
    recur_random_philox(mask->counter, mask->key, mask->words);
  }
  return mask->words[unit % 4] < mask->threshold;
}

#endif
