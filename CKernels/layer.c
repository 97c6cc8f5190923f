/* One layer over some steps: the input's product for a block of steps, then the recurrence; and
   backward the recurrence, then the block's products.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "layer.h"

#include "affine.h"
#include "dropout.h"
#include "layer_norm.h"
#include "norm.h"
#include "product.h"

#include <string.h>

#define IO KERNEL(layer, io)
#define SEQUENCE KERNEL(sequence, view)
#define STEP KERNEL(cell, step)

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
  return (STEP){.cell = &w->network.cell,
                .p = &w->p[b->ld],
                .bias = w->bias.data + b->ld * w->bias.tda,
                .gates = KERNEL(layer, step_rows)(w, gates, b, t),
                .scratch = KERNEL(matrix, rows)(&w->unprojected, 0, w->batch.count[t])};
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

/* h~, c~ = cell(x, h, c); h = d o h + (1 - d) o h~, c likewise */
static void KERNEL(layer, step_forward)(WORKSPACE *w, const IO *io, const rk_block *b, size_t t,
                                        STEP *s) {
  const bool training = w->pass == RECUR_TRAINING;
  KERNEL(zoneout, save)(&w->zoneout[0], &s->h);
  KERNEL(zoneout, save)(&w->zoneout[1], &s->c);
  w->cell->forward(s);
  if (w->c_new.data != NULL) {
    MATRIX c = KERNEL(layer, new_cell_state)(w, io, b, t);
    KERNEL(matrix, copy)(&s->c, &c);
  }
  KERNEL(zoneout, mix)(&w->zoneout[0], &w->batch, training, b->ld, t, &s->h);
  KERNEL(zoneout, mix)(&w->zoneout[1], &w->batch, training, b->ld, t, &s->c);
  if (training) {
    MATRIX c = KERNEL(workspace, kept)(w, &w->c, b->ld, io->first, t, t + 1);
    KERNEL(matrix, copy)(&s->c, &c);
  }
}

static void KERNEL(layer, block_forward)(WORKSPACE *w, const IO *io, const rk_block *b) {
  const KERNEL(parameters, views) *p = &w->p[b->ld];
  const MATRIX x = KERNEL(layer, block_input)(w, io, b);
  const MATRIX gates = KERNEL(layer, block_gates)(w, io, b);
  const SEQUENCE y = KERNEL(layer, part)(&io->y, b->d, w->s.P);
  MATRIX input = KERNEL(matrix, columns)(&gates, 0, w->s.G * w->s.H);
  KERNEL(product, nt)(&x, &p->part[RK_WEIGHT_IH], 0, &input);
  if (w->network.cell.layer_norm)
    KERNEL(layer_norm, forward)(p->part[RK_WEIGHT_LN_IH].data, w->s.joint * w->s.H, &input);
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = step_at(b, k, b->d == 1);
    STEP s = KERNEL(layer, step)(w, &gates, b, t);
    s.h = KERNEL(layer, state_rows)(w, &w->h, b->ld, t);
    s.c = KERNEL(layer, state_rows)(w, &w->c_run, b->ld, t);
    s.products = KERNEL(matrix, rows)(&w->products, 0, s.h.size1);
    s.h_in = KERNEL(layer, recurrent_input)(w, b->ld, t, &s.h,
                                            KERNEL(matrix, rows)(&w->h_in, 0, s.h.size1));
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
  w->cell->backward(s);
  KERNEL(zoneout, join)(&w->zoneout[0], &s->dh);
  KERNEL(zoneout, join)(&w->zoneout[1], &s->dc);
}

