/* The linear output layer: see recur/linear.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/environment.h"
#include "base/precision.h"
#include "math/affine.h"

#include <recur/linear.h>

static int rk_linear_count(const char *function, size_t I, size_t O, size_t *count) {
  RK_TRY(rk_check_size(function, "input_size", I, 1));
  RK_TRY(rk_check_size(function, "output_size", O, 1));
  *count = rk_times(O, rk_plus(I, 1));
  size_t bytes;
  return rk_check_bytes(function, "output_size * (input_size + 1)", *count, sizeof(rk_real),
                        &bytes);
}

int recur_linear_parameters_count(size_t I, size_t O, size_t *count) {
  size_t numbers;
  RK_REQUIRE(count);
  RK_TRY(rk_linear_count(__func__, I, O, &numbers));
  *count = numbers;
  return GSL_SUCCESS;
}

int recur_linear_parameters_view(const gsl_vector *theta, size_t I, size_t O,
                                 recur_linear_parameters *p) {
  size_t count;
  RK_REQUIRE(p);
  RK_TRY(rk_linear_count(__func__, I, O, &count));
  RK_TRY(rk_vector_check_contiguous(__func__, theta, count));
  rk_real *data = theta->data;
  p->weight = rk_matrix_next(&data, O, I);
  p->bias = rk_vector_next(&data, O);
  return GSL_SUCCESS;
}

int recur_linear_forward(const recur_linear_parameters *p, const gsl_matrix *x, gsl_matrix *y) {
  RK_COMPUTES;
  RK_REQUIRE(p);
  RK_REQUIRE(x);
  RK_REQUIRE_DATA(p->weight);
  const size_t N = x->size1, I = p->weight.size2, O = p->weight.size1;
  RK_TRY(rk_check_size(__func__, "input_size", I, 1));
  RK_TRY(rk_check_size(__func__, "output_size", O, 1));
  const operand operands[] = {
      AFFINE_IN(p, O, I),
      REQUIRED(matrix, INPUT, x, N, I),
      REQUIRED(matrix, OUTPUT, y, N, O),
  };
  RK_CHECK(operands);
  rk_affine_forward(&p->weight, &p->bias, x, y);
  return GSL_SUCCESS;
}

int recur_linear_backward(const recur_linear_parameters *p, const gsl_matrix *x,
                          const gsl_matrix *dy, gsl_matrix *dx, const recur_linear_parameters *dp) {
  RK_COMPUTES;
  static const recur_linear_parameters unwanted;
  RK_REQUIRE(p);
  RK_REQUIRE(x);
  dp = dp ? dp : &unwanted;
  RK_REQUIRE_DATA(p->weight);
  const size_t N = x->size1, I = p->weight.size2, O = p->weight.size1;
  RK_TRY(rk_check_size(__func__, "input_size", I, 1));
  RK_TRY(rk_check_size(__func__, "output_size", O, 1));
  const operand operands[] = {
      AFFINE_IN(p, O, I),
      REQUIRED(matrix, INPUT, x, N, I),
      REQUIRED(matrix, INPUT, dy, N, O),
      OPTIONAL(matrix, OUTPUT, dx, N, I),
      AFFINE_OUT(dp, O, I),
  };
  RK_CHECK(operands);
  rk_affine_backward(&p->weight, x, dy, dx, &dp->weight, &dp->bias);
  return GSL_SUCCESS;
}
