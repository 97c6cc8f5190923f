/* recur/network.h: one update of a network by gradient descent.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/initialization.h>
#include <recur/rnn.h>
#include <stdio.h>

enum { T = 5, I = 1, H = 4, COUNT = H * I + H * H + 2 * H };

int main(void) {
  const recur_network network = recur_rnn(I, H);
  const recur_initialization uniform = {RECUR_SCHEME_UNIFORM,
                                        RECUR_SCHEME_UNIFORM,
                                        RECUR_SCHEME_ZEROS,
                                        false,
                                        0,
                                        1};
  double parameters[COUNT], x[T * I] = {1, -1, 1, 1, -1}, y[T * H],
                                  dy[T * H], gradient[COUNT];
  gsl_vector_view theta = gsl_vector_view_array(parameters, COUNT);
  gsl_vector_view dtheta = gsl_vector_view_array(gradient, COUNT);
  gsl_matrix_view X = gsl_matrix_view_array(x, T, I),
                  Y = gsl_matrix_view_array(y, T, H);
  gsl_matrix_view dY = gsl_matrix_view_array(dy, T, H);
  const recur_network_pass pass = {.x = &X.matrix, .y = &Y.matrix};
  const recur_network_gradients gradients = {.dy = &dY.matrix,
                                             .dtheta = &dtheta.vector};
  recur_network_workspace *w = recur_network_workspace_alloc(
      &network, T, 1, RECUR_MODE_TRAINING, 0);
  if (w == NULL ||
      recur_parameters_initialize(&network, &uniform, &theta.vector) !=
          GSL_SUCCESS)
    return 1;
  for (int update = 0; update < 3; update++) {
    double loss = 0; /* half the sum of y^2, whose gradient is y */
    if (recur_network_forward(&theta.vector, &pass, w) != GSL_SUCCESS)
      return 1;
    for (int k = 0; k < T * H; k++) {
      loss += 0.5 * y[k] * y[k];
      dy[k] = y[k];
    }
    printf("loss %.4f\n", loss);
    gsl_vector_set_zero(&dtheta.vector); /* backward adds to it */
    if (recur_network_backward(&theta.vector, &pass, &gradients, w) !=
        GSL_SUCCESS)
      return 1;
    for (int k = 0; k < COUNT; k++)
      parameters[k] -= 0.1 * gradient[k];
  }
  recur_network_workspace_free(w);
}

/* prints:
loss 1.4513
loss 0.3100
loss 0.0724
*/
