/* The sum over ranks: bit-identical to the tree, for lengths around those at which messages change.

   mpirun -n R test_mpi

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"

#include <recur/mpi.h>

enum { LONGEST = 70001, MOST_RANKS = 8 };

static int R, own;

/* The values of a rank, in (-1, 1) times powers of two, so that each order of the sum rounds
   differently. */
static double element(int rank, size_t k) {
  check_random_state = (uint64_t)rank << 40 | k;
  return ldexp(check_random(), (int)check_random_below(30));
}

/* The sum of element k over `count` ranks from `first` on, along the tree. */
static double tree(int first, int count, size_t k) {
  return count == 1 ? element(first, k)
                    : tree(first, count / 2, k) + tree(first + count / 2, count / 2, k);
}

static float float_tree(int first, int count, size_t k) {
  return count == 1 ? (float)element(first, k)
                    : float_tree(first, count / 2, k) + float_tree(first + count / 2, count / 2, k);
}

static void test_sum(size_t size) {
  check_note("%zu elements", size);
  gsl_vector *v = gsl_vector_alloc(size);
  gsl_vector_float *f = gsl_vector_float_alloc(size);
  size_t wrong = 0;
  for (size_t k = 0; k < size; k++) {
    v->data[k] = element(own, k);
    f->data[k] = (float)element(own, k);
  }
  CHECK(recur_mpi_sum(v, MPI_COMM_WORLD) == GSL_SUCCESS);
  CHECK(recur_mpi_float_sum(f, MPI_COMM_WORLD) == GSL_SUCCESS);
  for (size_t k = 0; k < size; k++) {
    const double expected = tree(0, R, k);
    const float expected_float = float_tree(0, R, k);
    wrong += memcmp(&v->data[k], &expected, sizeof expected) != 0;
    wrong += memcmp(&f->data[k], &expected_float, sizeof expected_float) != 0;
  }
  CHECK(wrong == 0);
  gsl_vector_free(v);
  gsl_vector_float_free(f);
}

static void test_broadcast(size_t count, int root) {
  check_note("%zu bytes of rank %d", count, root);
  char *bytes = malloc(count + 1);
  for (size_t k = 0; k <= count; k++)
    bytes[k] = (char)((size_t)own + k);
  CHECK(recur_mpi_broadcast(bytes, count, root, MPI_COMM_WORLD) == GSL_SUCCESS);
  bool same = true;
  for (size_t k = 0; k < count; k++)
    same &= bytes[k] == (char)((size_t)root + k);
  CHECK(same && bytes[count] == (char)((size_t)own + count));
  free(bytes);
}

static bool fails(int found, int status, const char *message) {
  return found == status && strcmp(recur_last_error()->message, message) == 0;
}

static void test_errors(void) {
  check_note("errors");
  double data[4] = {0};
  gsl_vector_view rows = gsl_vector_view_array_with_stride(data, 2, 2);
  CHECK(fails(recur_mpi_sum(NULL, MPI_COMM_WORLD), GSL_EFAULT, "recur_mpi_sum: v is NULL"));
  CHECK(fails(recur_mpi_float_sum(NULL, MPI_COMM_WORLD), GSL_EFAULT,
              "recur_mpi_float_sum: v is NULL"));
  CHECK(fails(recur_mpi_sum(&rows.vector, MPI_COMM_WORLD), GSL_EINVAL,
              "recur_mpi_sum: v has stride 2, expected 1"));
  CHECK(fails(recur_mpi_broadcast(NULL, 1, 0, MPI_COMM_WORLD), GSL_EFAULT,
              "recur_mpi_broadcast: bytes is NULL"));
  char expected[80];
  snprintf(expected, sizeof expected, "recur_mpi_broadcast: root is %d, expected 0 to below %d", R,
           R);
  CHECK(fails(recur_mpi_broadcast(data, 1, R, MPI_COMM_WORLD), GSL_EINVAL, expected));
  CHECK(recur_mpi_broadcast(data, 1, -1, MPI_COMM_WORLD) == GSL_EINVAL);
  CHECK(recur_mpi_world() == MPI_COMM_WORLD);
}

/* A number of ranks without a tree. */
static void test_three(void) {
  double data[2] = {0};
  gsl_vector_view v = gsl_vector_view_array(data, 2);
  CHECK(fails(recur_mpi_sum(&v.vector, MPI_COMM_WORLD), GSL_EINVAL,
              "recur_mpi_sum: communicator has 3 ranks, expected a power of two"));
}

int main(void) {
  static const size_t sizes[] = {1, 2, 7, 1023, 1024, 1025, 1031, 16384, 16385, 32768, LONGEST};
  check_begin();
  CHECK(recur_mpi_begin(NULL, &R) == GSL_EFAULT);
  CHECK(recur_mpi_begin(&own, &R) == GSL_SUCCESS && recur_mpi_begin(&own, &R) == GSL_SUCCESS);
  if (R == 3)
    test_three();
  for (size_t k = 0; k < COUNT(sizes) && R != 3; k++)
    test_sum(sizes[k]);
  for (int root = 0; root < R; root++)
    test_broadcast(1000, root);
  test_broadcast(0, 0);
  test_errors();
  const int status = check_end();
  recur_mpi_end();
  recur_mpi_end();
  return status;
}
