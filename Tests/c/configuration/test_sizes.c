/* Sizes of parameters and workspaces, at the edges of what can be counted, of every header that has
   them.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include <limits.h>
#include <recur/error.h>
#include <recur/lstm.h>
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

static void NAME(test_linear_size)(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  size_t count = untouched;
  for (size_t k = 0; k < COUNT(wrong); k++) {
    const size_t n = wrong[k];
    NAME(refused)(RECUR(linear, parameters_count)(n, 1, &count), &count, "input_size");
    NAME(refused)(RECUR(linear, parameters_count)(1, n, &count), &count, "output_size");
  }
  CHECK(RECUR(linear, parameters_count)(two_to_32, two_to_32, &count) == GSL_EINVAL);
  CHECK(RECUR(linear, parameters_count)(INT_MAX, INT_MAX, &count) == GSL_EINVAL);
  /* 2^61 numbers: their bytes wrap to 0. */
  CHECK(RECUR(linear, parameters_count)(INT_MAX, 1 << 30, &count) == GSL_EINVAL);
  CHECK(count == untouched);
  CHECK(RECUR(linear, parameters_count)(1, 1, NULL) == GSL_EFAULT);
  CHECK(RECUR(linear, parameters_count)(1, INT_MAX, &count) == GSL_SUCCESS);
  CHECK(count == 2 * (size_t)INT_MAX);
}

static void NAME(test_linear_view)(void) {
  check_note("%s parameters_view", TEXT(REAL));
  REAL numbers[40] = {0};
  VECTOR theta = {.size = 8, .stride = 1, .data = numbers};
  RECUR(linear, parameters) l = {0}, l_before = l;
  CHECK(RECUR(linear, parameters_view)(NULL, 3, 2, &l) == GSL_EFAULT);
  CHECK(RECUR(linear, parameters_view)(&theta, 3, 2, NULL) == GSL_EFAULT);
  CHECK(RECUR(linear, parameters_view)(&theta, 3, 0, &l) == GSL_EINVAL);
  CHECK(RECUR(linear, parameters_view)(&theta, SIZE_MAX, 2, &l) == GSL_EINVAL);
  for (size_t size = 0; size < 20; size++) {
    theta.size = size;
    if (size == 8)
      continue;
    CHECK(RECUR(linear, parameters_view)(&theta, 3, 2, &l) == GSL_EBADLEN);
    CHECK(recur_last_error()->found[0] == size);
  }
  theta.stride = 2;
  theta.size = 8;
  CHECK(RECUR(linear, parameters_view)(&theta, 3, 2, &l) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "theta") == 0);
  CHECK(memcmp(&l, &l_before, sizeof l) == 0);
}

/* Both the size and the workspace itself are refused. */
static void NAME(refuse_network)(const recur_network *network, size_t T, size_t B, recur_mode pass,
                                 const char *argument) {
  size_t bytes = untouched;
  const int status = RECUR(network, workspace_bytes)(network, T, B, pass, 0, &bytes);
  NAME(refused)(status, &bytes, argument);
  CHECK(strcmp(recur_last_error()->function, TEXT(RECUR(network, workspace_bytes))) == 0);
  CHECK(RECUR(network, workspace_alloc)(network, T, B, pass, 0) == NULL);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->function, TEXT(RECUR(network, workspace_alloc))) == 0);
  CHECK(strcmp(recur_last_error()->argument, argument) == 0);
}

static void NAME(test_each_size)(recur_mode pass) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  for (size_t k = 0; k < COUNT(wrong); k++) {
    recur_network networks[] = {recur_rnn(wrong[k], 1), recur_rnn(1, wrong[k]), recur_rnn(1, 1),
                                recur_rnn(1, 1)};
    networks[2].layers = wrong[k];
    networks[3].directions = wrong[k];
    static const char *const names[] = {"network->input_size", "network->hidden_size",
                                        "network->layers", "network->directions"};
    for (size_t field = 0; field < COUNT(names); field++)
      NAME(refuse_network)(&networks[field], 1, 1, pass, names[field]);
    if (wrong[k] == 0)
      continue;
    const recur_network right = recur_lstm(1, 1);
    NAME(refuse_network)(&right, wrong[k], 1, pass, "steps");
    NAME(refuse_network)(&right, 1, wrong[k], pass, "batch_size");
  }
}

