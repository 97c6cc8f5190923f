/* recur/rnn.h: what users live by. Steps and parts make the whole, a missing state is a zero state,
   a state may be replaced in place, matrices may interleave, gradients add up, NaN and infinities
   go where the equations take them.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "check.h"
#include "precision.h"

#include "rnn_problem.h"

/* Forward step by step, and backward with dh carried by hand, are held to the equations of the
   whole sequence. */
static void NAME(test_step_by_step)(recur_activation phi) {
  NAME(problem) q = NAME(new_problem)(5, 3, 2, 4, phi);
  q.dp = &q.gradients;
  q.hT = q.norms = NULL;
  const size_t B = q.B;
  MATRIX h_prev = *q.h0, *dh_t = NAME(new_padded)(B, q.H);
  for (size_t t = 0; t < q.T; t++) {
    const MATRIX x_t = NAME(rows)(q.x, t * B, B);
    MATRIX h_t = NAME(rows)(q.h, t * B, B);
    CHECK(RECUR(rnn, step_forward)(&q.p, &x_t, &h_prev, &h_t, q.w) == GSL_SUCCESS);
    h_prev = h_t;
  }
  NAME(check_forward)(&q);
  NAME(remember)();
  NAME(copy_matrix)(q.dhT, dh_t);
  for (size_t t = q.T; t-- > 0;) {
    const MATRIX x_t = NAME(rows)(q.x, t * B, B), h_t = NAME(rows)(q.h, t * B, B);
    h_prev = t > 0 ? NAME(rows)(q.h, (t - 1) * B, B) : *q.h0;
    MATRIX dx_t = NAME(rows)(q.dx, t * B, B);
    for (size_t b = 0; b < B; b++)
      for (size_t k = 0; k < q.H; k++)
        AT(dh_t, b, k) += AT(q.dh, t * B + b, k);
    const int status = RECUR(rnn, step_backward)(&q.p, &x_t, &h_prev, &h_t, dh_t, &dx_t, dh_t, q.dp,
                                                 q.w); /* dh becomes dh_prev */
    CHECK(status == GSL_SUCCESS);
  }
  NAME(copy_matrix)(dh_t, q.dh0);
  NAME(check_backward)(&q, 1);
  NAME(end_problem)(&q);
}

/* Five steps in parts of two and three, in place: the state is carried in hT, its gradient in dh0.
 */
static void NAME(test_split_sequence)(recur_activation phi) {
  NAME(problem) q = NAME(new_problem)(5, 2, 3, 4, phi);
  q.dp = &q.gradients;
  const size_t B = q.B, first[] = {0, 2, 5};
  RECUR(rnn, workspace) * w[2];
  NAME(copy_matrix)(q.h0, q.hT);
  for (size_t part = 0; part < 2; part++) {
    const size_t from = first[part] * B, count = first[part + 1] * B - from;
    const MATRIX x = NAME(rows)(q.x, from, count);
    MATRIX h = NAME(rows)(q.h, from, count);
    w[part] = RECUR(rnn, alloc)(count / B, B, q.I, q.H, phi, RECUR_TRAINING);
    CHECK(RECUR(rnn, forward)(&q.p, &x, q.hT, &h, q.hT, w[part]) == GSL_SUCCESS);
  }
  NAME(check_forward)(&q);
  NAME(remember)();
  NAME(copy_matrix)(q.dhT, q.dh0);
  for (size_t part = 2; part-- > 0;) {
    const size_t from = first[part] * B, count = first[part + 1] * B - from;
    const MATRIX x = NAME(rows)(q.x, from, count), h = NAME(rows)(q.h, from, count),
                 dh = NAME(rows)(q.dh, from, count),
                 h0 = part > 0 ? NAME(rows)(q.h, from - B, B) : *q.h0;
    MATRIX dx = NAME(rows)(q.dx, from, count), norms = NAME(rows)(q.norms, first[part], count / B);
    const int status =
        RECUR(rnn, backward)(&q.p, &x, &h0, &h, &dh, q.dh0, &dx, q.dh0, q.dp, &norms, w[part]);
    CHECK(status == GSL_SUCCESS);
    RECUR(rnn, free)(w[part]);
  }
  NAME(check_backward)(&q, 1);
  NAME(end_problem)(&q);
}

