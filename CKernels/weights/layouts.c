/* Parameters by name, and in the layouts of other systems: see recur/parameters.h.

   A layout is a list of tensors for each layer and direction. A tensor holds one or two of Recur's
   parts, gate after gate, as they are or transposed.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/parameters.h"

#include <recur/parameters.h>
#include <stdio.h>
#include <string.h>

#ifndef RECUR_FLOAT
enum { LAYOUTS = RECUR_ONEDNN + 1 };

/* What has an order: the gates of each recur_cell_kind, and ... */
enum { COUPLED = RK_CELLS, PEEPHOLES, COUPLED_PEEPHOLES, PROJECTION, RESET_AFTER_BIAS, GAINS };

/* The order of the gates by Recur's letters: others call z u; n h or o; g c. An f that Recur does
   not have is 0 outside. NULL: the layout has no place for it, which is this option. */
static const struct {
  const char *order[LAYOUTS], *option;
} orders[] = {
    /* Recur, ONNX, Keras, oneDNN */
    [RECUR_CELL_RNN] = {{"h", "h", "h", "h"}, NULL},
    [RECUR_CELL_RESIDUAL] = {{"h", NULL, NULL, NULL}, "network->cell.kind"},
    [RECUR_CELL_GRU] = {{"rzn", "zrn", "zrn", "zrn"}, NULL},
    [RECUR_CELL_LSTM] = {{"ifgo", "iofg", "ifgo", "ifgo"}, NULL},
    [COUPLED] = {{"igo", "iofg", NULL, NULL}, "network->cell.coupled"},
    [PEEPHOLES] = {{"ifo", "iof", NULL, "ifo"}, "network->cell.peepholes"},
    [COUPLED_PEEPHOLES] = {{"io", "iof", NULL, NULL}, "network->cell.peepholes"},
    [PROJECTION] = {{"m", NULL, NULL, "m"}, "network->cell.projection_size"},
    [RESET_AFTER_BIAS] = {{"rzn", "zrn", "zrn", "n"}, NULL},
    [GAINS] = {{"a", NULL, NULL, NULL}, "network->cell.layer_norm"},
};

/* The shape of a tensor: columns as those of Recur's part, or its transpose, or so many rows. */
typedef enum { SAME, TRANSPOSED, ROW_PER_DIRECTION, ROW_PER_BIAS } form;

typedef struct {
  const char *name; /* NULL: Recur's */
  rk_part_kind part;
  size_t parts; /* from that one on */
  form form;
} tensor;

static const struct {
  const char *system;
  bool one_bias;         /* bias_hh is added to bias_ih */
  bool joins_directions; /* both are in one tensor */
  tensor tensors[RK_PART_KINDS];
} layouts[LAYOUTS] = {
    [RECUR_PYTORCH] = {.system = "torch",
                       .tensors = {{NULL, RK_WEIGHT_IH, 1, SAME},
                                   {NULL, RK_WEIGHT_HH, 1, SAME},
                                   {NULL, RK_BIAS_IH, 1, SAME},
                                   {NULL, RK_BIAS_HH, 1, SAME},
                                   {NULL, RK_WEIGHT_HR, 1, SAME},
                                   {NULL, RK_WEIGHT_PEEPHOLE, 1, SAME},
                                   {NULL, RK_WEIGHT_LN_IH, 1, SAME},
                                   {NULL, RK_WEIGHT_LN_HH, 1, SAME}}},
    [RECUR_ONNX] = {.system = "ONNX",
                    .joins_directions = true,
                    .tensors = {{"W", RK_WEIGHT_IH, 1, SAME},
                                {"R", RK_WEIGHT_HH, 1, SAME},
                                {"B", RK_BIAS_IH, 2, ROW_PER_DIRECTION},
                                {"P", RK_WEIGHT_PEEPHOLE, 1, ROW_PER_DIRECTION}}},
    [RECUR_KERAS] = {.system = "Keras",
                     .one_bias = true,
                     .tensors = {{"kernel", RK_WEIGHT_IH, 1, TRANSPOSED},
                                 {"recurrent_kernel", RK_WEIGHT_HH, 1, TRANSPOSED},
                                 {"bias", RK_BIAS_IH, 2, ROW_PER_BIAS}}},
    [RECUR_ONEDNN] = {.system = "oneDNN",
                      .one_bias = true,
                      .tensors = {{"weights_layer", RK_WEIGHT_IH, 1, TRANSPOSED},
                                  {"weights_iter", RK_WEIGHT_HH, 1, TRANSPOSED},
                                  {"bias", RK_BIAS_IH, 2, TRANSPOSED},
                                  {"weights_peephole", RK_WEIGHT_PEEPHOLE, 1, SAME},
                                  {"weights_projection", RK_WEIGHT_HR, 1, TRANSPOSED}}},
};

