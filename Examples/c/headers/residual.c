/* recur/residual.h: a residual cell adds to its state.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/residual.h>
#include <stdio.h>

int main(void) {
  const recur_network network = recur_residual(1, 1);
  double theta[] = {0.5, 0, 0, 0}, x[] = {1, 1, 1, 0},
         y[4]; /* h_t = h_{t-1} + tanh(x_t / 2) */
  gsl_vector_view parameters = gsl_vector_view_array(theta, 4);
  gsl_matrix_view X = gsl_matrix_view_array(x, 4, 1),
                  Y = gsl_matrix_view_array(y, 4, 1);
  const recur_network_pass pass = {.x = &X.matrix, .y = &Y.matrix};
  recur_network_workspace *w = recur_network_workspace_alloc(
      &network, 4, 1, RECUR_MODE_TRAINING, 0);
  if (w == NULL || recur_network_forward(&parameters.vector, &pass,
                                         w) != GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  printf("h = %.4f %.4f %.4f %.4f\n", y[0], y[1], y[2], y[3]);
  recur_network_workspace_free(w);
}

/* prints:
h = 0.4621 0.9242 1.3864 1.3864
*/
