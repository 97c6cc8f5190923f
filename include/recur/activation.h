/* The function phi of a cell.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_ACTIVATION_H
#define RECUR_ACTIVATION_H

typedef enum {
  RECUR_TANH, /* phi(z) = tanh z,    phi'(z) = 1 - h^2          with h = phi(z) */
  RECUR_RELU  /* phi(z) = max(0, z), phi'(z) = 0 where h <= 0 (so at z = 0), 1 elsewhere */
} recur_activation;

#endif