static int order_index(const recur_cell *cell, rk_part_kind part) {
  if (part == RK_WEIGHT_HR)
    return PROJECTION;
  if (part == RK_WEIGHT_LN_IH || part == RK_WEIGHT_LN_HH)
    return GAINS;
  if (part == RK_WEIGHT_PEEPHOLE)
    return cell->coupled ? COUPLED_PEEPHOLES : PEEPHOLES;
  if (part == RK_BIAS_HH && cell->kind == RECUR_CELL_GRU && cell->reset == RECUR_RESET_AFTER)
    return RESET_AFTER_BIAS;
  return cell->coupled ? COUPLED : (int)cell->kind;
}

/* The gates of a part; of bias_hh, those that are not added to bias_ih. */
static const char *order_of(const recur_cell *cell, recur_layout layout, rk_part_kind part) {
  const int index = order_index(cell, part);
  const bool added = part == RK_BIAS_HH && layouts[layout].one_bias && index != RESET_AFTER_BIAS;
  return added ? "" : orders[index].order[layout];
}

/* A network in a layout. Its tensors come in groups, one for each layer and direction; or one for
   each layer, where a tensor has both. */
typedef struct {
  const recur_network *network;
  recur_layout layout;
  size_t joined; /* directions in one tensor */
  size_t groups_per_layer;
  const tensor *tensors[RK_PART_KINDS]; /* those that there are, in each group */
  size_t tensors_per_group;
  size_t parts, numbers;
} arrangement;

/* How many numbers a tensor has. */
static size_t tensor_count(const arrangement *a, size_t layer, const tensor *t) {
  const recur_cell *cell = &a->network->cell;
  size_t count = 0;
  for (rk_part_kind part = t->part; part < t->part + t->parts; part++) {
    size_t rows, columns;
    rk_part_shape(a->network, layer, part, &rows, &columns);
    if (rows == 0)
      continue;
    const size_t of_gate = rk_times(rows / strlen(order_of(cell, RECUR_PYTORCH, part)), columns);
    count = rk_plus(count, rk_times(strlen(order_of(cell, a->layout, part)), of_gate));
  }
  return rk_times(count, a->joined);
}

/* How many numbers the first tensors of a group have. */
static size_t count_in_group(const arrangement *a, size_t layer, size_t tensors) {
  size_t count = 0;
  for (size_t k = 0; k < tensors; k++)
    count = rk_plus(count, tensor_count(a, layer, a->tensors[k]));
  return count;
}

/* How many numbers the first groups have. All layers above the first are alike. */
static size_t count_in_groups(const arrangement *a, size_t groups) {
  const size_t first = groups < a->groups_per_layer ? groups : a->groups_per_layer;
  return rk_plus(rk_times(first, count_in_group(a, 0, a->tensors_per_group)),
                 rk_times(groups - first, count_in_group(a, 1, a->tensors_per_group)));
}

static int check_places(const char *function, const recur_network *network, recur_layout layout) {
  for (rk_part_kind part = 0; part < RK_PART_KINDS; part++) {
    size_t rows, columns;
    rk_part_shape(network, 0, part, &rows, &columns);
    if (rows > 0 && order_of(&network->cell, layout, part) == NULL)
      return rk_fail(GSL_EUNIMPL, function, orders[order_index(&network->cell, part)].option,
                     "has no place in the layout of %s", layouts[layout].system);
  }
  return GSL_SUCCESS;
}

