/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The purpose of a workspace: inference or training.
 */

#ifndef RECUR_MODE_H
#define RECUR_MODE_H

/** The purpose of a workspace. */
typedef enum {
  RECUR_MODE_INFERENCE, /**< Inference only: scratch memory for a few steps. */
  RECUR_MODE_TRAINING   /**< Forward and backward passes: also the values
                             of every step that the backward pass needs. */
} recur_mode;

#endif
