/* One layer over some steps: the input's product for a block of steps, then the recurrence; and
   backward the recurrence, then the block's products.

   All members of a team run this. A row of a block's product, and of a weight's gradient, is one
   member's; what cannot be shared out the first does. After each of these they meet.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "layer.h"

#include "dropout.h"
#include "norm.h"

#include <string.h>

#define IO KERNEL(layer, io)
#define SEQUENCE KERNEL(sequence, view)

#ifndef RECUR_FLOAT
/* One block of steps in one direction. */
typedef struct {
  size_t d, ld;
  size_t t0, t1;
} rk_block;

/* The k-th of the blocks between t0 and t1 as the direction meets them. */
static rk_block block_at(size_t k, size_t blocks, size_t length, size_t t0, size_t t1, bool back) {
  const size_t place = back ? blocks - 1 - k : k, begin = t0 + place * length;
  return (rk_block){.t0 = begin, .t1 = begin + length < t1 ? begin + length : t1};
}

/* The k-th step of a block, where the reverse direction goes back, and gradients the other way. */
static size_t step_at(const rk_block *b, size_t k, bool back) {
  return back ? b->t1 - 1 - k : b->t0 + k;
}
#endif

/* The columns of a layer's output that are a direction's. */
static SEQUENCE KERNEL(layer, part)(const SEQUENCE *s, size_t d, size_t P) {
  SEQUENCE part = *s;
  if (part.m.data != NULL)
    part.m = KERNEL(matrix, columns)(&s->m, d * P, P);
  return part;
}

/* A member's share of the rows of a matrix. */
static MATRIX KERNEL(layer, share)(const WORKER *o, const MATRIX *m) {
  size_t first, last;
  rk_share(o->member, m->size1, 1, &first, &last);
  return KERNEL(matrix, rows)(m, first, last - first);
}

