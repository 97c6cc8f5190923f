/* Long short-term memory: see recur/lstm.h for the equations.

   Kept of a step: i, f, g, o (coupled: i, g, o), and c. Backward leaves the gradients of the gates'
   inputs in their places.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "activation.h"
#include "cell.h"
#include "product.h"
#include "shape.h"

#include <recur/lstm.h>

#define STEP KERNEL(cell, step)

#ifndef RECUR_FLOAT
recur_network recur_lstm(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_LSTM, input_size, hidden_size);
}
#endif

/* One number for each unit and gate, in a row of the gates, the biases or the peepholes. f is NULL
   in a coupled LSTM, and all are without peepholes. */
typedef struct {
  REAL *i, *f, *g, *o;
} KERNEL(lstm, gates);
#define GATES KERNEL(lstm, gates)

static GATES KERNEL(lstm, gates_at)(REAL *row, size_t H, bool coupled) {
  const size_t others = coupled ? 1 : 2;
  return (GATES){
      .i = row, .f = coupled ? NULL : row + H, .g = row + others * H, .o = row + (others + 1) * H};
}

static GATES KERNEL(lstm, gates_of_row)(const STEP *s, size_t row) {
  return KERNEL(lstm, gates_at)(s->gates.data + row * s->gates.tda, s->c.size2, s->cell->coupled);
}

static GATES KERNEL(lstm, peepholes)(const STEP *s, const KERNEL(parameters, views) * p) {
  REAL *data = p->part[RK_WEIGHT_PEEPHOLE].data;
  const size_t H = s->c.size2;
  if (data == NULL)
    return (GATES){0};
  const bool coupled = s->cell->coupled;
  return (GATES){.i = data, .f = coupled ? NULL : data + H, .o = data + (coupled ? 1 : 2) * H};
}

/* y += a o b; nothing where there is no a. */
static void KERNEL(lstm, add_product)(const REAL *a, const REAL *b, REAL *y, size_t n) {
  for (size_t k = 0; a != NULL && k < n; k++)
    y[k] += a[k] * b[k];
}

/* Forward */

/* c = f o c + i o g, clamped */
static void KERNEL(lstm, cell_state)(const recur_cell *cell, GATES q, REAL *c, size_t n) {
  const REAL limit = (REAL)cell->cell_clip;
  for (size_t k = 0; k < n; k++) {
    const REAL forget = q.f ? q.f[k] : 1 - q.i[k];
    c[k] = forget * c[k] + q.i[k] * q.g[k];
  }
  for (size_t k = 0; limit != 0 && k < n; k++)
    c[k] = c[k] > limit ? limit : c[k] < -limit ? -limit : c[k];
}

/* m = o o h(c) */
static void KERNEL(lstm, output)(const recur_cell *cell, const REAL *o, const REAL *c, REAL *m,
                                 size_t n) {
  for (size_t k = 0; k < n; k++)
    m[k] = c[k];
  KERNEL(activation, forward)(&cell->h, m, n);
  for (size_t k = 0; k < n; k++)
    m[k] *= o[k];
}

static void KERNEL(lstm, forward_row)(const STEP *s, size_t row, const MATRIX *m) {
  const recur_cell *cell = s->cell;
  const size_t H = s->c.size2;
  const GATES q = KERNEL(lstm, gates_of_row)(s, row), p = KERNEL(lstm, peepholes)(s, s->p);
  const GATES b = KERNEL(lstm, gates_at)((REAL *)s->bias, H, cell->coupled);
  REAL *c = s->c.data + row * s->c.tda;
  KERNEL(lstm, add_product)(p.i, c, q.i, H);
  KERNEL(lstm, add_product)(p.f, c, q.f, H);
  KERNEL(gate, forward)(&cell->f, cell->clip, b.i, q.i, H);
  if (q.f != NULL)
    KERNEL(gate, forward)(&cell->f, cell->clip, b.f, q.f, H);
  KERNEL(gate, forward)(&cell->g, cell->clip, b.g, q.g, H);
  KERNEL(lstm, cell_state)(cell, q, c, H);
  KERNEL(lstm, add_product)(p.o, c, q.o, H);
  KERNEL(gate, forward)(&cell->f, cell->clip, b.o, q.o, H);
  KERNEL(lstm, output)(cell, q.o, c, m->data + row * m->tda, H);
}

static void KERNEL(lstm, forward)(const STEP *s) {
  const MATRIX *projection = &s->p->part[RK_WEIGHT_HR];
  const size_t n = s->gates.size1;
  MATRIX z = s->gates, h = s->h, m = projection->data ? s->scratch : h;
  KERNEL(cell, recurrent_forward)(s, &s->h_in, 0, 1, &z);
  for (size_t i = 0; i < n; i++)
    KERNEL(lstm, forward_row)(s, i, &m);
  if (projection->data != NULL)
    KERNEL(product, nt)(&m, projection, 0, &h);
}

/* Backward */

