/* The softmax of a row, and its gradient, without argument checks.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_SOFTMAX_ROW_H
#define RK_SOFTMAX_ROW_H

#include "base/precision.h"

#include <stddef.h>

/* Replaces z by softmax(z), with log sum exp(z) = *largest + *log_rest. */
void rk_softmax_row(rk_real *z, size_t O, rk_real *largest, rk_real *log_rest);

/* dz = y o (dy - <y, dy>). dz may be dy. */
void rk_softmax_row_backward(const rk_real *y, const rk_real *dy, rk_real *dz, size_t O);

#endif
