/* recur/linear.h: a linear layer, y = W x + b, and its gradients.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/linear.h>
#include <stdio.h>

int main(void) {
  double theta[] = {1, 2,   3,
                    4, 0.5, -0.5}; /* W = [1 2; 3 4], b = [0.5 -0.5] */
  double dtheta[6] = {0}, x[] = {1, -1}, y[2], dy[] = {1, 0}, dx[2];
  gsl_vector_view parameters = gsl_vector_view_array(theta, 6);
  gsl_vector_view gradients = gsl_vector_view_array(dtheta, 6);
  gsl_matrix_view X = gsl_matrix_view_array(x, 1, 2),
                  Y = gsl_matrix_view_array(y, 1, 2);
  gsl_matrix_view dY = gsl_matrix_view_array(dy, 1, 2),
                  dX = gsl_matrix_view_array(dx, 1, 2);
  recur_linear_parameters p, dp;
  if (recur_linear_parameters_view(&parameters.vector, 2, 2, &p) !=
          GSL_SUCCESS ||
      recur_linear_parameters_view(&gradients.vector, 2, 2, &dp) !=
          GSL_SUCCESS ||
      recur_linear_forward(&p, &X.matrix, &Y.matrix) != GSL_SUCCESS ||
      recur_linear_backward(&p, &X.matrix, &dY.matrix, &dX.matrix,
                            &dp) != GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  printf("y = %g %g\n", y[0], y[1]);
  printf("dx = %g %g\n", dx[0], dx[1]);
  printf("dW = %g %g; %g %g\n", dtheta[0], dtheta[1], dtheta[2],
         dtheta[3]);
}

/* prints:
y = -0.5 -1.5
dx = 1 2
dW = 1 -1; 0 0
*/
