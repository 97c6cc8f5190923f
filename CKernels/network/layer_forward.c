/* The forward pass of one layer: for each block of steps the product with the input, and then the
   recurrence.

   All threads of a team run this code. They share the rows of the product, and the first thread
   does the work that cannot be shared. A barrier follows each part.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/block.h"

/* a = LN(v) o gain + bias */
static void rk_layer_normalize_input(const rk_cell_functions *cell, const rk_layer_constants *layer,
                                     size_t G, const gsl_matrix *gates) {
  for (size_t k = 0; k < RK_MAX_RANGES && cell->ranges[k].count != 0; k++) {
    const size_t first = cell->ranges[k].first;
    gsl_matrix v = rk_cell_gate(layer, gates, first);
    rk_layer_norm_forward(rk_cell_normalized(layer, k), layer->gains_ih + first * layer->H, &v);
  }
  for (size_t i = 0; i < gates->size1; i++)
    for (size_t k = 0; k < G * layer->gate_stride; k++)
      gates->data[i * gates->tda + k] += layer->bias[k];
}

/* a = W_ih x + bias, for a thread's share of the rows */
static void rk_layer_input_product(const rk_worker *o, const rk_block *b, const gsl_matrix *x,
                                   const gsl_matrix *gates) {
  const recur_network_workspace *w = o->w;
  const rk_layer_constants layer = rk_network_weights_layer(w->weights, b->ld);
  const bool normalized = w->network.cell.layer_normalization;
  const gsl_matrix rows = rk_block_share(o, x);
  gsl_matrix a = rk_block_share(o, gates);
  rk_cell_multiply(&layer, &layer.weights->ih, false, &rows, 1, normalized ? NULL : layer.bias, 0,
                   &a, 0, w->s.H);
  if (normalized)
    rk_layer_normalize_input(w->cell, &layer, w->s.G, &a);
}

/* h = d o h + (1 - d) o h~, and c likewise. Records c before and after that. */
static void rk_layer_finish_step(const rk_worker *o, const rk_layer_io *io, const rk_block *b,
                                 size_t t, rk_forward_step *s) {
  const recur_network_workspace *w = o->w;
  const bool training = w->mode == RECUR_MODE_TRAINING;
  if (w->c_new.data != NULL) {
    gsl_matrix c = rk_block_kept_rows(o, &w->c_new, io, b, t);
    rk_matrix_copy(&s->c, &c);
  }
  rk_zoneout_mix(&w->zoneout[0], &o->sequences, training, b->ld, t, &s->h_prev, &s->h);
  rk_zoneout_mix(&w->zoneout[1], &o->sequences, training, b->ld, t, &s->c_prev, &s->c);
  if (training && w->s.cell_state) {
    gsl_matrix c = rk_block_kept_rows(o, &w->c, io, b, t);
    rk_matrix_copy(&s->c, &c);
  }
}

static void rk_layer_recurrence_forward(const rk_worker *o, const rk_layer_io *io,
                                        const rk_block *b, const gsl_matrix *gates) {
  const recur_network_workspace *w = o->w;
  const rk_sequence y = rk_block_columns_of(&io->y, b->d, w->s.P);
  for (size_t k = 0; k < b->t1 - b->t0; k++) {
    const size_t t = rk_step_at(b, k, b->d == 1), done = b->d == 0 ? t : w->batch.T - 1 - t;
    rk_forward_step s = {.layer = rk_network_weights_layer(w->weights, b->ld),
                         .back = rk_block_goes_back(o, t)};
    s.gates = rk_block_step_rows(o, gates, b, t);
    s.products = rk_block_scratch_rows(o, &w->products, t);
    s.h_prev = rk_block_state_rows(o, &w->h[done % 2], b->ld, t);
    s.c_prev = rk_block_state_rows(o, &w->c_run[done % 2], b->ld, t);
    s.h = rk_block_state_rows(o, &w->h[1 - done % 2], b->ld, t);
    s.c = rk_block_state_rows(o, &w->c_run[1 - done % 2], b->ld, t);
    s.h_in =
        rk_block_recurrent_input(o, b->ld, t, &s.h_prev, rk_block_scratch_rows(o, &w->h_in, t));
    s.m = w->unprojected.data != NULL ? rk_block_scratch_rows(o, &w->unprojected, t) : s.h;
    rk_block_run_forward(o, &s);
    if (!rk_block_has_rows(o))
      continue;
    rk_layer_finish_step(o, io, b, t, &s);
    if (y.m.data != NULL)
      rk_sequence_unpack(&s.h, &y, &o->sequences, t, t + 1, false);
  }
}