/* Runs all four functions of two problems with the same numbers, one of which lacks states. */
static void NAME(test_missing_state_is_zero)(recur_activation phi) {
  NAME(problem) q = NAME(new_problem)(3, 2, 3, 4, phi);
  NAME(problem) r = q;
  NAME(fill)(q.h0, 0);
  NAME(fill)(q.dh, 0);
  NAME(fill)(q.dhT, 0);
  AT(q.dh, 0, 0) = 1; /* so that there is something to compute, in both */
  q.dp = &q.gradients;
  r.gradients = NAME(new_parameters)(q.I, q.H);
  r.dp = &r.gradients;
  NAME(copy_matrix)(&q.dp->weight_ih, &r.dp->weight_ih);
  NAME(copy_matrix)(&q.dp->weight_hh, &r.dp->weight_hh);
  r.h0 = r.dhT = NULL;
  r.h = NAME(new_padded)(q.T * q.B, q.H);
  r.hT = NAME(new_padded)(q.B, q.H);
  r.dx = NAME(new_padded)(q.T * q.B, q.I);
  r.dh0 = NAME(new_padded)(q.B, q.H);
  r.norms = NAME(new_padded)(q.T, q.B);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS && NAME(forward)(&r) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(q.h, r.h) && NAME(equal_bits)(q.hT, r.hT));
  CHECK(NAME(backward)(&q) == GSL_SUCCESS && NAME(backward)(&r) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(q.dx, r.dx) && NAME(equal_bits)(q.dh0, r.dh0));
  CHECK(NAME(equal_bits)(q.norms, r.norms));
  CHECK(NAME(equal_bits)(&q.dp->weight_ih, &r.dp->weight_ih));
  CHECK(NAME(equal_bits)(&q.dp->weight_hh, &r.dp->weight_hh));

  const MATRIX x = NAME(rows)(q.x, 0, q.B), dh = NAME(rows)(q.dh, 0, q.B);
  MATRIX h_q = NAME(rows)(q.h, 0, q.B), h_r = NAME(rows)(r.h, 0, q.B);
  CHECK(RECUR(rnn, step_forward)(&q.p, &x, q.h0, &h_q, q.w) == GSL_SUCCESS);
  CHECK(RECUR(rnn, step_forward)(&q.p, &x, NULL, &h_r, q.w) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(&h_q, &h_r));
  CHECK(RECUR(rnn, step_backward)(&q.p, &x, q.h0, &h_q, &dh, NULL, q.dh0, q.dp, q.w) == 0);
  CHECK(RECUR(rnn, step_backward)(&q.p, &x, NULL, &h_r, &dh, NULL, r.dh0, r.dp, q.w) == 0);
  CHECK(NAME(equal_bits)(q.dh0, r.dh0));
  CHECK(NAME(equal_bits)(&q.dp->weight_hh, &r.dp->weight_hh));
  NAME(end_problem)(&q);
}

/* A missing dh is a zero dh. */
static void NAME(test_missing_dh_is_zero)(void) {
  NAME(problem) q = NAME(new_problem)(3, 2, 3, 4, RECUR_TANH);
  MATRIX *dx = NAME(new_padded)(6, 3);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(fill)(q.dh, 0);
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  q.dh = NULL;
  NAME(copy_matrix)(q.dx, dx);
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(q.dx, dx));
  NAME(end_problem)(&q);
}

/* T = 0 copies the states bit for bit, and leaves parameters' gradients alone. */
static void NAME(test_no_steps)(void) {
  NAME(problem) q = NAME(new_problem)(0, 2, 3, 4, RECUR_TANH);
  q.dp = &q.gradients;
  AT(q.h0, 1, 2) = (REAL)NAN;
  AT(q.dhT, 0, 1) = (REAL)-INFINITY;
  NAME(remember)();
  CHECK(NAME(forward)(&q) == GSL_SUCCESS && NAME(backward)(&q) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(q.hT, q.h0) && NAME(equal_bits)(q.dh0, q.dhT));
  CHECK(NAME(untouched)(&q.dp->weight_ih) && NAME(untouched)(&q.dp->weight_hh));
  q.h0 = q.dhT = NULL;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS && NAME(backward)(&q) == GSL_SUCCESS);
  MATRIX *zero = NAME(new_padded)(2, 4);
  NAME(fill)(zero, 0);
  CHECK(NAME(equal_bits)(q.hT, zero) && NAME(equal_bits)(q.dh0, zero));
  q.h0 = q.hT;
  q.dhT = q.dh0;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS && NAME(backward)(&q) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(q.hT, zero) && NAME(equal_bits)(q.dh0, zero));
  NAME(end_problem)(&q);
}

