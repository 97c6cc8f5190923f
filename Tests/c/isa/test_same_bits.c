/* Networks are bit-identical with every instruction set of this processor. For functions, see
   test_functions.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_parts.h"

#include <recur/instruction_set.h>

static void test_instruction_sets(const recur_network *network, size_t T, size_t B) {
  static const char *const sets[] = {"avx512", "avx2", "neon"};
  for (size_t k = 0; k < COUNT(sets); k++) {
    problem q, r;
    if (recur_set_instruction_set(sets[k]) != GSL_SUCCESS)
      continue;
    new_problem(&q, network, T, B, 0);
    q.batch.seed = check_random_bits();
    CHECK(recur_set_instruction_set("portable") == GSL_SUCCESS);
    new_twin(&r, &q);
    note(&r, sets[k]);
    run_both(&r);
    CHECK(recur_set_instruction_set(sets[k]) == GSL_SUCCESS);
    run_both(&q);
    compare(&q, &r, BITS);
    end_part(&r);
    end_problem(&q);
  }
  CHECK(recur_set_instruction_set(NULL) == GSL_SUCCESS);
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      const recur_network small = with_random_options(network_case(k, 3, 4, 2, D), -1);
      const recur_network large = with_random_options(network_case(k, 21, 67, 2, D), -1);
      test_instruction_sets(&small, 3, 5);
      test_instruction_sets(&large, 4, 9);
    }
  return check_end();
}
