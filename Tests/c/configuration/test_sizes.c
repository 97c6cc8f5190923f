/* Sizes of parameters and workspaces, at the edges of what can be counted, of every header that has
   them.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/check.h"

#include <limits.h>
#include <recur/error.h>
#include <recur/lstm.h>
#include <recur/rnn.h>
#include <recur/softmax.h>

static const size_t beyond_int = (size_t)INT_MAX + 1, two_to_32 = (size_t)1 << 32;
static const size_t untouched = 12345;

/* Whether a size was refused: sets *count to what it was. */
static void refused(int status, size_t *count, const char *argument) {
  check_note("%s expected to be refused", argument);
  CHECK(status == GSL_EINVAL);
  CHECK(*count == untouched);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, argument) == 0);
  *count = untouched;
}

static void test_linear_size(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  size_t count = untouched;
  for (size_t k = 0; k < COUNT(wrong); k++) {
    const size_t n = wrong[k];
    refused(recur_linear_parameters_count(n, 1, &count), &count, "input_size");
    refused(recur_linear_parameters_count(1, n, &count), &count, "output_size");
  }
  CHECK(recur_linear_parameters_count(two_to_32, two_to_32, &count) == GSL_EINVAL);
  CHECK(recur_linear_parameters_count(INT_MAX, INT_MAX, &count) == GSL_EINVAL);
  /* 2^61 numbers: their bytes wrap to 0. */
  CHECK(recur_linear_parameters_count(INT_MAX, 1 << 30, &count) == GSL_EINVAL);
  CHECK(count == untouched);
  CHECK(recur_linear_parameters_count(1, 1, NULL) == GSL_EFAULT);
  CHECK(recur_linear_parameters_count(1, INT_MAX, &count) == GSL_SUCCESS);
  CHECK(count == 2 * (size_t)INT_MAX);
}

static void test_linear_view(void) {
  check_note("parameters_view");
  rk_real numbers[40] = {0};
  gsl_vector theta = {.size = 8, .stride = 1, .data = numbers};
  recur_linear_parameters l = {0}, l_before = l;
  CHECK(recur_linear_parameters_view(NULL, 3, 2, &l) == GSL_EFAULT);
  CHECK(recur_linear_parameters_view(&theta, 3, 2, NULL) == GSL_EFAULT);
  CHECK(recur_linear_parameters_view(&theta, 3, 0, &l) == GSL_EINVAL);
  CHECK(recur_linear_parameters_view(&theta, SIZE_MAX, 2, &l) == GSL_EINVAL);
  for (size_t size = 0; size < 20; size++) {
    theta.size = size;
    if (size == 8)
      continue;
    CHECK(recur_linear_parameters_view(&theta, 3, 2, &l) == GSL_EBADLEN);
    CHECK(recur_last_error()->found[0] == size);
  }
  theta.stride = 2;
  theta.size = 8;
  CHECK(recur_linear_parameters_view(&theta, 3, 2, &l) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "theta") == 0);
  CHECK(memcmp(&l, &l_before, sizeof l) == 0);
}

/* Both the size and the workspace itself are refused. */
static void refuse_network(const recur_network *network, size_t T, size_t B, recur_mode pass,
                           const char *argument) {
  size_t bytes = untouched;
  const int status = recur_network_workspace_bytes(network, T, B, pass, 0, &bytes);
  refused(status, &bytes, argument);
  CHECK(strcmp(recur_last_error()->function, TEXT(recur_network_workspace_bytes)) == 0);
  CHECK(recur_network_workspace_alloc(network, T, B, pass, 0) == NULL);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->function, TEXT(recur_network_workspace_alloc)) == 0);
  CHECK(strcmp(recur_last_error()->argument, argument) == 0);
}

static void test_each_size(recur_mode pass) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  for (size_t k = 0; k < COUNT(wrong); k++) {
    recur_network networks[] = {recur_rnn(wrong[k], 1), recur_rnn(1, wrong[k]), recur_rnn(1, 1),
                                recur_rnn(1, 1)};
    networks[2].layers = wrong[k];
    networks[3].directions = wrong[k];
    static const char *const names[] = {"network->input_size", "network->hidden_size",
                                        "network->layers", "network->directions"};
    for (size_t field = 0; field < COUNT(names); field++)
      refuse_network(&networks[field], 1, 1, pass, names[field]);
    if (wrong[k] == 0)
      continue;
    const recur_network right = recur_lstm(1, 1);
    refuse_network(&right, wrong[k], 1, pass, "steps");
    refuse_network(&right, 1, wrong[k], pass, "batch_size");
  }
}

