/* The gated recurrent unit: see recur/gru.h for the equations.

   Kept of a step: r, z, n, and q (reset after) or s (before). Backward leaves the gradients of the
   inputs of r, z and n, and in the place of q that of q; s stays.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "activation.h"
#include "cell.h"
#include "product.h"
#include "shape.h"

#include <recur/gru.h>

#define VIEWS KERNEL(parameters, views)
#define STEP KERNEL(cell, step)

#ifndef RECUR_FLOAT
recur_network recur_gru(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_GRU, input_size, hidden_size);
}
#endif

/* What b_hn is added to differs from what b_in is, if the reset gate stands between. */
static void KERNEL(gru, biases)(const recur_cell *cell, const VIEWS *p, REAL *bias) {
  const size_t H = p->part[RK_WEIGHT_HH].size1 / 3;
  KERNEL(cell, biases)(cell, p, bias);
  for (size_t k = 2 * H; k < 3 * H; k++) {
    const bool apart = cell->bias && cell->reset == RECUR_RESET_AFTER;
    if (apart)
      bias[k] = p->part[RK_BIAS_IH].data[k];
    bias[k + H] = apart ? p->part[RK_BIAS_HH].data[k] : 0;
  }
}

/* Forward */

/* r, z, and then q = U_n h and W_n x + r o q, or s = r o h, of the h that W_hh sees */
static void KERNEL(gru, reset_row)(const STEP *s, size_t row) {
  const recur_cell *cell = s->cell;
  const size_t H = s->h.size2;
  REAL *r = s->gates.data + row * s->gates.tda, *n = r + 2 * H, *last = r + 3 * H;
  const REAL *h = s->h_in.data + row * s->h_in.tda;
  KERNEL(gate, forward)(&cell->f, cell->clip, s->bias, r, 2 * H);
  for (size_t k = 0; k < H; k++)
    if (cell->reset == RECUR_RESET_AFTER) {
      last[k] += s->bias[3 * H + k];
      n[k] += r[k] * last[k];
    } else
      last[k] = r[k] * h[k];
}

/* n, and h = (1 - z) o n + z o h */
static void KERNEL(gru, update_row)(const STEP *s, size_t row) {
  const size_t H = s->h.size2;
  const REAL *z = s->gates.data + row * s->gates.tda + H;
  REAL *n = s->gates.data + row * s->gates.tda + 2 * H, *h = s->h.data + row * s->h.tda;
  KERNEL(gate, forward)(&s->cell->g, s->cell->clip, s->bias + 2 * H, n, H);
  for (size_t k = 0; k < H; k++)
    h[k] = (1 - z[k]) * n[k] + z[k] * h[k];
}

static void KERNEL(gru, forward)(const STEP *s) {
  const size_t H = s->h.size2;
  const bool after = s->cell->reset == RECUR_RESET_AFTER;
  MATRIX rz = KERNEL(matrix, columns)(&s->gates, 0, 2 * H);
  MATRIX n = KERNEL(matrix, columns)(&s->gates, 2 * H, H);
  MATRIX last = KERNEL(matrix, columns)(&s->gates, 3 * H, H);
  KERNEL(cell, recurrent_forward)(s, &s->h_in, 0, 1, &rz);
  if (after)
    KERNEL(cell, recurrent_forward)(s, &s->h_in, 2 * H, 0, &last);
  for (size_t i = 0; i < s->gates.size1; i++)
    KERNEL(gru, reset_row)(s, i);
  if (!after)
    KERNEL(cell, recurrent_forward)(s, &last, 2 * H, 1, &n);
  for (size_t i = 0; i < s->gates.size1; i++)
    KERNEL(gru, update_row)(s, i);
}

/* Backward */

/* da_n = dh o (1 - z) o g'(a_n), da_z = dh o (h_prev - n) o f'(a_z), and dh o z goes on to h_prev.
 */
static void KERNEL(gru, update_row_backward)(const STEP *s, size_t row) {
  const recur_cell *cell = s->cell;
  const size_t H = s->dh.size2;
  REAL *z = s->gates.data + row * s->gates.tda + H, *n = z + H;
  REAL *dh = s->dh.data + row * s->dh.tda, *dz = s->rows[0], *dn = s->rows[1];
  const REAL *h_prev = s->h_prev.data + row * s->h_prev.tda;
  for (size_t k = 0; k < H; k++) {
    dn[k] = dh[k] * (1 - z[k]);
    dz[k] = dh[k] * (h_prev[k] - n[k]);
    dh[k] *= z[k];
  }
  KERNEL(gate, backward)(&cell->f, cell->clip, z, dz, z, H);
  KERNEL(gate, backward)(&cell->g, cell->clip, n, dn, n, H);
}

/* da_r = da_n o q o f'(a_r), dq = da_n o r */
static void KERNEL(gru, reset_after_backward)(const STEP *s, size_t row) {
  const size_t H = s->dh.size2;
  REAL *r = s->gates.data + row * s->gates.tda, *da_n = r + 2 * H, *q = r + 3 * H;
  REAL *dr = s->rows[0];
  for (size_t k = 0; k < H; k++) {
    dr[k] = da_n[k] * q[k];
    q[k] = da_n[k] * r[k];
  }
  KERNEL(gate, backward)(&s->cell->f, s->cell->clip, r, dr, r, H);
}