/* da_o = dm o h(c) o f'(a_o), dc += dm o o o h'(c) + p_o o da_o, which is 0 where c was clamped. */
static void KERNEL(lstm, output_backward)(const STEP *s, GATES q, const REAL *c, const REAL *dm,
                                          REAL *dc) {
  const recur_cell *cell = s->cell;
  const size_t H = s->c.size2;
  const REAL limit = (REAL)cell->cell_clip;
  const GATES p = KERNEL(lstm, peepholes)(s, s->p), dp = KERNEL(lstm, peepholes)(s, s->dp);
  REAL *h = s->rows[0], *d = s->rows[1];
  for (size_t k = 0; k < H; k++) {
    h[k] = c[k];
    d[k] = dm[k] * q.o[k];
  }
  KERNEL(activation, forward)(&cell->h, h, H);
  KERNEL(activation, backward)(&cell->h, h, d, d, H);
  for (size_t k = 0; k < H; k++) {
    dc[k] += d[k];
    d[k] = dm[k] * h[k];
  }
  KERNEL(gate, backward)(&cell->f, cell->clip, q.o, d, q.o, H);
  KERNEL(lstm, add_product)(p.o, q.o, dc, H);
  if (dp.o != NULL)
    KERNEL(lstm, add_product)(q.o, c, dp.o, H);
  for (size_t k = 0; limit != 0 && k < H; k++)
    dc[k] = c[k] >= limit || c[k] <= -limit ? 0 : dc[k];
}

/* da_i = dc o g o f'(a_i), da_f = dc o c_prev o f'(a_f), da_g = dc o i o g'(a_g), and
   dc_prev = dc o f + p_i o da_i + p_f o da_f; coupled, di = dc o (g - c_prev). */
static void KERNEL(lstm, cell_state_backward)(const STEP *s, GATES q, const REAL *c_prev,
                                              REAL *dc) {
  const recur_cell *cell = s->cell;
  const size_t H = s->c.size2;
  const GATES p = KERNEL(lstm, peepholes)(s, s->p), dp = KERNEL(lstm, peepholes)(s, s->dp);
  REAL *di = s->rows[0], *df = s->rows[1], *dg = s->rows[2];
  for (size_t k = 0; k < H; k++) {
    di[k] = dc[k] * (q.f ? q.g[k] : q.g[k] - c_prev[k]);
    df[k] = dc[k] * c_prev[k];
    dg[k] = dc[k] * q.i[k];
    dc[k] *= q.f ? q.f[k] : 1 - q.i[k];
  }
  KERNEL(gate, backward)(&cell->f, cell->clip, q.i, di, q.i, H);
  KERNEL(gate, backward)(&cell->g, cell->clip, q.g, dg, q.g, H);
  KERNEL(lstm, add_product)(p.i, q.i, dc, H);
  if (dp.i != NULL)
    KERNEL(lstm, add_product)(q.i, c_prev, dp.i, H);
  if (q.f == NULL)
    return;
  KERNEL(gate, backward)(&cell->f, cell->clip, q.f, df, q.f, H);
  KERNEL(lstm, add_product)(p.f, q.f, dc, H);
  if (dp.f != NULL)
    KERNEL(lstm, add_product)(q.f, c_prev, dp.f, H);
}

static void KERNEL(lstm, backward_row)(const STEP *s, size_t row, const MATRIX *dm) {
  const GATES q = KERNEL(lstm, gates_of_row)(s, row);
  const REAL *c = s->c.data + row * s->c.tda;
  REAL *dc = s->dc.data + row * s->dc.tda;
  KERNEL(lstm, output_backward)(s, q, c, dm->data + row * dm->tda, dc);
  KERNEL(lstm, cell_state_backward)(s, q, s->c_prev.data + row * s->c_prev.tda, dc);
}

/* dm = W_hr^T dh, and dW_hr += dh m^T, where m is computed again. */
static void KERNEL(lstm, projection_backward)(const STEP *s, MATRIX *dm) {
  MATRIX dW = s->dp->part[RK_WEIGHT_HR];
  for (size_t i = 0; i < dm->size1; i++) {
    const GATES q = KERNEL(lstm, gates_of_row)(s, i);
    const REAL *c = s->c.data + i * s->c.tda;
    KERNEL(lstm, output)(s->cell, q.o, c, dm->data + i * dm->tda, dm->size2);
  }
  if (dW.data != NULL)
    KERNEL(product, tn)(&s->dh, dm, 1, &dW);
  KERNEL(product, nn)(&s->dh, &s->p->part[RK_WEIGHT_HR], 0, dm);
}

static void KERNEL(lstm, backward)(const STEP *s) {
  const bool projected = s->p->part[RK_WEIGHT_HR].data != NULL;
  MATRIX dh = s->dh, dm = projected ? s->scratch : dh;
  if (projected)
    KERNEL(lstm, projection_backward)(s, &dm);
  for (size_t i = 0; i < s->gates.size1; i++)
    KERNEL(lstm, backward_row)(s, i, &dm);
  KERNEL(cell, recurrent_backward)(s, &s->gates, 0, 0, &dh);
}

const KERNEL(cell, functions) KERNEL(lstm, functions) = {
    .biases = KERNEL(cell, biases),
    .forward = KERNEL(lstm, forward),
    .backward = KERNEL(lstm, backward),
    .recurrent_products = KERNEL(cell, recurrent_products),
    .recurrent_gradients = KERNEL(cell, recurrent_gradients),
};

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "lstm.c"
#endif
