/* The sizes of a network: see sizes.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "configuration/sizes.h"

#include "base/check.h"
#include "configuration/cells.h"
#include "configuration/options.h"

rk_sizes rk_sizes_of(const recur_network *network) {
  const recur_cell *cell = &network->cell;
  const rk_cell_traits *traits = rk_cell_traits_of(cell->kind);
  return (rk_sizes){.I = network->input_size,
                    .H = network->hidden_size,
                    .L = network->layers,
                    .D = network->directions,
                    .P = cell->projection_size ? cell->projection_size : network->hidden_size,
                    .G = traits->gates - (cell->coupled_gates ? 1 : 0),
                    .K = traits->kept - (cell->coupled_gates ? 1 : 0),
                    .cell_state = traits->cell_state};
}

size_t rk_layer_input(const rk_sizes *sizes, size_t layer) {
  return layer == 0 ? sizes->I : sizes->D * sizes->P;
}

int recur_network_measure(const recur_network *network, recur_network_sizes *sizes) {
  RK_TRY(rk_check_network(__func__, network));
  RK_REQUIRE(sizes);
  const rk_sizes s = rk_sizes_of(network);
  *sizes = (recur_network_sizes){.gates = s.G, .state_size = s.P, .cell_state = s.cell_state};
  return GSL_SUCCESS;
}
