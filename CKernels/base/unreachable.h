/* The end of a switch over all values of an enumeration. It has no default, so the compiler reports
   a missing case, and argument checks let no other value pass.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_UNREACHABLE_H
#define RK_UNREACHABLE_H

#define RK_UNREACHABLE() __builtin_trap()

#endif
