/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * How a network stores its matrices in inference.
 */

#ifndef RECUR_WEIGHT_STORAGE_H
#define RECUR_WEIGHT_STORAGE_H

/** How packed weights store the matrices W_ih, W_hh and, in a projected LSTM, W_hr.
 *
 * Biases and all other parameters keep the precision of the network. The results are bit-identical
 * for any batch size, number of threads and instruction set, as those of full weights are. Storage
 * other than full is for single precision and inference only, and for a W_hh with at least
 * 65536 elements (halves) or 16384 (bfloat16 and integers): smaller ones are faster in full
 * storage.
 */
typedef enum {
  RECUR_STORAGE_FULL,     /**< The precision of the network, without rounding. */
  RECUR_STORAGE_HALF,     /**< IEEE 754 binary16: each element is rounded to the nearest of these
                               numbers, which have 11 significant bits. Magnitudes must be below
                               65520. Products and sums are those of single precision, so the
                               results are bit-identical to those of a network with the rounded
                               parameters. */
  RECUR_STORAGE_BFLOAT16, /**< The upper 16 bits of single precision: each element is rounded to the
                               nearest of these numbers, which have 8 significant bits. Magnitudes
                               must be below 3.396e38. Products and sums are those of single
                               precision, as with halves, but conversion is faster. */
  RECUR_STORAGE_INT8 /**< Integers from -127 to 127, with one scale for each row of W_ih and W_hh.
                          W_hr is full. In products, x and h are rounded in the same way, with one
                          scale for each sequence and step: the error is up to 0.4% of the largest
                          element. The sums are exact, of at most 8192 terms. If an element of x or
                          h is not finite, the whole product is NaN. */
} recur_weight_storage;

#endif
