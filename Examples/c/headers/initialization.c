/* recur/initialization.h: an orthogonal matrix, drawn from a seed.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/initialization.h>
#include <stdio.h>

int main(void) {
  double q[9];
  gsl_matrix_view Q = gsl_matrix_view_array(q, 3, 3);
  if (recur_matrix_initialize(RECUR_SCHEME_ORTHOGONAL, 1, 42, 0,
                              &Q.matrix) != GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) {
      double product = 0; /* of columns i and j */
      for (int k = 0; k < 3; k++)
        product += q[3 * k + i] * q[3 * k + j];
      printf("%s%.3f", j == 0 ? "" : " ",
             product < 0 ? -product : product);
    }
    printf("\n");
  }
}

/* prints:
1.000 0.000 0.000
0.000 1.000 0.000
0.000 0.000 1.000
*/
