/* The backward pass of one layer: for each block of steps the recurrence, and then the products for
   the gradients, whose rows the threads share.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/norm.h"
#include "network/block.h"
#include "network/dropout.h"

#include <string.h>

/* Packs the states before each step of a block: those after the previous step of the direction, or
   at the start of the segment. h is read from the layer's output, c from the record. */
static void rk_layer_states_before(const rk_worker *o, const rk_layer_io *io, const rk_block *b) {
  const recur_network_workspace *w = o->w;
  const rk_batch *part = &o->sequences;
  const rk_sequence y = rk_block_columns_of(&io->y, b->d, w->s.P);
  const gsl_matrix kept = rk_workspace_kept(w, &w->c, b->ld, io->first, io->first, io->last);
  const gsl_matrix h_start = rk_workspace_start(w, &w->h_start, io->number);
  const gsl_matrix c_start = rk_workspace_start(w, &w->c_start, io->number);
  const size_t h_bytes = w->s.P * sizeof(rk_real), c_bytes = kept.size2 * sizeof(rk_real);
  for (size_t t = b->t0; t < b->t1; t++) {
    const gsl_matrix h = rk_block_step_rows(o, &w->h_prev, b, t);
    const gsl_matrix c = rk_block_step_rows(o, &w->c_prev, b, t);
    for (size_t j = 0; j < h.size1; j++) {
      const size_t row = part->first + j, start = b->ld * part->B + row;
      const bool first =
          b->d == 0 ? t == io->first : t + 1 == io->last || j >= rk_running(part, t + 1);
      const size_t before = first ? t : b->d == 0 ? t - 1 : t + 1;
      const rk_real *h_before =
          first ? h_start.data + start * h_start.tda : rk_sequence_row(&y, part, before, j);
      memcpy(h.data + j * h.tda, h_before, h_bytes);
      if (c_bytes == 0)
        continue;
      const size_t from = first ? start : part->offset[before] - part->offset[io->first] + row;
      const gsl_matrix *c_before = first ? &c_start : &kept;
      memcpy(c.data + j * c.tda, c_before->data + from * c_before->tda, c_bytes);
    }
  }
}

/* rk_block_recurrent_input for all steps of a block. */
static gsl_matrix rk_layer_block_recurrent_input(const rk_worker *o, const rk_block *b,
                                                 const gsl_matrix *h_prev) {
  const recur_network_workspace *w = o->w;
  if (w->masks.data == NULL)
    return *h_prev;
  for (size_t t = b->t0; t < b->t1; t++) {
    const gsl_matrix h = rk_block_step_rows(o, h_prev, b, t);
    rk_block_recurrent_input(o, b->ld, t, &h, rk_block_step_rows(o, &w->h_in, b, t));
  }
  return rk_matrix_rows(&w->h_in, 0, h_prev->size1);
}

/* Adds dy to the gradient that came back through time, and computes the norms of the sum. */
static void rk_layer_add_output_gradient(const rk_worker *o, const rk_layer_io *io,
                                         const rk_block *b, size_t t, gsl_matrix *dh) {
  const rk_sequence dy = rk_block_columns_of(&io->dy, b->d, o->w->s.P);
  for (size_t j = 0; j < dh->size1; j++) {
    gsl_matrix row = rk_matrix_rows(dh, j, 1);
    if (dy.m.data != NULL) {
      const gsl_matrix given =
          rk_matrix_of(rk_sequence_row(&dy, &o->sequences, t, j), 1, dh->size2);
      rk_matrix_add(&given, &row);
    }
    if (io->dh_norms != NULL) {
      rk_real *norms = io->dh_norms->data + (b->ld * o->sequences.T + t) * io->dh_norms->tda;
      rk_norm_rows(&row, norms + o->sequences.order[j]);
    }
  }
}

/* dh += dy; dh~ = (1 - d) o dh, and dc likewise; the cell's backward step; then
   dh_{t-1} += d o dh, and dc_{t-1} likewise. */
