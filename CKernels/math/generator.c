/* Random numbers in double precision.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/generator.h"

#include <math.h>
#include <recur/random.h>

/* The counter is (pair, purpose, stream, pair): see base/random_places.h. */
rk_generator rk_generator_start(uint64_t seed, uint32_t stream, uint32_t purpose) {
  return (rk_generator){.counter = {0, UINT32_MAX - purpose, stream, 0},
                        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)}};
}

/* The midpoint of one of 2^52 equal parts of the unit interval. */
static double unit(uint32_t high, uint32_t low) {
  return ((double)(((uint64_t)high << 32 | low) >> 12) + 0.5) * 0x1p-52;
}

void rk_generator_next(rk_generator *g, double units[2]) {
  uint32_t words[4];
  recur_random_philox(g->counter, g->key, words);
  if (++g->counter[0] == 0)
    g->counter[3]++;
  units[0] = unit(words[0], words[1]);
  units[1] = unit(words[2], words[3]);
}

/* Box and Muller: sqrt(-2 ln u) (cos 2 pi v, sin 2 pi v). */
void rk_generator_fill_normal(rk_generator *g, double *v, size_t count) {
  const double two_pi = 6.283185307179586477;
  for (size_t i = 0; i < count; i += 2) {
    double u[2];
    rk_generator_next(g, u);
    const double radius = sqrt(-2 * log(u[0]));
    v[i] = radius * cos(two_pi * u[1]);
    if (i + 1 < count)
      v[i + 1] = radius * sin(two_pi * u[1]);
  }
}
