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
  rk_share(o->thread, m->size1, 1, &first, &last);
  return rk_matrix_rows(m, first, last - first);
}

gsl_matrix rk_block_input(const rk_worker *o, const rk_layer_io *io, const rk_block *b) {
  const recur_network_workspace *w = o->w;
  const size_t rows = w->batch.offset[b->t1] - w->batch.offset[b->t0];
  const double probability =
      w->mode == RECUR_MODE_TRAINING && io->layer > 0 ? w->network.dropout : 0;
  gsl_matrix copy = rk_matrix_of(w->x_block.data, w->x_block.size1, io->x.m.size2);
  if (w->batch.full && probability == 0)
    return rk_sequence_pack(&io->x, &w->batch, b->t0, b->t1, &copy);
  if (o->thread->rank == 0) {
    const gsl_matrix x = rk_sequence_pack(&io->x, &w->batch, b->t0, b->t1, &copy);
    copy.size1 = rows;
    if (probability != 0) {
      if (x.data != copy.data)
        rk_matrix_copy(&x, &copy);
      rk_dropout_apply(probability, &w->batch, io->layer - 1, b->t0, b->t1, &copy);
    }
  }
  rk_barrier(o->thread);
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
  const rk_batch *part = &o->sequences;
  return rk_matrix_rows(block, part->offset[t] - part->offset[b->t0] + part->first,
                        rk_running(part, t));
}

gsl_matrix rk_block_kept_rows(const rk_worker *o, const gsl_matrix *all, const rk_layer_io *io,
                              const rk_block *b, size_t t) {
  const gsl_matrix step = rk_workspace_kept(o->w, all, b->ld, io->first, t, t + 1);
  return rk_matrix_rows(&step, o->sequences.first, rk_running(&o->sequences, t));
}

gsl_matrix rk_block_state_rows(const rk_worker *o, const gsl_matrix *state, size_t ld, size_t t) {
  return rk_matrix_rows(state, ld * o->w->batch.B + o->sequences.first,
                        rk_running(&o->sequences, t));
}

gsl_matrix rk_block_scratch_rows(const rk_worker *o, const gsl_matrix *scratch, size_t t) {
  if (scratch->data == NULL)
    return *scratch;
  return rk_matrix_rows(scratch, o->sequences.first, rk_running(&o->sequences, t));
}

/* The units of a phase that a worker computes, in `count` ranges. */
typedef struct {
  size_t first, end, range, count;
} rk_unit_range;

static rk_unit_range rk_block_units(const rk_worker *o, bool over_outputs) {
  const recur_network_workspace *w = o->w;
  const size_t lanes = w->weights->kernels->lanes, units = over_outputs ? w->s.P : w->s.H;
  rk_unit_range u = {.end = (units + lanes - 1) / lanes * lanes,
                     .range = w->network.cell.layer_normalization ? SIZE_MAX / 2
                                                                  : RK_PANEL_VECTORS * lanes};
  if (o->by_units)
    rk_share(o->thread, u.end, u.range, &u.first, &u.end);
  u.count = (u.end - u.first + u.range - 1) / u.range;
  return u;
}

bool rk_block_goes_back(const rk_worker *o, size_t t) {
  const rk_sizes *s = &o->w->s;
  return (o->w->past_steps + t) % 2 == 1 &&
         s->G * s->H * s->P > RK_SECOND_LEVEL_BYTES / rk_weight_bytes(o->w->network.weight_storage);
}

#define RUN_PHASES(o, phase, s)                                                                    \
  for (; (phase)->run != NULL; (phase)++) {                                                        \
    const rk_unit_range u = rk_block_units(o, (phase)->over_outputs);                              \
    for (size_t k = 0; k < u.count; k++) {                                                         \
      const size_t first = u.first + ((s)->back ? u.count - 1 - k : k) * u.range;                  \
      (phase)->run(s, first, u.end - first < u.range ? u.end : first + u.range);                   \
    }                                                                                              \
    if ((o)->by_units)                                                                             \
      rk_barrier((o)->thread);                                                                     \
  }

void rk_block_run_forward(const rk_worker *o, const rk_forward_step *s) {
  const rk_forward_phase *phase = o->w->cell->forward;
  RUN_PHASES(o, phase, s)
}

void rk_block_run_backward(const rk_worker *o, const rk_backward_step *s) {
  const rk_backward_phase *phase = o->w->cell->backward;
  RUN_PHASES(o, phase, s)
}

bool rk_block_has_rows(const rk_worker *o) {
  return !o->by_units || o->thread->rank == 0;
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