/* What goes into a block, after dropout: as it stands, or a copy, which the first member makes. */
static MATRIX KERNEL(layer, block_input)(const WORKER *o, const IO *io, const rk_block *b) {
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

/* The record of a block, or in inference the scratch for it. */
static MATRIX KERNEL(layer, block_gates)(const WORKSPACE *w, const IO *io, const rk_block *b) {
  const size_t *offset = w->batch.offset;
  if (w->pass == RECUR_INFERENCE)
    return KERNEL(matrix, rows)(&w->gates, 0, offset[b->t1] - offset[b->t0]);
  return KERNEL(workspace, kept)(w, &w->gates, b->ld, io->first, b->t0, b->t1);
}

/* A worker's rows of a step within those of its block. */
static MATRIX KERNEL(layer, step_rows)(const WORKER *o, const MATRIX *block, const rk_block *b,
                                       size_t t) {
  const rk_batch *part = &o->part;
  return KERNEL(matrix, rows)(block, part->offset[t] - part->offset[b->t0] + part->first,
                              rk_running(part, t));
}

/* Those of what is kept of a step. */
static MATRIX KERNEL(layer, kept_rows)(const WORKER *o, const MATRIX *all, const IO *io,
                                       const rk_block *b, size_t t) {
  const MATRIX step = KERNEL(workspace, kept)(o->w, all, b->ld, io->first, t, t + 1);
  return KERNEL(matrix, rows)(&step, o->part.first, rk_running(&o->part, t));
}

/* Those of ld in a state that runs. */
static MATRIX KERNEL(layer, state_rows)(const WORKER *o, const MATRIX *state, size_t ld, size_t t) {
  return KERNEL(matrix, rows)(state, ld * o->w->batch.B + o->part.first, rk_running(&o->part, t));
}

/* Those of scratch for the sequences of a batch; none if there is no such scratch. */
static MATRIX KERNEL(layer, scratch_rows)(const WORKER *o, const MATRIX *scratch, size_t t) {
  if (scratch->data == NULL)
    return *scratch;
  return KERNEL(matrix, rows)(scratch, o->part.first, rk_running(&o->part, t));
}

static STEP KERNEL(layer, step)(const WORKER *o, const MATRIX *gates, const rk_block *b, size_t t) {
  const WORKSPACE *w = o->w;
  STEP s = KERNEL(weights, step)(w->weights, b->ld);
  s.member = o->member;
  s.gates = KERNEL(layer, step_rows)(o, gates, b, t);
  if (w->unprojected.data != NULL)
    s.m = KERNEL(layer, scratch_rows)(o, &w->unprojected, t);
  s.products = KERNEL(layer, scratch_rows)(o, &w->products, t);
  if (w->masks.data != NULL)
    s.mask = KERNEL(layer, state_rows)(o, &w->masks, b->ld, t);
  return s;
}

/* All phases of a step, over ranges of units that are whole panels. */
static void KERNEL(layer, run)(const WORKER *o, const KERNEL(cell, phase) * phase, const STEP *s) {
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

/* Whether a worker does what a step has besides its units: for its own sequences, or, where units
   are shared, for all. */
static bool KERNEL(layer, has_rows)(const WORKER *o) {
  return !o->by_units || o->member->rank == 0;
}

/* What W_hh is multiplied with: h of the sequences that run at a step, or a masked copy. */
static MATRIX KERNEL(layer, recurrent_input)(const WORKER *o, size_t ld, size_t t, const MATRIX *h,
                                             MATRIX copy) {
  if (o->w->masks.data == NULL)
    return *h;
  const MATRIX mask = KERNEL(layer, state_rows)(o, &o->w->masks, ld, t);
  KERNEL(matrix, copy)(h, &copy);
  KERNEL(matrix, multiply)(&mask, &copy);
  return copy;
}

/* Forward */

/* The gains of the products with W_ih, and some gates of those products, that belong to a part. */
static const REAL *KERNEL(layer, input_gain)(const WORKSPACE *w, size_t ld, size_t part) {
  return KERNEL(weights, gains)(w->weights, ld, false) + w->cell->parts[part].first * w->s.H;
}

static MATRIX KERNEL(layer, input_part)(const WORKSPACE *w, const MATRIX *gates, size_t part) {
  return KERNEL(matrix, columns)(gates, w->cell->parts[part].first * w->group, w->group);
}

/* a = LN(v) o gain + bias */
static void KERNEL(layer, normalize_input)(const WORKSPACE *w, const STEP *s, size_t ld,
                                           const MATRIX *gates) {
  for (size_t k = 0; k < RK_MOST_PARTS && w->cell->parts[k].count != 0; k++) {
    MATRIX v = KERNEL(layer, input_part)(w, gates, k);
    KERNEL(layer_norm, forward)
    (KERNEL(cell, normalized)(s, k), KERNEL(layer, input_gain)(w, ld, k), &v);
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
  const MATRIX rows = KERNEL(layer, share)(o, x);
  MATRIX a = KERNEL(layer, share)(o, gates);
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
    MATRIX c = KERNEL(layer, kept_rows)(o, &w->c_new, io, b, t);
    KERNEL(matrix, copy)(&s->c, &c);
  }
  KERNEL(zoneout, mix)(&w->zoneout[0], &o->part, training, b->ld, t, &s->h_prev, &s->h);
  KERNEL(zoneout, mix)(&w->zoneout[1], &o->part, training, b->ld, t, &s->c_prev, &s->c);
  if (training && w->s.cell_state) {
    MATRIX c = KERNEL(layer, kept_rows)(o, &w->c, io, b, t);
    KERNEL(matrix, copy)(&s->c, &c);
  }
}

static void KERNEL(layer, recurrence_forward)(const WORKER *o, const IO *io, const rk_block *b,
                                              const MATRIX *gates) {
  const WORKSPACE *w = o->w;
  const SEQUENCE y = KERNEL(layer, part)(&io->y, b->d, w->s.P);
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = step_at(b, k, b->d == 1), done = b->d == 0 ? t : w->batch.T - 1 - t;
    STEP s = KERNEL(layer, step)(o, gates, b, t);
    s.h_prev = KERNEL(layer, state_rows)(o, &w->h[done % 2], b->ld, t);
    s.c_prev = KERNEL(layer, state_rows)(o, &w->c_run[done % 2], b->ld, t);
    s.h = KERNEL(layer, state_rows)(o, &w->h[1 - done % 2], b->ld, t);
    s.c = KERNEL(layer, state_rows)(o, &w->c_run[1 - done % 2], b->ld, t);
    s.h_in = KERNEL(layer, recurrent_input)(o, b->ld, t, &s.h_prev,
                                            KERNEL(layer, scratch_rows)(o, &w->h_in, t));
    if (s.m.data == NULL)
      s.m = s.h;
    KERNEL(layer, run)(o, w->cell->forward, &s);
    if (!KERNEL(layer, has_rows)(o))
      continue;
    KERNEL(layer, finish_step)(o, io, b, t, &s);
    if (y.m.data != NULL)
      KERNEL(sequence, unpack)(&s.h, &y, &o->part, t, t + 1, false);
  }
}

void KERNEL(layer, forward)(const WORKER *o, const IO *io, size_t t0, size_t t1) {
  const WORKSPACE *w = o->w;
  const size_t blocks = (t1 - t0 + w->block - 1) / w->block;
  for (size_t d = 0; d < w->s.D; d++)
    for (size_t k = 0; k < blocks; k++) {
      rk_block b = block_at(k, blocks, w->block, t0, t1, d == 1);
      b.d = d;
      b.ld = io->layer * w->s.D + d;
      const MATRIX x = KERNEL(layer, block_input)(o, io, &b);
      const MATRIX gates = KERNEL(layer, block_gates)(w, io, &b);
      KERNEL(layer, input_product)(o, &b, &x, &gates);
      rk_barrier(o->member);
      KERNEL(layer, recurrence_forward)(o, io, &b, &gates);
      rk_barrier(o->member);
    }
  if (io->y.m.data != NULL && o->member->rank == 0)
    KERNEL(sequence, clear_padding)(&io->y, &w->batch, t0, t1);
}

/* Backward */

/* The states before each step of a block, packed: those after the step that the direction met
   before, or at the start of the segment. h is in the layer's output, c in the record. */
static void KERNEL(layer, states_before)(const WORKER *o, const IO *io, const rk_block *b) {
  const WORKSPACE *w = o->w;
  const rk_batch *part = &o->part;
  const SEQUENCE y = KERNEL(layer, part)(&io->y, b->d, w->s.P);
  const MATRIX kept = KERNEL(workspace, kept)(w, &w->c, b->ld, io->first, io->first, io->last);
  const MATRIX h_start = KERNEL(workspace, start)(w, &w->h_start, io->number);
  const MATRIX c_start = KERNEL(workspace, start)(w, &w->c_start, io->number);
  const size_t h_bytes = w->s.P * sizeof(REAL), c_bytes = kept.size2 * sizeof(REAL);
  for (size_t t = b->t0; t < b->t1; t++) {
    const MATRIX h = KERNEL(layer, step_rows)(o, &w->h_prev, b, t);
    const MATRIX c = KERNEL(layer, step_rows)(o, &w->c_prev, b, t);
    for (size_t j = 0; j < h.size1; j++) {
      const size_t before = b->d == 0 ? t - 1 : t + 1, row = part->first + j;
      const size_t start = b->ld * part->B + row;
      const bool first =
          b->d == 0 ? t == io->first : t + 1 == io->last || j >= rk_running(part, t + 1);
      const REAL *h_before =
          first ? h_start.data + start * h_start.tda : KERNEL(sequence, row)(&y, part, before, j);
      memcpy(h.data + j * h.tda, h_before, h_bytes);
      if (c_bytes == 0)
        continue;
      const size_t from = first ? start : part->offset[before] - part->offset[io->first] + row;
      const MATRIX *c_before = first ? &c_start : &kept;
      memcpy(c.data + j * c.tda, c_before->data + from * c_before->tda, c_bytes);
    }
  }
}

/* Of the h before each step of a block. */
static MATRIX KERNEL(layer, block_recurrent_input)(const WORKER *o, const rk_block *b,
                                                   const MATRIX *h_prev) {
  const WORKSPACE *w = o->w;
  if (w->masks.data == NULL)
    return *h_prev;
  for (size_t t = b->t0; t < b->t1; t++) {
    const MATRIX h = KERNEL(layer, step_rows)(o, h_prev, b, t);
    KERNEL(layer, recurrent_input)(o, b->ld, t, &h, KERNEL(layer, step_rows)(o, &w->h_in, b, t));
  }
  return KERNEL(matrix, rows)(&w->h_in, 0, h_prev->size1);
}

/* What the loss gives h_t directly is added to what came back through time; the norms of the sum.
 */
static void KERNEL(layer, add_output_gradient)(const WORKER *o, const IO *io, const rk_block *b,
                                               size_t t, MATRIX *dh) {
  const SEQUENCE dy = KERNEL(layer, part)(&io->dy, b->d, o->w->s.P);
  for (size_t j = 0; j < dh->size1; j++) {
    MATRIX row = KERNEL(matrix, rows)(dh, j, 1);
    if (dy.m.data != NULL) {
      const MATRIX given =
          KERNEL(matrix, of)(KERNEL(sequence, row)(&dy, &o->part, t, j), 1, dh->size2);
      KERNEL(matrix, add)(&given, &row);
    }
    if (io->dh_norms != NULL) {
      REAL *norms = io->dh_norms->data + (b->ld * o->part.T + t) * io->dh_norms->tda;
      KERNEL(norm, rows)(&row, norms + o->part.order[j]);
    }
  }
}

/* The gradient of h; dh~ = (1 - d) o dh, dc likewise; back through the cell;
   dh_{t-1} = d o dh + ... */
static void KERNEL(layer, step_backward)(const WORKER *o, const IO *io, const rk_block *b, size_t t,
                                         STEP *s) {
  const WORKSPACE *w = o->w;
  if (KERNEL(layer, has_rows)(o)) {
    KERNEL(layer, add_output_gradient)(o, io, b, t, &s->dh);
    KERNEL(zoneout, split)(&w->zoneout[0], &o->part, b->ld, t, &s->dh);
    KERNEL(zoneout, split)(&w->zoneout[1], &o->part, b->ld, t, &s->dc);
    if (s->dh_out.data != NULL)
      KERNEL(matrix, copy)(&s->dh, &s->dh_out);
  }
  if (o->by_units)
    rk_barrier(o->member);
  KERNEL(layer, run)(o, w->cell->backward, s);
  if (KERNEL(layer, has_rows)(o)) {
    KERNEL(zoneout, join)(&w->zoneout[0], &o->part, &s->dh);
    KERNEL(zoneout, join)(&w->zoneout[1], &o->part, &s->dc);
  }
}

static void KERNEL(layer, recurrence_backward)(const WORKER *o, const IO *io, const rk_block *b,
                                               const STEP *block) {
  const WORKSPACE *w = o->w;
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = step_at(b, k, b->d == 0);
    STEP s = KERNEL(layer, step)(o, &block->gates, b, t);
    s.c = KERNEL(layer, step_rows)(o, &block->c, b, t);
    s.products = KERNEL(layer, step_rows)(o, &block->products, b, t);
    s.dgains = block->dgains;
    s.h_prev = KERNEL(layer, step_rows)(o, &block->h_prev, b, t);
    s.c_prev = KERNEL(layer, step_rows)(o, &block->c_prev, b, t);
    s.dh = KERNEL(layer, state_rows)(o, &w->dh, b->ld, t);
    s.dc = KERNEL(layer, state_rows)(o, &w->dc, b->ld, t);
    s.scratch = KERNEL(layer, scratch_rows)(o, &w->scratch, t);
    if (s.m.data == NULL)
      s.m = s.dh;
    if (block->dh_out.data != NULL) {
      s.dh_out = KERNEL(layer, step_rows)(o, &block->dh_out, b, t);
      s.m_out = KERNEL(layer, step_rows)(o, &block->m_out, b, t);
    }
    KERNEL(layer, step_backward)(o, io, b, t, &s);
  }
}

