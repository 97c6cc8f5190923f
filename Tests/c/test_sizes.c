/* Sizes of parameters and workspaces, at the edges of what can be counted, of every header that has
   them.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "check.h"
#include "precision.h"

#include <limits.h>
#include <recur/error.h>
#include <recur/rnn.h>
#include <recur/softmax.h>

#ifndef FLOAT_PASS
static const size_t beyond_int = (size_t)INT_MAX + 1, two_to_32 = (size_t)1 << 32;
static const size_t untouched = 12345;
#endif

/* Whether a size was refused: sets *count to what it was. */
static void NAME(refused)(int status, size_t *count, const char *argument) {
  check_note("%s: %s expected to be refused", TEXT(REAL), argument);
  CHECK(status == GSL_EINVAL);
  CHECK(*count == untouched);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, argument) == 0);
  *count = untouched;
}

static void NAME(test_parameters_sizes)(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  size_t count = untouched;
  for (size_t k = 0; k < COUNT(wrong); k++) {
    const size_t n = wrong[k];
    NAME(refused)(RECUR(rnn, parameters_size)(n, 1, &count), &count, "I");
    NAME(refused)(RECUR(rnn, parameters_size)(1, n, &count), &count, "H");
    NAME(refused)(RECUR(linear, parameters_size)(n, 1, &count), &count, "I");
    NAME(refused)(RECUR(linear, parameters_size)(1, n, &count), &count, "O");
  }
  CHECK(RECUR(rnn, parameters_size)(two_to_32, two_to_32, &count) == GSL_EINVAL);
  CHECK(RECUR(rnn, parameters_size)(INT_MAX, INT_MAX, &count) == GSL_EINVAL);
  CHECK(RECUR(linear, parameters_size)(two_to_32, two_to_32, &count) == GSL_EINVAL);
  CHECK(RECUR(linear, parameters_size)(INT_MAX, INT_MAX, &count) == GSL_EINVAL);
  /* 2^61 numbers: their bytes wrap to 0. */
  CHECK(RECUR(rnn, parameters_size)((1 << 30) - 2, 1 << 30, &count) == GSL_EINVAL);
  CHECK(RECUR(linear, parameters_size)(INT_MAX, 1 << 30, &count) == GSL_EINVAL);
  CHECK(count == untouched);
  CHECK(RECUR(rnn, parameters_size)(1, 1, NULL) == GSL_EFAULT);
  CHECK(RECUR(linear, parameters_size)(1, 1, NULL) == GSL_EFAULT);
  CHECK(RECUR(rnn, parameters_size)(INT_MAX, 1, &count) == GSL_SUCCESS);
  CHECK(count == (size_t)INT_MAX + 3);
  CHECK(RECUR(linear, parameters_size)(1, INT_MAX, &count) == GSL_SUCCESS);
  CHECK(count == 2 * (size_t)INT_MAX);
}

static void NAME(test_parameters_views)(void) {
  check_note("%s parameters_view", TEXT(REAL));
  REAL numbers[40] = {0};
  VECTOR theta = {.size = 14, .stride = 1, .data = numbers};
  RECUR(rnn, parameters) p = {0}, before = p;
  RECUR(linear, parameters) l = {0}, l_before = l;
  CHECK(RECUR(rnn, parameters_view)(&theta, 3, 2, &p) == GSL_SUCCESS);
  p = before;
  CHECK(RECUR(rnn, parameters_view)(NULL, 3, 2, &p) == GSL_EFAULT);
  CHECK(RECUR(rnn, parameters_view)(&theta, 3, 2, NULL) == GSL_EFAULT);
  CHECK(RECUR(linear, parameters_view)(NULL, 3, 2, &l) == GSL_EFAULT);
  CHECK(RECUR(linear, parameters_view)(&theta, 3, 2, NULL) == GSL_EFAULT);
  CHECK(RECUR(rnn, parameters_view)(&theta, 0, 2, &p) == GSL_EINVAL);
  CHECK(RECUR(rnn, parameters_view)(&theta, two_to_32, two_to_32, &p) == GSL_EINVAL);
  CHECK(RECUR(linear, parameters_view)(&theta, 3, 0, &l) == GSL_EINVAL);
  CHECK(RECUR(linear, parameters_view)(&theta, SIZE_MAX, 2, &l) == GSL_EINVAL);
  for (size_t size = 0; size < 20; size++) {
    theta.size = size;
    CHECK(size == 14 || RECUR(rnn, parameters_view)(&theta, 3, 2, &p) == GSL_EBADLEN);
    CHECK(size == 8 || RECUR(linear, parameters_view)(&theta, 3, 2, &l) == GSL_EBADLEN);
    CHECK(recur_last_error()->found[0] == (size == 8 ? 8 : size));
  }
  theta.stride = 2;
  theta.size = 14;
  CHECK(RECUR(rnn, parameters_view)(&theta, 3, 2, &p) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "theta") == 0);
  theta.size = 8;
  CHECK(RECUR(linear, parameters_view)(&theta, 3, 2, &l) == GSL_EINVAL);
  CHECK(memcmp(&p, &before, sizeof p) == 0 && memcmp(&l, &l_before, sizeof l) == 0);
}

