/* A simple recurrent network with all of its arguments, and the same computed by plain loops,
   straight from the equations in recur/rnn.h. In both precisions (so without an include guard).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "matrices.h"

#include <recur/rnn.h>

#ifndef RNN_PROBLEM_H
#define RNN_PROBLEM_H
typedef struct {
  wide *dz, *dx, *dh0, *norms, *dW_ih, *dW_hh, *db;
  wide magnitude;
} naive_gradients;
#endif

/* Any pointer may be set to NULL where the library takes it. */
typedef struct {
  size_t T, B, I, H;
  recur_activation phi;
  RECUR(rnn, parameters) p, gradients, *dp;
  MATRIX *x, *h0, *h, *hT, *dh, *dhT, *dx, *dh0, *norms;
  RECUR(rnn, workspace) * w;
} NAME(problem);

static inline RECUR(rnn, parameters) NAME(new_parameters)(size_t I, size_t H) {
  /* So small that rounding errors do not grow from step to step. */
  const double scale = 1 / sqrt((double)H);
  return (RECUR(rnn, parameters)){.weight_ih = *NAME(new_random)(H, I, 1),
                                  .weight_hh = *NAME(new_random)(H, H, scale),
                                  .bias_ih = NAME(new_random_vector)(H),
                                  .bias_hh = NAME(new_random_vector)(H)};
}

/* Inputs and gradients random, other outputs NaN. */
static inline NAME(problem)
    NAME(new_problem)(size_t T, size_t B, size_t I, size_t H, recur_activation phi) {
  check_note("%s T=%zu B=%zu I=%zu H=%zu phi=%d", TEXT(REAL), T, B, I, H, phi);
  return (NAME(problem)){
      .T = T,
      .B = B,
      .I = I,
      .H = H,
      .phi = phi,
      .p = NAME(new_parameters)(I, H),
      .gradients = NAME(new_parameters)(I, H),
      .x = NAME(new_random)(T * B, I, 1),
      .h0 = NAME(new_random)(B, H, 1),
      .h = NAME(new_padded)(T * B, H),
      .hT = NAME(new_padded)(B, H),
      .dh = NAME(new_random)(T * B, H, 1),
      .dhT = NAME(new_random)(B, H, 1),
      .dx = NAME(new_padded)(T * B, I),
      .dh0 = NAME(new_padded)(B, H),
      .norms = NAME(new_padded)(T, B),
      .w = RECUR(rnn, alloc)(T, B, I, H, phi, RECUR_TRAINING),
  };
}

static inline void NAME(end_problem)(NAME(problem) * q) {
  RECUR(rnn, free)(q->w);
  NAME(free_all)();
}

static inline int NAME(forward)(const NAME(problem) * q) {
  return RECUR(rnn, forward)(&q->p, q->x, q->h0, q->h, q->hT, q->w);
}

static inline int NAME(backward)(const NAME(problem) * q) {
  return RECUR(rnn, backward)(&q->p, q->x, q->h0, q->h, q->dh, q->dhT, q->dx, q->dh0, q->dp,
                              q->norms, q->w);
}

/* Rounded operations behind one number of h, and behind one gradient. */
static inline size_t NAME(forward_operations)(const NAME(problem) * q) {
  return q->T * (q->I + q->H + 8);
}

static inline size_t NAME(backward_operations)(const NAME(problem) * q) {
  return q->T * (q->I + q->H + q->B + 8);
}

static inline wide NAME(bias)(const VECTOR *v, size_t j) {
  return v->data ? v->data[j * v->stride] : 0;
}

static inline wide NAME(or_zero)(const MATRIX *m, size_t i, size_t j) {
  return m ? AT(m, i, j) : 0;
}

/* Every h_t; returns the magnitude. */
static inline wide NAME(naive_forward)(const NAME(problem) * q, wide *h) {
  const RECUR(rnn, parameters) *p = &q->p;
  const size_t B = q->B, I = q->I, H = q->H;
  wide magnitude = 0;
  for (size_t row = 0; row < q->T * B; row++)
    for (size_t j = 0; j < H; j++) {
      wide z = NAME(bias)(&p->bias_ih, j) + NAME(bias)(&p->bias_hh, j);
      for (size_t i = 0; i < I; i++) {
        const wide term = (wide)AT(&p->weight_ih, j, i) * AT(q->x, row, i);
        check_see(&magnitude, term);
        z += term;
      }
      for (size_t k = 0; k < H; k++) {
        const wide h_prev = row < B ? NAME(or_zero)(q->h0, row, k) : h[(row - B) * H + k];
        const wide term = AT(&p->weight_hh, j, k) * h_prev;
        check_see(&magnitude, term);
        z += term;
      }
      check_see(&magnitude, z);
      h[row * H + j] = q->phi == RECUR_TANH ? tanhl(z) : (z > 0 ? z : 0);
    }
  return magnitude;
}

