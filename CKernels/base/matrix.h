/* GSL matrices and vectors: operands for rk_check, views, and operations on whole matrices.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_MATRIX_H
#define RK_MATRIX_H

#include "base/check.h"
#include "base/precision.h"

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <stdint.h>

/* REQUIRED(matrix, INPUT, x, T * B, I) is an operand named "x". An OPTIONAL operand may be missing:
   a matrix or vector that is NULL, a matrix_view or vector_view in a struct that has no data. */
#define REQUIRED(kind, role, argument, ...)                                                        \
  rk_operand_##kind(RK_NAME(argument), OPERAND_##role, false, argument, __VA_ARGS__)
#define OPTIONAL(kind, role, argument, ...)                                                        \
  rk_operand_##kind(RK_NAME(argument), OPERAND_##role, true, argument, __VA_ARGS__)
#define RK_NAME(argument) (&#argument[#argument[0] == '&'])

operand rk_operand_matrix(const char *name, operand_role role, bool optional, const gsl_matrix *m,
                          size_t rows, size_t columns);
operand rk_operand_vector(const char *name, operand_role role, bool optional, const gsl_vector *v,
                          size_t size);

operand rk_operand_matrix_view(const char *name, operand_role role, bool optional,
                               const gsl_matrix *m, size_t rows, size_t columns);
operand rk_operand_vector_view(const char *name, operand_role role, bool optional,
                               const gsl_vector *v, size_t size);

/* An argument of the last call that was checked. A stream passes the same matrices at every step,
   and need not check them again. */
typedef struct {
  const rk_real *data;
  size_t size1, size2, tda; /* tda is SIZE_MAX for NULL */
} rk_argument;

/* Returns whether a matrix or a vector is the same argument as before, and remembers it. */
static inline bool rk_argument_repeats(rk_argument *last, const gsl_matrix *m) {
  const rk_argument next = m == NULL ? (rk_argument){.tda = SIZE_MAX}
                                     : (rk_argument){m->data, m->size1, m->size2, m->tda};
  const bool same = next.data == last->data && next.size1 == last->size1 &&
                    next.size2 == last->size2 && next.tda == last->tda;
  *last = next;
  return same;
}
static inline bool rk_argument_repeats_vector(rk_argument *last, const gsl_vector *v) {
  if (v == NULL)
    return rk_argument_repeats(last, NULL);
  const gsl_matrix column = {.size1 = v->size, .size2 = 1, .tda = v->stride, .data = v->data};
  return rk_argument_repeats(last, &column);
}

/* Views are inline: written to memory and read back, they would take longer than a small step. */

/* A view of contiguous elements. */
static inline gsl_matrix rk_matrix_of(rk_real *data, size_t rows, size_t columns) {
  return (gsl_matrix){.size1 = rows, .size2 = columns, .tda = columns, .data = data};
}

/* A matrix without elements may have no data and any tda, so its pointer must not move. */
static inline rk_real *rk_matrix_at(const gsl_matrix *m, size_t row, size_t column) {
  const bool empty = m->size1 == 0 || m->size2 == 0;
  return empty ? m->data : m->data + row * m->tda + column;
}

/* A view of some rows of m. */
static inline gsl_matrix rk_matrix_rows(const gsl_matrix *m, size_t first, size_t count) {
  return (gsl_matrix){
      .size1 = count, .size2 = m->size2, .tda = m->tda, .data = rk_matrix_at(m, first, 0)};
}

/* A view of some columns of m. */
static inline gsl_matrix rk_matrix_columns(const gsl_matrix *m, size_t first, size_t count) {
  return (gsl_matrix){
      .size1 = m->size1, .size2 = count, .tda = m->tda, .data = rk_matrix_at(m, 0, first)};
}

/* For parameter vectors. check_contiguous checks the size and the stride, check_stride the stride
   alone. The next functions create a view at *data and advance *data to its end. */
int rk_vector_check_contiguous(const char *function, const gsl_vector *theta, size_t count);
int rk_vector_check_stride(const char *function, const char *name, const gsl_vector *v);
gsl_matrix rk_matrix_next(rk_real **data, size_t rows, size_t columns);
gsl_vector rk_vector_next(rk_real **data, size_t size);

void rk_matrix_copy(const gsl_matrix *from, gsl_matrix *to);
void rk_matrix_add(const gsl_matrix *from, gsl_matrix *to);

/* m = factor o m */
void rk_matrix_multiply(const gsl_matrix *factor, gsl_matrix *m);
void rk_matrix_set_zero(gsl_matrix *m);

/* v += the sum of the rows of m, first row first. */
void rk_matrix_add_sum_of_rows(const gsl_matrix *m, gsl_vector *v);

#endif
