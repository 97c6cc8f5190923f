/* The layouts of other systems: see layouts.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/layouts.h"

#include "base/check.h"
#include "configuration/cells.h"

#include <recur/parameters.h>
#include <stdio.h>
#include <string.h>

enum { LAYOUTS = RECUR_LAYOUT_ONEDNN + 1 };

/* The indices of `orders`: the values of recur_cell_kind, then these. */
enum {
  COUPLED = RECUR_CELL_KINDS,
  PEEPHOLES,
  COUPLED_PEEPHOLES,
  PROJECTION,
  RESET_AFTER_BIAS,
  GAINS
};

/* The order of the gates in Recur's letters. (Others call z u; n h or o; g c.) The f that a coupled
   LSTM does not have is 0 in ONNX. NULL: the layout does not support the option. */
static const struct {
  const char *order[LAYOUTS], *option;
} orders[] = {
    /* Recur, ONNX, Keras, oneDNN */
    [RECUR_CELL_RNN] = {{"h", "h", "h", "h"}, NULL},
    [RECUR_CELL_RESIDUAL] = {{"h", NULL, NULL, NULL}, "network->cell.kind"},
    [RECUR_CELL_GRU] = {{"rzn", "zrn", "zrn", "zrn"}, NULL},
    [RECUR_CELL_LSTM] = {{"ifgo", "iofg", "ifgo", "ifgo"}, NULL},
    [COUPLED] = {{"igo", "iofg", NULL, NULL}, "network->cell.coupled_gates"},
    [PEEPHOLES] = {{"ifo", "iof", NULL, "ifo"}, "network->cell.peepholes"},
    [COUPLED_PEEPHOLES] = {{"io", "iof", NULL, NULL}, "network->cell.peepholes"},
    [PROJECTION] = {{"m", NULL, NULL, "m"}, "network->cell.projection_size"},
    [RESET_AFTER_BIAS] = {{"rzn", "zrn", "zrn", "n"}, NULL},
    [GAINS] = {{"a", NULL, NULL, NULL}, "network->cell.layer_normalization"},
};

static const struct {
  const char *system;
  bool one_bias;         /* bias_hh is added to bias_ih */
  bool joins_directions; /* one tensor has both directions */
  rk_layout_tensor tensors[RK_PARAMETER_KINDS];
} layouts[LAYOUTS] = {
    [RECUR_LAYOUT_PYTORCH] = {.system = "torch",
                              .tensors = {{NULL, RK_WEIGHT_IH, 1, SAME},
                                          {NULL, RK_WEIGHT_HH, 1, SAME},
                                          {NULL, RK_BIAS_IH, 1, SAME},
                                          {NULL, RK_BIAS_HH, 1, SAME},
                                          {NULL, RK_WEIGHT_HR, 1, SAME},
                                          {NULL, RK_WEIGHT_PEEPHOLE, 1, SAME},
                                          {NULL, RK_WEIGHT_LN_IH, 1, SAME},
                                          {NULL, RK_WEIGHT_LN_HH, 1, SAME}}},
    [RECUR_LAYOUT_ONNX] = {.system = "ONNX",
                           .joins_directions = true,
                           .tensors = {{"W", RK_WEIGHT_IH, 1, SAME},
                                       {"R", RK_WEIGHT_HH, 1, SAME},
                                       {"B", RK_BIAS_IH, 2, ROW_PER_DIRECTION},
                                       {"P", RK_WEIGHT_PEEPHOLE, 1, ROW_PER_DIRECTION}}},
    [RECUR_LAYOUT_KERAS] = {.system = "Keras",
                            .one_bias = true,
                            .tensors = {{"kernel", RK_WEIGHT_IH, 1, TRANSPOSED},
                                        {"recurrent_kernel", RK_WEIGHT_HH, 1, TRANSPOSED},
                                        {"bias", RK_BIAS_IH, 2, ROW_PER_BIAS}}},
    [RECUR_LAYOUT_ONEDNN] = {.system = "oneDNN",
                             .one_bias = true,
                             .tensors = {{"weights_layer", RK_WEIGHT_IH, 1, TRANSPOSED},
                                         {"weights_iter", RK_WEIGHT_HH, 1, TRANSPOSED},
                                         {"bias", RK_BIAS_IH, 2, TRANSPOSED},
                                         {"weights_peephole", RK_WEIGHT_PEEPHOLE, 1, SAME},
                                         {"weights_projection", RK_WEIGHT_HR, 1, TRANSPOSED}}},
};

static int order_index(const recur_cell *cell, rk_parameter_kind kind) {
  if (kind == RK_WEIGHT_HR)
    return PROJECTION;
  if (kind == RK_WEIGHT_LN_IH || kind == RK_WEIGHT_LN_HH)
    return GAINS;
  if (kind == RK_WEIGHT_PEEPHOLE)
    return cell->coupled_gates ? COUPLED_PEEPHOLES : PEEPHOLES;
  if (kind == RK_BIAS_HH && cell->kind == RECUR_CELL_GRU && cell->reset == RECUR_RESET_AFTER)
    return RESET_AFTER_BIAS;
  return cell->coupled_gates ? COUPLED : (int)cell->kind;
}

const char *rk_layout_order(const recur_cell *cell, recur_layout layout, rk_parameter_kind kind) {
  const int index = order_index(cell, kind);
  const bool added = kind == RK_BIAS_HH && layouts[layout].one_bias && index != RESET_AFTER_BIAS;
  return added ? "" : orders[index].order[layout];
}

