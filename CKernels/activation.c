/* Activations over consecutive numbers, and gates.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "activation.h"

#include "isa/kernels.h"

#include <stdbool.h>

void KERNEL(activation, forward)(const recur_activation *phi, REAL *z, size_t n) {
  KERNEL(isa, chosen)()->values(phi, z, n);
}

void KERNEL(activation, backward)(const recur_activation *phi, const REAL *h, const REAL *dh,
                                  REAL *dz, size_t n) {
  KERNEL(isa, chosen)()->gradients(phi, h, dh, dz, n);
}

void KERNEL(gate, forward)(const recur_activation *phi, double clip, const REAL *bias, REAL *z,
                           size_t n) {
  const REAL limit = (REAL)clip;
  if (bias != NULL)
    for (size_t k = 0; k < n; k++)
      z[k] += bias[k];
  if (clip != 0)
    for (size_t k = 0; k < n; k++)
      z[k] = z[k] > limit ? limit : z[k] < -limit ? -limit : z[k];
  KERNEL(activation, forward)(phi, z, n);
}

void KERNEL(gate, backward)(const recur_activation *phi, double clip, const REAL *h, const REAL *dh,
                            REAL *dz, size_t n) {
  if (clip == 0) {
    KERNEL(activation, backward)(phi, h, dh, dz, n);
    return;
  }
  REAL low = -(REAL)clip, high = (REAL)clip;
  KERNEL(activation, forward)(phi, &low, 1);
  KERNEL(activation, forward)(phi, &high, 1);
  for (size_t k = 0; k < n; k++) {
    const bool clamped = h[k] == low || h[k] == high;
    REAL d;
    KERNEL(activation, backward)(phi, &h[k], &dh[k], &d, 1);
    dz[k] = clamped ? 0 : d;
  }
}

void KERNEL(gate, forward_rows)(const recur_activation *phi, double clip, const REAL *bias,
                                const MATRIX *z) {
  for (size_t i = 0; i < z->size1; i++) {
    REAL *row = z->data + i * z->tda;
    KERNEL(gate, forward)(phi, clip, bias, row, z->size2);
  }
}

void KERNEL(gate, backward_rows)(const recur_activation *phi, double clip, const MATRIX *h,
                                 const MATRIX *dh, const MATRIX *dz) {
  for (size_t i = 0; i < h->size1; i++) {
    const REAL *value = h->data + i * h->tda, *from = dh->data + i * dh->tda;
    KERNEL(gate, backward)(phi, clip, value, from, dz->data + i * dz->tda, h->size2);
  }
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "activation.c"
#endif
