/* Orthogonal matrices of recur/initialization.h: orthogonality, also of blocks, and distribution.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/initializations.h"

#include <recur/gru.h>

/* Q^T Q = 1, or Q Q^T = 1 if there are fewer rows. An element of Q goes through at most count
   reflections, each with a sum over size and one subtraction, and is rounded once more in single
   precision. */
static void check_orthogonal(const gsl_matrix *m) {
  const bool flat = m->size1 < m->size2;
  const size_t count = flat ? m->size1 : m->size2, size = flat ? m->size2 : m->size1;
  wide worst = 0;
  for (size_t a = 0; a < count; a++)
    for (size_t b = 0; b <= a; b++) {
      wide product = a == b ? -1 : 0;
      for (size_t i = 0; i < size; i++)
        product += (wide)(flat ? AT(m, a, i) : AT(m, i, a)) * (flat ? AT(m, b, i) : AT(m, i, b));
      if (!(fabsl(product) <= worst))
        worst = fabsl(product);
    }
  const size_t reflections = count * (2 * size + 2);
  CHECK(worst <=
        check_tolerance(reflections, DBL_EPSILON, 1) + check_tolerance(2, RK_REAL_EPSILON, 1));
}

static void test_orthogonal(void) {
  static const size_t sizes[] = {1, 2, 3, 5, 15, 16, 17, 31, 33, 50};
  for (size_t i = 0; i < COUNT(sizes); i++)
    for (size_t j = 0; j < COUNT(sizes); j++) {
      check_note("orthogonal %zu x %zu", sizes[i], sizes[j]);
      check_orthogonal(new_matrix_of(RECUR_SCHEME_ORTHOGONAL, sizes[i], sizes[j], 1));
      free_all();
    }
}

/* Checks each block of `rows` rows of a slice. */
static void check_blocks(const recur_network *n, gsl_vector *theta, const char *name, size_t rows) {
  check_note("blocks of %s", name);
  const gsl_matrix slice = view(n, theta, name);
  CHECK(slice.size1 % rows == 0);
  for (size_t first = 0; first < slice.size1; first += rows) {
    const gsl_matrix block = rows_of(&slice, first, rows);
    check_orthogonal(&block);
    const gsl_matrix before = rows_of(&slice, 0, rows);
    CHECK(first == 0 || !equal_bits(&block, &before));
  }
}

static void test_orthogonal_networks(void) {
  const recur_network lstm = large_lstm(9, 7, 3);
  recur_network gru = recur_gru(18, 17);
  gru.layers = gru.directions = 2;
  recur_initialization how = all_of(RECUR_SCHEME_ORTHOGONAL);
  gsl_vector theta = initialized(&lstm, &how), other = initialized(&gru, &how);
  check_blocks(&lstm, &theta, "weight_ih_l0", 28);
  check_blocks(&lstm, &theta, "weight_ih_l2_reverse", 28);
  check_blocks(&lstm, &theta, "weight_hh_l1", 28);
  check_blocks(&lstm, &theta, "weight_hr_l2", 3);
  check_blocks(&lstm, &theta, "weight_peephole_l0", 3);
  check_blocks(&gru, &other, "weight_hh_l0", 51);
  check_blocks(&gru, &other, "weight_ih_l1_reverse", 51);
  how = all_of(RECUR_SCHEME_BLOCK_ORTHOGONAL);
  theta = initialized(&lstm, &how);
  other = initialized(&gru, &how);
  check_blocks(&lstm, &theta, "weight_ih_l0", 7);
  check_blocks(&lstm, &theta, "weight_ih_l2_reverse", 7);
  check_blocks(&lstm, &theta, "weight_hh_l1", 7);
  check_blocks(&lstm, &theta, "weight_hr_l2", 3);
  check_blocks(&lstm, &theta, "weight_peephole_l0", 1);
  check_blocks(&gru, &other, "weight_hh_l0", 17);
  check_blocks(&gru, &other, "weight_ih_l1_reverse", 17);
  free_all();
}

/* For uniformly distributed orthogonal 3 x 3 matrices, each element has mean 0 and mean square 1/3,
   the trace has mean 0 and mean square 1, and half of the determinants are 1. (A QR decomposition
   without corrected signs would fail the last three.) The limits are five standard deviations. The
   square of an element has variance 4/45, that of the trace at most E[trace^4] = 3. */
static void test_uniform_among_orthogonal(void) {
  check_note("uniform among orthogonal");
  enum { SAMPLES = 4000 };
  double sums[9] = {0}, squares[9] = {0}, trace_sum = 0, trace_squares = 0, determinants = 0;
  for (uint32_t stream = 0; stream < SAMPLES; stream++) {
    rk_real q[9];
    gsl_matrix m = {.size1 = 3, .size2 = 3, .tda = 3, .data = q};
    CHECK(recur_matrix_initialize(RECUR_SCHEME_ORTHOGONAL, 1, seed, stream, &m) == GSL_SUCCESS);
    for (size_t e = 0; e < 9; e++) {
      sums[e] += q[e];
      squares[e] += (double)q[e] * q[e];
    }
    const double trace = (double)q[0] + q[4] + q[8];
    trace_sum += trace;
    trace_squares += trace * trace;
    determinants += (double)q[0] * (q[4] * q[8] - q[5] * q[7]) -
                    (double)q[1] * (q[3] * q[8] - q[5] * q[6]) +
                    (double)q[2] * (q[3] * q[7] - q[4] * q[6]);
  }
  for (size_t e = 0; e < 9; e++) {
    CHECK(fabs(sums[e] / SAMPLES) < 5 * sqrt(1. / 3 / SAMPLES));
    CHECK(fabs(squares[e] / SAMPLES - 1. / 3) < 5 * sqrt(4. / 45 / SAMPLES));
  }
  CHECK(fabs(trace_sum / SAMPLES) < 5 * sqrt(1. / SAMPLES));
  CHECK(fabs(trace_squares / SAMPLES - 1) < 5 * sqrt(3. / SAMPLES));
  CHECK(fabs(determinants / SAMPLES) < 5 * sqrt(1. / SAMPLES));
}

int main(void) {
  check_begin();
  test_orthogonal();
  test_orthogonal_networks();
  test_uniform_among_orthogonal();
  return check_end();
}