/* From ds: da_r = ds o h_prev o f'(a_r), and ds o r goes on to h_prev. */
static void KERNEL(gru, reset_before_backward)(const STEP *s, size_t row) {
  const size_t H = s->dh.size2;
  REAL *r = s->gates.data + row * s->gates.tda, *dr = s->rows[0];
  REAL *dh = s->dh.data + row * s->dh.tda;
  const REAL *ds = s->scratch.data + row * s->scratch.tda;
  const REAL *h_prev = s->h_prev.data + row * s->h_prev.tda;
  for (size_t k = 0; k < H; k++) {
    dr[k] = ds[k] * h_prev[k];
    dh[k] += ds[k] * r[k];
  }
  KERNEL(gate, backward)(&s->cell->f, s->cell->clip, r, dr, r, H);
}

static void KERNEL(gru, backward)(const STEP *s) {
  const size_t H = s->dh.size2, rows = s->gates.size1;
  const MATRIX da_rz = KERNEL(matrix, columns)(&s->gates, 0, 2 * H);
  const MATRIX da_n = KERNEL(matrix, columns)(&s->gates, 2 * H, H);
  const MATRIX dq = KERNEL(matrix, columns)(&s->gates, 3 * H, H);
  MATRIX dh = s->dh, ds = s->scratch;
  for (size_t i = 0; i < rows; i++)
    KERNEL(gru, update_row_backward)(s, i);
  if (s->cell->reset == RECUR_RESET_AFTER) {
    for (size_t i = 0; i < rows; i++)
      KERNEL(gru, reset_after_backward)(s, i);
    KERNEL(cell, recurrent_backward)(s, &dq, 2 * H, 1, &dh);
  } else {
    KERNEL(cell, recurrent_backward)(s, &da_n, 2 * H, 0, &ds);
    for (size_t i = 0; i < rows; i++)
      KERNEL(gru, reset_before_backward)(s, i);
  }
  KERNEL(cell, recurrent_backward)(s, &da_rz, 0, 1, &dh);
}

/* U_r h, U_z h, and U_n h or U_n s. */
static void KERNEL(gru, recurrent_products)(const recur_cell *cell, const VIEWS *p,
                                            const MATRIX *gates, const MATRIX *h_in,
                                            MATRIX *products) {
  const size_t H = h_in->size2;
  const MATRIX U_rz = KERNEL(matrix, rows)(&p->part[RK_WEIGHT_HH], 0, 2 * H);
  const MATRIX U_n = KERNEL(matrix, rows)(&p->part[RK_WEIGHT_HH], 2 * H, H);
  const MATRIX last = KERNEL(matrix, columns)(gates, 3 * H, H);
  MATRIX rz = KERNEL(matrix, columns)(products, 0, 2 * H);
  MATRIX n = KERNEL(matrix, columns)(products, 2 * H, H);
  KERNEL(product, nt)(h_in, &U_rz, 0, &rz);
  KERNEL(product, nt)(cell->reset == RECUR_RESET_AFTER ? h_in : &last, &U_n, 0, &n);
}

/* dU_n += dq h_in^T, or da_n s^T, where b_hn belongs to q, or to n. */
static void KERNEL(gru, recurrent_gradients)(const recur_cell *cell, const MATRIX *gates,
                                             const MATRIX *products, const MATRIX *h_in,
                                             const VIEWS *dp) {
  const size_t H = h_in->size2;
  const bool after = cell->reset == RECUR_RESET_AFTER, normalized = products->data != NULL;
  const MATRIX da_rz = KERNEL(matrix, columns)(gates, 0, 2 * H);
  const MATRIX last = KERNEL(matrix, columns)(gates, 3 * H, H);
  const MATRIX da_n = after ? last : KERNEL(matrix, columns)(gates, 2 * H, H);
  const MATRIX dv_rz = normalized ? KERNEL(matrix, columns)(products, 0, 2 * H) : da_rz;
  const MATRIX dv_n = normalized ? KERNEL(matrix, columns)(products, 2 * H, H) : da_n;
  const MATRIX *dW = &dp->part[RK_WEIGHT_HH], *db = &dp->part[RK_BIAS_HH];
  KERNEL(cell, add_gradients)(&da_rz, &dv_rz, h_in, dW, db, 0);
  KERNEL(cell, add_gradients)(&da_n, &dv_n, after ? h_in : &last, dW, db, 2 * H);
}

const KERNEL(cell, functions) KERNEL(gru, functions) = {
    .biases = KERNEL(gru, biases),
    .forward = KERNEL(gru, forward),
    .backward = KERNEL(gru, backward),
    .recurrent_products = KERNEL(gru, recurrent_products),
    .recurrent_gradients = KERNEL(gru, recurrent_gradients),
};

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "gru.c"
#endif
