/* Cells in plain loops, from the equations in recur/rnn.h, recur/residual.h, recur/gru.h and
   recur/lstm.h; forward only, in complex numbers. See network_oracle.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef ORACLE_CELLS_H
#define ORACLE_CELLS_H

#include "support/check.h"
#include "support/wide.h"

#include <complex.h>
#undef I
#include <recur/cell.h>

enum { MOST_UNITS = 40 };

typedef long double complex number;

/* Activations */

static inline number oracle_activation(const recur_activation *phi, number z) {
  const wide alpha = phi->alpha, beta = phi->beta, value = creall(z);
  switch (phi->kind) {
  case RECUR_ACTIVATION_TANH:
    return ctanhl(z);
  case RECUR_ACTIVATION_SIGMOID:
    return 1 / (1 + cexpl(-z));
  case RECUR_ACTIVATION_RELU:
    return value > 0 ? z : 0;
  case RECUR_ACTIVATION_IDENTITY:
    return z;
  case RECUR_ACTIVATION_AFFINE:
    return alpha * z + beta;
  case RECUR_ACTIVATION_LEAKY_RELU:
    return value > 0 ? z : alpha * z;
  case RECUR_ACTIVATION_THRESHOLDED_RELU:
    return value > alpha ? z : 0;
  case RECUR_ACTIVATION_SCALED_TANH:
    return alpha * ctanhl(beta * z);
  case RECUR_ACTIVATION_HARD_SIGMOID:
    return alpha * value + beta <= 0 ? 0 : alpha * value + beta >= 1 ? 1 : alpha * z + beta;
  case RECUR_ACTIVATION_ELU:
    return value > 0 ? z : alpha * (cexpl(z) - 1);
  case RECUR_ACTIVATION_SOFTSIGN:
    return z / (1 + (value < 0 ? -z : z));
  case RECUR_ACTIVATION_SOFTPLUS:
    return clogl(1 + cexpl(z));
  case RECUR_ACTIVATION_HARD_TANH:
    return value <= alpha ? alpha : value >= beta ? beta : z;
  case RECUR_ACTIVATION_SILU:
    return z / (1 + cexpl(-z));
  case RECUR_ACTIVATION_KINDS:
    break;
  }
  abort();
}

static inline number oracle_clamp(number z, double limit) {
  const wide value = creall(z);
  return limit == 0 || fabsl(value) <= limit ? z : value < 0 ? -limit : limit;
}

/* One cell, with its parameters */

typedef struct {
  const recur_cell *cell;
  size_t I, H, P;
  const number *W, *b_ih, *U, *b_hh, *W_hr, *peepholes; /* NULL if absent */
  const number *gain_ih, *gain_hh;
  const wide *mask; /* multiplies h in the product with U; or NULL */
  wide *magnitude;
  wide below, *growth; /* the growth of errors in the layers below, and in this one */
} oracle_cell;

static inline number oracle_dot(const oracle_cell *q, const number *a, const number *b, size_t n) {
  number sum = 0;
  for (size_t k = 0; k < n; k++) {
    check_see(q->magnitude, creall(a[k] * b[k]));
    sum += a[k] * b[k];
  }
  return sum;
}

/* a = LN(a) o gain; unchanged without gains. Errors grow if nearly equal values are normalized:
   backward sums terms of a divided by the variance, in addition to errors from the layers below. */
static inline void oracle_normalize(const oracle_cell *q, const number *gain, number *a, size_t n) {
  if (gain == NULL)
    return;
  number mean = 0, variance = 0;
  for (size_t k = 0; k < n; k++)
    mean += a[k] / n;
  for (size_t k = 0; k < n; k++)
    variance += (a[k] - mean) * (a[k] - mean) / n;
  const number deviation = csqrtl(variance + 1e-5L);
  for (size_t k = 0; k < n; k++) {
    check_see(q->magnitude, q->below * creall(a[k] / (deviation * deviation)));
    check_see(q->growth, creall(gain[k] / deviation));
    a[k] = (a[k] - mean) / deviation * gain[k];
  }
}

/* W x + b_ih for `gates` gates from `gate` on, normalized together, into their columns of a. */
static inline void oracle_W(const oracle_cell *q, size_t gate, size_t gates, const number *x,
                            number *a) {
  const size_t first = gate * q->H, n = gates * q->H;
  for (size_t row = first; row < first + n; row++)
    a[row] = oracle_dot(q, q->W + row * q->I, x, q->I);
  oracle_normalize(q, q->gain_ih ? q->gain_ih + first : NULL, a + first, n);
  for (size_t row = first; row < first + n && q->b_ih; row++)
    a[row] += q->b_ih[row];
}

