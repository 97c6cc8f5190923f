/* weights/storage.c in single precision: see base/precision.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define RK_FLOAT
#include "weights/storage.c"
