/* The kernels of one instruction set in one precision, and their table.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/* Each needs those before it. */
/* clang-format off */
#include "isa/vector.h"
#include "isa/functions.h"
#include "isa/tile.h"
#include "isa/activation.h"
#include "isa/panels.h"
#include "isa/rows.h"
#include "isa/gate.h"
#include "isa/rnn.h"
#include "isa/gru.h"
#include "isa/lstm.h"
/* clang-format on */

#define TABLE_OF(set) KERNEL(set, table)
#define NAME_OF(set) #set
#define NAME(set) NAME_OF(set)

const KERNEL(isa, table) TABLE_OF(RK_INSTRUCTION_SET) = {
    .name = NAME(RK_INSTRUCTION_SET),
    .lanes = LANES,
    .multiply = KERNEL(panel, multiply),
    .pack_row = KERNEL(panel, pack_row),
    .pack_transposed = KERNEL(panel, pack_transposed),
    .add_rows = KERNEL(rows, add),
    .values = KERNEL(activation, values),
    .gradients = KERNEL(activation, gradients),
    .rnn_forward = KERNEL(lanes, rnn_forward),
    .rnn_backward = KERNEL(lanes, rnn_backward),
    .residual_forward = KERNEL(lanes, residual_forward),
    .gru_forward = KERNEL(lanes, gru_forward),
    .gru_reset = KERNEL(lanes, gru_reset),
    .gru_update = KERNEL(lanes, gru_update),
    .gru_backward = KERNEL(lanes, gru_backward),
    .gru_reset_backward = KERNEL(lanes, gru_reset_backward),
    .lstm_forward = KERNEL(lanes, lstm_forward),
    .lstm_output = KERNEL(lanes, lstm_output),
    .lstm_backward = KERNEL(lanes, lstm_backward),
};
