/* recur/softmax.h: class probabilities, the cross-entropy of a label,
   and its gradient.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/softmax.h>
#include <stdio.h>

int main(void) {
  double theta[] = {1, 2, 3, 0, 0, 0}, h[] = {1}, y[3], loss[1],
         dloss[] = {1}, dh[1];
  int label[] = {2};
  gsl_vector_view parameters = gsl_vector_view_array(theta, 6),
                  L = gsl_vector_view_array(loss, 1);
  gsl_vector_view dL = gsl_vector_view_array(dloss, 1);
  gsl_vector_int_view labels = gsl_vector_int_view_array(label, 1);
  gsl_matrix_view H = gsl_matrix_view_array(h, 1, 1),
                  Y = gsl_matrix_view_array(y, 1, 3);
  gsl_matrix_view dH = gsl_matrix_view_array(dh, 1, 1);
  recur_linear_parameters p; /* H = 1, O = 3 */
  recur_softmax_workspace *w = recur_softmax_workspace_alloc(1, 3);
  if (w == NULL ||
      recur_linear_parameters_view(&parameters.vector, 1, 3, &p) !=
          GSL_SUCCESS ||
      recur_softmax_cross_entropy_forward(&p, &H.matrix, &labels.vector,
                                          &Y.matrix,
                                          &L.vector) != GSL_SUCCESS ||
      recur_softmax_cross_entropy_backward(
          &p, &H.matrix, &labels.vector, &Y.matrix, &dL.vector,
          &dH.matrix, NULL, w) != GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  printf("probabilities: %.4f %.4f %.4f\n", y[0], y[1], y[2]);
  printf("loss: %.4f, dh: %.4f\n", loss[0], dh[0]);
  recur_softmax_workspace_free(w);
}

/* prints:
probabilities: 0.0900 0.2447 0.6652
loss: 0.4076, dh: -0.4248
*/