/* Sizes that are right one by one. */
static void test_products(recur_mode pass) {
  recur_network network = recur_lstm(1, 1);
  refuse_network(&network, 1 << 16, 1 << 16, pass, "steps * batch_size");
  refuse_network(&network, 1 << 16, 1 << 15, pass, "steps * batch_size");
  network.layers = 1 << 15;
  network.directions = 2;
  refuse_network(&network, 1, 1 << 15, pass, "layers * directions * batch_size");
  network = recur_lstm(1, 1 << 29);
  refuse_network(&network, 1, 1, pass, "G * H");
  network = recur_rnn(1, 1 << 30);
  network.directions = 2;
  refuse_network(&network, 1, 1, pass, "D * P");
  network = recur_rnn(INT_MAX, INT_MAX);
  refuse_network(&network, 1, 1, pass, "parameters");
  for (size_t D = 1; D <= 2; D++) {
    network = recur_rnn(1, 1);
    network.directions = D;
    *(D == 1 ? &network.recurrent_dropout : &network.zoneout) = 0.5;
    network.layers = ((size_t)1 << 29) / D + 1;
    refuse_network(&network, 1, 0, pass, "network->layers");
    network.layers--;
    size_t bytes;
    CHECK(recur_network_workspace_bytes(&network, 1, 0, pass, 0, &bytes) == GSL_SUCCESS);
  }
  network = recur_rnn(1, 1 << 16);
  network.layers = INT_MAX;
  refuse_network(&network, 1, 0, pass, "parameters");
}

static void test_workspace(void) {
  const recur_network network = recur_rnn(1, 1 << 20);
  /* 2^20 units in 2^31 rows are 2^51 numbers and no overflow; in 2^10 layers of 1000 units they
     are beyond what can be counted. */
  recur_network deep = recur_lstm(1, 1000);
  size_t bytes = 0;
  CHECK(recur_network_workspace_bytes(&network, INT_MAX, 1, RECUR_MODE_TRAINING, 0, &bytes) == 0);
  CHECK(bytes > ((size_t)INT_MAX << 20) * sizeof(rk_real));
  deep.layers = 1 << 22;
  refuse_network(&deep, 1 << 30, 1, RECUR_MODE_TRAINING, "workspace");
  CHECK(recur_network_workspace_bytes(&deep, 1 << 30, 1, RECUR_MODE_INFERENCE, 0, &bytes) == 0);
  const recur_network least = recur_rnn(1, 1);
  CHECK(recur_network_workspace_bytes(&least, 0, 0, RECUR_MODE_TRAINING, 0, &bytes) == GSL_SUCCESS);
  CHECK(bytes < 6000); /* every array begins where a vector may */
}

static void test_softmax_workspace(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  size_t bytes = untouched;
  for (size_t k = 0; k < COUNT(wrong); k++) {
    refused(recur_softmax_workspace_bytes(1, wrong[k], &bytes), &bytes, "O");
    CHECK(recur_softmax_workspace_alloc(1, wrong[k]) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
    if (wrong[k] == 0)
      continue;
    refused(recur_softmax_workspace_bytes(wrong[k], 1, &bytes), &bytes, "rows");
    CHECK(recur_softmax_workspace_alloc(wrong[k], 1) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
  }
  CHECK(recur_softmax_workspace_bytes(1, 1, NULL) == GSL_EFAULT);
  CHECK(recur_softmax_workspace_bytes(0, 1, &bytes) == GSL_SUCCESS);
  /* 2^31 * 2^31 numbers are more bytes than there can be, if one takes 2 or more. */
  bytes = untouched;
  refused(recur_softmax_workspace_bytes(INT_MAX, INT_MAX, &bytes), &bytes, "rows * O");
}

int main(void) {
  check_begin();
  test_linear_size();
  test_linear_view();
  for (int pass = RECUR_MODE_INFERENCE; pass <= RECUR_MODE_TRAINING; pass++) {
    test_each_size((recur_mode)pass);
    test_products((recur_mode)pass);
  }
  test_workspace();
  test_softmax_workspace();
  return check_end();
}