/* dz of every step, and the norms, from the h that is in the problem. */
static inline void NAME(naive_dz)(const NAME(problem) * q, naive_gradients *g) {
  const size_t T = q->T, B = q->B, H = q->H;
  for (size_t t = T; t-- > 0;)
    for (size_t b = 0; b < B; b++) {
      const size_t row = t * B + b;
      wide squares = 0;
      for (size_t k = 0; k < H; k++) {
        wide dh = NAME(or_zero)(q->dh, row, k) + (t + 1 == T ? NAME(or_zero)(q->dhT, b, k) : 0);
        for (size_t j = 0; t + 1 < T && j < H; j++)
          dh += AT(&q->p.weight_hh, j, k) * g->dz[(row + B) * H + j];
        const wide h = AT(q->h, row, k);
        const wide slope = q->phi == RECUR_TANH ? 1 - h * h : (h > 0 ? 1 : 0);
        g->dz[row * H + k] = dh * slope;
        squares += dh * dh;
        check_see(&g->magnitude, dh);
      }
      g->norms[row] = sqrtl(squares);
    }
}

static inline naive_gradients NAME(naive_backward)(const NAME(problem) * q) {
  const size_t T = q->T, B = q->B, I = q->I, H = q->H;
  naive_gradients g = {wide_new(T * B * H), wide_new(T * B * I), wide_new(B * H), wide_new(T * B),
                       wide_new(H * I),     wide_new(H * H),     wide_new(H),     0};
  NAME(naive_dz)(q, &g);
  for (size_t row = 0; row < T * B; row++)
    for (size_t j = 0; j < H; j++) {
      const wide dz = g.dz[row * H + j];
      g.db[j] += dz;
      for (size_t i = 0; i < I; i++) {
        g.dx[row * I + i] += AT(&q->p.weight_ih, j, i) * dz;
        g.dW_ih[j * I + i] += dz * AT(q->x, row, i);
      }
      for (size_t k = 0; k < H; k++) {
        const wide h_prev = row < B ? NAME(or_zero)(q->h0, row, k) : AT(q->h, row - B, k);
        g.dW_hh[j * H + k] += dz * h_prev;
        check_see(&g.magnitude, dz * h_prev);
        if (row < B)
          g.dh0[row * H + k] += AT(&q->p.weight_hh, j, k) * dz;
      }
    }
  for (size_t b = 0; T == 0 && b < B; b++)
    for (size_t k = 0; k < H; k++)
      g.dh0[b * H + k] = NAME(or_zero)(q->dhT, b, k);
  return g;
}

/* Checks what a forward pass has left. */
static inline void NAME(check_forward)(const NAME(problem) * q) {
  const size_t T = q->T, B = q->B, H = q->H, n = NAME(forward_operations)(q);
  wide *h = wide_new((T + 1) * B * H);
  for (size_t b = 0; b < B; b++)
    for (size_t k = 0; k < H; k++)
      h[b * H + k] = NAME(or_zero)(q->h0, b, k);
  const wide *last = T > 0 ? h + T * B * H : h;
  const wide magnitude = NAME(naive_forward)(q, h + B * H);
  CHECK(NAME(is)(q->h, h + B * H, n, magnitude));
  if (q->hT != NULL)
    CHECK(NAME(is)(q->hT, last, n, magnitude));
}

/* Checks what so many backward passes have left, with what was remembered before them. */
static inline void NAME(check_backward)(const NAME(problem) * q, unsigned times) {
  const naive_gradients g = NAME(naive_backward)(q);
  const size_t n = NAME(backward_operations)(q);
  if (q->dx != NULL)
    CHECK(NAME(is)(q->dx, g.dx, n, g.magnitude));
  if (q->dh0 != NULL)
    CHECK(NAME(is)(q->dh0, g.dh0, n, g.magnitude));
  if (q->norms != NULL)
    CHECK(NAME(is)(q->norms, g.norms, n, g.magnitude));
  if (q->dp == NULL)
    return;
  const MATRIX db_ih = NAME(column)(&q->dp->bias_ih), db_hh = NAME(column)(&q->dp->bias_hh);
  if (q->dp->weight_ih.data != NULL)
    CHECK(NAME(grew_by)(&q->dp->weight_ih, times, g.dW_ih, n, g.magnitude));
  if (q->dp->weight_hh.data != NULL)
    CHECK(NAME(grew_by)(&q->dp->weight_hh, times, g.dW_hh, n, g.magnitude));
  if (db_ih.data != NULL)
    CHECK(NAME(grew_by)(&db_ih, times, g.db, n, g.magnitude));
  if (db_hh.data != NULL)
    CHECK(NAME(grew_by)(&db_hh, times, g.db, n, g.magnitude));
}
