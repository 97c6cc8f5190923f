/* Activations of matrices.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/activation.h"

#include "isa/kernels.h"

void rk_activation_backward_rows(const recur_activation *phi, const gsl_matrix *h,
                                 const gsl_matrix *dh, const gsl_matrix *dz) {
  const rk_kernels *isa = rk_kernels_in_use();
  for (size_t i = 0; i < h->size1; i++)
    isa->gradients(phi, h->data + i * h->tda, dh->data + i * dh->tda, dz->data + i * dz->tda,
                   h->size2);
}
