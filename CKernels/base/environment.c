/* Computations of the program in the library's environment: see recur/environment.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/environment.h"

#include <recur/environment.h>

void recur_environment_call(void (*function)(void *context), void *context) {
  RK_COMPUTES;
  function(context);
}
