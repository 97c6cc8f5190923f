/* recur/rnn.h, and with it recur/activation.h and recur/pass.h, which hold nothing but the two
   functions phi and the two kinds of workspace tested here: every small shape, every combination of
   optional arguments, against plain loops.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "check.h"
#include "precision.h"

#include "rnn_problem.h"

#ifndef FLOAT_PASS
enum {
  NO_H0 = 1 << 0,
  NO_HT = 1 << 1,
  NO_BIAS_IH = 1 << 2,
  NO_BIAS_HH = 1 << 3,
  NO_DH = 1 << 4,
  NO_DHT = 1 << 5,
  NO_DX = 1 << 6,
  NO_DH0 = 1 << 7,
  NO_NORMS = 1 << 8,
  NO_DP = 1 << 9,
  NO_DW_IH = 1 << 10,
  NO_DW_HH = 1 << 11,
  NO_DB_IH = 1 << 12,
  NO_DB_HH = 1 << 13,
  NOTHING_OPTIONAL = (1 << 14) - 1
};
#endif

/* Takes away the optional arguments of the mask; of views, the data alone. */
static void NAME(take_away)(NAME(problem) * q, int absent) {
  MATRIX **const matrices[] = {&q->h0,  &q->hT, NULL,    NULL,     &q->dh,
                               &q->dhT, &q->dx, &q->dh0, &q->norms};
  for (size_t k = 0; k < COUNT(matrices); k++)
    if (matrices[k] != NULL && absent & 1 << k)
      *matrices[k] = NULL;
  if (absent & NO_BIAS_IH)
    q->p.bias_ih.data = NULL;
  if (absent & NO_BIAS_HH)
    q->p.bias_hh.data = NULL;
  q->dp = absent & NO_DP ? NULL : &q->gradients;
  if (absent & NO_DW_IH)
    q->gradients.weight_ih.data = NULL;
  if (absent & NO_DW_HH)
    q->gradients.weight_hh.data = NULL;
  if (absent & NO_DB_IH)
    q->gradients.bias_ih.data = NULL;
  if (absent & NO_DB_HH)
    q->gradients.bias_hh.data = NULL;
}

static void NAME(check_inputs_untouched)(const NAME(problem) * q) {
  const MATRIX b_ih = NAME(column)(&q->p.bias_ih), b_hh = NAME(column)(&q->p.bias_hh);
  const MATRIX *const inputs[] = {&q->p.weight_ih,
                                  &q->p.weight_hh,
                                  b_ih.data ? &b_ih : NULL,
                                  b_hh.data ? &b_hh : NULL,
                                  q->x,
                                  q->h0,
                                  q->dh,
                                  q->dhT};
  for (size_t k = 0; k < COUNT(inputs); k++)
    CHECK(NAME(untouched)(inputs[k]));
}

static void NAME(check_sequence)(size_t T, size_t B, size_t I, size_t H, recur_activation phi,
                                 int absent) {
  NAME(problem) q = NAME(new_problem)(T, B, I, H, phi);
  check_note("%s T=%zu B=%zu I=%zu H=%zu phi=%d absent=%x", TEXT(REAL), T, B, I, H, phi,
             (unsigned)absent);
  NAME(take_away)(&q, absent);
  NAME(remember)();
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(check_inputs_untouched)(&q);
  NAME(check_forward)(&q);
  NAME(remember)();
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  NAME(check_inputs_untouched)(&q);
  CHECK(NAME(untouched)(q.h));
  NAME(check_backward)(&q, 1);
  NAME(end_problem)(&q);
}

/* One step, in a workspace made for sequences of another length. */
static void NAME(check_step)(size_t T, size_t B, size_t I, size_t H, recur_activation phi,
                             int absent) {
  NAME(problem) q = NAME(new_problem)(1, B, I, H, phi);
  check_note("%s step of %zu B=%zu I=%zu H=%zu phi=%d absent=%x", TEXT(REAL), T, B, I, H, phi,
             (unsigned)absent);
  NAME(take_away)(&q, absent & ~NO_DHT);
  q.dh = q.hT = q.norms = NULL; /* the dh of the step is dhT */
  RECUR(rnn, workspace) *w = RECUR(rnn, alloc)(T, B, I, H, phi, RECUR_TRAINING);
  NAME(remember)();
  CHECK(RECUR(rnn, step_forward)(&q.p, q.x, q.h0, q.h, w) == GSL_SUCCESS);
  NAME(check_inputs_untouched)(&q);
  NAME(check_forward)(&q);
  NAME(remember)();
  const int status = RECUR(rnn, step_backward)(&q.p, q.x, q.h0, q.h, q.dhT, q.dx, q.dh0, q.dp, w);
  CHECK(status == GSL_SUCCESS);
  NAME(check_inputs_untouched)(&q);
  CHECK(NAME(untouched)(q.h));
  NAME(check_backward)(&q, 1);
  RECUR(rnn, free)(w);
  NAME(end_problem)(&q);
}