static void rk_layer_step_backward(const rk_worker *o, const rk_layer_io *io, const rk_block *b,
                                   size_t t, rk_backward_step *s) {
  const recur_network_workspace *w = o->w;
  if (rk_block_has_rows(o)) {
    rk_layer_add_output_gradient(o, io, b, t, &s->dh);
    rk_zoneout_split(&w->zoneout[0], &o->sequences, b->ld, t, &s->dh);
    rk_zoneout_split(&w->zoneout[1], &o->sequences, b->ld, t, &s->dc);
    if (s->dh_in.data != NULL)
      rk_matrix_copy(&s->dh, &s->dh_in);
  }
  if (o->by_units)
    rk_barrier(o->thread);
  rk_block_run_backward(o, s);
  if (rk_block_has_rows(o)) {
    rk_zoneout_join(&w->zoneout[0], &o->sequences, &s->dh);
    rk_zoneout_join(&w->zoneout[1], &o->sequences, &s->dc);
  }
}

static void rk_layer_recurrence_backward(const rk_worker *o, const rk_layer_io *io,
                                         const rk_block *b, const rk_backward_step *block) {
  const recur_network_workspace *w = o->w;
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = rk_step_at(b, k, b->d == 0);
    rk_backward_step s = {.layer = block->layer,
                          .back = rk_block_goes_back(o, t),
                          .thread = o->thread,
                          .dgains_hh = block->dgains_hh};
    s.gates = rk_block_step_rows(o, &block->gates, b, t);
    s.products = rk_block_step_rows(o, &block->products, b, t);
    if (w->masks.data != NULL)
      s.mask = rk_block_state_rows(o, &w->masks, b->ld, t);
    s.h_prev = rk_block_step_rows(o, &block->h_prev, b, t);
    s.c_prev = rk_block_step_rows(o, &block->c_prev, b, t);
    s.c = rk_block_step_rows(o, &block->c, b, t);
    s.dh = rk_block_state_rows(o, &w->dh, b->ld, t);
    s.dc = rk_block_state_rows(o, &w->dc, b->ld, t);
    s.dm = w->unprojected.data != NULL ? rk_block_scratch_rows(o, &w->unprojected, t) : s.dh;
    s.scratch = rk_block_scratch_rows(o, &w->scratch, t);
    if (block->dh_in.data != NULL) {
      s.dh_in = rk_block_step_rows(o, &block->dh_in, b, t);
      s.m = rk_block_step_rows(o, &block->m, b, t);
    }
    rk_layer_step_backward(o, io, b, t, &s);
  }
}

/* dx = W_ih^T da, then dropout. The second direction continues the sums of the first, so that the
   rounding does not depend on packing. With dropout, it is added afterwards. */
static void rk_layer_input_gradient(const rk_worker *o, const rk_layer_io *io, const rk_block *b,
                                    const gsl_matrix *dv, const rk_backward_step *block) {
  const recur_network_workspace *w = o->w;
  const bool dropout = w->network.dropout != 0 && io->layer > 0, second = b->d == 1;
  const bool direct = w->batch.full && !dropout, first_thread = o->thread->rank == 0;
  gsl_matrix dx = rk_matrix_of(w->x_block.data, block->gates.size1, io->dx.m.size2);
  if (direct)
    dx = rk_sequence_pack(&io->dx, &w->batch, b->t0, b->t1, &dx);
  else
    rk_barrier(o->thread); /* all threads have used the copy's previous content */
  if (!direct && !dropout && second) {
    if (first_thread)
      rk_sequence_pack(&io->dx, &w->batch, b->t0, b->t1, &dx);
    rk_barrier(o->thread);
  }
  const gsl_matrix rows = rk_block_share(o, dv);
  gsl_matrix to = rk_block_share(o, &dx);
  rk_cell_input_backward(&block->layer, &rows, !dropout && second, &to);
  if (direct)
    return;
  rk_barrier(o->thread);
  if (first_thread && dropout)
    rk_dropout_apply(w->network.dropout, &w->batch, io->layer - 1, b->t0, b->t1, &dx);
  if (first_thread)
    rk_sequence_unpack(&dx, &io->dx, &w->batch, b->t0, b->t1, dropout && second);
}

