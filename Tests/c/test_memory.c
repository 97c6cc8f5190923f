/* Memory: workspace_size is what alloc takes, want of memory is an error code, and what computes
   allocates nothing. Where allocations cannot be counted (see allocations.h) the last is skipped.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "check.h"
#include "precision.h"

#include "allocations.h"
#include "rnn_problem.h"

#include <recur/error.h>
#include <recur/softmax.h>

#ifndef FLOAT_PASS
static bool counting;
static size_t count_before;

static void start_counting(const char *what) {
  check_note("%s", what);
  count_before = allocation_count;
}

static void nothing_allocated(int status) {
  const size_t count = allocation_count - count_before;
  CHECK(status == GSL_SUCCESS);
  CHECK(!counting || count == 0);
}

/* malloc_usable_size is exact under valgrind and AddressSanitizer, and allocation_size elsewhere.
 */
static void check_allocated(void *workspace, size_t bytes) {
  CHECK(workspace != NULL);
  CHECK((counting ? allocation_size : malloc_usable_size(workspace)) == bytes);
  CHECK(malloc_usable_size(workspace) >= bytes);
}
#endif

static void NAME(test_sizes_are_exact)(void) {
  for (size_t T = 0; T < 4; T++)
    for (size_t B = 0; B < 4; B++)
      for (int pass = RECUR_INFERENCE; pass <= RECUR_TRAINING; pass++) {
        check_note("%s T=%zu B=%zu pass=%d", TEXT(REAL), T, B, pass);
        size_t bytes;
        CHECK(RECUR(rnn, workspace_size)(T, B, 3, 5, RECUR_TANH, (recur_pass)pass, &bytes) ==
              GSL_SUCCESS);
        const size_t before = allocation_count;
        RECUR(rnn, workspace) *w = RECUR(rnn, alloc)(T, B, 3, 5, RECUR_TANH, (recur_pass)pass);
        CHECK(!counting || allocation_count == before + 1);
        check_allocated(w, bytes);
        RECUR(rnn, free)(w);
        CHECK(RECUR(softmax, workspace_size)(T, B + 1, &bytes) == GSL_SUCCESS);
        RECUR(softmax, workspace) *s = RECUR(softmax, alloc)(T, B + 1);
        check_allocated(s, bytes);
        RECUR(softmax, free)(s);
      }
}

static void NAME(check_no_memory)(const void *workspace, const char *function) {
  check_note("%s", function);
  CHECK(workspace == NULL);
  CHECK(recur_last_error()->status == GSL_ENOMEM);
  CHECK(strcmp(recur_last_error()->function, function) == 0);
  CHECK(strstr(recur_last_error()->message, "bytes") != NULL);
}

/* More than an address space, and malloc that fails. */
static void NAME(test_no_memory)(void) {
  const size_t million = 1 << 20;
  NAME(check_no_memory)
  (RECUR(rnn, alloc)(1000 * million, 1, 1, million, RECUR_TANH, RECUR_TRAINING),
   TEXT(RECUR(rnn, alloc)));
  NAME(check_no_memory)
  (RECUR(softmax, alloc)(1000 * million, million), TEXT(RECUR(softmax, alloc)));
  if (!counting)
    return;
  allocation_fails = true;
  RECUR(rnn, workspace) *w = RECUR(rnn, alloc)(1, 1, 1, 1, RECUR_TANH, RECUR_TRAINING);
  const recur_error first = *recur_last_error();
  RECUR(softmax, workspace) *s = RECUR(softmax, alloc)(1, 1);
  allocation_fails = false;
  NAME(check_no_memory)(s, TEXT(RECUR(softmax, alloc)));
  CHECK(w == NULL && first.status == GSL_ENOMEM);
}

