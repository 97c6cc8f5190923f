/* recur/network.h: the same bits on every machine. Checksums of all that the networks of
   network_cases.h give, and networks of every activation, against network_bits.h. A change of the
   library's arithmetic changes them: the test then prints the table that has to be committed.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "network/network_bits.h"
#include "support/network_problem.h"

#include <recur/instruction_set.h>

#ifndef FLOAT_PASS
/* FNV-1a, from the lowest byte on. */
static uint64_t add_to_hash(uint64_t hash, uint64_t bits, size_t bytes) {
  for (size_t k = 0; k < bytes; k++)
    hash = (hash ^ (bits >> (8 * k) & 0xff)) * UINT64_C(0x100000001b3);
  return hash;
}

/* Those of network_cases.h in two layers and two directions, with all that is random, then a
   simple network of each activation, with sums that go beyond 1. */
static recur_network bits_case(size_t k) {
  if (k < NETWORK_CASES)
    return with_random_options(network_case(k, 5, 19, 2, 2), -1);
  recur_network network = recur_rnn(5, 19);
  network.cell.f = recur_activation_default((recur_activation_kind)(k - NETWORK_CASES));
  return network;
}
#endif

static uint64_t NAME(hash)(const NAME(problem) * q) {
  const MATRIX dtheta = NAME(column)(q->dtheta);
  const MATRIX *const all[] = {q->y, q->hT, q->cT, q->dx, q->dh0, q->dc0, &dtheta, q->dh_norms};
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t m = 0; m < COUNT(all); m++)
    for (size_t i = 0; all[m] != NULL && i < all[m]->size1; i++)
      for (size_t j = 0; j < all[m]->size2; j++) {
        __typeof__(SENTINEL_BITS) bits;
        memcpy(&bits, &AT(all[m], i, j), sizeof bits);
        hash = add_to_hash(hash, bits, sizeof bits);
      }
  return hash;
}

/* From seeds of its own, whatever RECUR_TEST_SEED says. */
static uint64_t NAME(bits_of)(size_t k, const char *set) {
  NAME(problem) q;
  const recur_network network = bits_case(k);
  check_random_state = k;
  NAME(new_problem)(&q, &network, 6, 5, 0);
  if (k >= NETWORK_CASES)
    NAME(randomize)(q.x, 4);
  q.batch.lengths = k % 2 == 0 ? new_lengths(q.T, q.B) : NULL;
  q.batch.seed = check_random_bits();
  NAME(note)(&q, set);
  NAME(run_both)(&q);
  const uint64_t hash = NAME(hash)(&q);
  NAME(end_problem)(&q);
  return hash;
}

static void NAME(test_case)(size_t k, const char *set, uint64_t expected, uint64_t *found) {
  *found = NAME(bits_of)(k, set);
  check_note("%s, case %zu, %s: %#llx", TEXT(REAL), k, set, (unsigned long long)*found);
  CHECK(*found == expected);
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network_bits.c"

static void print_table(uint64_t found[BITS_CASES][2]) {
  for (size_t k = 0; k < BITS_CASES; k++)
    printf("    {UINT64_C(0x%016llx), UINT64_C(0x%016llx)},\n", (unsigned long long)found[k][0],
           (unsigned long long)found[k][1]);
}

int main(void) {
  static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};
  check_begin();
  for (size_t s = 0; s < COUNT(sets); s++) {
    if (recur_set_instruction_set(sets[s]) != GSL_SUCCESS)
      continue;
    printf("%s\n", recur_instruction_set());
    uint64_t found[BITS_CASES][2];
    const size_t failed = check_failed;
    for (size_t k = 0; k < BITS_CASES; k++) {
      double_test_case(k, sets[s], network_bits[k][0], &found[k][0]);
      float_test_case(k, sets[s], network_bits[k][1], &found[k][1]);
    }
    if (check_failed > failed)
      print_table(found);
  }
  return check_end();
}
#endif
