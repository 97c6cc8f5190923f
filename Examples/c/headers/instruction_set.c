/* recur/instruction_set.h: results are bit-identical with every
   instruction set.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/activation.h>
#include <recur/error.h>
#include <recur/instruction_set.h>
#include <stdio.h>

int main(void) {
  double z = 0.7, best, portable;
  gsl_matrix_view Z = gsl_matrix_view_array(&z, 1, 1),
                  H = gsl_matrix_view_array(&best, 1, 1);
  gsl_matrix_view P = gsl_matrix_view_array(&portable, 1, 1);
  const recur_activation phi =
      recur_activation_default(RECUR_ACTIVATION_TANH);
  if (recur_activation_forward(&phi, &Z.matrix, &H.matrix) !=
          GSL_SUCCESS ||
      recur_set_instruction_set("portable") != GSL_SUCCESS ||
      recur_activation_forward(&phi, &Z.matrix, &P.matrix) !=
          GSL_SUCCESS) {
    puts(recur_last_error()->message);
    return 1;
  }
  printf("in use: %s\n", recur_instruction_set());
  printf("tanh 0.7 = %.6f, %s\n", portable,
         portable == best ? "bit-identical" : "different");
}

/* prints:
in use: portable
tanh 0.7 = 0.604368, bit-identical
*/
