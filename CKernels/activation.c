/* The functions phi of a cell, over whole matrices.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "activation.h"

#include <math.h>

static void KERNEL(tanh, forward)(const REAL *z, const REAL *bias, REAL *h, size_t n) {
  for (size_t j = 0; j < n; j++)
    h[j] = LIBM(tanh)(z[j] + bias[j]);
}

/* (1 - h)(1 + h) keeps the digits that 1 - h^2 loses as |h| nears 1. */
static void KERNEL(tanh, backward)(const REAL *h, const REAL *dh, REAL *dz, size_t n) {
  for (size_t j = 0; j < n; j++)
    dz[j] = dh[j] * ((1 - h[j]) * (1 + h[j]));
}

/* Written so that NaN stays NaN. */
static void KERNEL(relu, forward)(const REAL *z, const REAL *bias, REAL *h, size_t n) {
  for (size_t j = 0; j < n; j++) {
    const REAL sum = z[j] + bias[j];
    h[j] = sum <= 0 ? 0 : sum;
  }
}

static void KERNEL(relu, backward)(const REAL *h, const REAL *dh, REAL *dz, size_t n) {
  for (size_t j = 0; j < n; j++)
    dz[j] = h[j] <= 0 ? 0 : dh[j];
}

void KERNEL(activation, forward)(recur_activation phi, const MATRIX *z, const REAL *bias,
                                 MATRIX *h) {
  for (size_t i = 0; i < z->size1; i++) {
    const REAL *from = z->data + i * z->tda;
    REAL *to = h->data + i * h->tda;
    switch (phi) {
    case RECUR_TANH:
      KERNEL(tanh, forward)(from, bias, to, z->size2);
      break;
    case RECUR_RELU:
      KERNEL(relu, forward)(from, bias, to, z->size2);
      break;
    }
  }
}

void KERNEL(activation, backward)(recur_activation phi, const MATRIX *h, const MATRIX *dh,
                                  MATRIX *dz) {
  for (size_t i = 0; i < h->size1; i++) {
    const REAL *at = h->data + i * h->tda;
    const REAL *from = dh->data + i * dh->tda;
    REAL *to = dz->data + i * dz->tda;
    switch (phi) {
    case RECUR_TANH:
      KERNEL(tanh, backward)(at, from, to, h->size2);
      break;
    case RECUR_RELU:
      KERNEL(relu, backward)(at, from, to, h->size2);
      break;
    }
  }
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "activation.c"
#endif
