/* Sequences and states of a batch, in the caller's order and packed: see sequence.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/sequence.h"

#include "base/matrix.h"

#include <string.h>

rk_real *rk_sequence_row(const rk_sequence *s, const rk_batch *batch, size_t t, size_t j) {
  return s->m.data + ((t - s->first) * batch->B + batch->order[j]) * s->m.tda;
}

gsl_matrix rk_sequence_pack(const rk_sequence *s, const rk_batch *batch, size_t t0, size_t t1,
                            gsl_matrix *copy) {
  if (batch->full)
    return rk_matrix_rows(&s->m, (t0 - s->first) * batch->B, (t1 - t0) * batch->B);
  rk_real *to = copy->data;
  for (size_t t = t0; t < t1; t++)
    for (size_t j = 0; j < rk_running(batch, t); j++, to += copy->tda)
      memcpy(to, rk_sequence_row(s, batch, t, j), s->m.size2 * sizeof(rk_real));
  return rk_matrix_rows(copy, 0, batch->offset[t1] - batch->offset[t0]);
}

void rk_sequence_unpack(const gsl_matrix *packed, const rk_sequence *s, const rk_batch *batch,
                        size_t t0, size_t t1, bool add) {
  const rk_real *from = packed->data;
  for (size_t t = t0; t < t1; t++)
    for (size_t j = 0; j < rk_running(batch, t); j++, from += packed->tda) {
      rk_real *to = rk_sequence_row(s, batch, t, j);
      if (!add)
        memcpy(to, from, packed->size2 * sizeof(rk_real));
      for (size_t k = 0; add && k < packed->size2; k++)
        to[k] += from[k];
    }
}

void rk_sequence_clear_padding(const rk_sequence *s, const rk_batch *batch, size_t t0, size_t t1) {
  for (size_t t = t0; t < t1; t++)
    for (size_t j = rk_running(batch, t); j < batch->n; j++)
      memset(rk_sequence_row(s, batch, t, j), 0, s->m.size2 * sizeof(rk_real));
}

void rk_state_pack(const gsl_matrix *state, const rk_batch *batch, gsl_matrix *packed) {
  for (size_t k = 0; k < packed->size1; k++) {
    rk_real *to = packed->data + k * packed->tda;
    const size_t block = k - k % batch->B, row = block + batch->order[k % batch->B];
    if (state != NULL)
      memcpy(to, state->data + row * state->tda, packed->size2 * sizeof(rk_real));
    else
      memset(to, 0, packed->size2 * sizeof(rk_real));
  }
}

void rk_state_unpack(const gsl_matrix *packed, const rk_batch *batch, gsl_matrix *state) {
  for (size_t k = 0; k < packed->size1; k++) {
    const size_t block = k - k % batch->B, row = block + batch->order[k % batch->B];
    const rk_real *from = packed->data + k * packed->tda;
    memcpy(state->data + row * state->tda, from, packed->size2 * sizeof(rk_real));
  }
}
