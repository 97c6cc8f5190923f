/* recur/lstm.h: one step of an LSTM, with states that are updated in
   place.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/lstm.h>
#include <stdio.h>

int main(void) {
  const recur_network network = recur_lstm(1, 1);
  double theta[16], x = 1, h = 0, c = 0;
  for (int k = 0; k < 16; k++)
    theta[k] = 0.5; /* i f g o: W_ih, W_hh, b_ih, b_hh */
  gsl_vector_view parameters = gsl_vector_view_array(theta, 16);
  gsl_matrix_view X = gsl_matrix_view_array(&x, 1, 1),
                  H = gsl_matrix_view_array(&h, 1, 1);
  gsl_matrix_view C = gsl_matrix_view_array(&c, 1, 1);
  const recur_network_pass step = {.x = &X.matrix,
                                   .h0 = &H.matrix,
                                   .c0 = &C.matrix,
                                   .hT = &H.matrix,
                                   .cT = &C.matrix};
  recur_network_weights *weights =
      recur_network_weights_alloc(&network);
  recur_network_workspace *w = recur_network_workspace_alloc(
      &network, 1, 1, RECUR_MODE_INFERENCE, 0);
  if (weights == NULL || w == NULL ||
      recur_network_weights_set(weights, &parameters.vector) !=
          GSL_SUCCESS)
    return 1;
  for (int t = 0; t < 3; t++)
    if (recur_network_infer(weights, &step, w) == GSL_SUCCESS)
      printf("step %d: h = %.4f, c = %.4f\n", t, h, c);
  recur_network_workspace_free(w);
  recur_network_weights_free(weights);
}

/* prints:
step 0: h = 0.5144, c = 0.7400
step 1: h = 0.7613, c = 1.4347
step 2: h = 0.8407, c = 2.0731
*/
