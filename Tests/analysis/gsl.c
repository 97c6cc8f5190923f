/* The functions of GSL that the C tests call, linked instead of GSL: MemorySanitizer would report
   memory that GSL writes, because GSL is compiled without it.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <stdlib.h>

static gsl_error_handler_t *handler;

gsl_error_handler_t *gsl_set_error_handler(gsl_error_handler_t *new_handler) {
  gsl_error_handler_t *const found = handler;
  handler = new_handler;
  return found;
}

gsl_matrix_float *gsl_matrix_float_alloc(size_t n1, size_t n2) {
  gsl_matrix_float *m = malloc(sizeof *m);
  float *data = malloc(n1 * n2 * sizeof *data);
  if (m == NULL || data == NULL)
    abort();
  *m = (gsl_matrix_float){.size1 = n1, .size2 = n2, .tda = n2, .data = data, .owner = 1};
  return m;
}

void gsl_matrix_float_free(gsl_matrix_float *m) {
  if (m == NULL)
    return;
  free(m->data);
  free(m);
}

gsl_vector_float *gsl_vector_float_alloc(size_t n) {
  gsl_vector_float *v = malloc(sizeof *v);
  float *data = malloc(n * sizeof *data);
  if (v == NULL || data == NULL)
    abort();
  *v = (gsl_vector_float){.size = n, .stride = 1, .data = data, .owner = 1};
  return v;
}

void gsl_vector_float_free(gsl_vector_float *v) {
  if (v == NULL)
    return;
  free(v->data);
  free(v);
}

gsl_matrix_view gsl_matrix_view_array(double *base, size_t n1, size_t n2) {
  return (gsl_matrix_view){.matrix = {.size1 = n1, .size2 = n2, .tda = n2, .data = base}};
}
