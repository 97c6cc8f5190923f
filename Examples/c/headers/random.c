/* recur/random.h: the same counter and key have the same random words.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <inttypes.h>
#include <recur/random.h>
#include <stdio.h>

int main(void) {
  const uint32_t key[2] = {42, 0}; /* a seed */
  for (uint32_t k = 0; k < 3; k++) {
    const uint32_t counter[4] = {k, 0, 0, 0};
    uint32_t words[4];
    recur_random_philox(counter, key, words);
    printf("%" PRIu32 ": %.6f\n", k,
           words[0] * 0x1p-32); /* uniform in [0, 1) */
  }
}

/* prints:
0: 0.612960
1: 0.987719
2: 0.825867
*/
