/* recur/rnn.h: the error terms of a simple network, which vanish over
   time.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/rnn.h>
#include <stdio.h>

int main(void) {
  double weight = 0.5, h[] = {0.2, 0.4, 0.1}, gradient = 1, delta[3];
  gsl_matrix_view W = gsl_matrix_view_array(&weight, 1, 1),
                  H = gsl_matrix_view_array(h, 3, 1);
  gsl_matrix_view dH = gsl_matrix_view_array(&gradient, 1, 1);
  gsl_matrix_view terms = gsl_matrix_view_array(delta, 3, 1);
  const recur_activation phi = recur_rnn(1, 1).cell.f; /* tanh */
  const size_t t = 2; /* the step of the loss */
  if (recur_rnn_error_terms(&W.matrix, &phi, &H.matrix, t, &dH.matrix,
                            &terms.matrix) != GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  for (size_t k = 0; k <= t; k++)
    printf("delta of step %zu: %.4f\n", k, delta[k]);
}

/* prints:
delta of step 0: 0.1996
delta of step 1: 0.4158
delta of step 2: 0.9900
*/