/* U (m o h) + b_hh */
static inline void oracle_U(const oracle_cell *q, size_t gate, size_t gates, const number *h,
                            number *a) {
  const size_t first = gate * q->H, n = gates * q->H;
  number masked[MOST_UNITS];
  for (size_t j = 0; j < q->P; j++)
    masked[j] = h[j] * (q->mask ? q->mask[j] : 1);
  for (size_t row = first; row < first + n; row++)
    a[row] = oracle_dot(q, q->U + row * q->P, masked, q->P);
  oracle_normalize(q, q->gain_hh ? q->gain_hh + first : NULL, a + first, n);
  for (size_t row = first; row < first + n && q->b_hh; row++)
    a[row] += q->b_hh[row];
}

static inline number oracle_gate(const oracle_cell *q, const recur_activation *phi, number a) {
  check_see(q->magnitude, creall(a));
  return oracle_activation(phi, oracle_clamp(a, q->cell->gate_clamp));
}

/* The cells: replace h_{t-1}, c_{t-1} by h_t, c_t, and compute the gates */

static inline void oracle_rnn(const oracle_cell *q, const number *x, number *h, number *gates) {
  number W[MOST_UNITS], U[MOST_UNITS];
  oracle_W(q, 0, 1, x, W);
  oracle_U(q, 0, 1, h, U);
  for (size_t k = 0; k < q->H; k++) {
    gates[k] = oracle_gate(q, &q->cell->f, W[k] + U[k]);
    h[k] = q->cell->kind == RECUR_CELL_RESIDUAL ? h[k] + gates[k] : gates[k];
  }
}

static inline void oracle_gru(const oracle_cell *q, const number *x, number *h, number *gates) {
  const size_t H = q->H;
  const bool after = q->cell->reset == RECUR_RESET_AFTER;
  number W[3 * MOST_UNITS], U[3 * MOST_UNITS], s[MOST_UNITS] = {0};
  number *r = gates, *z = gates + H, *n = gates + 2 * H;
  oracle_W(q, 0, 2, x, W);
  oracle_W(q, 2, 1, x, W);
  oracle_U(q, 0, 2, h, U);
  for (size_t k = 0; k < 2 * H; k++)
    gates[k] = oracle_gate(q, &q->cell->f, W[k] + U[k]);
  for (size_t k = 0; k < H; k++)
    s[k] = r[k] * h[k];
  oracle_U(q, 2, 1, after ? h : s, U);
  for (size_t k = 0; k < H; k++) {
    const number recurrent = after ? r[k] * U[2 * H + k] : U[2 * H + k];
    n[k] = oracle_gate(q, &q->cell->g, W[2 * H + k] + recurrent);
    h[k] = (1 - z[k]) * n[k] + z[k] * h[k];
  }
}

static inline void oracle_lstm(const oracle_cell *q, const number *x, number *h, number *c,
                               number *gates) {
  const recur_cell *cell = q->cell;
  const size_t H = q->H, g = cell->coupled_gates ? 1 : 2, o = g + 1;
  const number *p_i = q->peepholes, *p_f = p_i ? p_i + H : NULL, *p_o = p_i ? p_i + g * H : NULL;
  number m[MOST_UNITS], W[4 * MOST_UNITS], U[4 * MOST_UNITS];
  oracle_W(q, 0, o + 1, x, W);
  oracle_U(q, 0, o + 1, h, U);
  for (size_t k = 0; k < H; k++) {
    number a[4], before = c[k];
    for (size_t gate = 0; gate <= o; gate++)
      a[gate] = W[gate * H + k] + U[gate * H + k];
    const number i = oracle_gate(q, &cell->f, a[0] + (p_i ? p_i[k] * before : 0));
    const number f =
        cell->coupled_gates ? 1 - i : oracle_gate(q, &cell->f, a[1] + (p_f ? p_f[k] * before : 0));
    gates[g * H + k] = oracle_gate(q, &cell->g, a[g]);
    c[k] = oracle_clamp(f * before + i * gates[g * H + k], cell->cell_clamp);
    gates[o * H + k] = oracle_gate(q, &cell->f, a[o] + (p_o ? p_o[k] * c[k] : 0));
    m[k] = gates[o * H + k] * oracle_activation(&cell->h, c[k]);
    gates[k] = i;
    if (!cell->coupled_gates)
      gates[H + k] = f;
    check_see(q->magnitude, creall(c[k]));
  }
  for (size_t k = 0; k < q->P; k++)
    h[k] = q->W_hr ? oracle_dot(q, q->W_hr + k * H, m, H) : m[k];
}

static inline void oracle_step(const oracle_cell *q, const number *x, number *h, number *c,
                               number *gates) {
  if (q->cell->kind == RECUR_CELL_LSTM)
    oracle_lstm(q, x, h, c, gates);
  else if (q->cell->kind == RECUR_CELL_GRU)
    oracle_gru(q, x, h, gates);
  else
    oracle_rnn(q, x, h, gates);
}

#endif
