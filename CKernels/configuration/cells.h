/* The traits of all cells.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_CELLS_H
#define RK_CELLS_H

#include <recur/cell.h>

typedef struct {
  const char *name; /* in messages: "an LSTM" */
  size_t gates;
  size_t kept; /* values that a step stores for each unit: the gates first, without c */
  bool cell_state;
  recur_activation_kind f; /* the default */
} rk_cell_traits;

/* Returns NULL if the kind is unknown. */
const rk_cell_traits *rk_cell_traits_of(recur_cell_kind kind);

#endif