/* A whole block as one step, for computations that do not depend on the order of steps. */
static rk_backward_step rk_layer_block(const rk_worker *o, const rk_layer_io *io,
                                       const rk_block *b) {
  const recur_network_workspace *w = o->w;
  const gsl_matrix *c = w->c_new.data == NULL ? &w->c : &w->c_new;
  if (rk_block_has_rows(o))
    rk_layer_states_before(o, io, b);
  rk_backward_step s = {.layer = rk_network_weights_layer(w->weights, b->ld),
                        .thread = o->thread,
                        .dgains_hh = w->dp[b->ld].matrix[RK_WEIGHT_LN_HH].data};
  s.gates = rk_block_gates(w, io, b);
  s.products = rk_matrix_rows(&w->products, 0, s.gates.size1);
  s.h_prev = rk_matrix_rows(&w->h_prev, 0, s.gates.size1);
  s.c_prev = rk_matrix_rows(&w->c_prev, 0, s.gates.size1);
  s.h_in = rk_layer_block_recurrent_input(o, b, &s.h_prev);
  s.c = rk_workspace_kept(w, c, b->ld, io->first, b->t0, b->t1);
  s.dh_in = rk_matrix_rows(&w->dh_in, 0, s.gates.size1);
  s.m = rk_matrix_rows(&w->m, 0, s.gates.size1);
  return s;
}

/* Returns the gradients of W_ih x, computed from those of the gates' inputs. Layer normalization
   needs the product again, so it is recomputed. */
static gsl_matrix rk_layer_product_gradient(const recur_network_workspace *w, const rk_block *b,
                                            const rk_backward_step *block, const gsl_matrix *x) {
  const rk_layer_constants *layer = &block->layer;
  rk_real *dgains = w->dp[b->ld].matrix[RK_WEIGHT_LN_IH].data;
  if (!layer->cell->layer_normalization)
    return block->gates;
  rk_cell_products_of(block, &w->p[b->ld].matrix[RK_WEIGHT_IH], x, 0, w->s.G);
  for (size_t k = 0; k < RK_MAX_RANGES && w->cell->ranges[k].count != 0; k++) {
    const size_t gate = w->cell->ranges[k].first, first = gate * layer->H;
    const gsl_matrix da = rk_cell_gate(layer, &block->gates, gate);
    gsl_matrix v = rk_cell_gate(layer, &block->products, gate);
    rk_layer_norm_backward(rk_cell_normalized(layer, k), layer->gains_ih + first, &da,
                           dgains == NULL ? NULL : dgains + first, b->d == 0, &v);
  }
  return block->products;
}

static void rk_layer_block_backward(const rk_worker *o, const rk_layer_io *io, const rk_block *b) {
  const recur_network_workspace *w = o->w;
  const rk_parameter_views *dp = &w->dp[b->ld];
  const bool descending = b->d == 0;
  const rk_backward_step block = rk_layer_block(o, io, b);
  if (w->network.cell.layer_normalization)
    w->cell->products(&block, &w->p[b->ld]);
  rk_layer_recurrence_backward(o, io, b, &block);
  rk_barrier(o->thread);
  w->cell->gradients(&block, dp, descending);
  const gsl_matrix x = rk_block_input(o, io, b);
  const gsl_matrix dv = rk_layer_product_gradient(w, b, &block, &x);
  rk_cell_add_gradients(&block, &block.gates, &dv, w->s.G, &x, &dp->matrix[RK_WEIGHT_IH],
                        &dp->matrix[RK_BIAS_IH], 0, descending);
  if (io->dx.m.data != NULL)
    rk_layer_input_gradient(o, io, b, &dv, &block);
  rk_barrier(o->thread);
}

void rk_layer_backward(const rk_worker *o, const rk_layer_io *io, size_t t0, size_t t1) {
  const recur_network_workspace *w = o->w;
  const size_t blocks = rk_block_count(w, t0, t1);
  for (size_t d = 0; d < w->s.D; d++)
    for (size_t k = 0; k < blocks; k++) {
      const rk_block b = rk_block_at(w, io->layer, d, k, t0, t1, d == 0);
      rk_layer_block_backward(o, io, &b);
    }
  if (io->dx.m.data != NULL && o->thread->rank == 0)
    rk_sequence_clear_padding(&io->dx, &w->batch, t0, t1);
}