/* Sizes that are right one by one. */
static void NAME(test_products)(recur_mode pass) {
  recur_network network = recur_lstm(1, 1);
  NAME(refuse_network)(&network, 1 << 16, 1 << 16, pass, "steps * batch_size");
  NAME(refuse_network)(&network, 1 << 16, 1 << 15, pass, "steps * batch_size");
  network.layers = 1 << 15;
  network.directions = 2;
  NAME(refuse_network)(&network, 1, 1 << 15, pass, "layers * directions * batch_size");
  network = recur_lstm(1, 1 << 29);
  NAME(refuse_network)(&network, 1, 1, pass, "G * H");
  network = recur_rnn(1, 1 << 30);
  network.directions = 2;
  NAME(refuse_network)(&network, 1, 1, pass, "D * P");
  network = recur_rnn(INT_MAX, INT_MAX);
  NAME(refuse_network)(&network, 1, 1, pass, "parameters");
  for (size_t D = 1; D <= 2; D++) {
    network = recur_rnn(1, 1);
    network.directions = D;
    *(D == 1 ? &network.recurrent_dropout : &network.zoneout) = 0.5;
    network.layers = ((size_t)1 << 29) / D + 1;
    NAME(refuse_network)(&network, 1, 0, pass, "network->layers");
    network.layers--;
    size_t bytes;
    CHECK(RECUR(network, workspace_bytes)(&network, 1, 0, pass, 0, &bytes) == GSL_SUCCESS);
  }
  network = recur_rnn(1, 1 << 16);
  network.layers = INT_MAX;
  NAME(refuse_network)(&network, 1, 0, pass, "parameters");
}

static void NAME(test_workspace)(void) {
  const recur_network network = recur_rnn(1, 1 << 20);
  /* 2^20 units in 2^31 rows are 2^51 numbers and no overflow; in 2^10 layers of 1000 units they
     are beyond what can be counted. */
  recur_network deep = recur_lstm(1, 1000);
  size_t bytes = 0;
  CHECK(RECUR(network, workspace_bytes)(&network, INT_MAX, 1, RECUR_MODE_TRAINING, 0, &bytes) == 0);
  CHECK(bytes > ((size_t)INT_MAX << 20) * sizeof(REAL));
  deep.layers = 1 << 22;
  NAME(refuse_network)(&deep, 1 << 30, 1, RECUR_MODE_TRAINING, "workspace");
  CHECK(RECUR(network, workspace_bytes)(&deep, 1 << 30, 1, RECUR_MODE_INFERENCE, 0, &bytes) == 0);
  const recur_network least = recur_rnn(1, 1);
  CHECK(RECUR(network, workspace_bytes)(&least, 0, 0, RECUR_MODE_TRAINING, 0, &bytes) ==
        GSL_SUCCESS);
  CHECK(bytes < 6000); /* every array begins where a vector may */
}

static void NAME(test_softmax_workspace)(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  size_t bytes = untouched;
  for (size_t k = 0; k < COUNT(wrong); k++) {
    NAME(refused)(RECUR(softmax, workspace_bytes)(1, wrong[k], &bytes), &bytes, "O");
    CHECK(RECUR(softmax, workspace_alloc)(1, wrong[k]) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
    if (wrong[k] == 0)
      continue;
    NAME(refused)(RECUR(softmax, workspace_bytes)(wrong[k], 1, &bytes), &bytes, "rows");
    CHECK(RECUR(softmax, workspace_alloc)(wrong[k], 1) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
  }
  CHECK(RECUR(softmax, workspace_bytes)(1, 1, NULL) == GSL_EFAULT);
  CHECK(RECUR(softmax, workspace_bytes)(0, 1, &bytes) == GSL_SUCCESS);
  /* 2^31 * 2^31 numbers are more bytes than there can be, if one takes 2 or more. */
  bytes = untouched;
  NAME(refused)(RECUR(softmax, workspace_bytes)(INT_MAX, INT_MAX, &bytes), &bytes, "rows * O");
}

static void NAME(run)(void) {
  NAME(test_linear_size)();
  NAME(test_linear_view)();
  for (int pass = RECUR_MODE_INFERENCE; pass <= RECUR_MODE_TRAINING; pass++) {
    NAME(test_each_size)((recur_mode)pass);
    NAME(test_products)((recur_mode)pass);
  }
  NAME(test_workspace)();
  NAME(test_softmax_workspace)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_sizes.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
