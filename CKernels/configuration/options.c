/* The options of a network, in one table for comparisons, checks and messages.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "configuration/options.h"

#include "base/check.h"
#include "base/random_places.h"
#include "base/unreachable.h"
#include "configuration/activations.h"
#include "configuration/cells.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The kinds of values that options have. */
typedef enum {
  SIZE,
  PROJECTION,
  DIRECTIONS,
  FLAG,
  CLAMP,
  PROBABILITY,
  ACTIVATION,
  RESET,
  STORAGE
} kind;

enum {
  RNN = 1 << RECUR_CELL_RNN,
  RESIDUAL = 1 << RECUR_CELL_RESIDUAL,
  GRU = 1 << RECUR_CELL_GRU,
  LSTM = 1 << RECUR_CELL_LSTM,
  GATED = GRU | LSTM,
  ALL = RNN | RESIDUAL | GATED
};

typedef struct {
  const char *name;
  size_t offset;
  kind kind;
  unsigned cells; /* that support it */
} option;

#define OPTION(field, kind, cells)                                                                 \
  { "network->" #field, offsetof(recur_network, field), kind, cells }

static const option options[] = {
    OPTION(input_size, SIZE, ALL),
    OPTION(hidden_size, SIZE, ALL),
    OPTION(layers, SIZE, ALL),
    OPTION(directions, DIRECTIONS, ALL),
    OPTION(cell.bias, FLAG, ALL),
    OPTION(cell.f, ACTIVATION, ALL),
    OPTION(cell.g, ACTIVATION, GATED),
    OPTION(cell.h, ACTIVATION, LSTM),
    OPTION(cell.gate_clamp, CLAMP, ALL),
    OPTION(cell.reset, RESET, GRU),
    OPTION(cell.layer_normalization, FLAG, GATED),
    OPTION(cell.peepholes, FLAG, LSTM),
    OPTION(cell.coupled_gates, FLAG, LSTM),
    OPTION(cell.projection_size, PROJECTION, LSTM),
    OPTION(cell.cell_clamp, CLAMP, LSTM),
    OPTION(dropout, PROBABILITY, ALL),
    OPTION(recurrent_dropout, PROBABILITY, ALL),
    OPTION(zoneout, PROBABILITY, ALL),
    OPTION(cell_zoneout, PROBABILITY, LSTM),
    OPTION(weight_storage, STORAGE, ALL),
};
enum { OPTIONS = sizeof options / sizeof options[0] };

typedef struct {
  size_t size;
  bool flag;
  double number;
  recur_activation activation;
} value;

static value value_of(const option *o, const recur_network *network) {
  const void *field = (const char *)network + o->offset;
  switch (o->kind) {
  case SIZE:
  case PROJECTION:
  case DIRECTIONS:
    return (value){.size = *(const size_t *)field};
  case FLAG:
    return (value){.flag = *(const bool *)field};
  case CLAMP:
  case PROBABILITY:
    return (value){.number = *(const double *)field};
  case ACTIVATION:
    return (value){.activation = *(const recur_activation *)field};
  case RESET:
    return (value){.size = *(const recur_reset *)field};
  case STORAGE:
    return (value){.size = *(const recur_weight_storage *)field};
  }
  RK_UNREACHABLE();
}

/* A subnormal number is not a valid option; in some floating-point environments it equals 0. */
static bool same_number(double a, double b) {
  return a == b && !rk_is_subnormal(a);
}

static bool same_value(value a, value b) {
  return a.size == b.size && a.flag == b.flag && same_number(a.number, b.number) &&
         a.activation.kind == b.activation.kind &&
         same_number(a.activation.alpha, b.activation.alpha) &&
         same_number(a.activation.beta, b.activation.beta);
}

const char *const rk_storage_names[] = {"full", "half", "bfloat16", "int8"};

bool rk_same_network(const recur_network *a, const recur_network *b) {
  /* Usually one is a copy of the other. The table would slow down calls with a single step. */
  if (memcmp(a, b, sizeof *a) == 0)
    return true;
  if (a->cell.kind != b->cell.kind)
    return false;
  for (size_t k = 0; k < OPTIONS; k++)
    if (!same_value(value_of(&options[k], a), value_of(&options[k], b)))
      return false;
  return true;
}

/* Checks */

static int check_reset(const char *function, const char *name, size_t reset) {
  if (reset != RECUR_RESET_AFTER && reset != RECUR_RESET_BEFORE)
    return rk_fail(GSL_EINVAL, function, name,
                   "is %d, expected RECUR_RESET_AFTER or RECUR_RESET_BEFORE", (int)reset);
  return GSL_SUCCESS;
}

static int check_storage(const char *function, const char *name, size_t storage) {
  if (storage > RECUR_STORAGE_INT8)
    return rk_fail(GSL_EINVAL, function, name, "is %d, expected a recur_weight_storage",
                   (int)storage);
  return GSL_SUCCESS;
}

/* A subnormal number would switch the option off. */
static int check_not_subnormal(const char *function, const char *name, double number) {
  if (rk_is_subnormal(number))
    return rk_fail(GSL_EINVAL, function, name, "is %g, expected 0 or at least %g", number, FLT_MIN);
  return GSL_SUCCESS;
}

static int check_range(const char *function, const option *o, const recur_network *network) {
  const value v = value_of(o, network);
  switch (o->kind) {
  case SIZE:
    return rk_check_size(function, o->name, v.size, 1);
  case PROJECTION:
    if (v.size != 0 && v.size >= network->hidden_size)
      return rk_fail(GSL_EINVAL, function, o->name, "is %zu, expected less than H = %zu", v.size,
                     network->hidden_size);
    return GSL_SUCCESS;
  case DIRECTIONS:
    if (v.size != 1 && v.size != 2)
      return rk_fail(GSL_EINVAL, function, o->name, "is %zu, expected 1 or 2", v.size);
    return GSL_SUCCESS;
  case FLAG:
    return GSL_SUCCESS;
  case CLAMP:
    if (!(v.number >= 0) || isinf(v.number))
      return rk_fail(GSL_EINVAL, function, o->name, "is %g, expected a finite value of at least 0",
                     v.number);
    return check_not_subnormal(function, o->name, v.number);
  case PROBABILITY:
    if (!(v.number >= 0 && v.number < 1))
      return rk_fail(GSL_EINVAL, function, o->name, "is %g, expected at least 0 and below 1",
                     v.number);
    return check_not_subnormal(function, o->name, v.number);
  case ACTIVATION:
    return rk_check_activation(function, o->name, &v.activation);
  case RESET:
    return check_reset(function, o->name, v.size);
  case STORAGE:
    return check_storage(function, o->name, v.size);
  }
  RK_UNREACHABLE();
}

/* An option that the cell does not support must have the value that its constructor set. */
static int check_absent(const char *function, const option *o, const recur_network *network,
                        const rk_cell_traits *cell) {
  const value unset = {.activation = {.kind = o->kind == ACTIVATION ? RECUR_ACTIVATION_TANH : 0}};
  if (!same_value(value_of(o, network), unset))
    return rk_fail(GSL_EINVAL, function, o->name, "is set, but %s does not support it", cell->name);
  return GSL_SUCCESS;
}

/* Checks that involve several options. */
static int check_together(const char *function, const recur_network *network) {
  if (network->dropout > 0 && network->layers == 1)
    return rk_fail(GSL_EINVAL, function, "network->dropout",
                   "is %g, expected 0 for a network of one layer", network->dropout);
  const bool masked =
      network->recurrent_dropout > 0 || network->zoneout > 0 || network->cell_zoneout > 0;
  const size_t most = RK_RANDOM_PLACES / network->directions;
  if (masked && network->layers > most)
    return rk_fail(GSL_EINVAL, function, "network->layers",
                   "is %zu, expected at most %zu with recurrent dropout or zoneout",
                   network->layers, most);
  return GSL_SUCCESS;
}

int rk_check_network(const char *function, const recur_network *network) {
  RK_REQUIRE_FOR(function, network);
  const rk_cell_traits *cell = rk_cell_traits_of(network->cell.kind);
  if (cell == NULL)
    return rk_fail(GSL_EINVAL, function, "network->cell.kind", "is %d, expected a recur_cell_kind",
                   (int)network->cell.kind);
  for (size_t k = 0; k < OPTIONS; k++) {
    const bool has = options[k].cells & 1u << network->cell.kind;
    RK_TRY(has ? check_range(function, &options[k], network)
               : check_absent(function, &options[k], network, cell));
  }
  return check_together(function, network);
}

int rk_check_trainable(const char *function, const recur_network *network) {
  if (network->weight_storage != RECUR_STORAGE_FULL)
    return rk_fail(GSL_EUNIMPL, function, "network->weight_storage",
                   "is %s, expected full in training", rk_storage_names[network->weight_storage]);
  for (size_t k = 0; k < OPTIONS; k++)
    if (options[k].kind == ACTIVATION) {
      const recur_activation phi = value_of(&options[k], network).activation;
      RK_TRY(rk_check_slope(function, options[k].name, &phi));
    }
  return GSL_SUCCESS;
}

bool rk_draws_masks(const recur_network *network) {
  for (size_t k = 0; k < OPTIONS; k++)
    if (options[k].kind == PROBABILITY && value_of(&options[k], network).number > 0)
      return true;
  return false;
}