/* States replaced in place give, bit for bit, what they give elsewhere. */
static void NAME(test_states_in_place)(recur_activation phi) {
  NAME(problem) q = NAME(new_problem)(3, 2, 3, 4, phi);
  MATRIX *state = NAME(new_padded)(q.B, q.H), *h = NAME(new_padded)(q.T * q.B, q.H);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS && NAME(backward)(&q) == GSL_SUCCESS);
  NAME(copy_matrix)(q.h0, state);
  CHECK(RECUR(rnn, forward)(&q.p, q.x, state, h, state, q.w) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(h, q.h) && NAME(equal_bits)(state, q.hT));
  NAME(copy_matrix)(q.dhT, state);
  CHECK(RECUR(rnn, backward)(&q.p, q.x, q.h0, q.h, q.dh, state, NULL, state, NULL, NULL, q.w) == 0);
  CHECK(NAME(equal_bits)(state, q.dh0));

  const MATRIX x = NAME(rows)(q.x, 0, q.B);
  MATRIX h_0 = NAME(rows)(q.h, 0, q.B);
  CHECK(RECUR(rnn, step_forward)(&q.p, &x, q.h0, &h_0, q.w) == GSL_SUCCESS);
  NAME(copy_matrix)(q.h0, state);
  CHECK(RECUR(rnn, step_forward)(&q.p, &x, state, state, q.w) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(state, &h_0));
  CHECK(RECUR(rnn, step_backward)(&q.p, &x, q.h0, &h_0, q.dhT, NULL, q.dh0, NULL, q.w) == 0);
  NAME(copy_matrix)(q.dhT, state);
  CHECK(RECUR(rnn, step_backward)(&q.p, &x, q.h0, &h_0, state, NULL, state, NULL, q.w) == 0);
  CHECK(NAME(equal_bits)(state, q.dh0));
  NAME(end_problem)(&q);
}

/* The next columns of a parent matrix. */
static MATRIX NAME(columns)(const MATRIX *parent, size_t *used, const MATRIX *like) {
  MATRIX m = *parent;
  m.data += *used;
  m.size2 = like->size2;
  *used += like->size2;
  NAME(copy_matrix)(like, &m);
  return m;
}

static VECTOR NAME(column_of)(const MATRIX *parent, size_t *used, const VECTOR *like) {
  const MATRIX values = NAME(column)(like), m = NAME(columns)(parent, used, &values);
  return (VECTOR){.size = m.size1, .stride = m.tda, .data = m.data};
}

static void NAME(interleave)(const MATRIX *parent, size_t *used, RECUR(rnn, parameters) * p) {
  p->weight_ih = NAME(columns)(parent, used, &p->weight_ih);
  p->bias_ih = NAME(column_of)(parent, used, &p->bias_ih);
  p->weight_hh = NAME(columns)(parent, used, &p->weight_hh);
  p->bias_hh = NAME(column_of)(parent, used, &p->bias_hh);
}

/* Inputs and outputs may be columns of one matrix. */
static void NAME(test_interleaved)(recur_activation phi) {
  const size_t T = 3, B = 2, I = 3, H = 4;
  NAME(problem) q = NAME(new_problem)(T, B, I, H, phi);
  q.dp = &q.gradients;
  size_t used = 0;
  const MATRIX *rows = NAME(new_matrix)(T * B, 2 * I + 2 * H, 2 * I + 2 * H);
  MATRIX h = NAME(columns)(rows, &used, q.h), x = NAME(columns)(rows, &used, q.x),
         dx = NAME(columns)(rows, &used, q.dx), dh = NAME(columns)(rows, &used, q.dh);
  used = 0;
  const MATRIX *states = NAME(new_matrix)(B, 4 * H, 4 * H);
  MATRIX hT = NAME(columns)(states, &used, q.hT), h0 = NAME(columns)(states, &used, q.h0),
         dh0 = NAME(columns)(states, &used, q.dh0), dhT = NAME(columns)(states, &used, q.dhT);
  used = 0;
  const MATRIX *both = NAME(new_matrix)(H, 2 * (I + H + 2), 2 * (I + H + 2));
  NAME(interleave)(both, &used, &q.gradients);
  NAME(interleave)(both, &used, &q.p);
  q.x = &x, q.h = &h, q.dx = &dx, q.dh = &dh;
  q.h0 = &h0, q.hT = &hT, q.dh0 = &dh0, q.dhT = &dhT;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(check_forward)(&q);
  NAME(remember)();
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  NAME(check_backward)(&q, 1);
  NAME(end_problem)(&q);
}

