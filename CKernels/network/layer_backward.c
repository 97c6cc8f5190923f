/* One layer back over some steps: for a block of steps the recurrence, then the products that the
   gradients are, of which each row is one member's.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/norm.h"
#include "network/block.h"
#include "network/dropout.h"

#include <string.h>

/* The states before each step of a block, packed: those after the step that the direction met
   before, or at the start of the segment. h is in the layer's output, c in the record. */
static void KERNEL(layer, states_before)(const WORKER *o, const IO *io, const rk_block *b) {
  const WORKSPACE *w = o->w;
  const rk_batch *part = &o->part;
  const SEQUENCE y = KERNEL(block, columns_of)(&io->y, b->d, w->s.P);
  const MATRIX kept = KERNEL(workspace, kept)(w, &w->c, b->ld, io->first, io->first, io->last);
  const MATRIX h_start = KERNEL(workspace, start)(w, &w->h_start, io->number);
  const MATRIX c_start = KERNEL(workspace, start)(w, &w->c_start, io->number);
  const size_t h_bytes = w->s.P * sizeof(REAL), c_bytes = kept.size2 * sizeof(REAL);
  for (size_t t = b->t0; t < b->t1; t++) {
    const MATRIX h = KERNEL(block, step_rows)(o, &w->h_prev, b, t);
    const MATRIX c = KERNEL(block, step_rows)(o, &w->c_prev, b, t);
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
    const MATRIX h = KERNEL(block, step_rows)(o, h_prev, b, t);
    KERNEL(block, recurrent_input)(o, b->ld, t, &h, KERNEL(block, step_rows)(o, &w->h_in, b, t));
  }
  return KERNEL(matrix, rows)(&w->h_in, 0, h_prev->size1);
}

/* What the loss gives h_t directly is added to what came back through time; the norms of the sum.
 */
static void KERNEL(layer, add_output_gradient)(const WORKER *o, const IO *io, const rk_block *b,
                                               size_t t, MATRIX *dh) {
  const SEQUENCE dy = KERNEL(block, columns_of)(&io->dy, b->d, o->w->s.P);
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
  if (KERNEL(block, has_rows)(o)) {
    KERNEL(layer, add_output_gradient)(o, io, b, t, &s->dh);
    KERNEL(zoneout, split)(&w->zoneout[0], &o->part, b->ld, t, &s->dh);
    KERNEL(zoneout, split)(&w->zoneout[1], &o->part, b->ld, t, &s->dc);
    if (s->dh_out.data != NULL)
      KERNEL(matrix, copy)(&s->dh, &s->dh_out);
  }
  if (o->by_units)
    rk_barrier(o->member);
  KERNEL(block, run)(o, w->cell->backward, s);
  if (KERNEL(block, has_rows)(o)) {
    KERNEL(zoneout, join)(&w->zoneout[0], &o->part, &s->dh);
    KERNEL(zoneout, join)(&w->zoneout[1], &o->part, &s->dc);
  }
}

static void KERNEL(layer, recurrence_backward)(const WORKER *o, const IO *io, const rk_block *b,
                                               const STEP *block) {
  const WORKSPACE *w = o->w;
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = rk_step_at(b, k, b->d == 0);
    STEP s = KERNEL(block, step)(o, &block->gates, b, t);
    s.c = KERNEL(block, step_rows)(o, &block->c, b, t);
    s.products = KERNEL(block, step_rows)(o, &block->products, b, t);
    s.dgains = block->dgains;
    s.h_prev = KERNEL(block, step_rows)(o, &block->h_prev, b, t);
    s.c_prev = KERNEL(block, step_rows)(o, &block->c_prev, b, t);
    s.dh = KERNEL(block, state_rows)(o, &w->dh, b->ld, t);
    s.dc = KERNEL(block, state_rows)(o, &w->dc, b->ld, t);
    s.scratch = KERNEL(block, scratch_rows)(o, &w->scratch, t);
    if (s.m.data == NULL)
      s.m = s.dh;
    if (block->dh_out.data != NULL) {
      s.dh_out = KERNEL(block, step_rows)(o, &block->dh_out, b, t);
      s.m_out = KERNEL(block, step_rows)(o, &block->m_out, b, t);
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
  const MATRIX rows = KERNEL(block, share)(o, dv);
  MATRIX to = KERNEL(block, share)(o, &dx);
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
  if (KERNEL(block, has_rows)(o))
    KERNEL(layer, states_before)(o, io, b);
  s.member = o->member;
  s.gates = KERNEL(block, gates)(w, io, b);
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
    const MATRIX da = KERNEL(block, input_part)(w, &block->gates, k);
    MATRIX v = KERNEL(block, input_part)(w, &block->products, k);
    KERNEL(layer_norm, backward)
    (KERNEL(cell, normalized)(block, k), KERNEL(block, input_gain)(w, b->ld, k), &da,
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
  const MATRIX x = KERNEL(block, input)(o, io, b);
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
  const size_t blocks = KERNEL(block, count)(w, t0, t1);
  for (size_t d = 0; d < w->s.D; d++)
    for (size_t k = 0; k < blocks; k++) {
      const rk_block b = KERNEL(block, at)(w, io->layer, d, k, t0, t1, d == 0);
      KERNEL(layer, block_backward)(o, io, &b);
    }
  if (io->dx.m.data != NULL && o->member->rank == 0)
    KERNEL(sequence, clear_padding)(&io->dx, &w->batch, t0, t1);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "layer_backward.c"
#endif
