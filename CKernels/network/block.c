/* A block of steps: see block.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/block.h"

#include "network/dropout.h"

size_t rk_block_count(const recur_network_workspace *w, size_t t0, size_t t1) {
  return (t1 - t0 + w->block - 1) / w->block;
}

rk_block rk_block_at(const recur_network_workspace *w, size_t layer, size_t d, size_t k, size_t t0,
                     size_t t1, bool back) {
  const size_t place = back ? rk_block_count(w, t0, t1) - 1 - k : k;
  const size_t begin = t0 + place * w->block, end = begin + w->block;
  return (rk_block){.d = d, .ld = layer * w->s.D + d, .t0 = begin, .t1 = end < t1 ? end : t1};
}

rk_sequence rk_block_columns_of(const rk_sequence *s, size_t d, size_t P) {
  rk_sequence part = *s;
  if (part.m.data != NULL)
    part.m = rk_matrix_columns(&s->m, d * P, P);
  return part;
}

gsl_matrix rk_block_share(const rk_worker *o, const gsl_matrix *m) {
  size_t first, last;
  rk_share(o->member, m->size1, 1, &first, &last);
  return rk_matrix_rows(m, first, last - first);
}

gsl_matrix rk_block_input(const rk_worker *o, const rk_layer_io *io, const rk_block *b) {
  const recur_network_workspace *w = o->w;
  const size_t rows = w->batch.offset[b->t1] - w->batch.offset[b->t0];
  const double chance = w->mode == RECUR_MODE_TRAINING && io->layer > 0 ? w->network.dropout : 0;
  gsl_matrix copy = rk_matrix_of(w->x_block.data, w->x_block.size1, io->x.m.size2);
  if (w->batch.full && chance == 0)
    return rk_sequence_pack(&io->x, &w->batch, b->t0, b->t1, &copy);
  if (o->member->rank == 0) {
    const gsl_matrix x = rk_sequence_pack(&io->x, &w->batch, b->t0, b->t1, &copy);
    copy.size1 = rows;
    if (chance != 0) {
      if (x.data != copy.data)
        rk_matrix_copy(&x, &copy);
      rk_dropout_apply(chance, &w->batch, io->layer - 1, b->t0, b->t1, &copy);
    }
  }
  rk_barrier(o->member);
  return rk_matrix_rows(&copy, 0, rows);
}

gsl_matrix rk_block_gates(const recur_network_workspace *w, const rk_layer_io *io,
                          const rk_block *b) {
  const size_t *offset = w->batch.offset;
  if (w->mode == RECUR_MODE_INFERENCE)
    return rk_matrix_rows(&w->gates, 0, offset[b->t1] - offset[b->t0]);
  return rk_workspace_kept(w, &w->gates, b->ld, io->first, b->t0, b->t1);
}

gsl_matrix rk_block_step_rows(const rk_worker *o, const gsl_matrix *block, const rk_block *b,
                              size_t t) {
  const rk_batch *part = &o->part;
  return rk_matrix_rows(block, part->offset[t] - part->offset[b->t0] + part->first,
                        rk_running(part, t));
}

gsl_matrix rk_block_kept_rows(const rk_worker *o, const gsl_matrix *all, const rk_layer_io *io,
                              const rk_block *b, size_t t) {
  const gsl_matrix step = rk_workspace_kept(o->w, all, b->ld, io->first, t, t + 1);
  return rk_matrix_rows(&step, o->part.first, rk_running(&o->part, t));
}

gsl_matrix rk_block_state_rows(const rk_worker *o, const gsl_matrix *state, size_t ld, size_t t) {
  return rk_matrix_rows(state, ld * o->w->batch.B + o->part.first, rk_running(&o->part, t));
}

gsl_matrix rk_block_scratch_rows(const rk_worker *o, const gsl_matrix *scratch, size_t t) {
  if (scratch->data == NULL)
    return *scratch;
  return rk_matrix_rows(scratch, o->part.first, rk_running(&o->part, t));
}

rk_step rk_block_step(const rk_worker *o, const gsl_matrix *gates, const rk_block *b, size_t t) {
  const recur_network_workspace *w = o->w;
  rk_step s = rk_network_weights_step(w->weights, b->ld);
  s.member = o->member;
  s.gates = rk_block_step_rows(o, gates, b, t);
  if (w->unprojected.data != NULL)
    s.m = rk_block_scratch_rows(o, &w->unprojected, t);
  s.products = rk_block_scratch_rows(o, &w->products, t);
  if (w->masks.data != NULL)
    s.mask = rk_block_state_rows(o, &w->masks, b->ld, t);
  return s;
}

void rk_block_run(const rk_worker *o, const rk_cell_phase *phase, const rk_step *s) {
  const recur_network_workspace *w = o->w;
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

bool rk_block_has_rows(const rk_worker *o) {
  return !o->by_units || o->member->rank == 0;
}

gsl_matrix rk_block_recurrent_input(const rk_worker *o, size_t ld, size_t t, const gsl_matrix *h,
                                    gsl_matrix copy) {
  if (o->w->masks.data == NULL)
    return *h;
  const gsl_matrix mask = rk_block_state_rows(o, &o->w->masks, ld, t);
  rk_matrix_copy(h, &copy);
  rk_matrix_multiply(&mask, &copy);
  return copy;
}

const rk_real *rk_block_input_gain(const recur_network_workspace *w, size_t ld, size_t part) {
  return rk_network_weights_gains(w->weights, ld, false) + w->cell->parts[part].first * w->s.H;
}

gsl_matrix rk_block_input_part(const recur_network_workspace *w, const gsl_matrix *gates,
                               size_t part) {
  return rk_matrix_columns(gates, w->cell->parts[part].first * w->group, w->group);
}
