/* recur_timing.c in single precision: see base/precision.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define RK_FLOAT
#define recur_timing_forward recur_timing_float_forward
#define recur_timing_training recur_timing_float_training
#define recur_timing_stream recur_timing_float_stream
#include "recur_timing.c"
