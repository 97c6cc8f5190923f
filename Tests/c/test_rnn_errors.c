/* recur/rnn.h: every wrong argument of every function that computes.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "check.h"
#include "precision.h"

#include "arguments.h"
#include "rnn_problem.h"

#define PARAMETERS(name, p, flags)                                                                 \
  MATRIX_ARGUMENT(name "->weight_ih", &(p)->weight_ih, NULL, flags),                               \
      MATRIX_ARGUMENT(name "->weight_hh", &(p)->weight_hh, NULL, flags),                           \
      VECTOR_ARGUMENT(name "->bias_ih", &(p)->bias_ih, NULL, (flags) & ~REQUIRED),                 \
      VECTOR_ARGUMENT(name "->bias_hh", &(p)->bias_hh, NULL, (flags) & ~REQUIRED)

static int NAME(call_forward)(void *problem) {
  return NAME(forward)(problem);
}

static int NAME(call_backward)(void *problem) {
  return NAME(backward)(problem);
}

/* x, h, dh and dx have one step where they are rows of a step. */
static int NAME(call_step_forward)(void *problem) {
  const NAME(problem) *q = problem;
  return RECUR(rnn, step_forward)(&q->p, q->x, q->h0, q->h, q->w);
}

static int NAME(call_step_backward)(void *problem) {
  const NAME(problem) *q = problem;
  return RECUR(rnn, step_backward)(&q->p, q->x, q->h0, q->h, q->dh, q->dx, q->dh0, q->dp, q->w);
}

/* Of t = 1; dhT is dh_t, dh is delta. */
static int NAME(call_error_terms)(void *problem) {
  const NAME(problem) *q = problem;
  return RECUR(rnn, error_terms)(&q->p, q->h, 1, q->dhT, q->dh, q->w);
}

static tested_function NAME(tested)(const char *function, int (*call)(void *), NAME(problem) * q) {
  return (tested_function){.function = function,
                           .call = call,
                           .problem = q,
                           .remember = NAME(remember),
                           .nothing_touched = NAME(nothing_touched)};
}

/* Refuses what is wrong in the arguments listed. */
#define REFUSE(name, call, q, ...)                                                                 \
  do {                                                                                             \
    const argument listed[] = {__VA_ARGS__};                                                       \
    tested_function f = NAME(tested)(TEXT(RECUR(rnn, name)), call, q);                             \
    f.count = COUNT(listed);                                                                       \
    memcpy(f.arguments, listed, sizeof listed);                                                    \
    refuse_everything_wrong(&f);                                                                   \
  } while (0)

static void NAME(test_sequence)(void) {
  NAME(problem) q = NAME(new_problem)(3, 2, 3, 4, RECUR_TANH);
  q.dp = &q.gradients;
  REFUSE(forward, NAME(call_forward), &q, PARAMETERS("p", &q.p, REQUIRED),
         MATRIX_ARGUMENT("x", q.x, &q.x, REQUIRED), MATRIX_ARGUMENT("h0", q.h0, &q.h0, STATE_IN),
         MATRIX_ARGUMENT("h", q.h, &q.h, REQUIRED | OUTPUT),
         MATRIX_ARGUMENT("hT", q.hT, &q.hT, STATE_OUT));
  REFUSE(backward, NAME(call_backward), &q, PARAMETERS("p", &q.p, REQUIRED),
         PARAMETERS("dp", q.dp, OUTPUT), MATRIX_ARGUMENT("x", q.x, &q.x, REQUIRED),
         MATRIX_ARGUMENT("h0", q.h0, &q.h0, 0), MATRIX_ARGUMENT("h", q.h, &q.h, REQUIRED),
         MATRIX_ARGUMENT("dh", q.dh, &q.dh, 0), MATRIX_ARGUMENT("dhT", q.dhT, &q.dhT, STATE_IN),
         MATRIX_ARGUMENT("dx", q.dx, &q.dx, OUTPUT),
         MATRIX_ARGUMENT("dh0", q.dh0, &q.dh0, STATE_OUT),
         MATRIX_ARGUMENT("dh_norms", q.norms, &q.norms, OUTPUT));
  NAME(end_problem)(&q);
}

static void NAME(test_step)(void) {
  NAME(problem) q = NAME(new_problem)(1, 2, 3, 4, RECUR_RELU);
  q.dp = &q.gradients;
  REFUSE(step_forward, NAME(call_step_forward), &q, PARAMETERS("p", &q.p, REQUIRED),
         MATRIX_ARGUMENT("x", q.x, &q.x, REQUIRED),
         MATRIX_ARGUMENT("h_prev", q.h0, &q.h0, STATE_IN),
         MATRIX_ARGUMENT("h", q.h, &q.h, REQUIRED | STATE_OUT));
  REFUSE(step_backward, NAME(call_step_backward), &q, PARAMETERS("p", &q.p, REQUIRED),
         PARAMETERS("dp", q.dp, OUTPUT), MATRIX_ARGUMENT("x", q.x, &q.x, REQUIRED),
         MATRIX_ARGUMENT("h_prev", q.h0, &q.h0, 0), MATRIX_ARGUMENT("h", q.h, &q.h, REQUIRED),
         MATRIX_ARGUMENT("dh", q.dh, &q.dh, REQUIRED | STATE_IN),
         MATRIX_ARGUMENT("dx", q.dx, &q.dx, OUTPUT),
         MATRIX_ARGUMENT("dh_prev", q.dh0, &q.dh0, STATE_OUT));
  NAME(end_problem)(&q);
}