/* dx = W_ih^T da, through dropout. The second direction's goes on from the first's, one chain
   whether rows are packed or not; under dropout it is added. */
static void KERNEL(layer, input_gradient)(const WORKER *o, const IO *io, const rk_block *b,
                                          const MATRIX *dv, const STEP *block) {
  const WORKSPACE *w = o->w;
  const bool dropout = w->network.dropout != 0 && io->layer > 0, second = b->d == 1;
  const bool direct = w->batch.full && !dropout, first_member = o->member->rank == 0;
  MATRIX dx = KERNEL(matrix, of)(w->x_block.data, block->gates.size1, io->dx.m.size2);
  if (direct)
    dx = KERNEL(sequence, pack)(&io->dx, &w->batch, b->t0, b->t1, &dx);
  else
    rk_barrier(o->member); /* what there was in the copy has been used */
  if (!direct && !dropout && second) {
    if (first_member)
      KERNEL(sequence, pack)(&io->dx, &w->batch, b->t0, b->t1, &dx);
    rk_barrier(o->member);
  }
  const MATRIX rows = KERNEL(layer, share)(o, dv);
  MATRIX to = KERNEL(layer, share)(o, &dx);
  KERNEL(cell, input_backward)(block, &rows, !dropout && second, &to);
  if (direct)
    return;
  rk_barrier(o->member);
  if (first_member && dropout)
    KERNEL(dropout, apply)(w->network.dropout, &w->batch, io->layer - 1, b->t0, b->t1, &dx);
  if (first_member)
    KERNEL(sequence, unpack)(&dx, &io->dx, &w->batch, b->t0, b->t1, dropout && second);
}

