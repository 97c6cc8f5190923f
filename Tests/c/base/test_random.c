/* recur/random.h: the known answers of Random123, and unchanged arguments.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"

#include <recur/random.h>

/* From kat_vectors of Random123: philox4x32 with 10 rounds. */
static const struct {
  uint32_t counter[4], key[2], words[4];
} known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
     {UINT32_MAX, UINT32_MAX},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

static void test_known_answers(void) {
  for (size_t k = 0; k < COUNT(known); k++) {
    check_note("known answer %zu", k);
    uint32_t words[4];
    recur_random_philox(known[k].counter, known[k].key, words);
    CHECK(memcmp(words, known[k].words, sizeof words) == 0);
    memcpy(words, known[k].counter, sizeof words);
    recur_random_philox(words, known[k].key, words);
    CHECK(memcmp(words, known[k].words, sizeof words) == 0);
  }
}

int main(void) {
  check_begin();
  test_known_answers();
  return check_end();
}
