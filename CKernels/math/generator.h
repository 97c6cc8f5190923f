/* A sequential generator of random numbers in double precision.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_GENERATOR_H
#define RK_GENERATOR_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t counter[4], key[2];
} rk_generator;

/* Different streams and purposes of one seed share no random words. */
rk_generator rk_generator_start(uint64_t seed, uint32_t stream, uint32_t purpose);

/* Draws two uniform numbers, from 2^-53 to 1 - 2^-53. */
void rk_generator_next(rk_generator *g, double units[2]);

/* Fills v with standard normal numbers. */
void rk_generator_fill_normal(rk_generator *g, double *v, size_t count);

#endif