/* A whole block as one step, for what does not depend on order. */
static STEP KERNEL(layer, block)(const WORKER *o, const IO *io, const rk_block *b) {
  const WORKSPACE *w = o->w;
  STEP s = KERNEL(weights, step)(w->weights, b->ld);
  const MATRIX *c = w->c_new.data == NULL ? &w->c : &w->c_new;
  if (KERNEL(layer, has_rows)(o))
    KERNEL(layer, states_before)(o, io, b);
  s.member = o->member;
  s.gates = KERNEL(layer, block_gates)(w, io, b);
  s.c = KERNEL(workspace, kept)(w, c, b->ld, io->first, b->t0, b->t1);
  s.h_prev = KERNEL(matrix, rows)(&w->h_prev, 0, s.gates.size1);
  s.c_prev = KERNEL(matrix, rows)(&w->c_prev, 0, s.gates.size1);
  s.h_in = KERNEL(layer, block_recurrent_input)(o, b, &s.h_prev);
  s.dh_out = KERNEL(matrix, rows)(&w->dh_out, 0, s.gates.size1);
  s.m_out = KERNEL(matrix, rows)(&w->m_out, 0, s.gates.size1);
  s.products = KERNEL(matrix, rows)(&w->products, 0, s.gates.size1);
  s.dgains = w->dp[b->ld].part[RK_WEIGHT_LN_HH].data;
  return s;
}

