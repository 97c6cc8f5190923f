/* What a network's description says in numbers, and whether it is in order.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "configuration/shape.h"

#include "base/check.h"
#include "network/mask.h"

#include <math.h>
#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/residual.h>
#include <recur/rnn.h>

/* Every cell there is, and which of the options that not every cell has are its own. */
typedef struct {
  const char *name;
  size_t gates, kept;
  bool cell_state;
  bool has_g, has_h, has_reset, has_layer_norm;
  bool has_peepholes, has_coupled, has_projection, has_cell_clamp;
} traits;

static const traits cells[RK_CELLS] = {
    [RECUR_CELL_RNN] = {.name = "a simple cell", .gates = 1, .kept = 1},
    [RECUR_CELL_RESIDUAL] = {.name = "a residual cell", .gates = 1, .kept = 1},
    [RECUR_CELL_GRU] = {.name = "a GRU",
                        .gates = 3,
                        .kept = 4,
                        .has_g = true,
                        .has_reset = true,
                        .has_layer_norm = true},
    [RECUR_CELL_LSTM] = {.name = "an LSTM",
                         .gates = 4,
                         .kept = 4,
                         .cell_state = true,
                         .has_g = true,
                         .has_h = true,
                         .has_layer_norm = true,
                         .has_peepholes = true,
                         .has_coupled = true,
                         .has_projection = true,
                         .has_cell_clamp = true},
};

rk_shape rk_shape_of(const recur_network *network) {
  const recur_cell *cell = &network->cell;
  const traits *t = &cells[cell->kind];
  return (rk_shape){.I = network->input_size,
                    .H = network->hidden_size,
                    .L = network->layers,
                    .D = network->directions,
                    .P = cell->projection_size ? cell->projection_size : network->hidden_size,
                    .G = t->gates - (cell->coupled ? 1 : 0),
                    .K = t->kept - (cell->coupled ? 1 : 0),
                    .cell_state = t->cell_state};
}

size_t rk_layer_input(const rk_shape *shape, size_t layer) {
  return layer == 0 ? shape->I : shape->D * shape->P;
}

bool rk_draws_masks(const recur_network *network) {
  return network->dropout > 0 || network->recurrent_dropout > 0 || network->zoneout > 0 ||
         network->cell_zoneout > 0;
}

recur_network rk_network(recur_cell_kind kind, size_t input_size, size_t hidden_size) {
  const bool gated = cells[kind].has_g;
  return (recur_network){
      .cell = {.kind = kind,
               .bias = true,
               .f = {.kind = gated ? RECUR_ACTIVATION_SIGMOID : RECUR_ACTIVATION_TANH},
               .g = {.kind = RECUR_ACTIVATION_TANH},
               .h = {.kind = RECUR_ACTIVATION_TANH}},
      .input_size = input_size,
      .hidden_size = hidden_size,
      .layers = 1,
      .directions = 1};
}

static bool same_activation(const recur_activation *a, const recur_activation *b) {
  return a->kind == b->kind && a->alpha == b->alpha && a->beta == b->beta;
}

static bool same_cell(const recur_cell *a, const recur_cell *b) {
  return a->kind == b->kind && a->bias == b->bias && same_activation(&a->f, &b->f) &&
         same_activation(&a->g, &b->g) && same_activation(&a->h, &b->h) &&
         a->gate_clamp == b->gate_clamp && a->reset == b->reset && a->layer_norm == b->layer_norm &&
         a->peepholes == b->peepholes && a->coupled == b->coupled &&
         a->projection_size == b->projection_size && a->cell_clamp == b->cell_clamp;
}

bool rk_same_network(const recur_network *a, const recur_network *b) {
  return same_cell(&a->cell, &b->cell) && a->input_size == b->input_size &&
         a->hidden_size == b->hidden_size && a->layers == b->layers &&
         a->directions == b->directions && a->dropout == b->dropout &&
         a->recurrent_dropout == b->recurrent_dropout && a->zoneout == b->zoneout &&
         a->cell_zoneout == b->cell_zoneout;
}

/* Activations */

