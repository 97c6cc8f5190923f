/* recur/network.h with recur/threads.h: results are bit-identical with any number of threads.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "base/team.h"
#include "support/network_parts.h"

#include <recur/threads.h>

/* Threads share sequences or units, or do nothing if there is too little work; with segments if
   there is one direction. */
static void test_threads(const recur_network *network, size_t T, size_t B, bool ragged) {
  const size_t segment = network->directions == 1 ? 3 : 0;
  problem q, r;
  new_problem(&q, network, T, B, 0);
  q.batch.seed = check_random_bits();
  q.batch.lengths = ragged ? new_lengths(T, B) : NULL;
  const part all = whole_of(T, B);
  const gsl_matrix *start = new_matrix(q.count, 1, 1), fresh = as_column(&q.gradients);
  copy_matrix(&fresh, start);
  run_both(&q);
  for (size_t count = 2; count <= 4; count++)
    for (int mode = RECUR_MODE_INFERENCE; mode <= RECUR_MODE_TRAINING; mode++) {
      recur_threads *threads = rk_team_alloc("test", count);
      new_part(&r, &q, &all, (recur_mode)mode, mode == RECUR_MODE_TRAINING ? segment : 0);
      const gsl_matrix gradients = as_column(&r.gradients);
      copy_matrix(start, &gradients);
      note(&r, "threads");
      CHECK(recur_network_workspace_set_threads(r.w, threads) == GSL_SUCCESS);
      CHECK(forward(&r) == GSL_SUCCESS);
      if (mode == RECUR_MODE_TRAINING)
        CHECK(backward(&r) == GSL_SUCCESS);
      if (mode == RECUR_MODE_TRAINING || !draws_masks(&q))
        compare(&q, &r, BITS);
      end_part(&r);
      recur_threads_free(threads);
    }
  end_problem(&q);
}

int main(void) {
  check_begin();
  const recur_network little = recur_lstm(2, 3);
  test_threads(&little, 4, 3, true);
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      const recur_network many = with_random_options(network_case(k, 21, 67, 2, D), -1);
      const recur_network few = network_case(k, 21, 190, 2, D);
      const recur_network few_zoned = with_random_options(few, 4 | 8);
      test_threads(&many, 9, 17, D == 2);
      test_threads(&few, 8, 2, D == 1);
      test_threads(&few_zoned, 8, 2, D == 1);
    }
  return check_end();
}
