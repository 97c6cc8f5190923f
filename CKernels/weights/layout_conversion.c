/* Access by name, and conversion from and to other layouts: see recur/parameters.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/environment.h"
#include "base/matrix.h"
#include "weights/layouts.h"

#include <recur/parameters.h>
#include <string.h>

int recur_parameters_view(const recur_network *network, const gsl_vector *theta, const char *name,
                          gsl_matrix *slice) {
  rk_layout_arrangement a;
  RK_TRY(rk_layout_arrange(__func__, network, RECUR_LAYOUT_PYTORCH, sizeof(rk_real), &a));
  RK_TRY(rk_vector_check_contiguous(__func__, theta, a.count));
  RK_REQUIRE(name);
  RK_REQUIRE(slice);
  for (size_t k = 0; k < a.slices; k++) {
    const recur_parameter_slice found = rk_layout_slice(&a, k);
    if (strcmp(found.name, name) == 0) {
      *slice = rk_matrix_of(theta->data + found.offset, found.rows, found.columns);
      return GSL_SUCCESS;
    }
  }
  return rk_fail(GSL_EINVAL, __func__, "name",
                 "is \"%s\", expected the name of a slice of the network", name);
}

/* The elements of one gate, with any strides. */
typedef struct {
  rk_real *data;
  size_t row_step, column_step;
} rk_layout_grid;

static void rk_layout_copy(size_t rows, size_t columns, rk_layout_grid from, rk_layout_grid to) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      to.data[i * to.row_step + j * to.column_step] =
          from.data[i * from.row_step + j * from.column_step];
}

/* A bias of 0 does not change the other bias, not even -0 or a NaN. */
static void rk_layout_add_bias(size_t size, const rk_real *bias, rk_real *sum) {
  for (size_t i = 0; i < size; i++)
    if (bias[i] != 0)
      sum[i] += bias[i];
}

/* Converts between Recur's slices and a foreign tensor, for one layer and direction. */
static void rk_layout_convert_tensor(const rk_layout_arrangement *a, bool import,
                                     const rk_layout_tensor *t, const rk_parameter_views *ours,
                                     size_t count, rk_real *theirs) {
  const recur_cell *cell = &a->network->cell;
  const char *apart = rk_layout_order(cell, a->layout, RK_BIAS_HH);
  for (rk_parameter_kind kind = t->first; kind < t->first + t->count; kind++) {
    const gsl_matrix *m = &ours->matrix[kind];
    const char *own = rk_layout_order(cell, RECUR_LAYOUT_PYTORCH, kind);
    const size_t rows = m->size1 / strlen(own), columns = m->size2;
    const bool transposed = t->form == TRANSPOSED;
    const size_t row_step = transposed ? 1 : columns;
    const size_t column_step = transposed ? count / columns : 1;
    for (const char *gate = rk_layout_order(cell, a->layout, kind); *gate; gate++) {
      const char *place = strchr(own, *gate);
      const rk_layout_grid there = {theirs, row_step, column_step};
      theirs += rows * row_step;
      if (place == NULL)
        continue;
      const size_t row = (size_t)(place - own) * rows;
      const rk_layout_grid here = {m->data + row * columns, columns, 1};
      rk_layout_copy(rows, columns, import ? there : here, import ? here : there);
      if (!import && kind == RK_BIAS_IH && strchr(apart, *gate) == NULL)
        rk_layout_add_bias(rows, ours->matrix[RK_BIAS_HH].data + row, there.data);
    }
  }
}

/* Elements without a counterpart become 0: the f of a coupled LSTM, and a bias_hh that is part of
   bias_ih. */
static void rk_layout_convert(const rk_layout_arrangement *a, bool import, const gsl_vector *theta,
                              const gsl_vector *foreign) {
  const gsl_vector *to = import ? theta : foreign;
  memset(to->data, 0, to->size * sizeof(rk_real));
  const size_t D = a->network->directions;
  for (size_t k = 0; k < a->network->layers * D; k++) {
    const size_t layer = k / D, group = k / a->joined, within = k % a->joined;
    const rk_parameter_views ours = rk_parameter_views_of(a->network, theta, layer, k % D);
    rk_real *theirs = foreign->data + rk_layout_count_in_groups(a, group);
    for (size_t index = 0; index < a->tensors_per_group; index++) {
      const rk_layout_tensor *t = a->tensors[index];
      const size_t all = rk_layout_tensor_count(a, layer, t), count = all / a->joined;
      rk_layout_convert_tensor(a, import, t, &ours, count, theirs + within * count);
      theirs += all;
    }
  }
}

int recur_parameters_import(const recur_network *network, recur_layout layout,
                            const gsl_vector *foreign, gsl_vector *theta) {
  RK_COMPUTES;
  rk_layout_arrangement a;
  RK_TRY(rk_layout_arrange(__func__, network, layout, sizeof(rk_real), &a));
  const operand operands[] = {
      REQUIRED(vector, INPUT, foreign, a.count),
      REQUIRED(vector, OUTPUT, theta, rk_parameter_count(network)),
  };
  RK_CHECK(operands);
  RK_TRY(rk_vector_check_stride(__func__, "foreign", foreign));
  RK_TRY(rk_vector_check_stride(__func__, "theta", theta));
  rk_layout_convert(&a, true, theta, foreign);
  return GSL_SUCCESS;
}

int recur_parameters_export(const recur_network *network, recur_layout layout,
                            const gsl_vector *theta, gsl_vector *foreign) {
  RK_COMPUTES;
  rk_layout_arrangement a;
  RK_TRY(rk_layout_arrange(__func__, network, layout, sizeof(rk_real), &a));
  const operand operands[] = {
      REQUIRED(vector, INPUT, theta, rk_parameter_count(network)),
      REQUIRED(vector, OUTPUT, foreign, a.count),
  };
  RK_CHECK(operands);
  RK_TRY(rk_vector_check_stride(__func__, "theta", theta));
  RK_TRY(rk_vector_check_stride(__func__, "foreign", foreign));
  rk_layout_convert(&a, false, theta, foreign);
  return GSL_SUCCESS;
}
