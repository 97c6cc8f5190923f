/* What is known of each activation but its formula (isa/activation.h).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ACTIVATIONS_H
#define RK_ACTIVATIONS_H

#include <recur/activation.h>

/* GSL_EINVAL for no activation, and constants out of range or that it does not use. */
int rk_check_activation(const char *function, const char *argument, const recur_activation *phi);

/* GSL_EUNIMPL for one whose slope its value does not tell. */
int rk_check_slope(const char *function, const char *argument, const recur_activation *phi);

#endif
