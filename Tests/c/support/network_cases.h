/* Networks with every cell and its options.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NETWORK_CASES_H
#define NETWORK_CASES_H

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/residual.h>
#include <recur/rnn.h>

enum { NETWORK_CASES = 20, LSTM_OPTIONS = 1 << 7, RANDOM_OPTIONS = 1 << 4 };

/* An LSTM with the options of a bit mask. */
static inline recur_network lstm_with(int options, size_t I, size_t H) {
  recur_network network = recur_lstm(I, H);
  network.cell.bias = !(options & 1);
  network.cell.peepholes = options & 2;
  network.cell.coupled_gates = options & 4;
  network.cell.projection_size = options & 8 && H > 1 ? (H + 1) / 2 : 0;
  network.cell.gate_clamp = options & 16 ? 0.8 : 0;
  network.cell.cell_clamp = options & 32 ? 0.3 : 0;
  network.cell.layer_normalization = options & 64;
  return network;
}

static inline recur_network simple_case(size_t k, size_t I, size_t H) {
  recur_network network = k < 3 ? recur_rnn(I, H) : recur_residual(I, H);
  static const recur_activation_kind functions[] = {RECUR_ACTIVATION_TANH, RECUR_ACTIVATION_RELU,
                                                    RECUR_ACTIVATION_SIGMOID, RECUR_ACTIVATION_TANH,
                                                    RECUR_ACTIVATION_SOFTSIGN};
  network.cell.f.kind = functions[k];
  network.cell.bias = k != 1;
  network.cell.gate_clamp = k == 2 || k == 4 ? 0.6 : 0;
  return network;
}

static inline recur_network gru_case(size_t k, size_t I, size_t H) {
  recur_network network = recur_gru(I, H);
  network.cell.reset = k % 2 == 0 ? RECUR_RESET_AFTER : RECUR_RESET_BEFORE;
  network.cell.bias = k < 4 || k == 6;
  if (k >= 2 && k < 6) {
    network.cell.gate_clamp = 0.7;
    network.cell.f = recur_activation_default(RECUR_ACTIVATION_HARD_SIGMOID);
    network.cell.g = (recur_activation){RECUR_ACTIVATION_SCALED_TANH, 0.9, 1.2};
  }
  network.cell.layer_normalization = k >= 6;
  return network;
}

static inline recur_network lstm_case(size_t k, size_t I, size_t H) {
  static const int options[] = {0, 2, 4, 8, 1 + 2 + 4 + 8 + 16 + 32, 64, 2 + 8 + 16 + 64};
  recur_network network = lstm_with(options[k], I, H);
  if (k == 4) {
    network.cell.f = (recur_activation){RECUR_ACTIVATION_HARD_SIGMOID, 0.3, 0.6};
    network.cell.g.kind = RECUR_ACTIVATION_SOFTSIGN;
    network.cell.h = recur_activation_default(RECUR_ACTIVATION_ELU);
  }
  return network;
}

/* Case k of NETWORK_CASES: RNN and residual 0 to 4, GRU 5 to 12, LSTM from 13 on. */
static inline recur_network network_case(size_t k, size_t I, size_t H, size_t layers,
                                         size_t directions) {
  recur_network network = k < 5    ? simple_case(k, I, H)
                          : k < 13 ? gru_case(k - 5, I, H)
                                   : lstm_case(k - 13, I, H);
  network.layers = layers;
  network.directions = directions;
  return network;
}

/* Sets the random options of a bit mask, as far as the network supports them. */
static inline recur_network with_random_options(recur_network network, int options) {
  network.dropout = options & 1 && network.layers > 1 ? 0.4 : 0;
  network.recurrent_dropout = options & 2 ? 0.3 : 0;
  network.zoneout = options & 4 ? 0.35 : 0;
  network.cell_zoneout = options & 8 && network.cell.kind == RECUR_CELL_LSTM ? 0.45 : 0;
  return network;
}

#endif
