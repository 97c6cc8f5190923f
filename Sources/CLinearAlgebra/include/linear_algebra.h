/* GSL's linear algebra for the diagnostics, on plain arrays. All values must be finite. Matrices
   are stored row by row. Each function returns 0 or a status of GSL, such as GSL_ENOMEM if memory
   runs out. The functions do not call GSL's error handler.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef LINEAR_ALGEBRA_H
#define LINEAR_ALGEBRA_H

#include <stddef.h>

/* Computes the magnitudes of the eigenvalues of an n x n matrix, in no particular order. */
int linear_algebra_eigenvalue_magnitudes(const double *a, size_t n, double *magnitudes);

#endif