/* Whether the recurrence is that of one sequence, computed by one thread, without options that the
   cell's kernel for runs leaves out. */
static bool rk_layer_runs_alone(const rk_worker *o) {
  const recur_network_workspace *w = o->w;
  const recur_network *n = &w->network;
  return w->batch.B == 1 && o->thread->size == 1 && w->cell->run != NULL &&
         !n->cell.layer_normalization && n->zoneout == 0 && n->cell_zoneout == 0 &&
         w->masks.data == NULL;
}

/* A product with few rows or terms costs less as a part of the run. */
enum { MOST_FUSED_INPUTS = 4 };

/* The product with the input, and the recurrence, for one sequence. */
static void rk_layer_run_forward(const rk_worker *o, const rk_layer_io *io, const rk_block *b,
                                 const gsl_matrix *x, const gsl_matrix *gates) {
  const recur_network_workspace *w = o->w;
  const size_t element = rk_weight_bytes(w->network.weight_storage);
  const size_t length = w->batch.length[0], end = b->t1 < length ? b->t1 : length;
  if (end <= b->t0)
    return;
  const bool back = b->d == 1;
  const size_t t = back ? end - 1 : b->t0, done = back ? w->batch.T - end : t;
  const ptrdiff_t way = back ? -1 : 1;
  const rk_sequence y = rk_block_columns_of(&io->y, b->d, w->s.P);
  rk_forward_run r = {.layer = rk_network_weights_layer(w->weights, b->ld), .steps = end - b->t0};
  r.ih = &r.layer.weights->ih;
  r.hh = r.layer.weights->hh;
  r.odd = w->past_steps % 2 == 1;
  r.alternates = w->s.G * w->s.H * w->s.P > RK_FIRST_LEVEL_BYTES / element;
  r.x_integers = w->integers[0];
  r.h_integers = w->integers[1];
  r.gates = gates->data + (t - b->t0) * gates->tda;
  r.gates_step = way * (ptrdiff_t)gates->tda;
  if (r.steps == 1 || x->size2 <= MOST_FUSED_INPUTS) {
    r.x = x->data + (t - b->t0) * x->tda;
    r.x_step = way * (ptrdiff_t)x->tda;
  } else {
    rk_layer_input_product(o, b, x, gates);
  }
  for (size_t k = 0; k < 2; k++) {
    r.h[k] = w->h[(done + k) % 2].data + b->ld * w->h[0].tda;
    r.c[k] = w->c_run[(done + k) % 2].data + b->ld * w->c_run[0].tda;
  }
  if (y.m.data != NULL) {
    r.y = rk_sequence_row(&y, &w->batch, t, 0);
    r.y_step = way * (ptrdiff_t)y.m.tda;
  }
  if (w->mode == RECUR_MODE_TRAINING && w->s.cell_state) {
    r.c_kept = rk_workspace_kept(w, &w->c, b->ld, io->first, t, t + 1).data;
    r.c_step = way * (ptrdiff_t)w->c.tda;
  }
  w->cell->run(&r);
}

void rk_layer_forward(const rk_worker *o, const rk_layer_io *io, size_t t0, size_t t1) {
  const recur_network_workspace *w = o->w;
  const size_t blocks = rk_block_count(w, t0, t1);
  for (size_t d = 0; d < w->s.D; d++)
    for (size_t k = 0; k < blocks; k++) {
      const rk_block b = rk_block_at(w, io->layer, d, k, t0, t1, d == 1);
      const gsl_matrix x = rk_block_input(o, io, &b);
      const gsl_matrix gates = rk_block_gates(w, io, &b);
      if (rk_layer_runs_alone(o)) {
        rk_layer_run_forward(o, io, &b, &x, &gates);
        continue;
      }
      rk_layer_input_product(o, &b, &x, &gates);
      rk_barrier(o->thread);
      rk_layer_recurrence_forward(o, io, &b, &gates);
      rk_barrier(o->thread);
    }
  if (io->y.m.data != NULL && o->thread->rank == 0)
    rk_sequence_clear_padding(&io->y, &w->batch, t0, t1);
}
