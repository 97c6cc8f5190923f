/* One layer over some steps: the input's product for a block of steps, then the recurrence.

   All members of a team run this. A row of a block's product is one member's; what cannot be shared
   out the first does. After each of these they meet.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/block.h"

/* a = LN(v) o gain + bias */
static void KERNEL(layer, normalize_input)(const WORKSPACE *w, const STEP *s, size_t ld,
                                           const MATRIX *gates) {
  for (size_t k = 0; k < RK_MOST_PARTS && w->cell->parts[k].count != 0; k++) {
    MATRIX v = KERNEL(block, input_part)(w, gates, k);
    KERNEL(layer_norm, forward)
    (KERNEL(cell, normalized)(s, k), KERNEL(block, input_gain)(w, ld, k), &v);
  }
  for (size_t i = 0; i < gates->size1; i++)
    for (size_t k = 0; k < w->s.G * w->group; k++)
      gates->data[i * gates->tda + k] += s->bias[k];
}

/* a = W_ih x + bias, of a member's share of the rows */
static void KERNEL(layer, input_product)(const WORKER *o, const rk_block *b, const MATRIX *x,
                                         const MATRIX *gates) {
  const WORKSPACE *w = o->w;
  const STEP s = KERNEL(weights, step)(w->weights, b->ld);
  const bool normalized = w->network.cell.layer_norm;
  const MATRIX rows = KERNEL(block, share)(o, x);
  MATRIX a = KERNEL(block, share)(o, gates);
  KERNEL(cell, multiply)
  (&s, &s.weights->ih, &rows, 1, normalized ? NULL : s.bias, 0, &a, 0, w->s.H);
  if (normalized)
    KERNEL(layer, normalize_input)(w, &s, b->ld, &a);
}

/* h = d o h + (1 - d) o h~, c likewise; and c is recorded, before and after that. */
static void KERNEL(layer, finish_step)(const WORKER *o, const IO *io, const rk_block *b, size_t t,
                                       STEP *s) {
  const WORKSPACE *w = o->w;
  const bool training = w->pass == RECUR_TRAINING;
  if (w->c_new.data != NULL) {
    MATRIX c = KERNEL(block, kept_rows)(o, &w->c_new, io, b, t);
    KERNEL(matrix, copy)(&s->c, &c);
  }
  KERNEL(zoneout, mix)(&w->zoneout[0], &o->part, training, b->ld, t, &s->h_prev, &s->h);
  KERNEL(zoneout, mix)(&w->zoneout[1], &o->part, training, b->ld, t, &s->c_prev, &s->c);
  if (training && w->s.cell_state) {
    MATRIX c = KERNEL(block, kept_rows)(o, &w->c, io, b, t);
    KERNEL(matrix, copy)(&s->c, &c);
  }
}

static void KERNEL(layer, recurrence_forward)(const WORKER *o, const IO *io, const rk_block *b,
                                              const MATRIX *gates) {
  const WORKSPACE *w = o->w;
  const SEQUENCE y = KERNEL(block, columns_of)(&io->y, b->d, w->s.P);
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = rk_step_at(b, k, b->d == 1), done = b->d == 0 ? t : w->batch.T - 1 - t;
    STEP s = KERNEL(block, step)(o, gates, b, t);
    s.h_prev = KERNEL(block, state_rows)(o, &w->h[done % 2], b->ld, t);
    s.c_prev = KERNEL(block, state_rows)(o, &w->c_run[done % 2], b->ld, t);
    s.h = KERNEL(block, state_rows)(o, &w->h[1 - done % 2], b->ld, t);
    s.c = KERNEL(block, state_rows)(o, &w->c_run[1 - done % 2], b->ld, t);
    s.h_in = KERNEL(block, recurrent_input)(o, b->ld, t, &s.h_prev,
                                            KERNEL(block, scratch_rows)(o, &w->h_in, t));
    if (s.m.data == NULL)
      s.m = s.h;
    KERNEL(block, run)(o, w->cell->forward, &s);
    if (!KERNEL(block, has_rows)(o))
      continue;
    KERNEL(layer, finish_step)(o, io, b, t, &s);
    if (y.m.data != NULL)
      KERNEL(sequence, unpack)(&s.h, &y, &o->part, t, t + 1, false);
  }
}

void KERNEL(layer, forward)(const WORKER *o, const IO *io, size_t t0, size_t t1) {
  const WORKSPACE *w = o->w;
  const size_t blocks = KERNEL(block, count)(w, t0, t1);
  for (size_t d = 0; d < w->s.D; d++)
    for (size_t k = 0; k < blocks; k++) {
      const rk_block b = KERNEL(block, at)(w, io->layer, d, k, t0, t1, d == 1);
      const MATRIX x = KERNEL(block, input)(o, io, &b);
      const MATRIX gates = KERNEL(block, gates)(w, io, &b);
      KERNEL(layer, input_product)(o, &b, &x, &gates);
      rk_barrier(o->member);
      KERNEL(layer, recurrence_forward)(o, io, &b, &gates);
      rk_barrier(o->member);
    }
  if (io->y.m.data != NULL && o->member->rank == 0)
    KERNEL(sequence, clear_padding)(&io->y, &w->batch, t0, t1);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "layer_forward.c"
#endif
