/* Copies from the record of a training pass, in the layout of a sequence.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/workspace.h"

static int rk_record_check(const char *function, const recur_network_workspace *w, size_t layer,
                           size_t direction) {
  if (w->mode != RECUR_MODE_TRAINING || w->record == RK_EMPTY)
    return rk_fail(GSL_EINVAL, function, "w", "has no forward pass for training");
  if (w->segments > 1)
    return rk_fail(GSL_EINVAL, function, "w", "stores one segment of steps, expected all T steps");
  if (layer >= w->s.L)
    return rk_fail(GSL_EINVAL, function, "layer", "is %zu, expected less than %zu", layer, w->s.L);
  if (direction >= w->s.D)
    return rk_fail(GSL_EINVAL, function, "direction", "is %zu, expected less than %zu", direction,
                   w->s.D);
  return GSL_SUCCESS;
}

/* Copies H columns, or H columns for each of several gates. */
static void rk_record_unpack(const recur_network_workspace *w, const gsl_matrix *kept, size_t ld,
                             gsl_matrix *sequence) {
  const size_t T = w->batch.T, H = w->s.H;
  const gsl_matrix rows = rk_workspace_kept(w, kept, ld, 0, 0, T);
  for (size_t g = 0; g < sequence->size2 / H; g++) {
    const gsl_matrix gate = rk_matrix_columns(&rows, g * w->gate_stride, H);
    const rk_sequence to = {.m = rk_matrix_columns(sequence, g * H, H)};
    rk_sequence_unpack(&gate, &to, &w->batch, 0, T, false);
    rk_sequence_clear_padding(&to, &w->batch, 0, T);
  }
}

int recur_network_gates(const recur_network_workspace *w, size_t layer, size_t direction,
                        gsl_matrix *gates) {
  RK_REQUIRE(w);
  RK_TRY(rk_record_check(__func__, w, layer, direction));
  if (w->record != RK_FORWARD)
    return rk_fail(GSL_EINVAL, __func__, "w",
                   "has gradients of gates, expected a forward pass without a backward pass");
  const operand operands[] = {
      REQUIRED(matrix, OUTPUT, gates, w->batch.T * w->batch.B, w->s.G * w->s.H),
  };
  RK_CHECK(operands);
  rk_record_unpack(w, &w->gates, layer * w->s.D + direction, gates);
  return GSL_SUCCESS;
}

int recur_network_gate_gradients(const recur_network_workspace *w, size_t layer, size_t direction,
                                 gsl_matrix *dgates) {
  RK_REQUIRE(w);
  RK_TRY(rk_record_check(__func__, w, layer, direction));
  if (w->record != RK_BACKWARD)
    return rk_fail(GSL_EINVAL, __func__, "w", "has no gradients, expected a backward pass");
  const operand operands[] = {
      REQUIRED(matrix, OUTPUT, dgates, w->batch.T * w->batch.B, w->s.G * w->s.H),
  };
  RK_CHECK(operands);
  rk_record_unpack(w, &w->gates, layer * w->s.D + direction, dgates);
  return GSL_SUCCESS;
}

int recur_network_cell_states(const recur_network_workspace *w, size_t layer, size_t direction,
                              gsl_matrix *c) {
  RK_REQUIRE(w);
  RK_TRY(rk_record_check(__func__, w, layer, direction));
  if (!w->s.cell_state)
    return rk_fail(GSL_EINVAL, __func__, "w", "belongs to a cell without a cell state");
  const operand operands[] = {
      REQUIRED(matrix, OUTPUT, c, w->batch.T * w->batch.B, w->s.H),
  };
  RK_CHECK(operands);
  rk_record_unpack(w, &w->c, layer * w->s.D + direction, c);
  return GSL_SUCCESS;
}

int recur_network_layer_outputs(const recur_network_workspace *w, size_t layer, gsl_matrix *y) {
  RK_REQUIRE(w);
  RK_TRY(rk_record_check(__func__, w, layer, 0));
  if (layer == w->s.L - 1)
    return rk_fail(GSL_EINVAL, __func__, "layer", "is %zu, the last layer, whose outputs are y",
                   layer);
  const operand operands[] = {
      REQUIRED(matrix, OUTPUT, y, w->batch.T * w->batch.B, w->s.D * w->s.P),
  };
  RK_CHECK(operands);
  const rk_sequence kept = rk_workspace_outputs(w, layer, 0);
  const gsl_matrix rows = rk_matrix_rows(&kept.m, 0, y->size1);
  rk_matrix_copy(&rows, y);
  return GSL_SUCCESS;
}
