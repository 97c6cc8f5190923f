/* The portable instruction set: see isa/portable.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "isa/portable.h"

#include "isa/set.h"
