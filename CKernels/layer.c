/* One layer over some steps: the input's product for a block of steps, then the recurrence; and
   backward the recurrence, then the block's products.

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

/* What goes into a block, after dropout. */
static MATRIX KERNEL(layer, block_input)(WORKSPACE *w, const IO *io, const rk_block *b) {
  MATRIX copy = KERNEL(matrix, of)(w->x_block.data, w->x_block.size1, io->x.m.size2);
  MATRIX x = KERNEL(sequence, pack)(&io->x, &w->batch, b->t0, b->t1, &copy);
  const double chance = w->network.dropout;
  if (chance == 0 || io->layer == 0 || w->pass == RECUR_INFERENCE)
    return x;
  copy.size1 = x.size1;
  KERNEL(matrix, copy)(&x, &copy);
  KERNEL(dropout, apply)(chance, &w->batch, io->layer - 1, b->t0, b->t1, &copy);
  return copy;
}

/* The record of a block, or in inference the scratch for it. */
static MATRIX KERNEL(layer, block_gates)(const WORKSPACE *w, const IO *io, const rk_block *b) {
  const size_t *offset = w->batch.offset;
  if (w->pass == RECUR_INFERENCE)
    return KERNEL(matrix, rows)(&w->gates, 0, offset[b->t1] - offset[b->t0]);
  return KERNEL(workspace, kept)(w, &w->gates, b->ld, io->first, b->t0, b->t1);
}

/* Rows of a step within those of its block. */
static MATRIX KERNEL(layer, step_rows)(const WORKSPACE *w, const MATRIX *block, const rk_block *b,
                                       size_t t) {
  const size_t *offset = w->batch.offset;
  return KERNEL(matrix, rows)(block, offset[t] - offset[b->t0], w->batch.count[t]);
}

/* The rows of ld in a state that runs, of the sequences that run at a step. */
static MATRIX KERNEL(layer, state_rows)(const WORKSPACE *w, const MATRIX *state, size_t ld,
                                        size_t t) {
  return KERNEL(matrix, rows)(state, ld * w->batch.B, w->batch.count[t]);
}

static STEP KERNEL(layer, step)(const WORKSPACE *w, const MATRIX *gates, const rk_block *b,
                                size_t t) {
  STEP s = KERNEL(workspace, step)(w, b->ld);
  const size_t n = w->batch.count[t];
  s.gates = KERNEL(layer, step_rows)(w, gates, b, t);
  if (w->unprojected.data != NULL)
    s.m = KERNEL(matrix, rows)(&w->unprojected, 0, n);
  if (w->products.data != NULL)
    s.products = KERNEL(matrix, rows)(&w->products, 0, n);
  if (w->masks.data != NULL)
    s.mask = KERNEL(layer, state_rows)(w, &w->masks, b->ld, t);
  return s;
}

/* All phases of a step, over ranges of units that are whole panels. */
static void KERNEL(layer, run)(const WORKSPACE *w, const KERNEL(cell, phase) * phase,
                               const STEP *s) {
  const size_t lanes = w->isa->lanes;
  const size_t range = w->network.cell.layer_norm ? SIZE_MAX / 2 : 4 * lanes;
  for (; phase->run != NULL; phase++) {
    const size_t units = phase->outputs ? w->s.P : w->s.H,
                 all = (units + lanes - 1) / lanes * lanes;
    for (size_t first = 0; first < units; first += range)
      phase->run(s, first, first + range < all ? first + range : all);
  }
}

/* What W_hh is multiplied with: h of the sequences that run at a step, or a masked copy. */
static MATRIX KERNEL(layer, recurrent_input)(const WORKSPACE *w, size_t ld, size_t t,
                                             const MATRIX *h, MATRIX copy) {
  if (w->masks.data == NULL)
    return *h;
  const MATRIX mask = KERNEL(layer, state_rows)(w, &w->masks, ld, t);
  KERNEL(matrix, copy)(h, &copy);
  KERNEL(matrix, multiply)(&mask, &copy);
  return copy;
}

/* The c that the cell computed at a step, which zoneout may have replaced in c. */
static MATRIX KERNEL(layer, new_cell_state)(const WORKSPACE *w, const IO *io, const rk_block *b,
                                            size_t t) {
  const MATRIX *kept = w->c_new.data == NULL ? &w->c : &w->c_new;
  return KERNEL(workspace, kept)(w, kept, b->ld, io->first, t, t + 1);
}

/* Forward */

