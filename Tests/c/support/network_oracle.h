/* Networks in plain loops, one sequence at a time, from the equations in recur/rnn.h,
   recur/residual.h, recur/gru.h, recur/lstm.h and recur/network.h, with the layout of
   recur/parameters.h; forward only.

   Numbers are complex, and their real parts are the values. If the imaginary parts of the arguments
   are a tiny multiple of some direction, those of the results are the same multiple of the
   derivative in that direction. No nearly equal numbers are subtracted, so the derivatives are as
   accurate as the values.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NETWORK_ORACLE_H
#define NETWORK_ORACLE_H

#include "support/oracle_cells.h"

#include <recur/network.h>

typedef struct {
  const recur_network *network;
  size_t T, B, I, H, L, D, P, G;
  const size_t *lengths; /* NULL: all T */
  number *theta, *x, *h0, *c0;
  const wide *masks;                  /* L*T*B x D*P; NULL: all 1 */
  const wide *recurrent_masks;        /* L*D*B x P; NULL: all 1 */
  const wide *zoneout, *cell_zoneout; /* L*D*T*B x P and x H; NULL: all 0 */
  number *nudges;                     /* L*D*T*B x P, added to each h_t; or NULL */

  number *outputs; /* L*T*B x D*P: every layer, before dropout */
  number *hT, *cT;
  number *gates;  /* L*D*T*B x G*H */
  number *cells;  /* L*D*T*B x H */
  wide magnitude; /* the largest term of any sum */
  wide growth; /* the largest factor by which layer normalization multiplies errors, in all layers
                  so far */
} oracle;

static inline number *new_numbers(size_t n) {
  return (number *)wide_new(2 * n);
}

static inline const number *oracle_slice(const number **next, size_t count) {
  const number *slice = *next;
  *next += count;
  return count == 0 ? NULL : slice;
}

static inline oracle_cell oracle_cell_of(oracle *o, size_t ld) {
  const recur_cell *cell = &o->network->cell;
  const size_t GH = o->G * o->H, rows = cell->peepholes ? (cell->coupled_gates ? 2 : 3) : 0;
  const number *next = o->theta;
  oracle_cell q = {.cell = cell, .H = o->H, .P = o->P, .magnitude = &o->magnitude};
  for (size_t k = 0; k <= ld; k++) {
    q.I = k < o->D ? o->I : o->D * o->P;
    q.W = oracle_slice(&next, GH * q.I);
    q.U = oracle_slice(&next, GH * q.P);
    q.b_ih = oracle_slice(&next, cell->bias ? GH : 0);
    q.b_hh = oracle_slice(&next, cell->bias ? GH : 0);
    q.W_hr = oracle_slice(&next, cell->projection_size * q.H);
    q.peepholes = oracle_slice(&next, rows * q.H);
    q.gain_ih = oracle_slice(&next, cell->layer_normalization ? GH : 0);
    q.gain_hh = oracle_slice(&next, cell->layer_normalization ? GH : 0);
  }
  return q;
}

/* The input of a layer in one row, after dropout. */
static inline void oracle_read(const oracle *o, size_t layer, size_t row, number *x) {
  const size_t columns = layer == 0 ? o->I : o->D * o->P;
  for (size_t k = 0; k < columns; k++) {
    const size_t below = ((layer - 1) * o->T * o->B + row) * columns + k;
    x[k] =
        layer == 0 ? o->x[row * columns + k] : o->outputs[below] * (o->masks ? o->masks[below] : 1);
  }
}

/* state = d o past + (1 - d) o state */
static inline void oracle_mix(const wide *d, const number *past, number *state, size_t n) {
  for (size_t k = 0; d != NULL && k < n; k++)
    state[k] = d[k] * past[k] + (1 - d[k]) * state[k];
}

static inline void oracle_sequence(oracle *o, size_t layer, size_t d, size_t b, wide *growth) {
  const size_t ld = layer * o->D + d, P = o->P, H = o->H, state = ld * o->B + b;
  const size_t length = o->lengths ? o->lengths[b] : o->T;
  oracle_cell q = oracle_cell_of(o, ld);
  q.below = o->growth;
  q.growth = growth;
  q.mask = o->recurrent_masks ? o->recurrent_masks + state * P : NULL;
  number x[MOST_UNITS], *h = o->hT + state * P, *c = o->cT + state * H;
  memcpy(h, o->h0 + state * P, P * sizeof *h);
  memcpy(c, o->c0 + state * H, H * sizeof *c);
  for (size_t k = 0; k < length; k++) {
    const size_t t = d == 0 ? k : length - 1 - k, row = t * o->B + b;
    const size_t record = ld * o->T * o->B + row;
    oracle_read(o, layer, row, x);
    number h_past[MOST_UNITS], c_past[MOST_UNITS];
    memcpy(h_past, h, P * sizeof *h);
    memcpy(c_past, c, H * sizeof *c);
    oracle_step(&q, x, h, c, o->gates + record * o->G * H);
    oracle_mix(o->zoneout ? o->zoneout + record * P : NULL, h_past, h, P);
    oracle_mix(o->cell_zoneout ? o->cell_zoneout + record * H : NULL, c_past, c, H);
    for (size_t j = 0; j < P; j++) {
      h[j] += o->nudges ? o->nudges[record * P + j] : 0;
      o->outputs[((layer * o->T * o->B + row) * o->D + d) * P + j] = h[j];
      check_see(&o->magnitude, creall(h[j]));
    }
    memcpy(o->cells + record * H, c, H * sizeof *c);
  }
}

static inline void oracle_forward(oracle *o) {
  o->growth = 1;
  for (size_t layer = 0; layer < o->L; layer++) {
    wide growth = 1;
    for (size_t d = 0; d < o->D; d++)
      for (size_t b = 0; b < o->B; b++)
        oracle_sequence(o, layer, d, b, &growth);
    o->growth *= growth;
  }
}

/* The outputs of the last layer. */
static inline const number *oracle_y(const oracle *o) {
  return o->outputs + (o->L - 1) * o->T * o->B * o->D * o->P;
}

#endif