static void NAME(test_error_terms)(void) {
  NAME(problem) q = NAME(new_problem)(3, 2, 3, 4, RECUR_TANH);
  NAME(randomize)(q.h, 1);
  q.dh = NAME(new_padded)(2 * q.B, q.H);
  REFUSE(error_terms, NAME(call_error_terms), &q,
         MATRIX_ARGUMENT("p->weight_hh", &q.p.weight_hh, NULL, REQUIRED),
         MATRIX_ARGUMENT("h", q.h, &q.h, REQUIRED),
         MATRIX_ARGUMENT("dh_t", q.dhT, &q.dhT, REQUIRED),
         MATRIX_ARGUMENT("delta", q.dh, &q.dh, REQUIRED | OUTPUT));
  NAME(end_problem)(&q);
}

/* A refusal of a call that was just made. */
static void NAME(check_refusal)(int status, int expected, const char *function, const char *name) {
  check_note("%s refuses %s", function, name);
  const recur_error *e = recur_last_error();
  CHECK(status == expected && e->status == expected);
  CHECK(strcmp(e->function, function) == 0 && strcmp(e->argument, name) == 0);
  CHECK(NAME(nothing_touched)());
}

static void NAME(test_parameters_or_workspace_missing)(void) {
  NAME(problem) q = NAME(new_problem)(1, 2, 3, 4, RECUR_TANH);
  const RECUR(rnn, parameters) * p[] = {NULL, &q.p};
  const char *const missing[] = {"p", "w"};
  NAME(remember)();
  for (size_t k = 0; k < 2; k++) {
    RECUR(rnn, workspace) *w = k == 0 ? q.w : NULL;
    NAME(check_refusal)
    (RECUR(rnn, forward)(p[k], q.x, q.h0, q.h, q.hT, w), GSL_EFAULT, TEXT(RECUR(rnn, forward)),
     missing[k]);
    NAME(check_refusal)
    (RECUR(rnn, step_forward)(p[k], q.x, q.h0, q.h, w), GSL_EFAULT, TEXT(RECUR(rnn, step_forward)),
     missing[k]);
    NAME(check_refusal)
    (RECUR(rnn, backward)(p[k], q.x, q.h0, q.h, q.dh, q.dhT, q.dx, q.dh0, q.dp, q.norms, w),
     GSL_EFAULT, TEXT(RECUR(rnn, backward)), missing[k]);
    NAME(check_refusal)
    (RECUR(rnn, step_backward)(p[k], q.x, q.h0, q.h, q.dh, q.dx, q.dh0, q.dp, w), GSL_EFAULT,
     TEXT(RECUR(rnn, step_backward)), missing[k]);
    NAME(check_refusal)
    (RECUR(rnn, error_terms)(p[k], q.h, 0, q.dhT, q.dx, w), GSL_EFAULT,
     TEXT(RECUR(rnn, error_terms)), missing[k]);
  }
  NAME(end_problem)(&q);
}

/* A workspace for inference does not go backward. */
static void NAME(test_wrong_pass)(void) {
  NAME(problem) q = NAME(new_problem)(1, 2, 3, 4, RECUR_TANH);
  RECUR(rnn, free)(q.w);
  q.w = RECUR(rnn, alloc)(1, 2, 3, 4, RECUR_TANH, RECUR_INFERENCE);
  q.dp = &q.gradients;
  NAME(remember)();
  NAME(check_refusal)(NAME(backward)(&q), GSL_EINVAL, TEXT(RECUR(rnn, backward)), "w");
  NAME(check_refusal)
  (NAME(call_step_backward)(&q), GSL_EINVAL, TEXT(RECUR(rnn, step_backward)), "w");
  NAME(end_problem)(&q);
}

static void NAME(test_step_beyond_the_end)(void) {
  NAME(problem) q = NAME(new_problem)(3, 2, 3, 4, RECUR_TANH);
  static const size_t beyond[] = {3, 4, SIZE_MAX};
  NAME(remember)();
  for (size_t k = 0; k < COUNT(beyond); k++)
    NAME(check_refusal)
  (RECUR(rnn, error_terms)(&q.p, q.h, beyond[k], q.dhT, q.dh, q.w), GSL_EINVAL,
   TEXT(RECUR(rnn, error_terms)), "t");
  NAME(end_problem)(&q);
}

/* A shape that is right, of rows so far apart that memory cannot hold them. */
static void NAME(test_beyond_memory)(void) {
  const size_t steps = INT_MAX;
  NAME(problem) q = NAME(new_problem)(1, 1, 1, 1, RECUR_TANH);
  RECUR(rnn, workspace) *w = RECUR(rnn, alloc)(steps, 1, 1, 1, RECUR_TANH, RECUR_INFERENCE);
  q.x->size1 = steps;
  q.x->tda = INT_MAX;
  NAME(remember)();
  CHECK(RECUR(rnn, forward)(&q.p, q.x, NULL, q.h, NULL, w) == GSL_EINVAL);
  CHECK(NAME(nothing_touched)());
  RECUR(rnn, free)(w);
  NAME(end_problem)(&q);
}

static void NAME(run)(void) {
  NAME(test_sequence)();
  NAME(test_step)();
  NAME(test_error_terms)();
  NAME(test_parameters_or_workspace_missing)();
  NAME(test_wrong_pass)();
  NAME(test_step_beyond_the_end)();
  NAME(test_beyond_memory)();
}

#ifndef FLOAT_PASS
#include "switch_to_float.h"

#include "test_rnn_errors.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
