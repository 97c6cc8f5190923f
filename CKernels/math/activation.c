/* Activations of matrices: see recur/activation.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/activation.h"

#include "base/environment.h"
#include "base/matrix.h"
#include "configuration/activations.h"
#include "isa/kernels.h"

/* The rows to compute. Without columns, there may be no data to point into. */
static size_t rk_activation_rows(const gsl_matrix *m) {
  return m->size2 == 0 ? 0 : m->size1;
}

void rk_activation_gradient(const recur_activation *phi, const gsl_matrix *h, const gsl_matrix *dh,
                            gsl_matrix *dz) {
  const rk_kernels *kernels = rk_kernels_in_use();
  for (size_t i = 0; i < rk_activation_rows(h); i++)
    kernels->activation_gradient(phi, h->data + i * h->tda, dh->data + i * dh->tda,
                                 dz->data + i * dz->tda, h->size2);
}

int recur_activation_forward(const recur_activation *phi, const gsl_matrix *z, gsl_matrix *h) {
  RK_COMPUTES;
  RK_REQUIRE(phi);
  RK_REQUIRE(z);
  RK_TRY(rk_check_activation(__func__, "phi", phi));
  const operand operands[] = {
      REQUIRED(matrix, STATE_IN, z, z->size1, z->size2),
      REQUIRED(matrix, STATE_OUT, h, z->size1, z->size2),
  };
  RK_CHECK(operands);
  const rk_kernels *kernels = rk_kernels_in_use();
  for (size_t i = 0; i < rk_activation_rows(z); i++)
    kernels->activation_forward(phi, z->data + i * z->tda, h->data + i * h->tda, z->size2);
  return GSL_SUCCESS;
}

int recur_activation_backward(const recur_activation *phi, const gsl_matrix *z,
                              const gsl_matrix *dh, gsl_matrix *dz) {
  RK_COMPUTES;
  RK_REQUIRE(phi);
  RK_REQUIRE(z);
  RK_TRY(rk_check_activation(__func__, "phi", phi));
  const operand operands[] = {
      REQUIRED(matrix, INPUT, z, z->size1, z->size2),
      REQUIRED(matrix, STATE_IN, dh, z->size1, z->size2),
      REQUIRED(matrix, STATE_OUT, dz, z->size1, z->size2),
  };
  RK_CHECK(operands);
  const rk_kernels *kernels = rk_kernels_in_use();
  for (size_t i = 0; i < rk_activation_rows(z); i++)
    kernels->activation_backward(phi, z->data + i * z->tda, dh->data + i * dh->tda,
                                 dz->data + i * dz->tda, z->size2);
  return GSL_SUCCESS;
}

int recur_activation_slopes(const recur_activation *phi, const gsl_matrix *h, gsl_matrix *slopes) {
  RK_COMPUTES;
  enum { CHUNK = 64 };
  RK_REQUIRE(phi);
  RK_REQUIRE(h);
  RK_TRY(rk_check_activation(__func__, "phi", phi));
  RK_TRY(rk_check_slope(__func__, "phi", phi));
  const operand operands[] = {
      REQUIRED(matrix, STATE_IN, h, h->size1, h->size2),
      REQUIRED(matrix, STATE_OUT, slopes, h->size1, h->size2),
  };
  RK_CHECK(operands);
  const rk_kernels *kernels = rk_kernels_in_use();
  rk_real ones[CHUNK];
  for (size_t k = 0; k < CHUNK; k++)
    ones[k] = 1;
  for (size_t i = 0; i < rk_activation_rows(h); i++)
    for (size_t j = 0; j < h->size2; j += CHUNK)
      kernels->activation_gradient(phi, h->data + i * h->tda + j, ones,
                                   slopes->data + i * slopes->tda + j,
                                   h->size2 - j < CHUNK ? h->size2 - j : CHUNK);
  return GSL_SUCCESS;
}
