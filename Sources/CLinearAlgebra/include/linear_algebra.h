/* What the diagnostics and the baselines need of GSL's linear algebra, on plain arrays. All numbers
   have to be finite; matrices are row after row. Each returns 0, or a status of GSL, GSL_ENOMEM
   where memory runs out; none calls GSL's error handler.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef LINEAR_ALGEBRA_H
#define LINEAR_ALGEBRA_H

#include <stddef.h>

/* The magnitudes of the eigenvalues of an n x n matrix, in no order. */
int linear_algebra_eigenvalue_magnitudes(const double *a, size_t n, double *magnitudes);

/* The coefficients that minimise the squares of y - X c, where X has as many rows as y or more than
   it has columns. Of those that do so equally well, the least. */
int linear_algebra_least_squares(const double *x, size_t rows, size_t columns, const double *y,
                                 double *coefficients);

#endif
