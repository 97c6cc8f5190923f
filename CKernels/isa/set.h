/* All kernels of one instruction set. The set's file defines its own macros and includes this file.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_SET_H
#define RK_ISA_SET_H

#include "isa/kernels.h"
#include "isa/step.h"

#include <stdint.h>

#ifndef RK_INSTRUCTION_SET
#include "isa/portable.h"
#endif

#ifdef RK_TARGET
#define RK_PRAGMA(text) _Pragma(#text)
#define RK_PRAGMA_OF(...) RK_PRAGMA(__VA_ARGS__)
#ifdef __clang__
RK_PRAGMA_OF(clang attribute push(__attribute__((target(RK_TARGET))), apply_to = function))
#else
#pragma GCC push_options
RK_PRAGMA_OF(GCC target(RK_TARGET))
#endif
#endif

#include "isa/gru.h"
#include "isa/lstm.h"
#include "isa/panels.h"
#include "isa/rnn.h"

/* rk_kernels_avx2 and "avx2". */
#define RK_TABLE_OF(set) rk_kernels_##set
#define RK_TABLE(set) RK_TABLE_OF(set)
#define RK_TEXT_OF(set) #set
#define RK_TEXT(set) RK_TEXT_OF(set)

/* Double precision has no integers. */
#ifdef RK_FLOAT
#define RK_DOT(function) function
#else
#define RK_DOT(function) NULL
#endif

/* A set, with its function for sums of products of integers. */
#define RK_KERNELS(set, dot_kernel)                                                                \
  const rk_kernels RK_TABLE(set) = {                                                               \
      .name = RK_TEXT(set),                                                                        \
      .lanes = LANES,                                                                              \
      .multiply = panel_multiply,                                                                  \
      .dot = dot_kernel,                                                                           \
      .pack_rows = panel_pack_rows,                                                                \
      .pack_transposed = panel_pack_transposed,                                                    \
      .add_rows = add_rows,                                                                        \
      .activation_forward = activation_forward,                                                    \
      .activation_gradient = activation_gradient,                                                  \
      .activation_backward = activation_backward,                                                  \
      .rnn_run = rnn_run,                                                                          \
      .residual_run = residual_run,                                                                \
      .gru_run = gru_run,                                                                          \
      .lstm_run = lstm_run,                                                                        \
      .rnn_gate = rnn_gate,                                                                        \
      .rnn_gate_backward = rnn_gate_backward,                                                      \
      .residual_gate = residual_gate,                                                              \
      .gru_gates = gru_gates,                                                                      \
      .gru_reset_gates = gru_reset_gates,                                                          \
      .gru_candidate = gru_candidate,                                                              \
      .gru_gates_backward = gru_gates_backward,                                                    \
      .gru_reset_gate_backward = gru_reset_gate_backward,                                          \
      .lstm_gates = lstm_gates,                                                                    \
      .lstm_output = lstm_output,                                                                  \
      .lstm_gates_backward = lstm_gates_backward,                                                  \
  }

RK_KERNELS(RK_INSTRUCTION_SET, RK_DOT(dot_panel));

#ifdef RK_TARGET
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#endif
