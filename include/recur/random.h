/* The counter-based generator behind masks and new parameters: Philox 4x32 with 10 rounds
   (Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011). The same
   counter and key always give the same four words, whoever asks in whatever order.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_RANDOM_H
#define RECUR_RANDOM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void recur_random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4]);

#ifdef __cplusplus
}
#endif

#endif
