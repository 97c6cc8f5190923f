/* The weights of one layer and direction, packed for products: forward as they are, backward
   transposed, in the same memory.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_WEIGHTS_H
#define RK_WEIGHTS_H

#include "base/team.h"
#include "isa/kernels.h"
#include "weights/parameters.h"

/* Consecutive gates whose products with W_hh are formed together. */
typedef struct {
  size_t first, count;
} rk_part_gates;

enum { RK_MOST_PARTS = 2 };

typedef struct rk_packed_weights {
  /* Forward: ih from I columns to G groups of H, hh from P to the gates of each part, hr from H to
     P. Backward the other way, where the gates are what is summed. */
  rk_packed_operand ih, hh[RK_MOST_PARTS], hr;
  rk_part_gates parts[RK_MOST_PARTS]; /* of hh; a coupled LSTM's is one gate less than its cell's */
} rk_packed_weights;

/* How many numbers the memory has to have, rows filled; the same both ways or less. */
size_t rk_packed_weights_count(const rk_shape *s, size_t layer);

/* A member's share of the packing; what is packed is said to all. */
rk_packed_weights rk_pack_weights(const rk_kernels *isa, const rk_shape *s,
                                  const rk_parameter_views *p, const rk_part_gates *parts,
                                  bool backward, rk_real *memory, const rk_member *member);

#endif
