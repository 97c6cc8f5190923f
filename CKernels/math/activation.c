/* Activations of matrices.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/activation.h"

#include "isa/kernels.h"

void KERNEL(activation, backward_rows)(const recur_activation *phi, const MATRIX *h,
                                       const MATRIX *dh, const MATRIX *dz) {
  const KERNEL(isa, table) *isa = KERNEL(isa, chosen)();
  for (size_t i = 0; i < h->size1; i++)
    isa->gradients(phi, h->data + i * h->tda, dh->data + i * dh->tda, dz->data + i * dz->tda,
                   h->size2);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "activation.c"
#endif
