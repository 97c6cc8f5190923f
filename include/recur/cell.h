/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * A recurrent cell: its kind and its options.
 *
 * The constructors recur_rnn(), recur_residual(), recur_gru() and recur_lstm() fill in a
 * `recur_cell` as a part of a network. The fields may then be changed. If an option is set that the
 * cell does not support, every function that takes the network returns GSL_EINVAL.
 */

#ifndef RECUR_CELL_H
#define RECUR_CELL_H

#include <recur/activation.h>
#include <stdbool.h>
#include <stddef.h>

/** The kind of a recurrent cell. */
typedef enum {
  RECUR_CELL_RNN,      /**< The simple (Elman) cell: recur/rnn.h. */
  RECUR_CELL_RESIDUAL, /**< The residual cell: recur/residual.h. */
  RECUR_CELL_GRU,      /**< The gated recurrent unit: recur/gru.h. */
  RECUR_CELL_LSTM,     /**< Long short-term memory: recur/lstm.h. */
  RECUR_CELL_KINDS     /**< The number of kinds. */
} recur_cell_kind;

/** The position of a GRU's reset gate: recur/gru.h has both equations. */
typedef enum {
  RECUR_RESET_AFTER, /**< After the product with W_hn, as in PyTorch; the default. */
  RECUR_RESET_BEFORE /**< Before that product, as in the textbook and in ONNX by default. */
} recur_reset;

/** A recurrent cell and its options. H is the hidden size of the network. */
typedef struct {
  recur_cell_kind kind;     /**< The equations. */
  bool bias;                /**< Whether there are biases b_ih and b_hh. */
  recur_activation f;       /**< The gates' activation; simple and residual cells: the only one. */
  recur_activation g;       /**< GRU, LSTM: the candidate's activation. */
  recur_activation h;       /**< LSTM: the activation of the cell state, h in `m_t = o o h(c_t)`. */
  double gate_clamp;        /**< Clamps the input of each gate's activation, the candidate's
                                 included, to [-gate_clamp, gate_clamp]; 0 disables clamping. A
                                 positive value is at least FLT_MIN. The gradient of an input at
                                 the limit or beyond is 0. */
  recur_reset reset;        /**< GRU: the position of the reset gate. */
  bool layer_normalization; /**< GRU, LSTM: normalizes W_ih x and W_hh h before adding them. */
  bool peepholes;           /**< LSTM: gates i and f also depend on c_{t-1}, gate o on c_t. */
  bool coupled_gates;       /**< LSTM: couples the forget gate to the input gate, f = 1 - i. */
  size_t projection_size;   /**< LSTM: P, the size of h, from 1 to H - 1; 0 for no projection,
                                 that is, P = H. */
  double cell_clamp;        /**< LSTM: clamps c_t to [-cell_clamp, cell_clamp]; 0 disables
                                 clamping. A positive value is at least FLT_MIN. The gradient of a
                                 value at the limit or beyond is 0. */
} recur_cell;

#endif