recur_activation recur_activation_default(recur_activation_kind function) {
  recur_activation a = {.kind = function};
  switch (function) {
  case RECUR_ACTIVATION_AFFINE:
  case RECUR_ACTIVATION_THRESHOLDED_RELU:
  case RECUR_ACTIVATION_ELU:
    a.alpha = 1;
    break;
  case RECUR_ACTIVATION_SCALED_TANH:
    a.alpha = a.beta = 1;
    break;
  case RECUR_ACTIVATION_LEAKY_RELU:
    a.alpha = 0.01;
    break;
  case RECUR_ACTIVATION_HARD_SIGMOID:
    a.alpha = 0.2;
    a.beta = 0.5;
    break;
  default:
    break;
  }
  return a;
}

static bool uses_beta(recur_activation_kind f) {
  return f == RECUR_ACTIVATION_AFFINE || f == RECUR_ACTIVATION_SCALED_TANH ||
         f == RECUR_ACTIVATION_HARD_SIGMOID;
}

static bool uses_alpha(recur_activation_kind f) {
  return uses_beta(f) || f == RECUR_ACTIVATION_LEAKY_RELU ||
         f == RECUR_ACTIVATION_THRESHOLDED_RELU || f == RECUR_ACTIVATION_ELU;
}

int rk_check_activation(const char *function, const char *argument, const recur_activation *a) {
  if ((unsigned)a->kind > RECUR_ACTIVATION_SOFTPLUS)
    return rk_fail(GSL_EINVAL, function, argument, "is no activation: %d", (int)a->kind);
  if (!isfinite(a->alpha) || !isfinite(a->beta))
    return rk_fail(GSL_EINVAL, function, argument, "has alpha %g and beta %g, expected finite ones",
                   a->alpha, a->beta);
  if ((a->alpha != 0 && !uses_alpha(a->kind)) || (a->beta != 0 && !uses_beta(a->kind)))
    return rk_fail(GSL_EINVAL, function, argument,
                   "has alpha %g and beta %g, expected 0 for what it does not use", a->alpha,
                   a->beta);
  return GSL_SUCCESS;
}

/* An activation that the cell does not have stays as its constructor left it. */
static int check_activation(const char *function, const char *argument, const recur_activation *a,
                            bool used, const traits *cell) {
  if (!used && (a->kind != RECUR_ACTIVATION_TANH || a->alpha != 0 || a->beta != 0))
    return rk_fail(GSL_EINVAL, function, argument, "is set, and %s has no such activation",
                   cell->name);
  return rk_check_activation(function, argument, a);
}

int rk_check_slope(const char *function, const char *argument, const recur_activation *a) {
  const bool folds = a->kind == RECUR_ACTIVATION_LEAKY_RELU || a->kind == RECUR_ACTIVATION_ELU;
  if (folds && a->alpha < 0)
    return rk_fail(GSL_EUNIMPL, function, argument,
                   "has alpha %g: training needs at least 0, for it takes slopes from values",
                   a->alpha);
  return GSL_SUCCESS;
}

int rk_check_trainable(const char *function, const recur_network *network) {
  RK_TRY(rk_check_slope(function, "network->cell.f", &network->cell.f));
  RK_TRY(rk_check_slope(function, "network->cell.g", &network->cell.g));
  return rk_check_slope(function, "network->cell.h", &network->cell.h);
}

/* The whole description */

static int check_clamp(const char *function, const char *argument, double limit) {
  if (!(limit >= 0) || isinf(limit))
    return rk_fail(GSL_EINVAL, function, argument, "is %g, expected above 0, or 0 for none", limit);
  return GSL_SUCCESS;
}

static int check_options(const char *function, const recur_cell *cell, const traits *t) {
  const struct {
    const char *name;
    bool set, has;
  } options[] = {
      {"network->cell.reset", cell->reset != RECUR_RESET_AFTER, t->has_reset},
      {"network->cell.layer_norm", cell->layer_norm, t->has_layer_norm},
      {"network->cell.peepholes", cell->peepholes, t->has_peepholes},
      {"network->cell.coupled", cell->coupled, t->has_coupled},
      {"network->cell.projection_size", cell->projection_size != 0, t->has_projection},
      {"network->cell.cell_clamp", cell->cell_clamp != 0, t->has_cell_clamp},
  };
  for (size_t k = 0; k < sizeof options / sizeof options[0]; k++)
    if (options[k].set && !options[k].has)
      return rk_fail(GSL_EINVAL, function, options[k].name, "is set, and %s has no such option",
                     t->name);
  return GSL_SUCCESS;
}

