/* The softmax output head: see recur/softmax.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/environment.h"
#include "base/precision.h"
#include "math/affine.h"
#include "math/softmax_row.h"

#include <math.h>
#include <recur/softmax.h>
#include <stdlib.h>

struct recur_softmax_workspace {
  size_t N, O;
  gsl_matrix dz; /* N x O */
  rk_real numbers[];
};

static int rk_softmax_bytes(const char *function, size_t rows, size_t O, size_t *bytes) {
  RK_TRY(rk_check_size(function, "rows", rows, 0));
  RK_TRY(rk_check_size(function, "O", O, 1));
  RK_TRY(rk_check_bytes(function, "rows * O", rk_times(rows, O), sizeof(rk_real), bytes));
  *bytes += sizeof(recur_softmax_workspace);
  return GSL_SUCCESS;
}

int recur_softmax_workspace_bytes(size_t rows, size_t O, size_t *bytes) {
  size_t size;
  RK_REQUIRE(bytes);
  RK_TRY(rk_softmax_bytes(__func__, rows, O, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

recur_softmax_workspace *recur_softmax_workspace_alloc(size_t rows, size_t O) {
  size_t bytes;
  if (rk_softmax_bytes(__func__, rows, O, &bytes) != GSL_SUCCESS)
    return NULL;
  recur_softmax_workspace *w = malloc(bytes);
  if (w == NULL) {
    rk_fail(GSL_ENOMEM, __func__, "workspace", "of %zu bytes cannot be allocated", bytes);
    return NULL;
  }
  *w = (recur_softmax_workspace){.N = rows, .O = O};
  w->dz = rk_matrix_of(w->numbers, rows, O);
  return w;
}

void recur_softmax_workspace_free(recur_softmax_workspace *w) {
  free(w);
}

/* dz = (y - onehot) dloss. To avoid cancellation, y_label - 1 is computed as minus the sum of the
   other probabilities. */
static void rk_softmax_cross_entropy_row(const rk_real *y, size_t label, rk_real dloss, rk_real *dz,
                                         size_t O) {
  rk_real others = 0;
  for (size_t j = 0; j < O; j++) {
    if (j != label)
      others += y[j];
    dz[j] = y[j] * dloss;
  }
  dz[label] = -others * dloss;
}

int recur_softmax_forward(const recur_linear_parameters *p, const gsl_matrix *h, gsl_matrix *y) {
  RK_COMPUTES;
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
  rk_affine_forward(&p->weight, &p->bias, h, y);
  for (size_t i = 0; i < N; i++) {
    rk_real largest, log_rest;
    rk_softmax_row(y->data + i * y->tda, O, &largest, &log_rest);
  }
  return GSL_SUCCESS;
}

int recur_softmax_backward(const recur_linear_parameters *p, const gsl_matrix *h,
                           const gsl_matrix *y, const gsl_matrix *dy, gsl_matrix *dh,
                           const recur_linear_parameters *dp, recur_softmax_workspace *w) {
  RK_COMPUTES;
  static const recur_linear_parameters unwanted;
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
    const rk_real *y_i = y->data + i * y->tda, *dy_i = dy->data + i * dy->tda;
    rk_softmax_row_backward(y_i, dy_i, w->dz.data + i * O, O);
  }
  rk_affine_backward(&p->weight, h, &w->dz, dh, &dp->weight, &dp->bias);
  return GSL_SUCCESS;
}

/* Labels are int in both precisions. */
static operand labels_operand(const gsl_vector_int *labels, size_t N) {
  return (operand){.name = "labels",
                   .role = OPERAND_INPUT,
                   .given = true,
                   .data = (const char *)labels->data,
                   .element = sizeof(int),
                   .size1 = labels->size,
                   .size2 = 1,
                   .tda = labels->stride,
                   .rows = N,
                   .columns = 1};
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

int recur_softmax_cross_entropy_forward(const recur_linear_parameters *p, const gsl_matrix *h,
                                        const gsl_vector_int *labels, gsl_matrix *y,
                                        gsl_vector *loss) {
  RK_COMPUTES;
  RK_REQUIRE(p);
  RK_REQUIRE(h);
  RK_REQUIRE(labels);
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
  rk_affine_forward(&p->weight, &p->bias, h, y);
  for (size_t i = 0; i < N; i++) {
    rk_real *row = y->data + i * y->tda;
    const rk_real z_label = row[labels->data[i * labels->stride]];
    rk_real largest, log_rest;
    rk_softmax_row(row, O, &largest, &log_rest);
    loss->data[i * loss->stride] = (largest - z_label) + log_rest;
  }
  return GSL_SUCCESS;
}

int recur_softmax_cross_entropy_backward(const recur_linear_parameters *p, const gsl_matrix *h,
                                         const gsl_vector_int *labels, const gsl_matrix *y,
                                         const gsl_vector *dloss, gsl_matrix *dh,
                                         const recur_linear_parameters *dp,
                                         recur_softmax_workspace *w) {
  RK_COMPUTES;
  static const recur_linear_parameters unwanted;
  RK_REQUIRE(p);
  RK_REQUIRE(labels);
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
    const rk_real *y_i = y->data + i * y->tda, dloss_i = dloss->data[i * dloss->stride];
    const size_t label = (size_t)labels->data[i * labels->stride];
    rk_softmax_cross_entropy_row(y_i, label, dloss_i, w->dz.data + i * O, O);
  }
  rk_affine_backward(&p->weight, h, &w->dz, dh, &dp->weight, &dp->bias);
  return GSL_SUCCESS;
}