static void KERNEL(layer, recurrence_backward)(WORKSPACE *w, const IO *io, const rk_block *b,
                                               const MATRIX *gates) {
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = step_at(b, k, b->d == 0);
    STEP s = KERNEL(layer, step)(w, gates, b, t);
    s.c = KERNEL(layer, new_cell_state)(w, io, b, t);
    s.h_prev = KERNEL(layer, step_rows)(w, &w->h_prev, b, t);
    s.c_prev = KERNEL(layer, step_rows)(w, &w->c_prev, b, t);
    s.dh = KERNEL(layer, state_rows)(w, &w->dh, b->ld, t);
    s.dc = KERNEL(layer, state_rows)(w, &w->dc, b->ld, t);
    s.dp = &w->dp[b->ld];
    s.products = KERNEL(layer, step_rows)(w, &w->products, b, t);
    if (w->masks.data != NULL)
      s.mask = KERNEL(layer, state_rows)(w, &w->masks, b->ld, t);
    memcpy(s.rows, w->rows, sizeof s.rows);
    KERNEL(layer, add_output_gradient)(w, io, b, t, &s.dh);
    KERNEL(layer, step_backward)(w, b, t, &s);
  }
}

/* dx = W_ih^T dv, through dropout; that of the second direction is added. */
static void KERNEL(layer, input_gradient)(WORKSPACE *w, const IO *io, const rk_block *b,
                                          const MATRIX *dv) {
  const bool dropout = w->network.dropout != 0 && io->layer > 0;
  const MATRIX *weight = &w->p[b->ld].part[RK_WEIGHT_IH];
  MATRIX dx = KERNEL(matrix, of)(w->x_block.data, dv->size1, weight->size2);
  if (w->batch.full && !dropout) {
    dx = KERNEL(sequence, pack)(&io->dx, &w->batch, b->t0, b->t1, &dx);
    KERNEL(product, nn)(dv, weight, b->d == 0 ? 0 : 1, &dx);
    return;
  }
  KERNEL(product, nn)(dv, weight, 0, &dx);
  if (dropout)
    KERNEL(dropout, apply)(w->network.dropout, &w->batch, io->layer - 1, b->t0, b->t1, &dx);
  KERNEL(sequence, unpack)(&dx, &io->dx, &w->batch, b->t0, b->t1, b->d == 1);
}

/* From the gradients of the gates' inputs to those of W_ih x: with layer normalisation through
   that, for which the product is computed again. */
static MATRIX KERNEL(layer, product_gradient)(const WORKSPACE *w, const rk_block *b,
                                              const MATRIX *x, const MATRIX *da) {
  const KERNEL(parameters, views) *p = &w->p[b->ld], *dp = &w->dp[b->ld];
  if (!w->network.cell.layer_norm)
    return *da;
  MATRIX v = KERNEL(matrix, rows)(&w->products, 0, da->size1);
  KERNEL(product, nt)(x, &p->part[RK_WEIGHT_IH], 0, &v);
  KERNEL(layer_norm, backward)
  (p->part[RK_WEIGHT_LN_IH].data, w->s.joint * w->s.H, da, dp->part[RK_WEIGHT_LN_IH].data, &v);
  return v;
}

static void KERNEL(layer, block_backward)(WORKSPACE *w, const IO *io, const rk_block *b) {
  const recur_cell *cell = &w->network.cell;
  const KERNEL(parameters, views) *dp = &w->dp[b->ld];
  const MATRIX gates = KERNEL(layer, block_gates)(w, io, b);
  const MATRIX h_prev = KERNEL(matrix, rows)(&w->h_prev, 0, gates.size1);
  const MATRIX da = KERNEL(matrix, columns)(&gates, 0, w->s.G * w->s.H);
  MATRIX products = KERNEL(matrix, rows)(&w->products, 0, gates.size1);
  KERNEL(layer, states_before)(w, io, b);
  const MATRIX h_in = KERNEL(layer, block_recurrent_input)(w, b, &h_prev);
  if (cell->layer_norm)
    w->cell->recurrent_products(cell, &w->p[b->ld], &gates, &h_in, &products);
  KERNEL(layer, recurrence_backward)(w, io, b, &gates);
  w->cell->recurrent_gradients(cell, &gates, &products, &h_in, dp);
  const MATRIX x = KERNEL(layer, block_input)(w, io, b);
  const MATRIX dv = KERNEL(layer, product_gradient)(w, b, &x, &da);
  KERNEL(cell, add_gradients)
  (&da, &dv, &x, &dp->part[RK_WEIGHT_IH], &dp->part[RK_BIAS_IH], 0);
  if (io->dx.m.data != NULL)
    KERNEL(layer, input_gradient)(w, io, b, &dv);
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