size_t rk_layout_tensor_count(const rk_layout_arrangement *a, size_t layer,
                              const rk_layout_tensor *t) {
  const recur_cell *cell = &a->network->cell;
  size_t count = 0;
  for (rk_parameter_kind kind = t->first; kind < t->first + t->count; kind++) {
    size_t rows, columns;
    rk_parameter_shape(a->network, layer, kind, &rows, &columns);
    if (rows == 0)
      continue;
    /* Recur's own order, which is never empty: its layout adds up no biases. */
    const char *const own = orders[order_index(cell, kind)].order[RECUR_LAYOUT_PYTORCH];
    const size_t of_gate = rk_times(rows / strlen(own), columns);
    count = rk_plus(count, rk_times(strlen(rk_layout_order(cell, a->layout, kind)), of_gate));
  }
  return rk_times(count, a->joined);
}

/* The number of elements in the first tensors of a group. */
static size_t count_in_group(const rk_layout_arrangement *a, size_t layer, size_t tensors) {
  size_t count = 0;
  for (size_t k = 0; k < tensors; k++)
    count = rk_plus(count, rk_layout_tensor_count(a, layer, a->tensors[k]));
  return count;
}

/* All layers above the first have the same size. */
size_t rk_layout_count_in_groups(const rk_layout_arrangement *a, size_t groups) {
  const size_t first = groups < a->groups_per_layer ? groups : a->groups_per_layer;
  return rk_plus(rk_times(first, count_in_group(a, 0, a->tensors_per_group)),
                 rk_times(groups - first, count_in_group(a, 1, a->tensors_per_group)));
}

static int check_places(const char *function, const recur_network *network, recur_layout layout) {
  for (rk_parameter_kind kind = 0; kind < RK_PARAMETER_KINDS; kind++) {
    size_t rows, columns;
    rk_parameter_shape(network, 0, kind, &rows, &columns);
    if (rows > 0 && rk_layout_order(&network->cell, layout, kind) == NULL)
      return rk_fail(GSL_EUNIMPL, function, orders[order_index(&network->cell, kind)].option,
                     "is not supported by the layout of %s", layouts[layout].system);
  }
  return GSL_SUCCESS;
}

int rk_layout_arrange(const char *function, const recur_network *network, recur_layout layout,
                      size_t element, rk_layout_arrangement *a) {
  *a = (rk_layout_arrangement){0};
  RK_TRY(rk_check_parameters(function, network, element));
  if ((unsigned)layout >= LAYOUTS)
    return rk_fail(GSL_EINVAL, function, "layout", "is %d, expected a recur_layout", (int)layout);
  RK_TRY(check_places(function, network, layout));
  const size_t D = network->directions, joined = layouts[layout].joins_directions ? D : 1;
  *a = (rk_layout_arrangement){network, layout, .joined = joined, .groups_per_layer = D / joined};
  for (size_t k = 0; k < RK_PARAMETER_KINDS; k++)
    if (rk_layout_tensor_count(a, 0, &layouts[layout].tensors[k]) > 0)
      a->tensors[a->tensors_per_group++] = &layouts[layout].tensors[k];
  const size_t groups = network->layers * a->groups_per_layer;
  a->slices = groups * a->tensors_per_group;
  a->count = rk_layout_count_in_groups(a, groups);
  size_t bytes;
  return rk_check_bytes(function, "parameters", a->count, element, &bytes);
}

int recur_parameters_count(const recur_network *network, recur_layout layout, size_t *slices,
                           size_t *count) {
  rk_layout_arrangement a;
  RK_TRY(rk_layout_arrange(__func__, network, layout, sizeof(float), &a));
  RK_REQUIRE(slices);
  RK_REQUIRE(count);
  *slices = a.slices;
  *count = a.count;
  return GSL_SUCCESS;
}

static size_t rows_of(const rk_layout_arrangement *a, size_t layer, const rk_layout_tensor *t) {
  size_t rows, columns;
  rk_parameter_shape(a->network, layer, t->first, &rows, &columns);
  switch (t->form) {
  case TRANSPOSED:
    return columns;
  case ROW_PER_DIRECTION:
    return a->network->directions;
  case ROW_PER_BIAS:
    return *rk_layout_order(&a->network->cell, a->layout, RK_BIAS_HH) ? 2 : 1;
  default:
    return rk_layout_tensor_count(a, layer, t) / columns;
  }
}

recur_parameter_slice rk_layout_slice(const rk_layout_arrangement *a, size_t k) {
  const size_t group = k / a->tensors_per_group, index = k % a->tensors_per_group;
  const size_t layer = group / a->groups_per_layer, direction = group % a->groups_per_layer;
  const rk_layout_tensor *t = a->tensors[index];
  recur_parameter_slice slice = {.rows = rows_of(a, layer, t)};
  slice.columns = rk_layout_tensor_count(a, layer, t) / slice.rows;
  slice.offset = rk_layout_count_in_groups(a, group) + count_in_group(a, layer, index);
  snprintf(slice.name, sizeof slice.name, "%s_l%zu%s",
           t->name ? t->name : rk_parameter_names[t->first], layer,
           direction == 0 ? "" : "_reverse");
  return slice;
}

int recur_parameters_slice(const recur_network *network, recur_layout layout, size_t k,
                           recur_parameter_slice *slice) {
  rk_layout_arrangement a;
  RK_TRY(rk_layout_arrange(__func__, network, layout, sizeof(float), &a));
  RK_REQUIRE(slice);
  if (k >= a.slices)
    return rk_fail(GSL_EINVAL, __func__, "k", "is %zu, expected less than %zu", k, a.slices);
  *slice = rk_layout_slice(&a, k);
  return GSL_SUCCESS;
}
