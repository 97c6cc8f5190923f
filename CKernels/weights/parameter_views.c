/* Views of the parameters of one layer and direction.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/parameters.h"

rk_parameter_views rk_parameter_views_of(const recur_network *network, const gsl_vector *theta,
                                         size_t layer, size_t direction) {
  rk_parameter_views views;
  rk_real *next = theta->data + rk_parameter_count_before(network, layer, direction);
  for (rk_parameter_kind kind = 0; kind < RK_PARAMETER_KINDS; kind++) {
    size_t rows, columns;
    rk_parameter_shape(network, layer, kind, &rows, &columns);
    views.matrix[kind] = rk_matrix_next(&next, rows, columns);
    if (rows == 0)
      views.matrix[kind].data = NULL;
  }
  return views;
}
