/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * How a network stores its matrices in inference.
 */

#ifndef RECUR_WEIGHT_STORAGE_H
#define RECUR_WEIGHT_STORAGE_H

/** How packed weights store W_ih, W_hh and W_hr.
 *
 * Biases and all other parameters keep the precision of the network.
 */
typedef enum {
  RECUR_STORAGE_FULL, /**< The precision of the network, without rounding. */
  RECUR_STORAGE_HALF  /**< IEEE 754 binary16: each element is rounded to the nearest of these
                           numbers, which have 11 significant bits. Products and sums are those of
                           single precision, so the results are bit-identical to those of a network
                           with the rounded parameters. Single precision and inference only. */
} recur_weight_storage;

#endif
