/* See linear_algebra.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "linear_algebra.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <pthread.h>

/* GSL's error handler, one for the whole process, would abort it if memory runs out or an iteration
   does not converge. It is off during each call, which returns a status instead. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static gsl_error_handler_t *handler;

static void begin_gsl(void) {
  pthread_mutex_lock(&mutex);
  handler = gsl_set_error_handler_off();
}

static void end_gsl(void) {
  gsl_set_error_handler(handler);
  pthread_mutex_unlock(&mutex);
}

int linear_algebra_eigenvalue_magnitudes(const double *a, size_t n, double *magnitudes) {
  const gsl_matrix_const_view A = gsl_matrix_const_view_array(a, n, n);
  int status = GSL_ENOMEM;
  begin_gsl();
  gsl_matrix *copy = gsl_matrix_alloc(n, n);
  gsl_vector_complex *values = copy ? gsl_vector_complex_alloc(n) : NULL;
  gsl_eigen_nonsymm_workspace *w = values ? gsl_eigen_nonsymm_alloc(n) : NULL;
  if (w) {
    gsl_matrix_memcpy(copy, &A.matrix);
    status = gsl_eigen_nonsymm(copy, values, w);
    for (size_t k = 0; k < n; k++) {
      const gsl_complex z = gsl_vector_complex_get(values, k);
      magnitudes[k] = hypot(GSL_REAL(z), GSL_IMAG(z));
    }
  }
  gsl_eigen_nonsymm_free(w);
  gsl_vector_complex_free(values);
  gsl_matrix_free(copy);
  end_gsl();
  return status;
}