/* The gains of the products with W_ih, and some gates of those products, that belong to a part. */
static const REAL *KERNEL(layer, input_gain)(const WORKSPACE *w, size_t ld, size_t part) {
  return w->p[ld].part[RK_WEIGHT_LN_IH].data + w->cell->parts[part].first * w->s.H;
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

/* a = W_ih x + bias */
static void KERNEL(layer, input_product)(const WORKSPACE *w, const rk_block *b, const MATRIX *x,
                                         const MATRIX *gates) {
  const STEP s = KERNEL(workspace, step)(w, b->ld);
  const bool normalized = w->network.cell.layer_norm;
  MATRIX a = *gates;
  KERNEL(cell, multiply)(&s, &s.weights->ih, x, 1, normalized ? NULL : s.bias, 0, &a, 0, w->s.H);
  if (normalized)
    KERNEL(layer, normalize_input)(w, &s, b->ld, gates);
}

/* h~, c~ = cell(x, h, c); h = d o h + (1 - d) o h~, c likewise */
static void KERNEL(layer, step_forward)(WORKSPACE *w, const IO *io, const rk_block *b, size_t t,
                                        STEP *s) {
  const bool training = w->pass == RECUR_TRAINING;
  KERNEL(layer, run)(w, w->cell->forward, s);
  if (w->c_new.data != NULL) {
    MATRIX c = KERNEL(layer, new_cell_state)(w, io, b, t);
    KERNEL(matrix, copy)(&s->c, &c);
  }
  KERNEL(zoneout, mix)(&w->zoneout[0], &w->batch, training, b->ld, t, &s->h_prev, &s->h);
  KERNEL(zoneout, mix)(&w->zoneout[1], &w->batch, training, b->ld, t, &s->c_prev, &s->c);
  if (training) {
    MATRIX c = KERNEL(workspace, kept)(w, &w->c, b->ld, io->first, t, t + 1);
    KERNEL(matrix, copy)(&s->c, &c);
  }
}

static void KERNEL(layer, block_forward)(WORKSPACE *w, const IO *io, const rk_block *b) {
  const MATRIX x = KERNEL(layer, block_input)(w, io, b);
  const MATRIX gates = KERNEL(layer, block_gates)(w, io, b);
  const SEQUENCE y = KERNEL(layer, part)(&io->y, b->d, w->s.P);
  KERNEL(layer, input_product)(w, b, &x, &gates);
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = step_at(b, k, b->d == 1), done = b->d == 0 ? t : w->batch.T - 1 - t;
    STEP s = KERNEL(layer, step)(w, &gates, b, t);
    s.h_prev = KERNEL(layer, state_rows)(w, &w->h[done % 2], b->ld, t);
    s.c_prev = KERNEL(layer, state_rows)(w, &w->c_run[done % 2], b->ld, t);
    s.h = KERNEL(layer, state_rows)(w, &w->h[1 - done % 2], b->ld, t);
    s.c = KERNEL(layer, state_rows)(w, &w->c_run[1 - done % 2], b->ld, t);
    s.h_in = KERNEL(layer, recurrent_input)(w, b->ld, t, &s.h_prev,
                                            KERNEL(matrix, rows)(&w->h_in, 0, s.h.size1));
    if (s.m.data == NULL)
      s.m = s.h;
    KERNEL(layer, step_forward)(w, io, b, t, &s);
    if (y.m.data != NULL)
      KERNEL(sequence, unpack)(&s.h, &y, &w->batch, t, t + 1, false);
  }
}

void KERNEL(layer, forward)(WORKSPACE *w, const IO *io, size_t t0, size_t t1) {
  const size_t blocks = (t1 - t0 + w->block - 1) / w->block;
  for (size_t d = 0; d < w->s.D; d++)
    for (size_t k = 0; k < blocks; k++) {
      rk_block b = block_at(k, blocks, w->block, t0, t1, d == 1);
      b.d = d;
      b.ld = io->layer * w->s.D + d;
      KERNEL(layer, block_forward)(w, io, &b);
    }
  if (io->y.m.data != NULL)
    KERNEL(sequence, clear_padding)(&io->y, &w->batch, t0, t1);
}

/* Backward */

/* The states before each step of a block, packed: those after the step that the direction met
   before, or at the start of the segment. h is in the layer's output, c in the record. */
