/* Random orthonormal vectors: the Q of a normal matrix whose R has a positive diagonal, transposed.
   They are the first columns of H_1 ... H_n D, where H_k reflects a normal vector of the numbers
   from k on to the first of them, and D has the signs (Stewart, SIAM J. Numer. Anal. 17, 1980).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "math/orthogonal.h"

#include "base/check.h"

#include <math.h>
#include <string.h>

/* Vectors at a time, which stay in the cache while all reflections pass by. */
enum { PANEL = 16 };

/* p -= v v^T p: a reflection, since v^T v = 2. */
static void reflect(const double *v, double (*p)[PANEL], size_t size) {
  double sums[PANEL] = {0};
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < PANEL; j++)
      sums[j] += v[i] * p[i][j];
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < PANEL; j++)
      p[i][j] -= v[i] * sums[j];
}

/* v becomes what reflects it to sign * e_1, the farther of the two; the sign is returned. */
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

/* The reflections lie where the vectors will: these, from the last panel on, take the places of
   those that no panel before needs. */
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
