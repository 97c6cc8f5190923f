/* Sequences and states of a batch, in the caller's order and packed.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/sequence.h"

#include "base/matrix.h"

#include <string.h>

REAL *KERNEL(sequence, row)(const KERNEL(sequence, view) * s, const rk_batch *batch, size_t t,
                            size_t j) {
  return s->m.data + ((t - s->first) * batch->B + batch->order[j]) * s->m.tda;
}

MATRIX KERNEL(sequence, pack)(const KERNEL(sequence, view) * s, const rk_batch *batch, size_t t0,
                              size_t t1, MATRIX *copy) {
  if (batch->full)
    return KERNEL(matrix, rows)(&s->m, (t0 - s->first) * batch->B, (t1 - t0) * batch->B);
  REAL *to = copy->data;
  for (size_t t = t0; t < t1; t++)
    for (size_t j = 0; j < rk_running(batch, t); j++, to += copy->tda)
      memcpy(to, KERNEL(sequence, row)(s, batch, t, j), s->m.size2 * sizeof(REAL));
  return KERNEL(matrix, rows)(copy, 0, batch->offset[t1] - batch->offset[t0]);
}

void KERNEL(sequence, unpack)(const MATRIX *packed, const KERNEL(sequence, view) * s,
                              const rk_batch *batch, size_t t0, size_t t1, bool add) {
  const REAL *from = packed->data;
  for (size_t t = t0; t < t1; t++)
    for (size_t j = 0; j < rk_running(batch, t); j++, from += packed->tda) {
      REAL *to = KERNEL(sequence, row)(s, batch, t, j);
      if (!add)
        memcpy(to, from, packed->size2 * sizeof(REAL));
      for (size_t k = 0; add && k < packed->size2; k++)
        to[k] += from[k];
    }
}

void KERNEL(sequence, clear_padding)(const KERNEL(sequence, view) * s, const rk_batch *batch,
                                     size_t t0, size_t t1) {
  for (size_t t = t0; t < t1; t++)
    for (size_t j = rk_running(batch, t); j < batch->n; j++)
      memset(KERNEL(sequence, row)(s, batch, t, j), 0, s->m.size2 * sizeof(REAL));
}

void KERNEL(state, pack)(const MATRIX *state, const rk_batch *batch, MATRIX *packed) {
  for (size_t k = 0; k < packed->size1; k++) {
    REAL *to = packed->data + k * packed->tda;
    const size_t block = k - k % batch->B, row = block + batch->order[k % batch->B];
    if (state != NULL)
      memcpy(to, state->data + row * state->tda, packed->size2 * sizeof(REAL));
    else
      memset(to, 0, packed->size2 * sizeof(REAL));
  }
}

void KERNEL(state, unpack)(const MATRIX *packed, const rk_batch *batch, MATRIX *state) {
  for (size_t k = 0; k < packed->size1; k++) {
    const size_t block = k - k % batch->B, row = block + batch->order[k % batch->B];
    const REAL *from = packed->data + k * packed->tda;
    memcpy(state->data + row * state->tda, from, packed->size2 * sizeof(REAL));
  }
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "sequence.c"
#endif
