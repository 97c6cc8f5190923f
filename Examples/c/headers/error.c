/* recur/error.h: the description of a failed call.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/linear.h>
#include <stdio.h>

int main(void) {
  double theta[8], x[4] = {0}, y[6];
  gsl_vector_view parameters = gsl_vector_view_array(theta, 8);
  gsl_matrix_view X = gsl_matrix_view_array(x, 2, 2),
                  Y = gsl_matrix_view_array(y, 2, 3);
  recur_linear_parameters p; /* 3 inputs, 2 outputs */
  if (recur_linear_parameters_view(&parameters.vector, 3, 2, &p) !=
          GSL_SUCCESS ||
      recur_linear_forward(&p, &X.matrix, &Y.matrix) != GSL_SUCCESS) {
    const recur_error *e = recur_last_error();
    printf("%s\n", e->message);
    printf("%s: expected %zu columns, found %zu\n", e->argument,
           e->expected[1], e->found[1]);
  }
}

/* prints:
recur_linear_forward: x is 2 x 2, expected 2 x 3
x: expected 3 columns, found 2
*/
