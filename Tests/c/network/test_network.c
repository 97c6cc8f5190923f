/* recur/network.h: outputs and gradients of every shape, compared with plain loops. For every cell
   and option, see cells/test_cells.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_check.h"

/* Every shape around 0, 1 and the widths of vectors, with the cells in turn. */
static void test_shapes(void) {
  static const size_t lengths[] = {0, 1, 2, 5}, widths[] = {1, 2, 3, 8, 9};
  size_t turn = 0;
  for (size_t t = 0; t < COUNT(lengths); t++)
    for (size_t b = 0; b < COUNT(lengths); b++)
      for (size_t i = 0; i < COUNT(widths); i++)
        for (size_t j = 0; j < COUNT(widths); j++, turn++) {
          const size_t L = 1 + turn % 2, D = 1 + turn / 2 % 2;
          const recur_network network =
              network_case(turn % NETWORK_CASES, widths[i], widths[j], L, D);
          check_network(&network, lengths[t], lengths[b], 0, turn % 3 == 0, 0);
        }
}

/* Blocks of several steps, with a remainder; two and four layers. */
static void test_blocks(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    const recur_network network =
        with_random_options(network_case(k, 3, 2, k % 2 == 0 ? 4 : 2, 1 + k % 2), -1);
    check_network(&network, 19, 1, 0, false, 0);
    check_network(&network, 14, 3, k % 2 == 0 ? 7 : 0, true, 0);
  }
}

/* A seeded selection of all combinations, about one in four. */
static void test_optional_arguments(void) {
  size_t turn = 0;
  for (int absent = 0; absent <= NOTHING_OPTIONAL;
       absent += 1 + (int)check_random_below(7), turn++) {
    const recur_network network = network_case(turn % NETWORK_CASES, 2, 3, 1 + turn % 2, 1);
    check_network(&network, 3, 2, 0, false, absent);
  }
  const recur_network network = recur_lstm(2, 3);
  check_network(&network, 3, 2, 0, true, NOTHING_OPTIONAL);
}

int main(void) {
  check_begin();
  test_shapes();
  test_blocks();
  test_optional_arguments();
  return check_end();
}
