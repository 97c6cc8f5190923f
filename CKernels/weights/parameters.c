/* A network's parameters in Recur's own layout.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/parameters.h"

#include "configuration/options.h"

const char *const rk_parameter_names[RK_PARAMETER_KINDS] = {
    "weight_ih", "weight_hh",       "bias_ih",      "bias_hh",
    "weight_hr", "weight_peephole", "weight_ln_ih", "weight_ln_hh"};

void rk_parameter_shape(const recur_network *network, size_t layer, rk_parameter_kind kind,
                        size_t *rows, size_t *columns) {
  const rk_sizes s = rk_sizes_of(network);
  const recur_cell *cell = &network->cell;
  const size_t GH = rk_times(s.G, s.H), peepholes = cell->coupled_gates ? 2 : 3;
  const size_t shapes[RK_PARAMETER_KINDS][2] = {
      [RK_WEIGHT_IH] = {GH, rk_layer_input(&s, layer)},
      [RK_WEIGHT_HH] = {GH, s.P},
      [RK_BIAS_IH] = {cell->bias ? GH : 0, 1},
      [RK_BIAS_HH] = {cell->bias ? GH : 0, 1},
      [RK_WEIGHT_HR] = {cell->projection_size, s.H},
      [RK_WEIGHT_PEEPHOLE] = {cell->peepholes ? peepholes : 0, s.H},
      [RK_WEIGHT_LN_IH] = {cell->layer_normalization ? GH : 0, 1},
      [RK_WEIGHT_LN_HH] = {cell->layer_normalization ? GH : 0, 1},
  };
  *rows = shapes[kind][0];
  *columns = *rows == 0 ? 0 : shapes[kind][1];
}

/* The number of parameters of a layer in one direction. */
static size_t layer_count(const recur_network *network, size_t layer) {
  size_t count = 0;
  for (rk_parameter_kind kind = 0; kind < RK_PARAMETER_KINDS; kind++) {
    size_t rows, columns;
    rk_parameter_shape(network, layer, kind, &rows, &columns);
    count = rk_plus(count, rk_times(rows, columns));
  }
  return count;
}

/* All layers above the first have the same size. */
size_t rk_parameter_count_before(const recur_network *network, size_t layer, size_t direction) {
  const size_t D = network->directions, first = layer_count(network, 0);
  if (layer == 0)
    return rk_times(direction, first);
  const size_t others = rk_plus(rk_times(layer - 1, D), direction);
  return rk_plus(rk_times(D, first), rk_times(others, layer_count(network, 1)));
}

size_t rk_parameter_count(const recur_network *network) {
  return rk_parameter_count_before(network, network->layers, 0);
}

int rk_check_parameters(const char *function, const recur_network *network, size_t element) {
  RK_TRY(rk_check_network(function, network));
  const rk_sizes s = rk_sizes_of(network);
  RK_TRY(rk_check_size(function, "G * H", rk_times(s.G, s.H), 1));
  RK_TRY(rk_check_size(function, "D * P", rk_times(s.D, s.P), 1));
  size_t bytes;
  return rk_check_bytes(function, "parameters", rk_parameter_count(network), element, &bytes);
}
