/* recur/gru.h: the parameters of a GRU, in PyTorch's order and shapes.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/gru.h>
#include <recur/parameters.h>
#include <stdio.h>

int main(void) {
  const recur_network network = recur_gru(40, 128);
  size_t slices, count;
  if (recur_parameters_count(&network, RECUR_LAYOUT_PYTORCH, &slices,
                             &count) != GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  for (size_t k = 0; k < slices; k++) {
    recur_parameter_slice slice;
    if (recur_parameters_slice(&network, RECUR_LAYOUT_PYTORCH, k,
                               &slice) == GSL_SUCCESS)
      printf("%-12s %zu x %zu\n", slice.name, slice.rows,
             slice.columns);
  }
  printf("%zu parameters\n", count);
}

/* prints:
weight_ih_l0 384 x 40
weight_hh_l0 384 x 128
bias_ih_l0   384 x 1
bias_hh_l0   384 x 1
65280 parameters
*/
