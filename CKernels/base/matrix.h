/* GSL matrices and vectors: as operands of rk_check, and the few operations on whole ones that
   every cell needs.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/check.h"
#include "base/precision.h"

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

/* REQUIRED(matrix, INPUT, x, T * B, I) is an operand called "x". What is OPTIONAL may be missing: a
   matrix or vector is if it is NULL, a matrix_view or vector_view in a struct if it has no data. */
#define REQUIRED(kind, role, argument, ...)                                                        \
  KERNEL(operand, kind)(RK_NAME(argument), OPERAND_##role, false, argument, __VA_ARGS__)
#define OPTIONAL(kind, role, argument, ...)                                                        \
  KERNEL(operand, kind)(RK_NAME(argument), OPERAND_##role, true, argument, __VA_ARGS__)
#define RK_NAME(argument) (&#argument[#argument[0] == '&'])

operand KERNEL(operand, matrix)(const char *name, operand_role role, bool optional, const MATRIX *m,
                                size_t rows, size_t columns);
operand KERNEL(operand, vector)(const char *name, operand_role role, bool optional, const VECTOR *v,
                                size_t size);

operand KERNEL(operand, matrix_view)(const char *name, operand_role role, bool optional,
                                     const MATRIX *m, size_t rows, size_t columns);
operand KERNEL(operand, vector_view)(const char *name, operand_role role, bool optional,
                                     const VECTOR *v, size_t size);

/* A view of consecutive numbers. */
MATRIX KERNEL(matrix, of)(REAL *data, size_t rows, size_t columns);

/* A view of some rows of m. */
MATRIX KERNEL(matrix, rows)(const MATRIX *m, size_t first, size_t count);

/* A view of some columns of m. */
MATRIX KERNEL(matrix, columns)(const MATRIX *m, size_t first, size_t count);

/* For structs of parameters over one vector: whether it holds count numbers, one after another, and
   consecutive views of it that move *data on. check_stride is the second half, for any vector. */
int KERNEL(vector, check_contiguous)(const char *function, const VECTOR *theta, size_t count);
int KERNEL(vector, check_stride)(const char *function, const char *name, const VECTOR *v);
MATRIX KERNEL(matrix, next)(REAL **data, size_t rows, size_t columns);
VECTOR KERNEL(vector, next)(REAL **data, size_t size);

void KERNEL(matrix, copy)(const MATRIX *from, MATRIX *to);
void KERNEL(matrix, add)(const MATRIX *from, MATRIX *to);

/* m = factor o m */
void KERNEL(matrix, multiply)(const MATRIX *factor, MATRIX *m);
void KERNEL(matrix, set_zero)(MATRIX *m);

/* v += the sum of the rows of m, first row first. */
void KERNEL(matrix, add_sum_of_rows)(const MATRIX *m, VECTOR *v);
