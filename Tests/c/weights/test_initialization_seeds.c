/* recur/initialization.h: the effect of the seed and the stream.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/initializations.h"

static bool no_number_in_common(const gsl_vector *a, const gsl_vector *b) {
  bool different = true;
  for (size_t i = 0; i < a->size && i < b->size; i++)
    different = different && a->data[i] != b->data[i];
  return different;
}

static gsl_vector as_vector(const gsl_matrix *m) {
  CHECK(m->tda == m->size2);
  return (gsl_vector){.size = m->size1 * m->size2, .stride = 1, .data = m->data};
}

/* The same seed has the same values; another seed, in either half, has different ones. */
static void test_seeds(void) {
  const recur_network n = large_lstm(5, 4, 3);
  for (size_t k = 1; k < COUNT(schemes); k++) {
    check_note("seeds, scheme %zu", k);
    recur_initialization how = all_of(schemes[k]);
    const gsl_vector first = initialized(&n, &how), second = initialized(&n, &how);
    CHECK(memcmp(first.data, second.data, first.size * sizeof(rk_real)) == 0);
    how.seed ^= 1;
    const gsl_vector low = initialized(&n, &how);
    how.seed ^= (uint64_t)1 << 40;
    const gsl_vector high = initialized(&n, &how);
    CHECK(no_number_in_common(&first, &low));
    CHECK(no_number_in_common(&low, &high));
    free_all();
  }
}

/* No slice of a network has the values of another slice, or of a single matrix. */
static void test_streams(void) {
  recur_network n = large_lstm(4, 4, 2);
  n.cell.projection_size = 0;
  const recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  gsl_vector theta = initialized(&n, &how);
  size_t slices, numbers;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_PYTORCH, &slices, &numbers) == GSL_SUCCESS);
  for (size_t a = 0; a < slices; a++)
    for (size_t b = 0; b < a; b++) {
      check_note("streams of slices %zu and %zu", a, b);
      recur_parameter_slice p[2];
      CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, a, &p[0]) == GSL_SUCCESS);
      CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, b, &p[1]) == GSL_SUCCESS);
      const gsl_matrix x = view(&n, &theta, p[0].name), y = view(&n, &theta, p[1].name);
      const gsl_vector u = as_vector(&x), v = as_vector(&y);
      CHECK(no_number_in_common(&u, &v));
    }
  for (uint32_t stream = 0; stream < 6; stream++) {
    check_note("stream %u", (unsigned)stream);
    gsl_matrix *m = new_matrix(3, 4, 4), *next = new_matrix(3, 4, 4);
    CHECK(recur_matrix_initialize(RECUR_SCHEME_UNIFORM, 4, seed, stream, m) == GSL_SUCCESS);
    CHECK(recur_matrix_initialize(RECUR_SCHEME_UNIFORM, 4, seed, stream + 1, next) == GSL_SUCCESS);
    const gsl_vector u = as_vector(m), v = as_vector(next);
    CHECK(no_number_in_common(&u, &v));
    for (size_t k = 0; k < slices; k++) {
      recur_parameter_slice p;
      CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, k, &p) == GSL_SUCCESS);
      const gsl_matrix x = view(&n, &theta, p.name);
      const gsl_vector w = as_vector(&x);
      CHECK(no_number_in_common(&u, &w));
    }
  }
  free_all();
}

/* A slice does not depend on the other slices of the network. */
static void test_slices_alone(void) {
  check_note("slices alone");
  recur_network n = large_lstm(5, 4, 0), bare = n;
  bare.cell.bias = bare.cell.peepholes = false;
  recur_initialization how = all_of(RECUR_SCHEME_GLOROT);
  how.recurrent = RECUR_SCHEME_ORTHOGONAL;
  gsl_vector theta = initialized(&n, &how), other = initialized(&bare, &how);
  const char *names[] = {"weight_ih_l0", "weight_hh_l2", "weight_hh_l1_reverse"};
  for (size_t k = 0; k < COUNT(names); k++) {
    const gsl_matrix a = view(&n, &theta, names[k]), b = view(&bare, &other, names[k]);
    CHECK(equal_bits(&a, &b));
  }
  free_all();
}

int main(void) {
  check_begin();
  test_seeds();
  test_streams();
  test_slices_alone();
  return check_end();
}
