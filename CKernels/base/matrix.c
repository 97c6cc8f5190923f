/* GSL matrices and vectors: see matrix.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"

#include <string.h>

operand rk_operand_matrix(const char *name, operand_role role, bool optional, const gsl_matrix *m,
                          size_t rows, size_t columns) {
  operand o = {.name = name, .role = role, .optional = optional, .element = sizeof(rk_real)};
  o.rows = rows;
  o.columns = columns;
  if (m != NULL) {
    o.given = true;
    o.data = (const char *)m->data;
    o.size1 = m->size1;
    o.size2 = m->size2;
    o.tda = m->tda;
  }
  return o;
}

operand rk_operand_vector(const char *name, operand_role role, bool optional, const gsl_vector *v,
                          size_t size) {
  gsl_matrix column = {0};
  if (v != NULL)
    column = (gsl_matrix){.size1 = v->size, .size2 = 1, .tda = v->stride, .data = v->data};
  operand o = rk_operand_matrix(name, role, optional, v ? &column : NULL, size, 1);
  o.vector = true;
  return o;
}

operand rk_operand_matrix_view(const char *name, operand_role role, bool optional,
                               const gsl_matrix *m, size_t rows, size_t columns) {
  return rk_operand_matrix(name, role, optional, m->data ? m : NULL, rows, columns);
}

operand rk_operand_vector_view(const char *name, operand_role role, bool optional,
                               const gsl_vector *v, size_t size) {
  return rk_operand_vector(name, role, optional, v->data ? v : NULL, size);
}

int rk_vector_check_stride(const char *function, const char *name, const gsl_vector *v) {
  if (v->stride != 1)
    return rk_fail(GSL_EINVAL, function, name, "has stride %zu, expected 1", v->stride);
  return GSL_SUCCESS;
}

int rk_vector_check_contiguous(const char *function, const gsl_vector *theta, size_t count) {
  const operand operands[] = {REQUIRED(vector, INPUT, theta, count)};
  /* rk_check refuses NULL too, which the static analyzer of gcc cannot see. */
  RK_REQUIRE_FOR(function, theta);
  RK_TRY(rk_check(function, operands, 1));
  return rk_vector_check_stride(function, "theta", theta);
}

gsl_matrix rk_matrix_next(rk_real **data, size_t rows, size_t columns) {
  const gsl_matrix view = rk_matrix_of(*data, rows, columns);
  *data += rows * columns;
  return view;
}

gsl_vector rk_vector_next(rk_real **data, size_t size) {
  const gsl_vector view = {.size = size, .stride = 1, .data = *data};
  *data += size;
  return view;
}

void rk_matrix_copy(const gsl_matrix *from, gsl_matrix *to) {
  if (from->data == to->data || from->size2 == 0)
    return;
  for (size_t i = 0; i < from->size1; i++)
    memcpy(to->data + i * to->tda, from->data + i * from->tda, from->size2 * sizeof(rk_real));
}

void rk_matrix_add(const gsl_matrix *from, gsl_matrix *to) {
  for (size_t i = 0; i < from->size1; i++)
    for (size_t j = 0; j < from->size2; j++)
      to->data[i * to->tda + j] += from->data[i * from->tda + j];
}

void rk_matrix_multiply(const gsl_matrix *factor, gsl_matrix *m) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      m->data[i * m->tda + j] *= factor->data[i * factor->tda + j];
}

void rk_matrix_set_zero(gsl_matrix *m) {
  if (m->size2 == 0)
    return;
  for (size_t i = 0; i < m->size1; i++)
    memset(m->data + i * m->tda, 0, m->size2 * sizeof(rk_real));
}

void rk_matrix_add_sum_of_rows(const gsl_matrix *m, gsl_vector *v) {
  for (size_t i = 0; i < m->size1; i++) {
    const rk_real *row = m->data + i * m->tda;
    for (size_t j = 0; j < m->size2; j++)
      v->data[j * v->stride] += row[j];
  }
}
