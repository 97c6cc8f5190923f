/* Random orthonormal vectors in double precision.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ORTHOGONAL_H
#define RK_ORTHOGONAL_H

#include "math/generator.h"

/* The number of elements of scratch for rk_orthogonal_fill; saturating. */
size_t rk_orthogonal_scratch(size_t count, size_t size);

/* Writes `count` orthonormal rows of `size` elements to the start of scratch, uniformly distributed
   among all such sets; count is from 1 to size. */
void rk_orthogonal_fill(rk_generator *g, size_t count, size_t size, double *scratch);

#endif