static void KERNEL(layer, states_before)(WORKSPACE *w, const IO *io, const rk_block *b) {
  const rk_batch *batch = &w->batch;
  const SEQUENCE y = KERNEL(layer, part)(&io->y, b->d, w->s.P);
  const MATRIX kept = KERNEL(workspace, kept)(w, &w->c, b->ld, io->first, io->first, io->last);
  const MATRIX h_start = KERNEL(workspace, start)(w, &w->h_start, io->number);
  const MATRIX c_start = KERNEL(workspace, start)(w, &w->c_start, io->number);
  const size_t h_bytes = w->s.P * sizeof(REAL), c_bytes = kept.size2 * sizeof(REAL);
  REAL *h = w->h_prev.data, *c = w->c_prev.data;
  for (size_t t = b->t0; t < b->t1; t++)
    for (size_t j = 0; j < batch->count[t]; j++, h += w->h_prev.tda, c += w->c_prev.tda) {
      const size_t before = b->d == 0 ? t - 1 : t + 1, start = b->ld * batch->B + j;
      const bool first = b->d == 0 ? t == io->first : t + 1 == io->last || j >= batch->count[t + 1];
      const size_t row = first ? start : batch->offset[before] - batch->offset[io->first] + j;
      memcpy(h,
             first ? h_start.data + start * h_start.tda
                   : KERNEL(sequence, row)(&y, batch, before, j),
             h_bytes);
      if (c_bytes != 0)
        memcpy(c, (first ? c_start.data : kept.data) + row * kept.tda, c_bytes);
    }
}

/* Of the h before each step of a block. */
static MATRIX KERNEL(layer, block_recurrent_input)(const WORKSPACE *w, const rk_block *b,
                                                   const MATRIX *h_prev) {
  if (w->masks.data == NULL)
    return *h_prev;
  for (size_t t = b->t0; t < b->t1; t++) {
    const MATRIX h = KERNEL(layer, step_rows)(w, h_prev, b, t);
    KERNEL(layer, recurrent_input)(w, b->ld, t, &h, KERNEL(layer, step_rows)(w, &w->h_in, b, t));
  }
  return KERNEL(matrix, rows)(&w->h_in, 0, h_prev->size1);
}

/* What the loss gives h_t directly is added to what came back through time; the norms of the sum.
 */
static void KERNEL(layer, add_output_gradient)(const WORKSPACE *w, const IO *io, const rk_block *b,
                                               size_t t, MATRIX *dh) {
  const SEQUENCE dy = KERNEL(layer, part)(&io->dy, b->d, w->s.P);
  for (size_t j = 0; j < dh->size1; j++) {
    MATRIX row = KERNEL(matrix, rows)(dh, j, 1);
    if (dy.m.data != NULL) {
      const MATRIX given =
          KERNEL(matrix, of)(KERNEL(sequence, row)(&dy, &w->batch, t, j), 1, dh->size2);
      KERNEL(matrix, add)(&given, &row);
    }
    if (io->dh_norms != NULL) {
      REAL *norms = io->dh_norms->data + (b->ld * w->batch.T + t) * io->dh_norms->tda;
      KERNEL(norm, rows)(&row, norms + w->batch.order[j]);
    }
  }
}

/* dh~ = (1 - d) o dh, dc likewise; back through the cell; dh_{t-1} = d o dh + ... */
static void KERNEL(layer, step_backward)(WORKSPACE *w, const rk_block *b, size_t t, STEP *s) {
  KERNEL(zoneout, split)(&w->zoneout[0], &w->batch, b->ld, t, &s->dh);
  KERNEL(zoneout, split)(&w->zoneout[1], &w->batch, b->ld, t, &s->dc);
  if (s->dh_out.data != NULL)
    KERNEL(matrix, copy)(&s->dh, &s->dh_out);
  KERNEL(layer, run)(w, w->cell->backward, s);
  KERNEL(zoneout, join)(&w->zoneout[0], &s->dh);
  KERNEL(zoneout, join)(&w->zoneout[1], &s->dc);
}

