/* recur/parameters.h: names, shapes and order of all slices, sizes near the limits of size_t and
   INT_MAX, and layouts that do not support a network. These functions do not depend on the
   precision.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/layout_networks.h"

#include <limits.h>
#include <recur/error.h>

/* The names, shapes and order of all slices, which are contiguous. */
static const struct {
  recur_cell_kind kind;
  int options;
  size_t I, H, L, D;
  recur_layout layout;
  const char *slices;
} lists[] = {
    {RECUR_CELL_LSTM, PEEPHOLES | PROJECTION, 4, 3, 2, 2, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 12x4, weight_hh_l0 12x2, bias_ih_l0 12x1, bias_hh_l0 12x1, weight_hr_l0 2x3, "
     "weight_peephole_l0 3x3, weight_ih_l0_reverse 12x4, weight_hh_l0_reverse 12x2, "
     "bias_ih_l0_reverse 12x1, bias_hh_l0_reverse 12x1, weight_hr_l0_reverse 2x3, "
     "weight_peephole_l0_reverse 3x3, weight_ih_l1 12x4, weight_hh_l1 12x2, bias_ih_l1 12x1, "
     "bias_hh_l1 12x1, weight_hr_l1 2x3, weight_peephole_l1 3x3, weight_ih_l1_reverse 12x4, "
     "weight_hh_l1_reverse 12x2, bias_ih_l1_reverse 12x1, bias_hh_l1_reverse 12x1, "
     "weight_hr_l1_reverse 2x3, weight_peephole_l1_reverse 3x3, "},
    {RECUR_CELL_LSTM, COUPLED | PEEPHOLES | NO_BIAS, 4, 3, 1, 1, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 9x4, weight_hh_l0 9x3, weight_peephole_l0 2x3, "},
    {RECUR_CELL_LSTM, COUPLED | PEEPHOLES | NORMALIZED, 4, 3, 1, 1, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 9x4, weight_hh_l0 9x3, bias_ih_l0 9x1, bias_hh_l0 9x1, weight_peephole_l0 2x3, "
     "weight_ln_ih_l0 9x1, weight_ln_hh_l0 9x1, "},
    {RECUR_CELL_GRU, NO_BIAS | NORMALIZED, 4, 3, 1, 2, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 9x4, weight_hh_l0 9x3, weight_ln_ih_l0 9x1, weight_ln_hh_l0 9x1, "
     "weight_ih_l0_reverse 9x4, weight_hh_l0_reverse 9x3, weight_ln_ih_l0_reverse 9x1, "
     "weight_ln_hh_l0_reverse 9x1, "},
    {RECUR_CELL_RESIDUAL, 0, 4, 3, 1, 1, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 3x4, weight_hh_l0 3x3, bias_ih_l0 3x1, bias_hh_l0 3x1, "},
    {RECUR_CELL_LSTM, COUPLED | PEEPHOLES, 4, 3, 2, 2, RECUR_LAYOUT_ONNX,
     "W_l0 24x4, R_l0 24x3, B_l0 2x24, P_l0 2x9, W_l1 24x6, R_l1 24x3, B_l1 2x24, P_l1 2x9, "},
    {RECUR_CELL_GRU, NO_BIAS, 4, 3, 1, 1, RECUR_LAYOUT_ONNX, "W_l0 9x4, R_l0 9x3, "},
    {RECUR_CELL_GRU, 0, 4, 3, 2, 2, RECUR_LAYOUT_KERAS,
     "kernel_l0 4x9, recurrent_kernel_l0 3x9, bias_l0 2x9, kernel_l0_reverse 4x9, "
     "recurrent_kernel_l0_reverse 3x9, bias_l0_reverse 2x9, kernel_l1 6x9, recurrent_kernel_l1 "
     "3x9, "
     "bias_l1 2x9, kernel_l1_reverse 6x9, recurrent_kernel_l1_reverse 3x9, bias_l1_reverse 2x9, "},
    {RECUR_CELL_GRU, BEFORE, 4, 3, 1, 1, RECUR_LAYOUT_KERAS,
     "kernel_l0 4x9, recurrent_kernel_l0 3x9, bias_l0 1x9, "},
    {RECUR_CELL_LSTM, PEEPHOLES | PROJECTION, 5, 3, 2, 1, RECUR_LAYOUT_ONEDNN,
     "weights_layer_l0 5x12, weights_iter_l0 2x12, bias_l0 1x12, weights_peephole_l0 3x3, "
     "weights_projection_l0 3x2, weights_layer_l1 2x12, weights_iter_l1 2x12, bias_l1 1x12, "
     "weights_peephole_l1 3x3, weights_projection_l1 3x2, "},
    {RECUR_CELL_GRU, 0, 5, 3, 1, 2, RECUR_LAYOUT_ONEDNN,
     "weights_layer_l0 5x9, weights_iter_l0 3x9, bias_l0 1x12, weights_layer_l0_reverse 5x9, "
     "weights_iter_l0_reverse 3x9, bias_l0_reverse 1x12, "},
    {RECUR_CELL_GRU, BEFORE, 5, 3, 1, 1, RECUR_LAYOUT_ONEDNN,
     "weights_layer_l0 5x9, weights_iter_l0 3x9, bias_l0 1x9, "},
    {RECUR_CELL_RNN, 0, 5, 3, 1, 1, RECUR_LAYOUT_ONEDNN,
     "weights_layer_l0 5x3, weights_iter_l0 3x3, bias_l0 1x3, "},
};

static void test_lists(void) {
  for (size_t k = 0; k < COUNT(lists); k++) {
    check_note("list %zu", k);
    recur_network n = make(lists[k].kind, lists[k].I, lists[k].H, lists[k].options);
    n.layers = lists[k].L;
    n.directions = lists[k].D;
    size_t slices = 0, numbers = 0, next = 0;
    CHECK(recur_parameters_count(&n, lists[k].layout, &slices, &numbers) == GSL_SUCCESS);
    char text[2000] = "", *end = text;
    for (size_t p = 0; p < slices; p++) {
      recur_parameter_slice slice;
      CHECK(recur_parameters_slice(&n, lists[k].layout, p, &slice) == GSL_SUCCESS);
      CHECK(slice.offset == next);
      next += slice.rows * slice.columns;
      end += sprintf(end, "%s %zux%zu, ", slice.name, slice.rows, slice.columns);
    }
    CHECK(next == numbers);
    CHECK(strcmp(text, lists[k].slices) == 0);
  }
}

static void refuse_size(const recur_network *n, recur_layout layout, int status, const char *name) {
  size_t slices = 1, numbers = 2;
  recur_parameter_slice slice = {.rows = 3};
  CHECK(recur_parameters_count(n, layout, &slices, &numbers) == status);
  CHECK(strcmp(recur_last_error()->argument, name) == 0);
  CHECK(strcmp(recur_last_error()->function, "recur_parameters_count") == 0);
  CHECK(recur_parameters_slice(n, layout, 0, &slice) == status);
  CHECK(strcmp(recur_last_error()->function, "recur_parameters_slice") == 0);
  CHECK(slices == 1 && numbers == 2 && slice.rows == 3);
}

static void test_wrong_sizes(void) {
  check_note("sizes");
  recur_network n = recur_lstm(2, 3);
  size_t slices, numbers;
  recur_parameter_slice slice;
  refuse_size(NULL, RECUR_LAYOUT_ONNX, GSL_EFAULT, "network");
  refuse_size(&n, (recur_layout)4, GSL_EINVAL, "layout");
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_ONNX, NULL, &numbers) == GSL_EFAULT);
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_ONNX, &slices, NULL) == GSL_EFAULT);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, 0, NULL) == GSL_EFAULT);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, 2, &slice) == GSL_SUCCESS);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, 3, &slice) == GSL_EINVAL);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, SIZE_MAX, &slice) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "k") == 0);
  for (size_t l = 0; l < COUNT(layouts); l++) {
    n = recur_lstm(2, INT_MAX / 2);
    refuse_size(&n, layouts[l], GSL_EINVAL, "G * H");
    n = recur_rnn(INT_MAX, INT_MAX);
    n.layers = 3;
    refuse_size(&n, layouts[l], GSL_EINVAL, "parameters");
    n.layers = INT_MAX;
    refuse_size(&n, layouts[l], GSL_EINVAL, "parameters");
    n.layers = SIZE_MAX;
    refuse_size(&n, layouts[l], GSL_EINVAL, "network->layers");
  }
}

