/* recur/mode.h: a training workspace stores every step, an inference
   workspace does not.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/lstm.h>
#include <recur/mode.h>
#include <stdio.h>

static size_t bytes_of(recur_mode mode, size_t steps) {
  const recur_network network = recur_lstm(16, 64);
  size_t bytes = 0;
  if (recur_network_workspace_bytes(&network, steps, 1, mode, 0,
                                    &bytes) != GSL_SUCCESS)
    puts(recur_last_error()->message);
  return bytes;
}

int main(void) {
  const size_t n = 100000;
  printf("inference: %zu bytes more for each step\n",
         (bytes_of(RECUR_MODE_INFERENCE, 2 * n) -
          bytes_of(RECUR_MODE_INFERENCE, n)) /
             n);
  printf("training: %zu bytes more for each step\n",
         (bytes_of(RECUR_MODE_TRAINING, 2 * n) -
          bytes_of(RECUR_MODE_TRAINING, n)) /
             n);
}

/* prints:
inference: 16 bytes more for each step
training: 2640 bytes more for each step
*/
