/* Packed weights: see weights.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "isa/step.h"

#include "base/check.h"

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

/* Where the next operand goes, and who packs it: the members take turns. */
typedef struct {
  const KERNEL(isa, table) * isa;
  REAL *memory;
  const rk_member *member;
  size_t turn;
} KERNEL(weights, place);
#define PLACE KERNEL(weights, place)

static OPERAND KERNEL(weights, next)(PLACE *place, size_t depth, size_t groups, size_t width) {
  const OPERAND b = {.depth = depth, .groups = groups, .width = width, .panels = place->memory};
  place->memory += depth * groups * rk_filled(width, sizeof(REAL));
  return b;
}

static bool KERNEL(weights, turn)(PLACE *place) {
  return place->turn++ % place->member->size == place->member->rank;
}

/* x -> W x, for `gates` times `width` rows of W */
static OPERAND KERNEL(weights, forward)(PLACE *place, const MATRIX *w, size_t gates) {
  const OPERAND b = KERNEL(weights, next)(place, w->size2, gates, w->size1 / gates);
  if (KERNEL(weights, turn)(place))
    place->isa->pack_transposed(&b, w->data, w->tda);
  return b;
}

/* y -> W^T y */
static OPERAND KERNEL(weights, backward)(PLACE *place, const MATRIX *w) {
  const OPERAND b = KERNEL(weights, next)(place, w->size1, 1, w->size2);
  if (KERNEL(weights, turn)(place))
    for (size_t k = 0; k < w->size1; k++)
      place->isa->pack_row(&b, k, w->data + k * w->tda);
  return b;
}

static OPERAND KERNEL(weights, operand)(PLACE *place, const MATRIX *w, size_t gates,
                                        bool backward) {
  return backward ? KERNEL(weights, backward)(place, w) : KERNEL(weights, forward)(place, w, gates);
}

KERNEL(weights, packed)
KERNEL(weights, pack)
(const KERNEL(isa, table) * isa, const rk_shape *s, const KERNEL(parameters, views) * p,
 const rk_part_gates *parts, bool backward, REAL *memory, const rk_member *member) {
  const MATRIX *hh = &p->part[RK_WEIGHT_HH], *hr = &p->part[RK_WEIGHT_HR];
  PLACE place = {.isa = isa, .memory = memory, .member = member};
  KERNEL(weights, packed) packed = {0};
  packed.ih = KERNEL(weights, operand)(&place, &p->part[RK_WEIGHT_IH], s->G, backward);
  for (size_t k = 0; k < RK_MOST_PARTS && parts[k].count != 0; k++) {
    const size_t gates = parts[k].count < s->G ? parts[k].count : s->G;
    packed.parts[k] = (rk_part_gates){.first = parts[k].first, .count = gates};
    const MATRIX w = KERNEL(matrix, rows)(hh, parts[k].first * s->H, gates * s->H);
    packed.hh[k] = KERNEL(weights, operand)(&place, &w, gates, backward);
  }
  if (hr->data != NULL)
    packed.hr = KERNEL(weights, operand)(&place, hr, 1, backward);
  return packed;
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "weights.c"
#endif
