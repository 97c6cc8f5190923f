/* Checks of initializations.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_SCHEMES_H
#define RK_SCHEMES_H

#include <recur/initialization.h>

/* Checks that a scheme comes before or is `last`; `expected` names those that do. */
int rk_check_scheme(const char *function, const char *argument, recur_scheme scheme,
                    recur_scheme last, const char *expected);

/* Checks the schemes of a network, and that the forget gate's bias is at most `largest`. */
int rk_check_initialization(const char *function, const recur_initialization *initialization,
                            double largest);

/* Whether a cell has a forget gate with a bias. */
bool rk_has_forget_gate_bias(const recur_cell *cell);

#endif
