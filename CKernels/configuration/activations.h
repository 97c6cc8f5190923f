/* The properties of each activation; its formula is in isa/activation.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ACTIVATIONS_H
#define RK_ACTIVATIONS_H

#include <recur/activation.h>

/* Returns GSL_EINVAL for an unknown kind, or for a constant that is invalid or not used. */
int rk_check_activation(const char *function, const char *argument, const recur_activation *phi);

/* Returns GSL_EUNIMPL if the slope cannot be computed from the value. */
int rk_check_slope(const char *function, const char *argument, const recur_activation *phi);

#endif
