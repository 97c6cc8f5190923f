/* What a workspace is for.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_MODE_H
#define RECUR_MODE_H

typedef enum {
  RECUR_MODE_INFERENCE, /* forward only: scratch of a few steps */
  RECUR_MODE_TRAINING   /* forward and backward: also what backward keeps of every step */
} recur_mode;

#endif