static void test_largest_sizes(void) {
  check_note("largest sizes");
  recur_network n = recur_rnn(1, 1);
  size_t slices, numbers;
  recur_parameter_slice slice;
  n.layers = INT_MAX;
  n.directions = 2;
  const size_t groups = 2 * (size_t)INT_MAX;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_PYTORCH, &slices, &numbers) == GSL_SUCCESS);
  CHECK(slices == 4 * groups && numbers == 4 * 2 + 5 * (groups - 2));
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, slices - 1, &slice) == GSL_SUCCESS);
  CHECK(slice.offset == numbers - 1 && strcmp(slice.name, "bias_hh_l2147483646_reverse") == 0);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, 3 * (size_t)INT_MAX - 1, &slice) ==
        GSL_SUCCESS);
  CHECK(slice.offset == numbers - 4 && strcmp(slice.name, "B_l2147483646") == 0);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONEDNN, 6 * (size_t)INT_MAX - 1, &slice) ==
        GSL_SUCCESS);
  CHECK(strcmp(slice.name, "bias_l2147483646_reverse") == 0);
  /* The three gates do not overflow, the four of ONNX do. */
  n = make(RECUR_CELL_LSTM, 1, 1 << 15, COUPLED | NO_BIAS);
  n.layers = 300000000;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_PYTORCH, &slices, &numbers) == GSL_SUCCESS);
  refuse_size(&n, RECUR_LAYOUT_ONNX, GSL_EINVAL, "parameters");
}