/* Every function that computes, and one that fails. */
static void NAME(test_rnn_allocates_nothing)(void) {
  NAME(problem) q = NAME(new_problem)(5, 3, 4, 8, RECUR_TANH);
  q.dp = &q.gradients;
  const MATRIX x = NAME(rows)(q.x, 0, 3), dh = NAME(rows)(q.dh, 0, 3);
  MATRIX h = NAME(rows)(q.h, 0, 3), dx = NAME(rows)(q.dx, 0, 3);
  MATRIX *delta = NAME(new_padded)(15, 8);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS); /* what OpenBLAS takes once */
  start_counting(TEXT(RECUR(rnn, forward)));
  nothing_allocated(NAME(forward)(&q));
  start_counting(TEXT(RECUR(rnn, backward)));
  nothing_allocated(NAME(backward)(&q));
  start_counting(TEXT(RECUR(rnn, error_terms)));
  nothing_allocated(RECUR(rnn, error_terms)(&q.p, q.h, 4, &dh, delta, q.w));
  start_counting(TEXT(RECUR(rnn, step_forward)));
  nothing_allocated(RECUR(rnn, step_forward)(&q.p, &x, NULL, &h, q.w));
  start_counting(TEXT(RECUR(rnn, step_backward)));
  nothing_allocated(RECUR(rnn, step_backward)(&q.p, &x, NULL, &h, &dh, &dx, q.dh0, q.dp, q.w));
  start_counting("a failure");
  CHECK(RECUR(rnn, step_forward)(&q.p, q.h, NULL, &h, q.w) == GSL_EBADLEN);
  nothing_allocated(GSL_SUCCESS);
  NAME(end_problem)(&q);
}

/* All parameters, and all gradients, lie in one vector each, which is how they are meant to. */
static void NAME(test_heads_allocate_nothing)(void) {
  const size_t N = 6, H = 4, O = 3;
  VECTOR theta = {15, 1, NAME(new_matrix)(15, 1, 1)->data, NULL, 0};
  VECTOR gradient = {15, 1, NAME(new_matrix)(15, 1, 1)->data, NULL, 0};
  const MATRIX all[] = {NAME(column)(&theta), NAME(column)(&gradient)};
  NAME(randomize)(&all[0], 1);
  NAME(randomize)(&all[1], 1);
  int labels[] = {0, 1, 2, 2, 1, 0};
  const gsl_vector_int label_view = {.size = N, .stride = 1, .data = labels};
  MATRIX *h = NAME(new_random)(N, H, 1), *y = NAME(new_padded)(N, O), *dh = NAME(new_padded)(N, H),
         *dy = NAME(new_random)(N, O, 1);
  VECTOR loss = NAME(new_vector)(N), dloss = NAME(new_random_vector)(N);
  RECUR(softmax, workspace) *w = RECUR(softmax, alloc)(N, O);
  RECUR(linear, parameters) p, dp;
  start_counting(TEXT(RECUR(linear, parameters_view)));
  nothing_allocated(RECUR(linear, parameters_view)(&theta, H, O, &p));
  nothing_allocated(RECUR(linear, parameters_view)(&gradient, H, O, &dp));
  start_counting(TEXT(RECUR(linear, forward)));
  nothing_allocated(RECUR(linear, forward)(&p, h, y));
  start_counting(TEXT(RECUR(linear, backward)));
  nothing_allocated(RECUR(linear, backward)(&p, h, dy, dh, &dp));
  start_counting(TEXT(RECUR(softmax, forward)));
  nothing_allocated(RECUR(softmax, forward)(&p, h, y));
  start_counting(TEXT(RECUR(softmax, backward)));
  nothing_allocated(RECUR(softmax, backward)(&p, h, y, dy, dh, &dp, w));
  start_counting(TEXT(RECUR(softmax, cross_entropy_forward)));
  nothing_allocated(RECUR(softmax, cross_entropy_forward)(&p, h, &label_view, y, &loss));
  start_counting(TEXT(RECUR(softmax, cross_entropy_backward)));
  nothing_allocated(
      RECUR(softmax, cross_entropy_backward)(&p, h, &label_view, y, &dloss, dh, &dp, w));
  RECUR(softmax, free)(w);
  NAME(free_all)();
}

static void NAME(run)(void) {
  NAME(test_sizes_are_exact)();
  NAME(test_no_memory)();
  NAME(test_rnn_allocates_nothing)();
  NAME(test_heads_allocate_nothing)();
}

#ifndef FLOAT_PASS
#include "switch_to_float.h"

#include "test_memory.c"

int main(void) {
  check_begin();
  counting = counting_works();
  if (!counting)
    printf("skipped: that nothing is allocated, which cannot be counted here\n");
  double_run();
  float_run();
  return check_end();
}
#endif
