/* recur/weight_storage.h: halves need half the memory of single
   precision and round the matrices.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/lstm.h>
#include <recur/parameters.h>
#include <recur/weight_storage.h>
#include <stdio.h>

static size_t bytes_of(const recur_network *network) {
  size_t bytes = 0;
  if (recur_network_float_weights_bytes(network, &bytes) != GSL_SUCCESS)
    puts(recur_last_error()->message);
  return bytes;
}

int main(void) {
  recur_network full = recur_lstm(64, 256), half = full;
  half.weight_storage = RECUR_STORAGE_HALF;
  printf("full: %zu KiB\n", bytes_of(&full) >> 10);
  printf("half: %zu KiB\n", bytes_of(&half) >> 10);

  size_t slices, count;
  if (recur_parameters_count(&full, RECUR_LAYOUT_PYTORCH, &slices,
                             &count) != GSL_SUCCESS)
    return 1;
  gsl_vector_float *theta = gsl_vector_float_calloc(count);
  gsl_vector_float_set(theta, 0, 0.1f);
  if (recur_parameters_float_round(&half, theta) != GSL_SUCCESS)
    return 1;
  printf("0.1 becomes %.7f\n", gsl_vector_float_get(theta, 0));
  gsl_vector_float_free(theta);
}

/* prints:
full: 1287 KiB
half: 647 KiB
0.1 becomes 0.0999756
*/
