/* recur/initialization.h: single precision is double precision, rounded.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"

#include <recur/initialization.h>
#include <recur/lstm.h>
#include <recur/parameters.h>

static const uint64_t seed = 0x0123456789abcdef;

/* An LSTM with every kind of parameters. */
static recur_network every_part(void) {
  recur_network n = recur_lstm(5, 4);
  n.layers = 3;
  n.directions = 2;
  n.cell.peepholes = true;
  n.cell.projection_size = 3;
  return n;
}

static void test_rounded(recur_scheme scheme) {
  check_note("rounded, scheme %d", (int)scheme);
  const recur_network n = every_part();
  const recur_initialization how = {.input = scheme,
                                    .recurrent = scheme,
                                    .bias = scheme == RECUR_SCHEME_ZEROS ? RECUR_SCHEME_ZEROS
                                                                         : RECUR_SCHEME_UNIFORM,
                                    .seed = seed};
  size_t slices, count;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_PYTORCH, &slices, &count) == GSL_SUCCESS);
  gsl_vector *theta = gsl_vector_alloc(count);
  gsl_vector_float *rounded = gsl_vector_float_alloc(count);
  CHECK(recur_parameters_initialize(&n, &how, theta) == GSL_SUCCESS);
  CHECK(recur_parameters_float_initialize(&n, &how, rounded) == GSL_SUCCESS);
  bool same = true;
  for (size_t i = 0; i < count; i++)
    same = same && rounded->data[i] == (float)theta->data[i];
  CHECK(same);
  gsl_vector_free(theta);
  gsl_vector_float_free(rounded);
}

int main(void) {
  check_begin();
  test_rounded(RECUR_SCHEME_ZEROS);
  test_rounded(RECUR_SCHEME_UNIFORM);
  test_rounded(RECUR_SCHEME_GLOROT);
  test_rounded(RECUR_SCHEME_ORTHOGONAL);
  test_rounded(RECUR_SCHEME_BLOCK_ORTHOGONAL);
  return check_end();
}
