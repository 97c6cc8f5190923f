/* See linear_algebra.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "linear_algebra.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multifit.h>
#include <math.h>
#include <pthread.h>

/* An iteration that does not end is a status to return: GSL's handler, which is one for the whole
   process, would end it. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static gsl_error_handler_t *handler;

static void begin_iteration(void) {
  pthread_mutex_lock(&mutex);
  handler = gsl_set_error_handler_off();
}

static void end_iteration(void) {
  gsl_set_error_handler(handler);
  pthread_mutex_unlock(&mutex);
}

static gsl_matrix *copy_of(const double *a, size_t n) {
  gsl_matrix *copy = gsl_matrix_alloc(n, n);
  const gsl_matrix_const_view view = gsl_matrix_const_view_array(a, n, n);
  gsl_matrix_memcpy(copy, &view.matrix);
  return copy;
}

int linear_algebra_singular_values(const double *a, size_t n, double *values) {
  gsl_matrix *u = copy_of(a, n), *v = gsl_matrix_alloc(n, n);
  gsl_vector *work = gsl_vector_alloc(n);
  gsl_vector_view s = gsl_vector_view_array(values, n);
  begin_iteration();
  const int status = gsl_linalg_SV_decomp(u, v, &s.vector, work);
  end_iteration();
  gsl_vector_free(work);
  gsl_matrix_free(v);
  gsl_matrix_free(u);
  return status;
}

int linear_algebra_eigenvalue_magnitudes(const double *a, size_t n, double *magnitudes) {
  gsl_matrix *copy = copy_of(a, n);
  gsl_vector_complex *values = gsl_vector_complex_alloc(n);
  gsl_eigen_nonsymm_workspace *w = gsl_eigen_nonsymm_alloc(n);
  begin_iteration();
  const int status = gsl_eigen_nonsymm(copy, values, w);
  end_iteration();
  for (size_t k = 0; k < n; k++) {
    const gsl_complex z = gsl_vector_complex_get(values, k);
    magnitudes[k] = hypot(GSL_REAL(z), GSL_IMAG(z));
  }
  gsl_eigen_nonsymm_free(w);
  gsl_vector_complex_free(values);
  gsl_matrix_free(copy);
  return status;
}

int linear_algebra_least_squares(const double *x, size_t rows, size_t columns, const double *y,
                                 double *coefficients) {
  const gsl_matrix_const_view X = gsl_matrix_const_view_array(x, rows, columns);
  const gsl_vector_const_view Y = gsl_vector_const_view_array(y, rows);
  gsl_vector_view c = gsl_vector_view_array(coefficients, columns);
  gsl_matrix *covariance = gsl_matrix_alloc(columns, columns);
  gsl_multifit_linear_workspace *w = gsl_multifit_linear_alloc(rows, columns);
  double residual;
  const int status = gsl_multifit_linear(&X.matrix, &Y.vector, &c.vector, covariance, &residual, w);
  gsl_multifit_linear_free(w);
  gsl_matrix_free(covariance);
  return status;
}
