/* The counter-based generator: see recur/random.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/random.h>
#include <string.h>

/* words = {upper half of multiplier * from, XOR mixed; lower half} */
static void multiply(uint32_t multiplier, uint32_t from, uint32_t mixed, uint32_t words[2]) {
  const uint64_t product = (uint64_t)multiplier * from;
  words[0] = (uint32_t)(product >> 32) ^ mixed;
  words[1] = (uint32_t)product;
}

void recur_random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4]) {
  enum { ROUNDS = 10 };
  uint32_t c[4], k[2] = {key[0], key[1]};
  memcpy(c, counter, sizeof c);
  for (int round = 0; round < ROUNDS; round++) {
    uint32_t mixed[4];
    multiply(0xcd9e8d57, c[2], c[1] ^ k[0], &mixed[0]);
    multiply(0xd2511f53, c[0], c[3] ^ k[1], &mixed[2]);
    memcpy(c, mixed, sizeof c);
    k[0] += 0x9e3779b9;
    k[1] += 0xbb67ae85;
  }
  memcpy(words, c, sizeof c);
}