/* From the gradients of the gates' inputs to those of W_ih x: with layer normalisation through
   that, for which the product is computed again. */
static MATRIX KERNEL(layer, product_gradient)(const WORKSPACE *w, const rk_block *b,
                                              const STEP *block, const MATRIX *x) {
  REAL *dgains = w->dp[b->ld].part[RK_WEIGHT_LN_IH].data;
  if (!w->network.cell.layer_norm)
    return block->gates;
  KERNEL(cell, products_of)(block, &w->p[b->ld].part[RK_WEIGHT_IH], x, 0, w->s.G);
  for (size_t k = 0; k < RK_MOST_PARTS && w->cell->parts[k].count != 0; k++) {
    const MATRIX da = KERNEL(layer, input_part)(w, &block->gates, k);
    MATRIX v = KERNEL(layer, input_part)(w, &block->products, k);
    KERNEL(layer_norm, backward)
    (KERNEL(cell, normalized)(block, k), KERNEL(layer, input_gain)(w, b->ld, k), &da,
     dgains ? dgains + w->cell->parts[k].first * w->s.H : NULL, b->d == 0, &v);
  }
  return block->products;
}

static void KERNEL(layer, block_backward)(const WORKER *o, const IO *io, const rk_block *b) {
  const WORKSPACE *w = o->w;
  const KERNEL(parameters, views) *dp = &w->dp[b->ld];
  const bool descending = b->d == 0;
  const STEP block = KERNEL(layer, block)(o, io, b);
  if (w->network.cell.layer_norm)
    w->cell->products(&block, &w->p[b->ld]);
  KERNEL(layer, recurrence_backward)(o, io, b, &block);
  rk_barrier(o->member);
  w->cell->gradients(&block, dp, descending);
  const MATRIX x = KERNEL(layer, block_input)(o, io, b);
  const MATRIX dv = KERNEL(layer, product_gradient)(w, b, &block, &x);
  KERNEL(cell, add_gradients)
  (&block, &block.gates, &dv, w->s.G, &x, &dp->part[RK_WEIGHT_IH], &dp->part[RK_BIAS_IH], 0,
   descending);
  if (io->dx.m.data != NULL)
    KERNEL(layer, input_gradient)(o, io, b, &dv, &block);
  rk_barrier(o->member);
}

void KERNEL(layer, backward)(const WORKER *o, const IO *io, size_t t0, size_t t1) {
  const WORKSPACE *w = o->w;
  const size_t blocks = (t1 - t0 + w->block - 1) / w->block;
  for (size_t d = 0; d < w->s.D; d++)
    for (size_t k = 0; k < blocks; k++) {
      rk_block b = block_at(k, blocks, w->block, t0, t1, d == 0);
      b.d = d;
      b.ld = io->layer * w->s.D + d;
      KERNEL(layer, block_backward)(o, io, &b);
    }
  if (io->dx.m.data != NULL && o->member->rank == 0)
    KERNEL(sequence, clear_padding)(&io->dx, &w->batch, t0, t1);
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "layer.c"
#endif
