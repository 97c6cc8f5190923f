/* A block of steps: see block.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/block.h"

#include "network/dropout.h"

#ifndef RECUR_FLOAT
size_t rk_step_at(const rk_block *b, size_t k, bool back) {
  return back ? b->t1 - 1 - k : b->t0 + k;
}
#endif

size_t KERNEL(block, count)(const WORKSPACE *w, size_t t0, size_t t1) {
  return (t1 - t0 + w->block - 1) / w->block;
}

rk_block KERNEL(block, at)(const WORKSPACE *w, size_t layer, size_t d, size_t k, size_t t0,
                           size_t t1, bool back) {
  const size_t place = back ? KERNEL(block, count)(w, t0, t1) - 1 - k : k;
  const size_t begin = t0 + place * w->block, end = begin + w->block;
  return (rk_block){.d = d, .ld = layer * w->s.D + d, .t0 = begin, .t1 = end < t1 ? end : t1};
}

SEQUENCE KERNEL(block, columns_of)(const SEQUENCE *s, size_t d, size_t P) {
  SEQUENCE part = *s;
  if (part.m.data != NULL)
    part.m = KERNEL(matrix, columns)(&s->m, d * P, P);
  return part;
}

MATRIX KERNEL(block, share)(const WORKER *o, const MATRIX *m) {
  size_t first, last;
  rk_share(o->member, m->size1, 1, &first, &last);
  return KERNEL(matrix, rows)(m, first, last - first);
}

MATRIX KERNEL(block, input)(const WORKER *o, const IO *io, const rk_block *b) {
  const WORKSPACE *w = o->w;
  const size_t rows = w->batch.offset[b->t1] - w->batch.offset[b->t0];
  const double chance = w->pass == RECUR_TRAINING && io->layer > 0 ? w->network.dropout : 0;
  MATRIX copy = KERNEL(matrix, of)(w->x_block.data, w->x_block.size1, io->x.m.size2);
  if (w->batch.full && chance == 0)
    return KERNEL(sequence, pack)(&io->x, &w->batch, b->t0, b->t1, &copy);
  if (o->member->rank == 0) {
    const MATRIX x = KERNEL(sequence, pack)(&io->x, &w->batch, b->t0, b->t1, &copy);
    copy.size1 = rows;
    if (chance != 0) {
      if (x.data != copy.data)
        KERNEL(matrix, copy)(&x, &copy);
      KERNEL(dropout, apply)(chance, &w->batch, io->layer - 1, b->t0, b->t1, &copy);
    }
  }
  rk_barrier(o->member);
  return KERNEL(matrix, rows)(&copy, 0, rows);
}

MATRIX KERNEL(block, gates)(const WORKSPACE *w, const IO *io, const rk_block *b) {
  const size_t *offset = w->batch.offset;
  if (w->pass == RECUR_INFERENCE)
    return KERNEL(matrix, rows)(&w->gates, 0, offset[b->t1] - offset[b->t0]);
  return KERNEL(workspace, kept)(w, &w->gates, b->ld, io->first, b->t0, b->t1);
}

MATRIX KERNEL(block, step_rows)(const WORKER *o, const MATRIX *block, const rk_block *b, size_t t) {
  const rk_batch *part = &o->part;
  return KERNEL(matrix, rows)(block, part->offset[t] - part->offset[b->t0] + part->first,
                              rk_running(part, t));
}

MATRIX KERNEL(block, kept_rows)(const WORKER *o, const MATRIX *all, const IO *io, const rk_block *b,
                                size_t t) {
  const MATRIX step = KERNEL(workspace, kept)(o->w, all, b->ld, io->first, t, t + 1);
  return KERNEL(matrix, rows)(&step, o->part.first, rk_running(&o->part, t));
}

MATRIX KERNEL(block, state_rows)(const WORKER *o, const MATRIX *state, size_t ld, size_t t) {
  return KERNEL(matrix, rows)(state, ld * o->w->batch.B + o->part.first, rk_running(&o->part, t));
}

MATRIX KERNEL(block, scratch_rows)(const WORKER *o, const MATRIX *scratch, size_t t) {
  if (scratch->data == NULL)
    return *scratch;
  return KERNEL(matrix, rows)(scratch, o->part.first, rk_running(&o->part, t));
}

STEP KERNEL(block, step)(const WORKER *o, const MATRIX *gates, const rk_block *b, size_t t) {
  const WORKSPACE *w = o->w;
  STEP s = KERNEL(weights, step)(w->weights, b->ld);
  s.member = o->member;
  s.gates = KERNEL(block, step_rows)(o, gates, b, t);
  if (w->unprojected.data != NULL)
    s.m = KERNEL(block, scratch_rows)(o, &w->unprojected, t);
  s.products = KERNEL(block, scratch_rows)(o, &w->products, t);
  if (w->masks.data != NULL)
    s.mask = KERNEL(block, state_rows)(o, &w->masks, b->ld, t);
  return s;
}

void KERNEL(block, run)(const WORKER *o, const KERNEL(cell, phase) * phase, const STEP *s) {
  const WORKSPACE *w = o->w;
  const size_t lanes = w->weights->isa->lanes;
  const size_t range = w->network.cell.layer_norm ? SIZE_MAX / 2 : 4 * lanes;
  for (; phase->run != NULL; phase++) {
    const size_t units = phase->outputs ? w->s.P : w->s.H;
    size_t first = 0, end = (units + lanes - 1) / lanes * lanes;
    if (o->by_units)
      rk_share(o->member, end, range, &first, &end);
    for (; first < end; first += range)
      phase->run(s, first, end - first < range ? end : first + range);
    if (o->by_units)
      rk_barrier(o->member);
  }
}

bool KERNEL(block, has_rows)(const WORKER *o) {
  return !o->by_units || o->member->rank == 0;
}

MATRIX KERNEL(block, recurrent_input)(const WORKER *o, size_t ld, size_t t, const MATRIX *h,
                                      MATRIX copy) {
  if (o->w->masks.data == NULL)
    return *h;
  const MATRIX mask = KERNEL(block, state_rows)(o, &o->w->masks, ld, t);
  KERNEL(matrix, copy)(h, &copy);
  KERNEL(matrix, multiply)(&mask, &copy);
  return copy;
}

const REAL *KERNEL(block, input_gain)(const WORKSPACE *w, size_t ld, size_t part) {
  return KERNEL(weights, gains)(w->weights, ld, false) + w->cell->parts[part].first * w->s.H;
}

MATRIX KERNEL(block, input_part)(const WORKSPACE *w, const MATRIX *gates, size_t part) {
  return KERNEL(matrix, columns)(gates, w->cell->parts[part].first * w->group, w->group);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "block.c"
#endif
