/* recur/activation.h: an activation, its gradient, and its largest
   slope.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/activation.h>
#include <recur/error.h>
#include <stdio.h>

int main(void) {
  double z[] = {-2, 0.5, 3}, h[3], dh[] = {1, 1, 1}, dz[3];
  gsl_matrix_view Z = gsl_matrix_view_array(z, 1, 3),
                  H = gsl_matrix_view_array(h, 1, 3);
  gsl_matrix_view dH = gsl_matrix_view_array(dh, 1, 3),
                  dZ = gsl_matrix_view_array(dz, 1, 3);
  const recur_activation phi =
      recur_activation_default(RECUR_ACTIVATION_LEAKY_RELU);
  if (recur_activation_forward(&phi, &Z.matrix, &H.matrix) !=
          GSL_SUCCESS ||
      recur_activation_backward(&phi, &Z.matrix, &dH.matrix,
                                &dZ.matrix) != GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  printf("values: %.2f %.2f %.2f\n", h[0], h[1], h[2]);
  printf("slopes: %.2f %.2f %.2f\n", dz[0], dz[1], dz[2]);
  printf("largest slope: %.2f\n", recur_activation_max_slope(&phi));
}

/* prints:
values: -0.02 0.50 3.00
slopes: 0.01 1.00 1.00
largest slope: 1.00
*/