/* Both the size and the workspace itself are refused. */
static void NAME(refuse_rnn)(size_t T, size_t B, size_t I, size_t H, int phi, int pass,
                             const char *argument) {
  size_t bytes = untouched;
  const int status =
      RECUR(rnn, workspace_size)(T, B, I, H, (recur_activation)phi, (recur_pass)pass, &bytes);
  NAME(refused)(status, &bytes, argument);
  CHECK(strcmp(recur_last_error()->function, TEXT(RECUR(rnn, workspace_size))) == 0);
  CHECK(RECUR(rnn, alloc)(T, B, I, H, (recur_activation)phi, (recur_pass)pass) == NULL);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->function, TEXT(RECUR(rnn, alloc))) == 0);
  CHECK(strcmp(recur_last_error()->argument, argument) == 0);
}

static void NAME(test_rnn_workspace)(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  for (size_t k = 0; k < COUNT(wrong); k++)
    for (int pass = RECUR_INFERENCE; pass <= RECUR_TRAINING; pass++) {
      const size_t n = wrong[k];
      NAME(refuse_rnn)(1, 1, n, 1, RECUR_TANH, pass, "I");
      NAME(refuse_rnn)(1, 1, 1, n, RECUR_TANH, pass, "H");
      if (n == 0)
        continue;
      NAME(refuse_rnn)(n, 1, 1, 1, RECUR_TANH, pass, "T");
      NAME(refuse_rnn)(1, n, 1, 1, RECUR_TANH, pass, "B");
    }
  NAME(refuse_rnn)(1 << 16, 1 << 16, 1, 1, RECUR_TANH, RECUR_INFERENCE, "T * B");
  NAME(refuse_rnn)(1 << 16, 1 << 15, 1, 1, RECUR_TANH, RECUR_INFERENCE, "T * B");
  NAME(refuse_rnn)(1, INT_MAX, 1, INT_MAX, RECUR_TANH, RECUR_TRAINING, "T * B * H");
  NAME(refuse_rnn)(1, 1, 1, 1, 2, RECUR_TRAINING, "phi");
  NAME(refuse_rnn)(1, 1, 1, 1, RECUR_TANH, 2, "pass");
  size_t bytes;
  CHECK(RECUR(rnn, workspace_size)(INT_MAX, 1, INT_MAX, 1, RECUR_TANH, RECUR_INFERENCE, &bytes) ==
        GSL_SUCCESS);
  CHECK(bytes < 1000);
  CHECK(RECUR(rnn, workspace_size)(1, 1, 1, 1, RECUR_TANH, RECUR_TRAINING, NULL) == GSL_EFAULT);
}

/* Training keeps T*B*H numbers more than inference. */
static void NAME(test_rnn_training_keeps)(void) {
  check_note("%s training keeps", TEXT(REAL));
  for (size_t T = 1; T < 5; T++)
    for (size_t B = 0; B < 4; B++) {
      const size_t H = 3;
      size_t inference, training;
      RECUR(rnn, workspace_size)(T, B, 2, H, RECUR_TANH, RECUR_INFERENCE, &inference);
      RECUR(rnn, workspace_size)(T, B, 2, H, RECUR_TANH, RECUR_TRAINING, &training);
      CHECK(training == inference + T * B * H * sizeof(REAL));
    }
}

static void NAME(test_softmax_workspace)(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  size_t bytes = untouched;
  for (size_t k = 0; k < COUNT(wrong); k++) {
    NAME(refused)(RECUR(softmax, workspace_size)(1, wrong[k], &bytes), &bytes, "O");
    CHECK(RECUR(softmax, alloc)(1, wrong[k]) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
    if (wrong[k] == 0)
      continue;
    NAME(refused)(RECUR(softmax, workspace_size)(wrong[k], 1, &bytes), &bytes, "rows");
    CHECK(RECUR(softmax, alloc)(wrong[k], 1) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
  }
  CHECK(RECUR(softmax, workspace_size)(1, 1, NULL) == GSL_EFAULT);
  CHECK(RECUR(softmax, workspace_size)(0, 1, &bytes) == GSL_SUCCESS);
  /* 2^31 * 2^31 numbers are more bytes than there can be, if one takes 2 or more. */
  bytes = untouched;
  NAME(refused)(RECUR(softmax, workspace_size)(INT_MAX, INT_MAX, &bytes), &bytes, "rows * O");
}

static void NAME(run)(void) {
  NAME(test_parameters_sizes)();
  NAME(test_parameters_views)();
  NAME(test_rnn_workspace)();
  NAME(test_rnn_training_keeps)();
  NAME(test_softmax_workspace)();
}

#ifndef FLOAT_PASS
#include "switch_to_float.h"

#include "test_sizes.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
