/* Threads: large passes, which threads share by sequences or by units, have the results of one
   thread.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/team.h"
#include "problem.h"

/* The teams live until the end of the program, and have threads also on one processor. */
static recur_threads *team_of(size_t count) {
  static recur_threads *teams[5];
  if (teams[count] == NULL)
    teams[count] = rk_team_alloc("recur_threads_alloc", count);
  REQUIRE(ALLOCATED(teams[count], recur_threads_alloc));
  return teams[count];
}

/* Work of at least 2^20 multiplications, and for units matrices of at least 128 KiB. */
static bool enlarge(reader *r, problem *q, bool by_units) {
  const described_network described = take_network(r);
  q->network = described.network;
  q->network.input_size = by_units ? 4 : 24;
  q->network.hidden_size = by_units ? (sizeof(rk_real) == 4 ? 182 : 130) : 40;
  q->network.layers = 1;
  q->network.dropout = 0;
  if (by_units)
    q->network.recurrent_dropout = q->network.zoneout = q->network.cell_zoneout = 0;
  if (!CALL(recur_network_measure, (&q->network, &q->sizes)))
    return false;
  const size_t H = q->network.hidden_size, P = q->sizes.state_size;
  const size_t step = q->network.directions * q->sizes.gates * H * (q->network.input_size + P);
  q->B = by_units ? 1 + take_below(r, 3) : 5 + take_below(r, 12);
  q->T = (1 << 20) / (step * q->B) + 1 + take_below(r, 3);
  return q->T <= 64;
}

static void fuzz(reader *r) {
  problem q = {0}, other;
  const unsigned byte = take_byte(r);
  if (!enlarge(r, &q, byte % 4 == 3))
    return;
  q.mode = byte / 4 % 2 == 0 ? RECUR_MODE_TRAINING : RECUR_MODE_INFERENCE;
  q.segment = byte / 8 % 4 == 3 && q.mode == RECUR_MODE_TRAINING ? 1 + take_below(r, q.T) : 0;
  take_batch(r, &q);
  set_sizes(&q);
  q.values = take_numbers(r);
  take_arguments(r, &q);
  set_pointers(&q);
  const part all = {.t1 = q.T, .n = q.B};
  take_part(r, &q, &all, q.mode, q.segment, &other);
  recur_threads *const threads = team_of(2 + byte / 32 % 3);
  if (start(&q) && start(&other) && run(&q)) {
    REQUIRE(CALL(recur_network_workspace_set_threads, (other.w, threads)));
    REQUIRE(run(&other));
    compare_forward(&q, &other, &all);
    if (q.mode == RECUR_MODE_TRAINING) {
      compare_backward(&q, &other, &all);
      compare_parameters(&q, &other);
    }
  }
  end(&q);
  end(&other);
}

#include "entry.h"
