/* recur/parameters.h: the gate order of an LSTM in ONNX.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/lstm.h>
#include <recur/parameters.h>
#include <stdio.h>

int main(void) {
  recur_network network = recur_lstm(1, 1);
  network.cell.bias = false;
  double ours[] = {1,  2,  3,  4,
                   10, 20, 30, 40}; /* i f g o: weight_ih, weight_hh */
  double onnx[8];
  gsl_vector_view theta = gsl_vector_view_array(ours, 8),
                  foreign = gsl_vector_view_array(onnx, 8);
  gsl_matrix weight_hh;
  if (recur_parameters_export(&network, RECUR_LAYOUT_ONNX,
                              &theta.vector,
                              &foreign.vector) != GSL_SUCCESS ||
      recur_parameters_view(&network, &theta.vector, "weight_hh_l0",
                            &weight_hh) != GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  printf("W of ONNX, i o f c: %g %g %g %g\n", onnx[0], onnx[1], onnx[2],
         onnx[3]);
  printf("weight_hh of the forget gate: %g\n",
         gsl_matrix_get(&weight_hh, 1, 0));
}

/* prints:
W of ONNX, i o f c: 1 4 2 3
weight_hh of the forget gate: 20
*/