static int arrange(const char *function, const recur_network *network, recur_layout layout,
                   size_t element, arrangement *a) {
  RK_TRY(rk_check_parameters(function, network, element));
  if ((unsigned)layout >= LAYOUTS)
    return rk_fail(GSL_EINVAL, function, "layout", "is no layout: %d", (int)layout);
  RK_TRY(check_places(function, network, layout));
  const size_t D = network->directions, joined = layouts[layout].joins_directions ? D : 1;
  *a = (arrangement){network, layout, .joined = joined, .groups_per_layer = D / joined};
  for (size_t k = 0; k < RK_PART_KINDS; k++)
    if (tensor_count(a, 0, &layouts[layout].tensors[k]) > 0)
      a->tensors[a->tensors_per_group++] = &layouts[layout].tensors[k];
  const size_t groups = network->layers * a->groups_per_layer;
  a->parts = groups * a->tensors_per_group;
  a->numbers = count_in_groups(a, groups);
  size_t bytes;
  return rk_check_bytes(function, "parameters", a->numbers, element, &bytes);
}

int recur_parameters_size(const recur_network *network, recur_layout layout, size_t *parts,
                          size_t *numbers) {
  arrangement a;
  RK_TRY(arrange(__func__, network, layout, sizeof(float), &a));
  RK_REQUIRE(parts);
  RK_REQUIRE(numbers);
  *parts = a.parts;
  *numbers = a.numbers;
  return GSL_SUCCESS;
}

static size_t rows_of(const arrangement *a, size_t layer, const tensor *t) {
  size_t rows, columns;
  rk_part_shape(a->network, layer, t->part, &rows, &columns);
  switch (t->form) {
  case TRANSPOSED:
    return columns;
  case ROW_PER_DIRECTION:
    return a->network->directions;
  case ROW_PER_BIAS:
    return *order_of(&a->network->cell, a->layout, RK_BIAS_HH) ? 2 : 1;
  default:
    return tensor_count(a, layer, t) / columns;
  }
}

static recur_part part_of(const arrangement *a, size_t k) {
  const size_t group = k / a->tensors_per_group, index = k % a->tensors_per_group;
  const size_t layer = group / a->groups_per_layer, direction = group % a->groups_per_layer;
  const tensor *t = a->tensors[index];
  recur_part part = {.rows = rows_of(a, layer, t)};
  part.columns = tensor_count(a, layer, t) / part.rows;
  part.offset = count_in_groups(a, group) + count_in_group(a, layer, index);
  snprintf(part.name, sizeof part.name, "%s_l%zu%s", t->name ? t->name : rk_part_names[t->part],
           layer, direction == 0 ? "" : "_reverse");
  return part;
}

int recur_parameters_part(const recur_network *network, recur_layout layout, size_t k,
                          recur_part *part) {
  arrangement a;
  RK_TRY(arrange(__func__, network, layout, sizeof(float), &a));
  RK_REQUIRE(part);
  if (k >= a.parts)
    return rk_fail(GSL_EINVAL, __func__, "k", "is %zu, expected less than %zu", k, a.parts);
  *part = part_of(&a, k);
  return GSL_SUCCESS;
}
#endif

int RECUR(parameters, view)(const recur_network *network, VECTOR *theta, const char *name,
                            MATRIX *part) {
  arrangement a;
  RK_TRY(arrange(__func__, network, RECUR_PYTORCH, sizeof(REAL), &a));
  RK_TRY(KERNEL(vector, check_contiguous)(__func__, theta, a.numbers));
  RK_REQUIRE(name);
  RK_REQUIRE(part);
  for (size_t k = 0; k < a.parts; k++) {
    const recur_part found = part_of(&a, k);
    if (strcmp(found.name, name) == 0) {
      *part = KERNEL(matrix, of)(theta->data + found.offset, found.rows, found.columns);
      return GSL_SUCCESS;
    }
  }
  return rk_fail(GSL_EINVAL, __func__, "name", "is \"%s\", which the network has no part of", name);
}

/* The numbers of one gate, at any distance. */
typedef struct {
  REAL *data;
  size_t row_step, column_step;
} KERNEL(layouts, grid);

static void KERNEL(layouts, copy)(size_t rows, size_t columns, KERNEL(layouts, grid) from,
                                  KERNEL(layouts, grid) to) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      to.data[i * to.row_step + j * to.column_step] =
          from.data[i * from.row_step + j * from.column_step];
}

/* A bias of 0 leaves the other as it is, be it -0 or any NaN. */
static void KERNEL(layouts, add_bias)(size_t size, const REAL *bias, REAL *sum) {
  for (size_t i = 0; i < size; i++)
    if (bias[i] != 0)
      sum[i] += bias[i];
}

