/* A recurrent cell: which one, and its options. The constructors in recur/rnn.h, recur/residual.h,
   recur/gru.h and recur/lstm.h fill it in; an option that a cell does not have is an error when it
   is set, and never ignored.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_CELL_H
#define RECUR_CELL_H

#include <recur/activation.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum {
  RECUR_CELL_RNN,      /* recur/rnn.h: the simple one, Elman's */
  RECUR_CELL_RESIDUAL, /* recur/residual.h */
  RECUR_CELL_GRU,      /* recur/gru.h */
  RECUR_CELL_LSTM      /* recur/lstm.h */
} recur_cell_kind;

/* Where a GRU's reset gate acts. */
typedef enum {
  RECUR_RESET_AFTER, /* after the product with W_hn, as in torch */
  RECUR_RESET_BEFORE /* before that product, as in the textbook, and in ONNX by default */
} recur_reset;

typedef struct {
  recur_cell_kind kind;
  bool bias;
  recur_activation f; /* of the gates; of simple and residual cells, the one there is */
  recur_activation g; /* GRU, LSTM: of the candidate */
  recur_activation h; /* LSTM: of the cell state on its way out */
  double gate_clamp;  /* the input of every gate's activation is clamped to +-gate_clamp; 0: not */
  recur_reset reset;  /* GRU */
  bool layer_normalization; /* GRU, LSTM: W_ih x and W_hh h are normalised before they are added */
  bool peepholes;           /* LSTM: gates see the cell state, i and f c_{t-1}, o c_t */
  bool coupled_gates;       /* LSTM: f = 1 - i */
  size_t projection_size;   /* LSTM: P, from 1 to H - 1; 0: none, P = H */
  double cell_clamp;        /* LSTM: c_t is clamped to +-cell_clamp; 0: not */
} recur_cell;

#endif
