/* Packed weights: see weights.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "step.h"

#include "check.h"

#define OPERAND KERNEL(packed, operand)

size_t KERNEL(weights, size)(const rk_shape *s, size_t layer) {
  const size_t I = rk_layer_input(s, layer), H = s->H, P = s->P, G = s->G;
  const size_t wide_I = rk_filled(I, sizeof(REAL)), wide_P = rk_filled(P, sizeof(REAL));
  const size_t wide_H = rk_filled(H, sizeof(REAL));
  const size_t forward = rk_times(rk_times(G, wide_H), rk_plus(I, P));
  const size_t backward = rk_times(rk_times(G, H), rk_plus(wide_I, wide_P));
  const size_t projection = rk_plus(rk_times(H, wide_P), rk_times(P, wide_H));
  return rk_plus(forward > backward ? forward : backward, P == H ? 0 : projection);
}

static OPERAND KERNEL(weights, next)(REAL **memory, size_t depth, size_t groups, size_t width) {
  const OPERAND b = {.depth = depth, .groups = groups, .width = width, .panels = *memory};
  *memory += depth * groups * rk_filled(width, sizeof(REAL));
  return b;
}

/* x -> W x, for `gates` times `width` rows of W */
static OPERAND KERNEL(weights, forward)(const KERNEL(isa, table) * isa, const MATRIX *w,
                                        size_t gates, REAL **memory) {
  const OPERAND b = KERNEL(weights, next)(memory, w->size2, gates, w->size1 / gates);
  isa->pack_transposed(&b, w->data, w->tda);
  return b;
}

/* y -> W^T y */
static OPERAND KERNEL(weights, backward)(const KERNEL(isa, table) * isa, const MATRIX *w,
                                         REAL **memory) {
  const OPERAND b = KERNEL(weights, next)(memory, w->size1, 1, w->size2);
  for (size_t k = 0; k < w->size1; k++)
    isa->pack_row(&b, k, w->data + k * w->tda);
  return b;
}

void KERNEL(weights, pack)(const KERNEL(isa, table) * isa, const rk_shape *s,
                           const KERNEL(parameters, views) * p, const rk_part_gates *parts,
                           bool backward, REAL *memory, KERNEL(weights, packed) * packed) {
  const MATRIX *hh = &p->part[RK_WEIGHT_HH], *hr = &p->part[RK_WEIGHT_HR];
  packed->ih = backward ? KERNEL(weights, backward)(isa, &p->part[RK_WEIGHT_IH], &memory)
                        : KERNEL(weights, forward)(isa, &p->part[RK_WEIGHT_IH], s->G, &memory);
  for (size_t k = 0; k < RK_MOST_PARTS && parts[k].count != 0; k++) {
    const size_t gates = parts[k].count < s->G ? parts[k].count : s->G;
    packed->parts[k] = (rk_part_gates){.first = parts[k].first, .count = gates};
    const MATRIX w = KERNEL(matrix, rows)(hh, parts[k].first * s->H, gates * s->H);
    packed->hh[k] = backward ? KERNEL(weights, backward)(isa, &w, &memory)
                             : KERNEL(weights, forward)(isa, &w, gates, &memory);
  }
  if (hr->data != NULL)
    packed->hr = backward ? KERNEL(weights, backward)(isa, hr, &memory)
                          : KERNEL(weights, forward)(isa, hr, 1, &memory);
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "weights.c"
#endif