/* Between Recur's parts of a layer and direction, and one direction of their tensor. */
static void KERNEL(layouts, convert_tensor)(const arrangement *a, bool import, const tensor *t,
                                            const KERNEL(parameters, views) * ours, size_t count,
                                            REAL *theirs) {
  const recur_cell *cell = &a->network->cell;
  const char *apart = order_of(cell, a->layout, RK_BIAS_HH);
  for (rk_part_kind part = t->part; part < t->part + t->parts; part++) {
    const MATRIX *m = &ours->part[part];
    if (m->data == NULL)
      continue;
    const char *own = order_of(cell, RECUR_PYTORCH, part);
    const size_t rows = m->size1 / strlen(own), columns = m->size2;
    const bool transposed = t->form == TRANSPOSED;
    const size_t row_step = transposed ? 1 : columns;
    const size_t column_step = transposed ? count / columns : 1;
    for (const char *gate = order_of(cell, a->layout, part); *gate; gate++) {
      const char *place = strchr(own, *gate);
      const KERNEL(layouts, grid) there = {theirs, row_step, column_step};
      theirs += rows * row_step;
      if (place == NULL)
        continue;
      const size_t row = (size_t)(place - own) * rows;
      const KERNEL(layouts, grid) here = {m->data + row * columns, columns, 1};
      KERNEL(layouts, copy)(rows, columns, import ? there : here, import ? here : there);
      if (!import && part == RK_BIAS_IH && strchr(apart, *gate) == NULL)
        KERNEL(layouts, add_bias)(rows, ours->part[RK_BIAS_HH].data + row, there.data);
    }
  }
}

/* What is not written is 0: an f that Recur does not have, and a bias_hh that is in bias_ih. */
static void KERNEL(layouts, convert)(const arrangement *a, bool import, const VECTOR *theta,
                                     const VECTOR *foreign) {
  const VECTOR *to = import ? theta : foreign;
  memset(to->data, 0, to->size * sizeof(REAL));
  const size_t D = a->network->directions;
  for (size_t k = 0; k < a->network->layers * D; k++) {
    const size_t layer = k / D, group = k / a->joined, within = k % a->joined;
    const KERNEL(parameters, views) ours = KERNEL(parameters, of)(a->network, theta, layer, k % D);
    REAL *theirs = foreign->data + count_in_groups(a, group);
    for (size_t index = 0; index < a->tensors_per_group; index++) {
      const tensor *t = a->tensors[index];
      const size_t all = tensor_count(a, layer, t), count = all / a->joined;
      KERNEL(layouts, convert_tensor)(a, import, t, &ours, count, theirs + within * count);
      theirs += all;
    }
  }
}

int RECUR(parameters, import)(const recur_network *network, recur_layout layout,
                              const VECTOR *foreign, VECTOR *theta) {
  arrangement a;
  RK_TRY(arrange(__func__, network, layout, sizeof(REAL), &a));
  const operand operands[] = {
      REQUIRED(vector, INPUT, foreign, a.numbers),
      REQUIRED(vector, OUTPUT, theta, rk_parameter_count(network)),
  };
  RK_CHECK(operands);
  RK_TRY(KERNEL(vector, check_stride)(__func__, "foreign", foreign));
  RK_TRY(KERNEL(vector, check_stride)(__func__, "theta", theta));
  KERNEL(layouts, convert)(&a, true, theta, foreign);
  return GSL_SUCCESS;
}

int RECUR(parameters, export)(const recur_network *network, recur_layout layout,
                              const VECTOR *theta, VECTOR *foreign) {
  arrangement a;
  RK_TRY(arrange(__func__, network, layout, sizeof(REAL), &a));
  const operand operands[] = {
      REQUIRED(vector, INPUT, theta, rk_parameter_count(network)),
      REQUIRED(vector, OUTPUT, foreign, a.numbers),
  };
  RK_CHECK(operands);
  RK_TRY(KERNEL(vector, check_stride)(__func__, "theta", theta));
  RK_TRY(KERNEL(vector, check_stride)(__func__, "foreign", foreign));
  KERNEL(layouts, convert)(&a, false, theta, foreign);
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "layouts.c"
#endif
