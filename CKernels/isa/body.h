/* The whole of an instruction set, in both precisions: what its file includes after saying what it
   has of its own.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "isa/step.h"

#include <float.h>
#include <stdint.h>

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

/* First as of double, then all of it once more as of float. */
/* clang-format off */
#include "isa/numbers.h"
#include "base/switch_to_float.h"
#include "isa/step.h"
#include "isa/numbers.h"
/* clang-format on */

#ifdef RK_TARGET
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
