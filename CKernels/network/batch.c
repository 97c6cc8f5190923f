/* The sequences of a batch, sorted by length: see batch.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/batch.h"

#include "base/check.h"

#include <string.h>

size_t rk_batch_size_count(size_t T, size_t B) {
  return 2 * B + T + (T + 1);
}

int rk_batch_check_lengths(const char *function, size_t T, size_t B, const size_t *lengths) {
  for (size_t b = 0; b < B; b++)
    if (lengths[b] > T)
      return rk_fail(GSL_EINVAL, function, "batch->lengths",
                     "has %zu for sequence %zu, expected at most T = %zu", lengths[b], b, T);
  return GSL_SUCCESS;
}

static int check_range(const char *function, const char *argument, uint64_t first, size_t count) {
  if (first > UINT32_MAX || count > UINT32_MAX - first)
    return rk_fail(GSL_EINVAL, function, argument, "is %llu, expected at most %llu",
                   (unsigned long long)first, (unsigned long long)(UINT32_MAX - count));
  return GSL_SUCCESS;
}

int rk_batch_check_range(const char *function, size_t T, size_t B, const recur_batch *given) {
  if (given == NULL)
    return GSL_SUCCESS;
  RK_TRY(check_range(function, "batch->first_step", given->first_step, T));
  return check_range(function, "batch->first_sequence", given->first_sequence, B);
}

/* A stable counting sort. offset temporarily has the next place for each length. */
static void sort_by_length(rk_batch *batch, const size_t *lengths) {
  const size_t T = batch->T;
  size_t *place = batch->offset;
  memset(place, 0, (T + 1) * sizeof *place);
  for (size_t b = 0; b < batch->B; b++)
    place[lengths[b]]++;
  size_t longer = 0;
  for (size_t length = T + 1; length-- > 0;) {
    const size_t these = place[length];
    place[length] = longer;
    longer += these;
  }
  for (size_t b = 0; b < batch->B; b++) {
    const size_t j = place[lengths[b]]++;
    batch->order[j] = b;
    batch->length[j] = lengths[b];
  }
  for (size_t t = 0; t < T; t++)
    batch->count[t] = place[t + 1];
}

rk_batch rk_batch_share(const rk_batch *batch, size_t first, size_t n) {
  rk_batch part = *batch;
  part.first += first;
  part.n = n;
  part.order += first;
  part.length += first;
  return part;
}

int rk_batch_read(const char *function, rk_batch *batch, const recur_batch *given) {
  static const recur_batch plain;
  given = given ? given : &plain;
  RK_TRY(rk_batch_check_range(function, batch->T, batch->B, given));
  if (given->lengths != NULL) {
    RK_TRY(rk_batch_check_lengths(function, batch->T, batch->B, given->lengths));
    sort_by_length(batch, given->lengths);
  } else {
    for (size_t b = 0; b < batch->B; b++) {
      batch->order[b] = b;
      batch->length[b] = batch->T;
    }
    for (size_t t = 0; t < batch->T; t++)
      batch->count[t] = batch->B;
  }
  batch->first = 0;
  batch->n = batch->B;
  batch->offset[0] = 0;
  for (size_t t = 0; t < batch->T; t++)
    batch->offset[t + 1] = batch->offset[t] + batch->count[t];
  batch->full = batch->offset[batch->T] == batch->T * batch->B;
  batch->seed = given->seed;
  batch->first_step = (uint32_t)given->first_step;
  batch->first_sequence = (uint32_t)given->first_sequence;
  return GSL_SUCCESS;
}