static void KERNEL(layer, recurrence_backward)(WORKSPACE *w, const IO *io, const rk_block *b,
                                               const STEP *block) {
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = step_at(b, k, b->d == 0);
    STEP s = KERNEL(layer, step)(w, &block->gates, b, t);
    s.c = KERNEL(layer, step_rows)(w, &block->c, b, t);
    s.products = KERNEL(layer, step_rows)(w, &block->products, b, t);
    s.dgains = block->dgains;
    s.h_prev = KERNEL(layer, step_rows)(w, &block->h_prev, b, t);
    s.c_prev = KERNEL(layer, step_rows)(w, &block->c_prev, b, t);
    s.dh = KERNEL(layer, state_rows)(w, &w->dh, b->ld, t);
    s.dc = KERNEL(layer, state_rows)(w, &w->dc, b->ld, t);
    s.scratch = KERNEL(matrix, rows)(&w->scratch, 0, s.dh.size1);
    if (s.m.data == NULL)
      s.m = s.dh;
    if (block->dh_out.data != NULL) {
      s.dh_out = KERNEL(layer, step_rows)(w, &block->dh_out, b, t);
      s.m_out = KERNEL(layer, step_rows)(w, &block->m_out, b, t);
    }
    KERNEL(layer, add_output_gradient)(w, io, b, t, &s.dh);
    KERNEL(layer, step_backward)(w, b, t, &s);
  }
}

/* dx = W_ih^T da, through dropout. The second direction's goes on from the first's, one chain
   whether rows are packed or not; under dropout it is added. */
static void KERNEL(layer, input_gradient)(WORKSPACE *w, const IO *io, const rk_block *b,
                                          const MATRIX *dv, const STEP *block) {
  const bool dropout = w->network.dropout != 0 && io->layer > 0, second = b->d == 1;
  MATRIX dx = KERNEL(matrix, of)(w->x_block.data, block->gates.size1, io->dx.m.size2);
  if (!dropout && (w->batch.full || second))
    dx = KERNEL(sequence, pack)(&io->dx, &w->batch, b->t0, b->t1, &dx);
  KERNEL(cell, input_backward)(block, dv, !dropout && second, &dx);
  if (dropout)
    KERNEL(dropout, apply)(w->network.dropout, &w->batch, io->layer - 1, b->t0, b->t1, &dx);
  if (dropout || !w->batch.full)
    KERNEL(sequence, unpack)(&dx, &io->dx, &w->batch, b->t0, b->t1, dropout && second);
}

/* A whole block as one step, for what does not depend on order. */
static STEP KERNEL(layer, block)(WORKSPACE *w, const IO *io, const rk_block *b) {
  STEP s = KERNEL(workspace, step)(w, b->ld);
  const MATRIX *c = w->c_new.data == NULL ? &w->c : &w->c_new;
  KERNEL(layer, states_before)(w, io, b);
  s.gates = KERNEL(layer, block_gates)(w, io, b);
  s.c = KERNEL(workspace, kept)(w, c, b->ld, io->first, b->t0, b->t1);
  s.h_prev = KERNEL(matrix, rows)(&w->h_prev, 0, s.gates.size1);
  s.c_prev = KERNEL(matrix, rows)(&w->c_prev, 0, s.gates.size1);
  s.h_in = KERNEL(layer, block_recurrent_input)(w, b, &s.h_prev);
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

static void KERNEL(layer, block_backward)(WORKSPACE *w, const IO *io, const rk_block *b) {
  const KERNEL(parameters, views) *dp = &w->dp[b->ld];
  const bool descending = b->d == 0;
  const STEP block = KERNEL(layer, block)(w, io, b);
  if (w->network.cell.layer_norm)
    w->cell->products(&block, &w->p[b->ld]);
  KERNEL(layer, recurrence_backward)(w, io, b, &block);
  w->cell->gradients(&block, dp, descending);
  const MATRIX x = KERNEL(layer, block_input)(w, io, b);
  const MATRIX dv = KERNEL(layer, product_gradient)(w, b, &block, &x);
  KERNEL(cell, add_gradients)
  (&block, &block.gates, &dv, w->s.G, &x, &dp->part[RK_WEIGHT_IH], &dp->part[RK_BIAS_IH], 0,
   descending);
  if (io->dx.m.data != NULL)
    KERNEL(layer, input_gradient)(w, io, b, &dv, &block);
}

void KERNEL(layer, backward)(WORKSPACE *w, const IO *io, size_t t0, size_t t1) {
  const size_t blocks = (t1 - t0 + w->block - 1) / w->block;
  for (size_t d = 0; d < w->s.D; d++)
    for (size_t k = 0; k < blocks; k++) {
      rk_block b = block_at(k, blocks, w->block, t0, t1, d == 0);
      b.d = d;
      b.ld = io->layer * w->s.D + d;
      KERNEL(layer, block_backward)(w, io, &b);
    }
  if (io->dx.m.data != NULL)
    KERNEL(sequence, clear_padding)(&io->dx, &w->batch, t0, t1);
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "layer.c"
#endif
