/* GSL matrices and vectors, as every cell needs them.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"

#include <string.h>

operand KERNEL(operand, matrix)(const char *name, operand_role role, bool optional, const MATRIX *m,
                                size_t rows, size_t columns) {
  operand o = {.name = name, .role = role, .optional = optional, .element = sizeof(REAL)};
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

operand KERNEL(operand, vector)(const char *name, operand_role role, bool optional, const VECTOR *v,
                                size_t size) {
  MATRIX column = {0};
  if (v != NULL)
    column = (MATRIX){.size1 = v->size, .size2 = 1, .tda = v->stride, .data = v->data};
  operand o = KERNEL(operand, matrix)(name, role, optional, v ? &column : NULL, size, 1);
  o.vector = true;
  return o;
}

operand KERNEL(operand, matrix_view)(const char *name, operand_role role, bool optional,
                                     const MATRIX *m, size_t rows, size_t columns) {
  return KERNEL(operand, matrix)(name, role, optional, m->data ? m : NULL, rows, columns);
}

operand KERNEL(operand, vector_view)(const char *name, operand_role role, bool optional,
                                     const VECTOR *v, size_t size) {
  return KERNEL(operand, vector)(name, role, optional, v->data ? v : NULL, size);
}

MATRIX KERNEL(matrix, of)(REAL *data, size_t rows, size_t columns) {
  return (MATRIX){.size1 = rows, .size2 = columns, .tda = columns, .data = data};
}

MATRIX KERNEL(matrix, rows)(const MATRIX *m, size_t first, size_t count) {
  return (MATRIX){
      .size1 = count, .size2 = m->size2, .tda = m->tda, .data = m->data + first * m->tda};
}

MATRIX KERNEL(matrix, columns)(const MATRIX *m, size_t first, size_t count) {
  return (MATRIX){.size1 = m->size1, .size2 = count, .tda = m->tda, .data = m->data + first};
}

int KERNEL(vector, check_stride)(const char *function, const char *name, const VECTOR *v) {
  if (v->stride != 1)
    return rk_fail(GSL_EINVAL, function, name, "has stride %zu, expected 1", v->stride);
  return GSL_SUCCESS;
}

int KERNEL(vector, check_contiguous)(const char *function, const VECTOR *theta, size_t count) {
  const operand operands[] = {REQUIRED(vector, INPUT, theta, count)};
  RK_TRY(rk_check(function, operands, 1));
  return KERNEL(vector, check_stride)(function, "theta", theta);
}

MATRIX KERNEL(matrix, next)(REAL **data, size_t rows, size_t columns) {
  const MATRIX view = KERNEL(matrix, of)(*data, rows, columns);
  *data += rows * columns;
  return view;
}

VECTOR KERNEL(vector, next)(REAL **data, size_t size) {
  const VECTOR view = {.size = size, .stride = 1, .data = *data};
  *data += size;
  return view;
}

void KERNEL(matrix, copy)(const MATRIX *from, MATRIX *to) {
  if (from->data == to->data)
    return;
  for (size_t i = 0; i < from->size1; i++)
    memcpy(to->data + i * to->tda, from->data + i * from->tda, from->size2 * sizeof(REAL));
}

void KERNEL(matrix, add)(const MATRIX *from, MATRIX *to) {
  for (size_t i = 0; i < from->size1; i++)
    for (size_t j = 0; j < from->size2; j++)
      to->data[i * to->tda + j] += from->data[i * from->tda + j];
}

void KERNEL(matrix, multiply)(const MATRIX *factor, MATRIX *m) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      m->data[i * m->tda + j] *= factor->data[i * factor->tda + j];
}

void KERNEL(matrix, set_zero)(MATRIX *m) {
  for (size_t i = 0; i < m->size1; i++)
    memset(m->data + i * m->tda, 0, m->size2 * sizeof(REAL));
}

void KERNEL(matrix, add_sum_of_rows)(const MATRIX *m, VECTOR *v) {
  for (size_t i = 0; i < m->size1; i++) {
    const REAL *row = m->data + i * m->tda;
    for (size_t j = 0; j < m->size2; j++)
      v->data[j * v->stride] += row[j];
  }
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "matrix.c"
#endif