static const struct {
  recur_cell_kind kind;
  int options;
  recur_layout layout;
  const char *argument;
} without_place[] = {
    {RECUR_CELL_RESIDUAL, 0, RECUR_LAYOUT_ONNX, "network->cell.kind"},
    {RECUR_CELL_RESIDUAL, 0, RECUR_LAYOUT_KERAS, "network->cell.kind"},
    {RECUR_CELL_RESIDUAL, 0, RECUR_LAYOUT_ONEDNN, "network->cell.kind"},
    {RECUR_CELL_LSTM, PROJECTION, RECUR_LAYOUT_ONNX, "network->cell.projection_size"},
    {RECUR_CELL_LSTM, PROJECTION, RECUR_LAYOUT_KERAS, "network->cell.projection_size"},
    {RECUR_CELL_LSTM, PEEPHOLES, RECUR_LAYOUT_KERAS, "network->cell.peepholes"},
    {RECUR_CELL_LSTM, COUPLED, RECUR_LAYOUT_KERAS, "network->cell.coupled_gates"},
    {RECUR_CELL_LSTM, COUPLED, RECUR_LAYOUT_ONEDNN, "network->cell.coupled_gates"},
    {RECUR_CELL_LSTM, NORMALIZED, RECUR_LAYOUT_ONNX, "network->cell.layer_normalization"},
    {RECUR_CELL_LSTM, NORMALIZED, RECUR_LAYOUT_KERAS, "network->cell.layer_normalization"},
    {RECUR_CELL_GRU, NORMALIZED, RECUR_LAYOUT_ONEDNN, "network->cell.layer_normalization"},
};

static void test_without_place(void) {
  for (size_t k = 0; k < COUNT(without_place); k++) {
    check_note("unsupported layout %zu", k);
    const recur_network n = make(without_place[k].kind, 2, 3, without_place[k].options);
    refuse_size(&n, without_place[k].layout, GSL_EUNIMPL, without_place[k].argument);
  }
}

int main(void) {
  check_begin();
  test_lists();
  test_wrong_sizes();
  test_largest_sizes();
  test_without_place();
  return check_end();
}
