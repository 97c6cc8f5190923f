/* What the record of a training pass holds, in the layout of a sequence.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/workspace.h"

static int KERNEL(record, check)(const char *function, const WORKSPACE *w, size_t layer,
                                 size_t direction) {
  if (w->pass != RECUR_TRAINING || w->record == RK_EMPTY)
    return rk_fail(GSL_EINVAL, function, "w", "holds no training pass");
  if (w->segments > 1)
    return rk_fail(GSL_EINVAL, function, "w", "keeps one segment of steps at a time, not all T");
  if (layer >= w->s.L)
    return rk_fail(GSL_EINVAL, function, "layer", "is %zu, expected less than %zu", layer, w->s.L);
  if (direction >= w->s.D)
    return rk_fail(GSL_EINVAL, function, "direction", "is %zu, expected less than %zu", direction,
                   w->s.D);
  return GSL_SUCCESS;
}

/* Of H columns, or of several groups of them. */
static void KERNEL(record, unpack)(const WORKSPACE *w, const MATRIX *kept, size_t ld,
                                   MATRIX *sequence) {
  const size_t T = w->batch.T, H = w->s.H;
  const MATRIX rows = KERNEL(workspace, kept)(w, kept, ld, 0, 0, T);
  for (size_t g = 0; g < sequence->size2 / H; g++) {
    const MATRIX group = KERNEL(matrix, columns)(&rows, g * w->group, H);
    const KERNEL(sequence, view) to = {.m = KERNEL(matrix, columns)(sequence, g * H, H)};
    KERNEL(sequence, unpack)(&group, &to, &w->batch, 0, T, false);
    KERNEL(sequence, clear_padding)(&to, &w->batch, 0, T);
  }
}

int RECUR(network, gates)(const WORKSPACE *w, size_t layer, size_t direction, MATRIX *gates) {
  RK_REQUIRE(w);
  RK_TRY(KERNEL(record, check)(__func__, w, layer, direction));
  const operand operands[] = {
      REQUIRED(matrix, OUTPUT, gates, w->batch.T * w->batch.B, w->s.G * w->s.H),
  };
  RK_CHECK(operands);
  KERNEL(record, unpack)(w, &w->gates, layer * w->s.D + direction, gates);
  return GSL_SUCCESS;
}

int RECUR(network, cell_states)(const WORKSPACE *w, size_t layer, size_t direction, MATRIX *c) {
  RK_REQUIRE(w);
  RK_TRY(KERNEL(record, check)(__func__, w, layer, direction));
  if (!w->s.cell_state)
    return rk_fail(GSL_EINVAL, __func__, "w", "is of a cell that has no cell state");
  const operand operands[] = {
      REQUIRED(matrix, OUTPUT, c, w->batch.T * w->batch.B, w->s.H),
  };
  RK_CHECK(operands);
  KERNEL(record, unpack)(w, &w->c, layer * w->s.D + direction, c);
  return GSL_SUCCESS;
}

int RECUR(network, layer_outputs)(const WORKSPACE *w, size_t layer, MATRIX *y) {
  RK_REQUIRE(w);
  RK_TRY(KERNEL(record, check)(__func__, w, layer, 0));
  if (layer == w->s.L - 1)
    return rk_fail(GSL_EINVAL, __func__, "layer", "is %zu, the last, whose outputs are y", layer);
  const operand operands[] = {
      REQUIRED(matrix, OUTPUT, y, w->batch.T * w->batch.B, w->s.D * w->s.P),
  };
  RK_CHECK(operands);
  const KERNEL(sequence, view) kept = KERNEL(workspace, outputs)(w, layer, 0);
  const MATRIX rows = KERNEL(matrix, rows)(&kept.m, 0, y->size1);
  KERNEL(matrix, copy)(&rows, y);
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "record.c"
#endif
