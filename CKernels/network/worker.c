/* The workers of a pass: see worker.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/worker.h"

/* The minimum multiplications of a call for several threads, the minimum sequences per thread to
   share sequences, and the minimum bytes of W_hh to share units. */
enum { LEAST_WORK = 1 << 20, LEAST_SEQUENCES = 4, LEAST_WEIGHT_BYTES = 1 << 17 };

/* Threads share the sequences if there are enough of them. Otherwise they share the units of each
   step, if W_hh is so large that reading it takes most of the time, and if no option has work that
   is not divided into units. */
size_t rk_worker_count(const recur_network_workspace *w, bool *by_units) {
  const rk_sizes s = w->s;
  const recur_network *n = &w->network;
  const size_t threads = recur_threads_count(w->threads), B = w->batch.B;
  const size_t step = B * s.L * s.D * s.G * s.H * (s.I + s.P), weights = s.G * s.H * s.P;
  const bool rows_apart = w->mode == RECUR_MODE_INFERENCE || !n->cell.layer_normalization;
  const bool units_apart = !n->cell.layer_normalization && n->recurrent_dropout == 0 &&
                           n->zoneout == 0 && n->cell_zoneout == 0;
  *by_units = B < LEAST_SEQUENCES * threads && units_apart &&
              weights * sizeof(rk_real) >= LEAST_WEIGHT_BYTES;
  if (threads == 1 || step * w->batch.T < LEAST_WORK)
    return 1;
  if (*by_units)
    return threads;
  return !rows_apart ? 1 : threads < B ? threads : B;
}

/* Sequences stay in the order of their lengths. */
rk_worker rk_worker_of(recur_network_workspace *w, const rk_thread *thread, bool by_units) {
  const rk_batch *batch = &w->batch;
  rk_worker o = {
      .w = w, .thread = thread, .sequences = *batch, .by_units = by_units && thread->size > 1};
  if (thread->size == 1 || by_units)
    return o;
  const size_t all = batch->offset[batch->T];
  size_t bounds[2], b = 0, steps = 0;
  for (size_t k = 0; k < 2; k++) {
    for (; b < batch->B && steps * thread->size < all * (thread->rank + k); b++)
      steps += batch->length[b];
    bounds[k] = thread->rank + k == thread->size ? batch->B : b;
  }
  o.sequences = rk_batch_share(batch, bounds[0], bounds[1] - bounds[0]);
  return o;
}
