/* What a workspace is for.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_PASS_H
#define RECUR_PASS_H

typedef enum {
  RECUR_INFERENCE, /* forward only: scratch of a few steps */
  RECUR_TRAINING   /* forward and backward: also what backward keeps of every step */
} recur_pass;

#endif
