/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The counter-based random number generator that the library uses for masks and initial parameters:
 * Philox 4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2,
 * 3, SC 2011).
 */

#ifndef RECUR_RANDOM_H
#define RECUR_RANDOM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Computes four random words from a counter and a key.
 *
 * The result depends on the counter and the key only: there is no hidden state. Allocates nothing,
 * never fails, and may be called from any thread.
 *
 * @param counter  four words
 * @param key      two words, such as the halves of a seed
 * @param words    output: four words, uniformly distributed
 */
void recur_random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4]);

#ifdef __cplusplus
}
#endif

#endif
