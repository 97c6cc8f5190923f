/* The softmax output head: see recur/softmax.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "math/affine.h"

#include <math.h>
#include <recur/softmax.h>
#include <stdlib.h>

#define PARAMETERS RECUR(linear, parameters)
#define WORKSPACE RECUR(softmax, workspace)

struct WORKSPACE {
  size_t N, O;
  MATRIX dz; /* N x O */
  REAL numbers[];
};

static int KERNEL(softmax, bytes)(const char *function, size_t rows, size_t O, size_t *bytes) {
  RK_TRY(rk_check_size(function, "rows", rows, 0));
  RK_TRY(rk_check_size(function, "O", O, 1));
  RK_TRY(rk_check_bytes(function, "rows * O", rk_times(rows, O), sizeof(REAL), bytes));
  *bytes += sizeof(WORKSPACE);
  return GSL_SUCCESS;
}

int RECUR(softmax, workspace_size)(size_t rows, size_t O, size_t *bytes) {
  size_t size;
  RK_REQUIRE(bytes);
  RK_TRY(KERNEL(softmax, bytes)(__func__, rows, O, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

WORKSPACE *RECUR(softmax, alloc)(size_t rows, size_t O) {
  size_t bytes;
  if (KERNEL(softmax, bytes)(__func__, rows, O, &bytes) != GSL_SUCCESS)
    return NULL;
  WORKSPACE *w = malloc(bytes);
  if (w == NULL) {
    rk_fail(GSL_ENOMEM, __func__, "workspace", "of %zu bytes cannot be allocated", bytes);
    return NULL;
  }
  *w = (WORKSPACE){.N = rows, .O = O};
  w->dz = KERNEL(matrix, of)(w->numbers, rows, O);
  return w;
}

void RECUR(softmax, free)(WORKSPACE *w) {
  free(w);
}

/* z becomes softmax(z), and its log-normaliser log sum exp(z) is *largest + *log_rest. What the
   largest logit itself contributes is exactly 1, so log1p of the rest keeps every digit of a loss
   near 0. */
static void KERNEL(softmax, row)(REAL *z, size_t O, REAL *largest, REAL *log_rest) {
  size_t top = 0;
  for (size_t j = 1; j < O; j++)
    if (z[j] > z[top])
      top = j;
  *largest = z[top];
  REAL rest = 0;
  for (size_t j = 0; j < O; j++) {
    z[j] = LIBM(exp)(z[j] - *largest);
    if (j != top)
      rest += z[j];
  }
  *log_rest = LIBM(log1p)(rest);
  const REAL sum = z[top] + rest;
  for (size_t j = 0; j < O; j++)
    z[j] /= sum;
}

/* dz = y o (dy - <y, dy>) */
static void KERNEL(softmax, row_backward)(const REAL *y, const REAL *dy, REAL *dz, size_t O) {
  REAL mean = 0;
  for (size_t j = 0; j < O; j++)
    mean += y[j] * dy[j];
  for (size_t j = 0; j < O; j++)
    dz[j] = y[j] * (dy[j] - mean);
}

/* dz = (y - onehot) dloss; y_label - 1 as minus the sum of the others, which does not cancel. */
static void KERNEL(softmax, cross_entropy_row)(const REAL *y, size_t label, REAL dloss, REAL *dz,
                                               size_t O) {
  REAL others = 0;
  for (size_t j = 0; j < O; j++) {
    if (j != label)
      others += y[j];
    dz[j] = y[j] * dloss;
  }
  dz[label] = -others * dloss;
}

int RECUR(softmax, forward)(const PARAMETERS *p, const MATRIX *h, MATRIX *y) {
  RK_REQUIRE(p);
  RK_REQUIRE(h);
  RK_REQUIRE_DATA(p->weight);
  const size_t N = h->size1, H = p->weight.size2, O = p->weight.size1;
  RK_TRY(rk_check_size(__func__, "H", H, 1));
  RK_TRY(rk_check_size(__func__, "O", O, 1));
  const operand operands[] = {
      AFFINE_IN(p, O, H),
      REQUIRED(matrix, INPUT, h, N, H),
      REQUIRED(matrix, OUTPUT, y, N, O),
  };
  RK_CHECK(operands);
  KERNEL(affine, forward)(&p->weight, &p->bias, h, y);
  for (size_t i = 0; i < N; i++) {
    REAL largest, log_rest;
    KERNEL(softmax, row)(y->data + i * y->tda, O, &largest, &log_rest);
  }
  return GSL_SUCCESS;
}

int RECUR(softmax, backward)(const PARAMETERS *p, const MATRIX *h, const MATRIX *y,
                             const MATRIX *dy, MATRIX *dh, const PARAMETERS *dp, WORKSPACE *w) {
  static const PARAMETERS unwanted;
  RK_REQUIRE(p);
  RK_REQUIRE(w);
  dp = dp ? dp : &unwanted;
  RK_REQUIRE_DATA(p->weight);
  const size_t N = w->N, H = p->weight.size2, O = w->O;
  RK_TRY(rk_check_size(__func__, "H", H, 1));
  const operand operands[] = {
      AFFINE_IN(p, O, H),
      REQUIRED(matrix, INPUT, h, N, H),
      REQUIRED(matrix, INPUT, y, N, O),
      REQUIRED(matrix, INPUT, dy, N, O),
      OPTIONAL(matrix, OUTPUT, dh, N, H),
      AFFINE_OUT(dp, O, H),
  };
  RK_CHECK(operands);
  for (size_t i = 0; i < N; i++) {
    const REAL *y_i = y->data + i * y->tda, *dy_i = dy->data + i * dy->tda;
    KERNEL(softmax, row_backward)(y_i, dy_i, w->dz.data + i * O, O);
  }
  KERNEL(affine, backward)(&p->weight, h, &w->dz, dh, &dp->weight, &dp->bias);
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
/* Labels have no precision. */
static operand labels_operand(const gsl_vector_int *labels, size_t N) {
  operand o = {.name = "labels", .role = OPERAND_INPUT, .element = sizeof(int)};
  o.rows = N;
  o.columns = 1;
  if (labels != NULL) {
    o.given = true;
    o.data = (const char *)labels->data;
    o.size1 = labels->size;
    o.size2 = 1;
    o.tda = labels->stride;
  }
  return o;
}

static int check_labels(const char *function, const gsl_vector_int *labels, size_t O) {
  for (size_t i = 0; i < labels->size; i++) {
    const int label = labels->data[i * labels->stride];
    if (label < 0 || (size_t)label >= O)
      return rk_fail(GSL_EINVAL, function, "labels", "has %d in row %zu, expected 0 to %zu", label,
                     i, O - 1);
  }
  return GSL_SUCCESS;
}
#endif

int RECUR(softmax, cross_entropy_forward)(const PARAMETERS *p, const MATRIX *h,
                                          const gsl_vector_int *labels, MATRIX *y, VECTOR *loss) {
  RK_REQUIRE(p);
  RK_REQUIRE(h);
  RK_REQUIRE_DATA(p->weight);
  const size_t N = h->size1, H = p->weight.size2, O = p->weight.size1;
  RK_TRY(rk_check_size(__func__, "H", H, 1));
  RK_TRY(rk_check_size(__func__, "O", O, 1));
  const operand operands[] = {
      AFFINE_IN(p, O, H),
      REQUIRED(matrix, INPUT, h, N, H),
      labels_operand(labels, N),
      REQUIRED(matrix, OUTPUT, y, N, O),
      REQUIRED(vector, OUTPUT, loss, N),
  };
  RK_CHECK(operands);
  RK_TRY(check_labels(__func__, labels, O));
  KERNEL(affine, forward)(&p->weight, &p->bias, h, y);
  for (size_t i = 0; i < N; i++) {
    REAL *row = y->data + i * y->tda;
    const REAL z_label = row[labels->data[i * labels->stride]];
    REAL largest, log_rest;
    KERNEL(softmax, row)(row, O, &largest, &log_rest);
    loss->data[i * loss->stride] = (largest - z_label) + log_rest;
  }
  return GSL_SUCCESS;
}

int RECUR(softmax, cross_entropy_backward)(const PARAMETERS *p, const MATRIX *h,
                                           const gsl_vector_int *labels, const MATRIX *y,
                                           const VECTOR *dloss, MATRIX *dh, const PARAMETERS *dp,
                                           WORKSPACE *w) {
  static const PARAMETERS unwanted;
  RK_REQUIRE(p);
  RK_REQUIRE(w);
  dp = dp ? dp : &unwanted;
  RK_REQUIRE_DATA(p->weight);
  const size_t N = w->N, H = p->weight.size2, O = w->O;
  RK_TRY(rk_check_size(__func__, "H", H, 1));
  const operand operands[] = {
      AFFINE_IN(p, O, H),
      REQUIRED(matrix, INPUT, h, N, H),
      labels_operand(labels, N),
      REQUIRED(matrix, INPUT, y, N, O),
      REQUIRED(vector, INPUT, dloss, N),
      OPTIONAL(matrix, OUTPUT, dh, N, H),
      AFFINE_OUT(dp, O, H),
  };
  RK_CHECK(operands);
  RK_TRY(check_labels(__func__, labels, O));
  for (size_t i = 0; i < N; i++) {
    const REAL *y_i = y->data + i * y->tda, dloss_i = dloss->data[i * dloss->stride];
    const size_t label = (size_t)labels->data[i * labels->stride];
    KERNEL(softmax, cross_entropy_row)(y_i, label, dloss_i, w->dz.data + i * O, O);
  }
  KERNEL(affine, backward)(&p->weight, h, &w->dz, dh, &dp->weight, &dp->bias);
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "softmax.c"
#endif
