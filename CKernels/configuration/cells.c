/* All cells: traits and constructors.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "configuration/cells.h"

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/residual.h>
#include <recur/rnn.h>

static const rk_cell_traits traits[RECUR_CELL_KINDS] = {
    [RECUR_CELL_RNN] = {"a simple cell", 1, 1, false, RECUR_ACTIVATION_TANH},
    [RECUR_CELL_RESIDUAL] = {"a residual cell", 1, 1, false, RECUR_ACTIVATION_TANH},
    [RECUR_CELL_GRU] = {"a GRU", 3, 4, false, RECUR_ACTIVATION_SIGMOID},
    [RECUR_CELL_LSTM] = {"an LSTM", 4, 4, true, RECUR_ACTIVATION_SIGMOID},
};

const rk_cell_traits *rk_cell_traits_of(recur_cell_kind kind) {
  return (unsigned)kind < RECUR_CELL_KINDS ? &traits[kind] : NULL;
}

static recur_network network_of(recur_cell_kind kind, size_t input_size, size_t hidden_size) {
  return (recur_network){.cell = {.kind = kind,
                                  .bias = true,
                                  .f = {.kind = traits[kind].f},
                                  .g = {.kind = RECUR_ACTIVATION_TANH},
                                  .h = {.kind = RECUR_ACTIVATION_TANH}},
                         .input_size = input_size,
                         .hidden_size = hidden_size,
                         .layers = 1,
                         .directions = 1};
}

recur_network recur_rnn(size_t input_size, size_t hidden_size) {
  return network_of(RECUR_CELL_RNN, input_size, hidden_size);
}

recur_network recur_residual(size_t input_size, size_t hidden_size) {
  return network_of(RECUR_CELL_RESIDUAL, input_size, hidden_size);
}

recur_network recur_gru(size_t input_size, size_t hidden_size) {
  return network_of(RECUR_CELL_GRU, input_size, hidden_size);
}

recur_network recur_lstm(size_t input_size, size_t hidden_size) {
  return network_of(RECUR_CELL_LSTM, input_size, hidden_size);
}
