/* Euclidean norms.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_NORM_H
#define RK_NORM_H

#include "base/precision.h"

#include <gsl/gsl_matrix.h>

/* norms[i] = the norm of row i of m. It is accurate even if squares overflow or underflow, as those
   of exploding and vanishing gradients do. */
void rk_norm_rows(const gsl_matrix *m, rk_real *norms);

#endif
