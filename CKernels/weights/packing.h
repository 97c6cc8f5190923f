/* The weights of one layer and direction, packed for products: for W x in the forward pass, for W^T
   y in the backward pass, in the same memory.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_PACKING_H
#define RK_PACKING_H

#include "base/team.h"
#include "isa/kernels.h"
#include "weights/parameters.h"

/* Consecutive gates whose products with W_hh are computed together. */
typedef struct {
  size_t first, count;
} rk_gate_range;

enum { RK_MAX_RANGES = 2 };

typedef struct rk_packed_weights {
  /* Forward: ih from I columns to G groups of H, hh from P to the gates of each range, hr from H to
     P. Backward: the reverse, with the gates as terms of the sums. */
  rk_packed_operand ih, hh[RK_MAX_RANGES], hr;
  rk_gate_range
      ranges[RK_MAX_RANGES]; /* of hh; a coupled LSTM has one gate less than its cell's range */
} rk_packed_weights;

/* The size of a weight, apart from padding and scales. */
size_t rk_weight_bytes(recur_weight_storage storage);

/* The size of the memory in bytes, with padded rows: the maximum for forward and backward, or for
   forward alone if the storage is not full; saturating. */
size_t rk_packed_weights_bytes(const rk_sizes *s, recur_weight_storage storage, size_t layer);

/* A thread's share of the packing. Every thread gets the complete result. */
rk_packed_weights rk_pack_weights(const rk_kernels *kernels, const rk_sizes *s,
                                  recur_weight_storage storage, const rk_parameter_views *p,
                                  const rk_gate_range *ranges, bool backward, char *memory,
                                  const rk_thread *thread);

#endif
