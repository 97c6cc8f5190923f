/* Weights that are stored as halves, bfloat16 or integers: one sequence alone, and with another
   instruction set, has the results that it has in the batch.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "problem.h"

/* So many units that every storage accepts W_hh; false if the network is invalid. */
static bool take_stored(reader *r, problem *q) {
  size_t bytes;
  *q = (problem){.mode = RECUR_MODE_INFERENCE};
  q->network = take_network(r).network;
  q->network.layers = q->network.directions = 1;
  q->network.dropout = 0;
  q->network.hidden_size = 256 + 8 * take_below(r, 8);
  q->network.weight_storage = (recur_weight_storage[]){RECUR_STORAGE_INT8, RECUR_STORAGE_HALF,
                                                       RECUR_STORAGE_BFLOAT16}[take_byte(r) % 3];
  if (!CALL(recur_network_measure, (&q->network, &q->sizes)) ||
      !CALL(recur_network_weights_bytes, (&q->network, &bytes)))
    return false;
  q->T = take_below(r, 3);
  q->B = 1 + take_below(r, 8);
  take_batch(r, q);
  set_sizes(q);
  q->values = take_numbers(r);
  q->values.special = false; /* weights must be finite */
  take_arguments(r, q);
  set_pointers(q);
  return true;
}

static void fuzz(reader *r) {
  const char *const before = recur_instruction_set();
  problem q, other;
  if (!take_stored(r, &q) || batch_is_wrong(&q))
    return;
  const part one = {.t1 = q.T, .b0 = take_below(r, q.B), .n = 1};
  const size_t set = take_below(r, COUNT(instruction_sets));
  take_part(r, &q, &one, q.mode, 0, &other);
  REQUIRE(start(&q) && run(&q));
  if (recur_set_instruction_set(instruction_sets[set]) != GSL_SUCCESS)
    REQUIRE(recur_set_instruction_set(before) == GSL_SUCCESS);
  REQUIRE(start(&other) && run(&other));
  compare_forward(&q, &other, &one);
  REQUIRE(recur_set_instruction_set(before) == GSL_SUCCESS);
  end(&q);
  end(&other);
}

#include "entry.h"
