/* Sizes of networks and of their workspaces, near the limits of size_t and INT_MAX.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/sizes.h"

#include <recur/lstm.h>
#include <recur/rnn.h>

/* Checks that both the size and the workspace itself are refused. */
static void refuse_network(const recur_network *network, size_t T, size_t B, recur_mode mode,
                           const char *argument) {
  size_t bytes = untouched;
  const int status = recur_network_workspace_bytes(network, T, B, mode, 0, &bytes);
  check_size_refused(status, &bytes, argument);
  CHECK(strcmp(recur_last_error()->function, TEXT(recur_network_workspace_bytes)) == 0);
  CHECK(recur_network_workspace_alloc(network, T, B, mode, 0) == NULL);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->function, TEXT(recur_network_workspace_alloc)) == 0);
  CHECK(strcmp(recur_last_error()->argument, argument) == 0);
}

static void test_each_size(recur_mode mode) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  for (size_t k = 0; k < COUNT(wrong); k++) {
    recur_network networks[] = {recur_rnn(wrong[k], 1), recur_rnn(1, wrong[k]), recur_rnn(1, 1),
                                recur_rnn(1, 1)};
    networks[2].layers = wrong[k];
    networks[3].directions = wrong[k];
    static const char *const names[] = {"network->input_size", "network->hidden_size",
                                        "network->layers", "network->directions"};
    for (size_t field = 0; field < COUNT(names); field++)
      refuse_network(&networks[field], 1, 1, mode, names[field]);
    if (wrong[k] == 0)
      continue;
    const recur_network right = recur_lstm(1, 1);
    refuse_network(&right, wrong[k], 1, mode, "steps");
    refuse_network(&right, 1, wrong[k], mode, "batch_size");
  }
}

/* Sizes that are valid one by one, but whose product is too large. */
static void test_products(recur_mode mode) {
  recur_network network = recur_lstm(1, 1);
  refuse_network(&network, 1 << 16, 1 << 16, mode, "steps * batch_size");
  refuse_network(&network, 1 << 16, 1 << 15, mode, "steps * batch_size");
  network.layers = 1 << 15;
  network.directions = 2;
  refuse_network(&network, 1, 1 << 15, mode, "layers * directions * batch_size");
  network = recur_lstm(1, 1 << 29);
  refuse_network(&network, 1, 1, mode, "G * H");
  network = recur_rnn(1, 1 << 30);
  network.directions = 2;
  refuse_network(&network, 1, 1, mode, "D * P");
  network = recur_rnn(INT_MAX, INT_MAX);
  refuse_network(&network, 1, 1, mode, "parameters");
  for (size_t D = 1; D <= 2; D++) {
    network = recur_rnn(1, 1);
    network.directions = D;
    *(D == 1 ? &network.recurrent_dropout : &network.zoneout) = 0.5;
    network.layers = ((size_t)1 << 29) / D + 1;
    refuse_network(&network, 1, 0, mode, "network->layers");
    network.layers--;
    size_t bytes;
    CHECK(recur_network_workspace_bytes(&network, 1, 0, mode, 0, &bytes) == GSL_SUCCESS);
  }
  network = recur_rnn(1, 1 << 16);
  network.layers = INT_MAX;
  refuse_network(&network, 1, 0, mode, "parameters");
}

static void test_workspace(void) {
  const recur_network network = recur_rnn(1, 1 << 20);
  /* 2^20 units in 2^31 rows are 2^51 elements, which is no overflow. With 2^22 layers of 1000
     units, the product overflows. */
  recur_network deep = recur_lstm(1, 1000);
  size_t bytes = 0;
  CHECK(recur_network_workspace_bytes(&network, INT_MAX, 1, RECUR_MODE_TRAINING, 0, &bytes) == 0);
  CHECK(bytes > ((size_t)INT_MAX << 20) * sizeof(rk_real));
  deep.layers = 1 << 22;
  refuse_network(&deep, 1 << 30, 1, RECUR_MODE_TRAINING, "workspace");
  CHECK(recur_network_workspace_bytes(&deep, 1 << 30, 1, RECUR_MODE_INFERENCE, 0, &bytes) == 0);
  const recur_network least = recur_rnn(1, 1);
  CHECK(recur_network_workspace_bytes(&least, 0, 0, RECUR_MODE_TRAINING, 0, &bytes) == GSL_SUCCESS);
  CHECK(bytes < 6000); /* including the alignment of every array */
}

/* Parameters that fit into memory, but not if their rows are padded to whole vectors. */
static void test_weights(void) {
  const size_t units = ((size_t)1 << 31) / sizeof(rk_real) * 2;
  const recur_network network = recur_rnn(((size_t)1 << 31) - units - 3, units);
  size_t slices, count, bytes = untouched;
  CHECK(recur_parameters_count(&network, RECUR_LAYOUT_PYTORCH, &slices, &count) == GSL_SUCCESS);
  CHECK(count <= PTRDIFF_MAX / sizeof(rk_real));
  check_size_refused(recur_network_weights_bytes(&network, &bytes), &bytes, "weights");
  CHECK(recur_network_weights_alloc(&network) == NULL);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->function, TEXT(recur_network_weights_alloc)) == 0);
}

int main(void) {
  check_begin();
  for (int mode = RECUR_MODE_INFERENCE; mode <= RECUR_MODE_TRAINING; mode++) {
    test_each_size((recur_mode)mode);
    test_products((recur_mode)mode);
  }
  test_workspace();
  test_weights();
  return check_end();
}
