/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The purpose of a workspace: inference or training.
 */

#ifndef RECUR_MODE_H
#define RECUR_MODE_H

/** The purpose of a workspace. */
typedef enum {
  RECUR_MODE_INFERENCE, /**< recur_network_infer() only: scratch memory for a few steps. */
  RECUR_MODE_TRAINING   /**< recur_network_forward() and recur_network_backward(): also the values
                             of every step that the backward pass needs. */
} recur_mode;

#endif
