/* The weights of one layer and direction, packed for products: forward as they are, backward
   transposed, in the same memory.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/team.h"

#ifndef RK_WEIGHTS_H
#define RK_WEIGHTS_H

/* Consecutive gates whose products with W_hh are formed together. */
typedef struct {
  size_t first, count;
} rk_part_gates;

enum { RK_MOST_PARTS = 2 };
#endif

typedef struct {
  /* Forward: ih from I columns to G groups of H, hh from P to the gates of each part, hr from H to
     P. Backward the other way, where the gates are what is summed. */
  KERNEL(packed, operand) ih, hh[RK_MOST_PARTS], hr;
  rk_part_gates parts[RK_MOST_PARTS]; /* of hh; a coupled LSTM's is one gate less than its cell's */
} KERNEL(weights, packed);

/* How many numbers the memory has to have, rows filled; the same both ways or less. */
size_t KERNEL(weights, size)(const rk_shape *s, size_t layer);

/* A member's share of the packing; what is packed is said to all. */
KERNEL(weights, packed)
KERNEL(weights, pack)
(const KERNEL(isa, table) * isa, const rk_shape *s, const KERNEL(parameters, views) * p,
 const rk_part_gates *parts, bool backward, REAL *memory, const rk_member *member);
