/* Activations, and descriptions of networks with their options.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef OPTIONS_H
#define OPTIONS_H

#include "reader.h"

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/residual.h>
#include <recur/rnn.h>

/* Mostly valid: the usual constants, rarely others. */
static inline recur_activation take_activation(reader *r) {
  const unsigned byte = take_byte(r);
  recur_activation phi =
      recur_activation_default((recur_activation_kind)(byte % RECUR_ACTIVATION_KINDS));
  if (byte < 192)
    return phi;
  phi.alpha = take_option(r);
  phi.beta = take_option(r);
  if (take_rarely(r, 16))
    phi.kind = (recur_activation_kind)take_byte(r);
  return phi;
}

/* One of the activations with bounded values and their usual constants. */
static inline recur_activation take_bounded_activation(reader *r) {
  static const recur_activation_kind bounded[] = {
      RECUR_ACTIVATION_TANH,     RECUR_ACTIVATION_SIGMOID,   RECUR_ACTIVATION_HARD_SIGMOID,
      RECUR_ACTIVATION_SOFTSIGN, RECUR_ACTIVATION_HARD_TANH, RECUR_ACTIVATION_SCALED_TANH};
  return recur_activation_default(bounded[take_below(r, sizeof bounded / sizeof bounded[0])]);
}

/* A probability that must be less than 1: 0 for half of the bytes. */
static inline double take_probability(reader *r) {
  const unsigned byte = take_byte(r);
  return byte < 128 ? 0 : byte < 250 ? (byte - 128) / 128.0 : take_option(r);
}

/* Whether the activations of a network are bounded. */
typedef struct {
  recur_network network;
  bool bounded;
} described_network;

/* The options that the cell supports; rarely, also others. */
static inline void take_cell_options(reader *r, recur_cell *cell) {
  const unsigned flags = take_byte(r), more = take_byte(r);
  const bool any = more >= 248, lstm = cell->kind == RECUR_CELL_LSTM || any;
  const bool gated = cell->kind == RECUR_CELL_GRU || lstm;
  cell->bias = !(flags & 1);
  cell->gate_clamp = flags & 2 ? fabs(take_option(r)) : 0;
  cell->layer_normalization = flags & 4 && gated;
  cell->reset =
      flags & 8 && (cell->kind == RECUR_CELL_GRU || any) ? RECUR_RESET_BEFORE : RECUR_RESET_AFTER;
  cell->peepholes = flags & 16 && lstm;
  cell->coupled_gates = flags & 32 && lstm;
  cell->cell_clamp = flags & 64 && lstm ? fabs(take_option(r)) : 0;
  cell->projection_size = flags & 128 && lstm ? take_below(r, 6) : 0;
}

/* A network of small sizes, valid for most inputs. */
static inline described_network take_network(reader *r) {
  static recur_network (*const constructors[])(size_t, size_t) = {recur_rnn, recur_residual,
                                                                  recur_gru, recur_lstm};
  const size_t kind = take_below(r, 4), I = take_size(r), H = take_size(r);
  recur_network network = constructors[kind](I, H);
  const unsigned shape = take_byte(r);
  network.layers = 1 + shape % 4 % 3;
  network.directions = 1 + shape / 4 % 2;
  take_cell_options(r, &network.cell);
  if (network.cell.projection_size >= H && shape < 248)
    network.cell.projection_size = H - 1;
  const unsigned choice = take_byte(r);
  const bool usual = choice < 128;
  recur_activation (*const take)(reader *) =
      choice < 192 ? take_bounded_activation : take_activation;
  if (!usual) {
    network.cell.f = take(r);
    network.cell.g = kind >= RECUR_CELL_GRU ? take(r) : network.cell.g;
    network.cell.h = kind == RECUR_CELL_LSTM ? take(r) : network.cell.h;
  }
  if (shape / 8 % 4 == 3) {
    network.dropout = network.layers > 1 ? take_probability(r) : 0;
    network.recurrent_dropout = take_probability(r);
    network.zoneout = take_probability(r);
    network.cell_zoneout = kind == RECUR_CELL_LSTM ? take_probability(r) : 0;
  }
  return (described_network){network, choice < 192};
}

#endif