static int check_cell(const char *function, const recur_network *network) {
  const recur_cell *cell = &network->cell;
  if ((unsigned)cell->kind >= RK_CELLS)
    return rk_fail(GSL_EINVAL, function, "network->cell.kind", "is no cell: %d", (int)cell->kind);
  const traits *t = &cells[cell->kind];
  RK_TRY(check_activation(function, "network->cell.f", &cell->f, true, t));
  RK_TRY(check_activation(function, "network->cell.g", &cell->g, t->has_g, t));
  RK_TRY(check_activation(function, "network->cell.h", &cell->h, t->has_h, t));
  if (cell->reset != RECUR_RESET_AFTER && cell->reset != RECUR_RESET_BEFORE)
    return rk_fail(GSL_EINVAL, function, "network->cell.reset", "is no variant: %d",
                   (int)cell->reset);
  RK_TRY(check_options(function, cell, t));
  if (cell->projection_size != 0 && cell->projection_size >= network->hidden_size)
    return rk_fail(GSL_EINVAL, function, "network->cell.projection_size",
                   "is %zu, expected less than H = %zu", cell->projection_size,
                   network->hidden_size);
  RK_TRY(check_clamp(function, "network->cell.gate_clamp", cell->gate_clamp));
  return check_clamp(function, "network->cell.cell_clamp", cell->cell_clamp);
}

static int check_chance(const char *function, const char *argument, double chance) {
  if (!(chance >= 0 && chance < 1))
    return rk_fail(GSL_EINVAL, function, argument, "is %g, expected 0 to below 1", chance);
  return GSL_SUCCESS;
}

static int check_random_options(const char *function, const recur_network *network) {
  RK_TRY(check_chance(function, "network->dropout", network->dropout));
  RK_TRY(check_chance(function, "network->recurrent_dropout", network->recurrent_dropout));
  RK_TRY(check_chance(function, "network->zoneout", network->zoneout));
  RK_TRY(check_chance(function, "network->cell_zoneout", network->cell_zoneout));
  const traits *t = &cells[network->cell.kind];
  if (network->cell_zoneout > 0 && !t->cell_state)
    return rk_fail(GSL_EINVAL, function, "network->cell_zoneout",
                   "is set, and %s has no cell state", t->name);
  if (network->dropout > 0 && network->layers == 1)
    return rk_fail(GSL_EINVAL, function, "network->dropout",
                   "is %g, but it acts between layers, and there is one", network->dropout);
  const size_t most = RK_MASK_PLACES / network->directions;
  const bool masked =
      network->recurrent_dropout > 0 || network->zoneout > 0 || network->cell_zoneout > 0;
  if (masked && network->layers > most)
    return rk_fail(GSL_EINVAL, function, "network->layers",
                   "is %zu, expected at most %zu with recurrent dropout or zoneout",
                   network->layers, most);
  return GSL_SUCCESS;
}

int rk_check_network(const char *function, const recur_network *network) {
  RK_TRY(network ? GSL_SUCCESS : rk_fail(GSL_EFAULT, function, "network", "is NULL"));
  RK_TRY(rk_check_size(function, "network->input_size", network->input_size, 1));
  RK_TRY(rk_check_size(function, "network->hidden_size", network->hidden_size, 1));
  RK_TRY(rk_check_size(function, "network->layers", network->layers, 1));
  if (network->directions != 1 && network->directions != 2)
    return rk_fail(GSL_EINVAL, function, "network->directions", "is %zu, expected 1 or 2",
                   network->directions);
  RK_TRY(check_cell(function, network));
  return check_random_options(function, network);
}

int recur_network_sizes(const recur_network *network, size_t *gates, size_t *state_size,
                        int *has_cell_state) {
  RK_TRY(rk_check_network(__func__, network));
  const rk_shape shape = rk_shape_of(network);
  RK_REQUIRE(gates);
  RK_REQUIRE(state_size);
  RK_REQUIRE(has_cell_state);
  *gates = shape.G;
  *state_size = shape.P;
  *has_cell_state = shape.cell_state;
  return GSL_SUCCESS;
}
recur_network recur_rnn(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_RNN, input_size, hidden_size);
}

recur_network recur_residual(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_RESIDUAL, input_size, hidden_size);
}

recur_network recur_gru(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_GRU, input_size, hidden_size);
}

recur_network recur_lstm(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_LSTM, input_size, hidden_size);
}
