/* Several arrays in one allocation.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_MEMORY_H
#define RK_MEMORY_H

#include "base/check.h"
#include "base/precision.h"

#include <gsl/gsl_matrix.h>
#include <string.h>

/* Memory for free(), aligned to RK_ROW_BYTES; NULL after an error. A column of a large matrix
   touches a page for each row, more pages than a TLB has entries. So large memory has huge pages
   where the system offers them. */
void *rk_allocate(const char *function, const char *what, size_t bytes);

/* Reserves an aligned array after the used bytes. If memory is NULL, only adds up the size. */
static inline void *rk_take(char *memory, size_t *used, size_t count, size_t element) {
  void *array = memory == NULL ? NULL : memory + *used;
  *used = rk_plus(*used, rk_filled(rk_times(count, element), 1));
  return array;
}

/* Rows that are a multiple of this apart share few sets of a first-level cache. */
enum { RK_CRAMPED_BYTES = 1024 };

/* The kernels compute on whole vectors, so the padding of a row to whole vectors is set to 0. */
static inline gsl_matrix rk_take_matrix(char *memory, size_t *used, size_t rows, size_t columns) {
  size_t filled = rk_filled(columns, sizeof(rk_real));
  if (rows > 1 && filled != 0 && filled * sizeof(rk_real) % RK_CRAMPED_BYTES == 0)
    filled = rk_filled(rk_plus(filled, 1), sizeof(rk_real));
  rk_real *data = rk_take(memory, used, rk_times(rows, filled), sizeof(rk_real));
  const size_t padding = rk_filled(columns, sizeof(rk_real)) - columns;
  for (size_t i = 0; data != NULL && padding != 0 && i < rows; i++)
    memset(data + i * filled + columns, 0, padding * sizeof(rk_real));
  return (gsl_matrix){.size1 = rows, .size2 = columns, .tda = filled, .data = data};
}

#endif
