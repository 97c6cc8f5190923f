/* math/generator.h: a sequence longer than the first word of the counter.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/generator.h"
#include "support/check.h"

/* After 2^32 draws, the fourth word counts on. */
static void test_carry(void) {
  rk_generator g = rk_generator_start(7, 3, 1), after = g;
  double last[2], first[2], expected[2];
  g.counter[0] = UINT32_MAX;
  after.counter[3] = 1;
  rk_generator_next(&g, last);
  CHECK(g.counter[0] == 0 && g.counter[3] == 1);
  rk_generator_next(&g, first);
  rk_generator_next(&after, expected);
  CHECK(memcmp(first, expected, sizeof first) == 0);
  after = rk_generator_start(7, 3, 1);
  rk_generator_next(&after, expected);
  CHECK(memcmp(first, expected, sizeof first) != 0);
}

int main(void) {
  check_begin();
  test_carry();
  return check_end();
}
