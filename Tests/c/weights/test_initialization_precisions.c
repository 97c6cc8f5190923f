/* recur/initialization.h: single precision is double precision, rounded.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/initializations.h"

static void test_rounded(recur_scheme scheme) {
  check_note("rounded, scheme %d", (int)scheme);
  const recur_network n = large_lstm(5, 4, 3);
  const recur_initialization how = all_of(scheme);
  const gsl_vector theta = initialized(&n, &how);
  gsl_vector_float *rounded = gsl_vector_float_alloc(theta.size);
  CHECK(recur_parameters_float_initialize(&n, &how, rounded) == GSL_SUCCESS);
  bool same = true;
  for (size_t i = 0; i < theta.size; i++)
    same = same && rounded->data[i] == (float)theta.data[i];
  CHECK(same);
  gsl_vector_float_free(rounded);
  free_all();
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < COUNT(schemes); k++)
    test_rounded(schemes[k]);
  return check_end();
}