/* Called twice, gradients of parameters are added twice, and the others are as after one call. */
static void NAME(test_gradients_add_up)(recur_activation phi) {
  NAME(problem) q = NAME(new_problem)(4, 3, 2, 5, phi);
  q.dp = &q.gradients;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(remember)();
  CHECK(NAME(backward)(&q) == GSL_SUCCESS && NAME(backward)(&q) == GSL_SUCCESS);
  NAME(check_backward)(&q, 2);
  NAME(end_problem)(&q);
}

/* How many numbers are NaN in some rows. */
static size_t NAME(nan_count)(const MATRIX *m, size_t first, size_t step) {
  size_t count = 0;
  for (size_t i = first; i < m->size1; i += step)
    for (size_t j = 0; j < m->size2; j++)
      count += isnan(AT(m, i, j)) ? 1 : 0;
  return count;
}

/* NaN in one sequence reaches all that depends on it, and nothing of the other. */
static void NAME(test_nan)(recur_activation phi) {
  const size_t T = 4, B = 2, H = 3;
  NAME(problem) q = NAME(new_problem)(T, B, 2, H, phi);
  q.dp = &q.gradients;
  AT(q.x, 1 * B + 0, 1) = (REAL)NAN;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  CHECK(NAME(nan_count)(q.h, 0, B) == 3 * H && NAME(nan_count)(q.h, 1, B) == 0);
  CHECK(!isnan(AT(q.h, 0, 0)) && NAME(nan_count)(q.hT, 0, B) == H);
  NAME(randomize)(q.x, 1);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(fill)(q.h, (REAL)0.5); /* where the slope of both functions is not 0 */
  AT(q.dh, 2 * B + 1, 0) = (REAL)NAN;
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  CHECK(NAME(nan_count)(q.dx, 1, B) == 3 * 2 && NAME(nan_count)(q.dx, 0, B) == 0);
  CHECK(NAME(nan_count)(q.dh0, 1, B) == H && NAME(nan_count)(q.dh0, 0, B) == 0);
  CHECK(isnan(AT(q.norms, 0, 1)) && isnan(AT(q.norms, 2, 1)) && !isnan(AT(q.norms, 3, 1)));
  CHECK(NAME(nan_count)(q.norms, 0, 1) == 3);
  CHECK(NAME(nan_count)(&q.dp->weight_hh, 0, 1) == H * H);
  NAME(end_problem)(&q);
}

static void NAME(test_infinity)(void) {
  const size_t B = 2, H = 3;
  NAME(problem) q = NAME(new_problem)(1, B, 2, H, RECUR_TANH);
  AT(q.x, 0, 0) = (REAL)INFINITY;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  for (size_t k = 0; k < H; k++)
    CHECK(AT(q.h, 0, k) == (AT(&q.p.weight_ih, k, 0) > 0 ? 1 : -1));
  AT(q.dhT, 1, 0) = (REAL)INFINITY;
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  CHECK(isinf(AT(q.norms, 0, 1)) && isinf(AT(q.dx, 1, 0)) && isinf(AT(q.dh0, 1, 2)));
  NAME(end_problem)(&q);

  q = NAME(new_problem)(1, B, 2, H, RECUR_RELU);
  AT(q.x, 0, 0) = (REAL)-INFINITY;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  for (size_t k = 0; k < H; k++)
    CHECK(AT(q.h, 0, k) == (AT(&q.p.weight_ih, k, 0) > 0 ? 0 : (REAL)INFINITY));
  NAME(end_problem)(&q);
}

static void NAME(run)(void) {
  NAME(test_missing_dh_is_zero)();
  NAME(test_no_steps)();
  NAME(test_infinity)();
  static const recur_activation functions[] = {RECUR_TANH, RECUR_RELU};
  for (size_t k = 0; k < COUNT(functions); k++) {
    NAME(test_step_by_step)(functions[k]);
    NAME(test_split_sequence)(functions[k]);
    NAME(test_missing_state_is_zero)(functions[k]);
    NAME(test_states_in_place)(functions[k]);
    NAME(test_interleaved)(functions[k]);
    NAME(test_gradients_add_up)(functions[k]);
    NAME(test_nan)(functions[k]);
  }
}

#ifndef FLOAT_PASS
#include "switch_to_float.h"

#include "test_rnn_invariants.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
