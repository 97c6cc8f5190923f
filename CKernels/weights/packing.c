/* Packed weights: see packing.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/packing.h"

#include "base/check.h"

size_t rk_weight_bytes(recur_weight_storage storage) {
  return storage == RECUR_STORAGE_INT8       ? sizeof(int8_t)
         : storage == RECUR_STORAGE_BFLOAT16 ? sizeof(rk_bfloat16)
                                             : rk_panel_element_bytes(storage);
}

/* Integers leave W_hr out. */
static recur_weight_storage projection_storage(recur_weight_storage storage) {
  return storage == RECUR_STORAGE_INT8 ? RECUR_STORAGE_FULL : storage;
}

size_t rk_packed_weights_bytes(const rk_sizes *s, recur_weight_storage storage, size_t layer) {
  const size_t I = rk_layer_input(s, layer), H = s->H, P = s->P, G = s->G;
  const size_t wide_I = rk_filled(I, sizeof(rk_real)), wide_P = rk_filled(P, sizeof(rk_real));
  const size_t wide_H = rk_filled(H, sizeof(rk_real));
  const size_t rows = rk_plus(rk_panel_rows(storage, I), rk_panel_rows(storage, P));
  const size_t forward = rk_times(rk_times(G, wide_H), rows);
  const size_t backward = rk_times(rk_times(G, H), rk_plus(wide_I, wide_P));
  const size_t most = storage != RECUR_STORAGE_FULL || forward > backward ? forward : backward;
  const size_t bytes = rk_times(most, rk_panel_element_bytes(storage));
  if (P == H)
    return bytes;
  const recur_weight_storage projected = projection_storage(storage);
  const size_t down = rk_times(rk_panel_rows(projected, H), wide_P), up = rk_times(P, wide_H);
  const size_t projection = projected != RECUR_STORAGE_FULL || down > up ? down : up;
  return rk_plus(bytes, rk_times(projection, rk_panel_element_bytes(projected)));
}

/* The memory for the next operand, and the thread that packs it: the threads take turns. */
typedef struct {
  const rk_kernels *kernels;
  recur_weight_storage storage;
  char *memory;
  const rk_thread *thread;
  size_t turn;
} packing;

static rk_packed_operand next_operand(packing *place, size_t depth, size_t groups, size_t width) {
  const rk_packed_operand b = {.depth = depth,
                               .groups = groups,
                               .width = width,
                               .storage = place->storage,
                               .dot = place->kernels->dot,
                               .panels = place->memory};
  place->memory += rk_panel_rows(b.storage, depth) * groups * rk_filled(width, sizeof(rk_real)) *
                   rk_panel_element_bytes(b.storage);
  return b;
}

static bool is_my_turn(packing *place) {
  return place->turn++ % place->thread->size == place->thread->rank;
}

/* For W x, where W has `gates` blocks of rows. */
static rk_packed_operand pack_forward(packing *place, const gsl_matrix *w, size_t gates) {
  const rk_packed_operand b = next_operand(place, w->size2, gates, w->size1 / gates);
  if (is_my_turn(place))
    place->kernels->pack_transposed(&b, w->data, w->tda);
  return b;
}

/* For W^T y. */
static rk_packed_operand pack_backward(packing *place, const gsl_matrix *w) {
  const rk_packed_operand b = next_operand(place, w->size1, 1, w->size2);
  if (is_my_turn(place))
    place->kernels->pack_rows(&b, 0, w->size1, w->data, (ptrdiff_t)w->tda);
  return b;
}

static rk_packed_operand pack_operand(packing *place, const gsl_matrix *w, size_t gates,
                                      bool backward) {
  return backward ? pack_backward(place, w) : pack_forward(place, w, gates);
}

rk_packed_weights rk_pack_weights(const rk_kernels *kernels, const rk_sizes *s,
                                  recur_weight_storage storage, const rk_parameter_views *p,
                                  const rk_gate_range *ranges, bool backward, char *memory,
                                  const rk_thread *thread) {
  const gsl_matrix *hh = &p->matrix[RK_WEIGHT_HH], *hr = &p->matrix[RK_WEIGHT_HR];
  packing place = {.kernels = kernels, .storage = storage, .memory = memory, .thread = thread};
  rk_packed_weights packed = {0};
  packed.ih = pack_operand(&place, &p->matrix[RK_WEIGHT_IH], s->G, backward);
  for (size_t k = 0; k < RK_MAX_RANGES && ranges[k].count != 0; k++) {
    const size_t gates = ranges[k].count < s->G ? ranges[k].count : s->G;
    packed.ranges[k] = (rk_gate_range){.first = ranges[k].first, .count = gates};
    const gsl_matrix w = rk_matrix_rows(hh, ranges[k].first * s->H, gates * s->H);
    packed.hh[k] = pack_operand(&place, &w, gates, backward);
  }
  place.storage = projection_storage(storage);
  if (hr->data != NULL)
    packed.hr = pack_operand(&place, hr, 1, backward);
  return packed;
}
