/* recur/threads.h: a pass with two threads is bit-identical to a pass
   with one.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/gru.h>
#include <recur/initialization.h>
#include <recur/threads.h>
#include <stdio.h>
#include <string.h>

enum { T = 32, B = 8, I = 16, H = 64, COUNT = 3 * H * (I + H + 2) };

int main(void) {
  static double parameters[COUNT], x[T * B * I], y[2][T * B * H];
  const recur_network network = recur_gru(I, H);
  const recur_initialization uniform = {
      .input = RECUR_SCHEME_UNIFORM, .recurrent = RECUR_SCHEME_UNIFORM};
  gsl_vector_view theta = gsl_vector_view_array(parameters, COUNT);
  gsl_matrix_view X = gsl_matrix_view_array(x, T * B, I);
  recur_threads *threads = recur_threads_alloc(2);
  recur_network_workspace *w = recur_network_workspace_alloc(
      &network, T, B, RECUR_MODE_TRAINING, 0);
  if (threads == NULL || w == NULL ||
      recur_matrix_initialize(RECUR_SCHEME_UNIFORM, 1, 1, 0,
                              &X.matrix) != GSL_SUCCESS ||
      recur_parameters_initialize(&network, &uniform, &theta.vector) !=
          GSL_SUCCESS)
    return 1;
  for (int k = 0; k < 2; k++) {
    gsl_matrix_view Y = gsl_matrix_view_array(y[k], T * B, H);
    const recur_network_pass pass = {.x = &X.matrix, .y = &Y.matrix};
    if (recur_network_workspace_set_threads(
            w, k == 0 ? NULL : threads) != GSL_SUCCESS ||
        recur_network_forward(&theta.vector, &pass, w) != GSL_SUCCESS)
      return 1;
  }
  puts(memcmp(y[0], y[1], sizeof y[0]) == 0 ? "bit-identical"
                                            : "different");
  recur_network_workspace_free(w); /* before its threads */
  recur_threads_free(threads);
}

/* prints:
bit-identical
*/
