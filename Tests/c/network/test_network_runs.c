/* recur/network.h: a batch of one sequence, whose steps the kernels compute in one call, has the
   results of the same sequence among others. For each instruction set and each number of vectors in
   a panel, with a length below T, in both directions, in training and inference; and with weights
   beyond the second-level cache, which steps take in alternating directions.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_cases.h"
#include "support/network_parts.h"

#include <recur/instruction_set.h>

static void test_one_sequence(const recur_network *network, size_t T, size_t B, recur_mode mode,
                              const char *set) {
  problem q, r;
  new_problem(&q, network, T, B, 0);
  q.batch.lengths = new_lengths(q.T, q.B);
  run_both(&q);
  for (size_t b = 0; b < 3; b++) {
    const part p = {.t1 = T, .which = &b, .n = 1};
    new_part(&r, &q, &p, mode, 0);
    note(&r, set);
    CHECK(forward(&r) == GSL_SUCCESS);
    if (mode == RECUR_MODE_TRAINING)
      CHECK(backward(&r) == GSL_SUCCESS);
    compare_part(&q, &r, &p, BITS);
    end_part(&r);
  }
  end_problem(&q);
}

/* Few and many inputs: the kernels also compute the products with few inputs. */
static void test_sizes(size_t k, const char *set) {
  static const size_t inputs[] = {2, 7}, units[] = {3, 20, 37, 52};
  for (size_t i = 0; i < COUNT(inputs); i++)
    for (size_t h = 0; h < COUNT(units); h++)
      for (size_t T = 1; T <= 4; T += 3) {
        const recur_network network = network_case(k, inputs[i], units[h], 1, 2);
        test_one_sequence(&network, T, 3, RECUR_MODE_TRAINING, set);
        test_one_sequence(&network, T, 3, RECUR_MODE_INFERENCE, set);
      }
}

/* More than 2^18 elements in W_ih and W_hh, and so many sequences that they make three blocks. */
static void test_large(const char *set) {
  const recur_network gru = recur_gru(300, 300), lstm = recur_lstm(260, 260);
  test_one_sequence(&gru, 3, 32, RECUR_MODE_TRAINING, set);
  test_one_sequence(&lstm, 3, 32, RECUR_MODE_TRAINING, set);
}

int main(void) {
  static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};
  check_begin();
  for (size_t s = 0; s < COUNT(sets); s++) {
    if (recur_set_instruction_set(sets[s]) != GSL_SUCCESS)
      continue;
    for (size_t k = 0; k < NETWORK_CASES; k++)
      test_sizes(k, sets[s]);
    test_large(sets[s]);
  }
  return check_end();
}
