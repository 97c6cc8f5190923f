/* Random orthonormal vectors: the columns of Q in the QR decomposition of a matrix of normal
   numbers, where R has a positive diagonal. They are the first columns of H_1 ... H_n D. H_k
   reflects a vector of normal numbers, in the coordinates from k on, onto the k-th axis. D is the
   diagonal matrix of the signs (Stewart, SIAM J. Numer. Anal. 17, 1980).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/orthogonal.h"

#include "base/check.h"

#include <math.h>
#include <string.h>

/* The number of vectors that are reflected together, so that they stay in the cache. */
enum { PANEL = 16 };

/* p -= v v^T p: a reflection, because v^T v = 2. */
static void reflect(const double *v, double (*p)[PANEL], size_t size) {
  double sums[PANEL] = {0};
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < PANEL; j++)
      sums[j] += v[i] * p[i][j];
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < PANEL; j++)
      p[i][j] -= v[i] * sums[j];
}

/* Replaces v by the reflection that maps it to norm * sign * e_1. Returns the sign, chosen so
   that v is far from its image. */
static double make_reflection(double *v, size_t size) {
  double square = 0;
  for (size_t i = 0; i < size; i++)
    square += v[i] * v[i];
  const double norm = sqrt(square), sign = v[0] < 0 ? 1 : -1;
  const double scale = 1 / sqrt(norm * (norm + fabs(v[0])));
  v[0] -= sign * norm;
  for (size_t i = 0; i < size; i++)
    v[i] *= scale;
  return sign;
}

/* The vectors, their signs, a panel. */
size_t rk_orthogonal_scratch(size_t count, size_t size) {
  return rk_plus(rk_times(count, size), rk_plus(count, rk_times(size, PANEL)));
}

/* q first has the reflections, then the vectors. Panels are computed from the last to the first:
   each overwrites reflections that no earlier panel needs. */
void rk_orthogonal_fill(rk_generator *g, size_t count, size_t size, double *scratch) {
  double *q = scratch, *signs = q + count * size;
  double(*panel)[PANEL] = (double(*)[PANEL])(signs + count);
  for (size_t k = 0; k < count; k++) {
    rk_generator_fill_normal(g, q + k * size + k, size - k);
    signs[k] = make_reflection(q + k * size + k, size - k);
  }
  for (size_t end = count; end > 0; end = (end - 1) / PANEL * PANEL) {
    const size_t first = (end - 1) / PANEL * PANEL;
    memset(panel, 0, size * sizeof *panel);
    for (size_t k = end; k-- > 0;) {
      if (k >= first)
        panel[k][k - first] = signs[k];
      reflect(q + k * size + k, panel + k, size - k);
    }
    for (size_t k = first; k < end; k++)
      for (size_t i = 0; i < size; i++)
        q[k * size + i] = panel[i][k - first];
  }
}