static void NAME(check_shape)(size_t T, size_t B, size_t I, size_t H, recur_activation phi) {
  const int absent[] = {0, NOTHING_OPTIONAL, (int)check_random_below(NOTHING_OPTIONAL)};
  for (size_t k = 0; k < COUNT(absent); k++) {
    NAME(check_sequence)(T, B, I, H, phi, absent[k]);
    NAME(check_step)(T, B, I, H, phi, absent[k]);
  }
}

static void NAME(test_all_shapes)(void) {
  static const size_t lengths[] = {0, 1, 2, 5}, widths[] = {1, 2, 3, 8, 9};
  for (size_t t = 0; t < COUNT(lengths); t++)
    for (size_t b = 0; b < COUNT(lengths); b++)
      for (size_t i = 0; i < COUNT(widths); i++)
        for (size_t j = 0; j < COUNT(widths); j++) {
          NAME(check_shape)(lengths[t], lengths[b], widths[i], widths[j], RECUR_TANH);
          NAME(check_shape)(lengths[t], lengths[b], widths[i], widths[j], RECUR_RELU);
        }
}

/* A seeded choice of all combinations, about one in four. */
static void NAME(test_all_optional_arguments)(void) {
  for (int absent = 0; absent <= NOTHING_OPTIONAL; absent += 1 + (int)check_random_below(7))
    NAME(check_sequence)(3, 2, 2, 3, absent & 1 << 7 ? RECUR_TANH : RECUR_RELU, absent);
}

static void NAME(test_parameters_view)(void) {
  check_note("%s parameters_view", TEXT(REAL));
  const size_t I = 3, H = 2;
  size_t count = 0;
  CHECK(RECUR(rnn, parameters_size)(I, H, &count) == GSL_SUCCESS);
  CHECK(count == H * I + H * H + 2 * H);
  MATRIX *m = NAME(new_matrix)(count, 1, 1);
  VECTOR theta = {.size = count, .stride = 1, .data = m->data};
  RECUR(rnn, parameters) p;
  NAME(remember)();
  CHECK(RECUR(rnn, parameters_view)(&theta, I, H, &p) == GSL_SUCCESS);
  CHECK(p.weight_ih.data == theta.data && p.weight_hh.data == theta.data + H * I);
  CHECK(p.bias_ih.data == theta.data + H * I + H * H && p.bias_hh.data == p.bias_ih.data + H);
  CHECK(p.weight_ih.size1 == H && p.weight_ih.size2 == I && p.weight_ih.tda == I);
  CHECK(p.weight_hh.size1 == H && p.weight_hh.size2 == H && p.weight_hh.tda == H);
  CHECK(p.bias_ih.size == H && p.bias_ih.stride == 1);
  CHECK(p.bias_hh.size == H && p.bias_hh.stride == 1);
  CHECK(!p.weight_ih.owner && !p.weight_hh.owner && !p.bias_ih.owner && !p.bias_hh.owner);
  CHECK(NAME(nothing_touched)());
  NAME(free_all)();
}

/* phi' is 0 where relu's argument is 0, and where it is negative. */
static void NAME(test_relu_at_zero)(void) {
  NAME(problem) q = NAME(new_problem)(1, 1, 1, 2, RECUR_RELU);
  NAME(take_away)(&q, NO_BIAS_IH | NO_BIAS_HH | NO_H0);
  AT(&q.p.weight_ih, 0, 0) = 0;
  AT(&q.p.weight_ih, 1, 0) = -1;
  AT(q.x, 0, 0) = 1;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  CHECK(AT(q.h, 0, 0) == 0 && AT(q.h, 0, 1) == 0);
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  CHECK(AT(q.dx, 0, 0) == 0 && AT(q.dh0, 0, 0) == 0 && AT(q.dh0, 0, 1) == 0);
  NAME(end_problem)(&q);
}

/* A workspace for inference does forward what one for training does. */
static void NAME(test_inference)(void) {
  NAME(problem) q = NAME(new_problem)(4, 3, 2, 5, RECUR_TANH);
  MATRIX *h = NAME(new_padded)(4 * 3, 5);
  RECUR(rnn, workspace) *w = RECUR(rnn, alloc)(4, 3, 2, 5, RECUR_TANH, RECUR_INFERENCE);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  CHECK(RECUR(rnn, forward)(&q.p, q.x, q.h0, h, NULL, w) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(h, q.h));
  const MATRIX x_0 = NAME(rows)(q.x, 0, 3);
  MATRIX h_0 = NAME(rows)(h, 0, 3);
  CHECK(RECUR(rnn, step_forward)(&q.p, &x_0, q.h0, &h_0, w) == GSL_SUCCESS);
  RECUR(rnn, free)(w);
  RECUR(rnn, free)(NULL);
  NAME(check_forward)(&q);
  NAME(end_problem)(&q);
}

static void NAME(run)(void) {
  NAME(test_all_shapes)();
  NAME(test_all_optional_arguments)();
  NAME(test_parameters_view)();
  NAME(test_relu_at_zero)();
  NAME(test_inference)();
}

#ifndef FLOAT_PASS
#include "switch_to_float.h"

#include "test_rnn.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
