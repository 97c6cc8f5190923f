/* Packed weights for inference, and for a training pass: see recur/network.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/network_weights.h"

#include "base/environment.h"
#include "base/instruction_set.h"
#include "base/memory.h"
#include "weights/storage.h"

#include <stdlib.h>

enum { PEEPHOLES = 3 };

recur_network_weights rk_network_weights_describe(const recur_network *network) {
  recur_network_weights w = {.network = *network,
                             .s = rk_sizes_of(network),
                             .cell = rk_cell_of(&network->cell),
                             .kernels = rk_kernels_in_use()};
  w.gate_stride = rk_filled(w.s.H, sizeof(rk_real));
  return w;
}

/* The size of the panels before ld, in bytes. All layers above the first have the same size. */
static size_t rk_network_weights_before(const recur_network_weights *w, size_t ld) {
  const size_t lowest = ld < w->s.D ? ld : w->s.D;
  const recur_weight_storage storage = w->network.weight_storage;
  return rk_plus(rk_times(lowest, rk_packed_weights_bytes(&w->s, storage, 0)),
                 rk_times(ld - lowest, rk_packed_weights_bytes(&w->s, storage, 1)));
}

void rk_network_weights_lay_out(recur_network_weights *w, char *memory, size_t *used) {
  const size_t LD = w->s.L * w->s.D,
               gains = w->network.cell.layer_normalization ? 2 * w->s.G * w->s.H : 0;
  w->packed = rk_take(memory, used, LD, sizeof *w->packed);
  w->panels = rk_take(memory, used, rk_network_weights_before(w, LD), 1);
  w->constants =
      rk_take_matrix(memory, used, LD, rk_plus((w->s.K + PEEPHOLES) * w->gate_stride, gains));
}

rk_layer_constants rk_network_weights_layer(const recur_network_weights *w, size_t ld) {
  const bool peepholes = w->network.cell.peepholes;
  rk_real *constants = w->constants.data + ld * w->constants.tda;
  rk_real *gains = constants + (w->s.K + PEEPHOLES) * w->gate_stride;
  return (rk_layer_constants){.cell = &w->network.cell,
                              .kernels = w->kernels,
                              .weights = &w->packed[ld],
                              .H = w->s.H,
                              .P = w->s.P,
                              .gate_stride = w->gate_stride,
                              .bias = constants,
                              .peepholes = peepholes ? constants + w->s.K * w->gate_stride : NULL,
                              .gains_ih = gains,
                              .gains_hh = gains + w->s.G * w->s.H};
}

void rk_network_weights_prepare(recur_network_weights *w, const gsl_vector *theta, bool backward,
                                const rk_thread *thread) {
  for (size_t ld = 0; ld < w->s.L * w->s.D; ld++) {
    const rk_parameter_views p =
        rk_parameter_views_of(&w->network, theta, ld / w->s.D, ld % w->s.D);
    rk_packed_weights layer =
        rk_pack_weights(w->kernels, &w->s, w->network.weight_storage, &p, w->cell->ranges, backward,
                        w->panels + rk_network_weights_before(w, ld), thread);
    if (thread->rank != 0)
      continue;
    w->packed[ld] = layer;
    if (backward)
      continue;
    gsl_matrix constants = rk_matrix_rows(&w->constants, ld, 1);
    const rk_layer_constants all = rk_network_weights_layer(w, ld);
    rk_matrix_set_zero(&constants);
    w->cell->set_constants(&all, &p);
  }
}

/* Public */

static int rk_network_weights_check(const char *function, const recur_network *network) {
  RK_TRY(rk_check_parameters(function, network, sizeof(rk_real)));
  RK_TRY(rk_check_storage(function, network));
  return rk_check_instruction_set(function);
}

static int rk_network_weights_measure(const char *function, recur_network_weights *w,
                                      size_t *bytes) {
  size_t used = rk_filled(sizeof *w, 1);
  rk_network_weights_lay_out(w, NULL, &used);
  return rk_check_bytes(function, "weights", used, 1, bytes);
}

int rk_network_weights_bytes(const char *function, const recur_network *network, size_t *bytes) {
  RK_TRY(rk_network_weights_check(function, network));
  recur_network_weights w = rk_network_weights_describe(network);
  return rk_network_weights_measure(function, &w, bytes);
}

recur_network_weights *rk_network_weights_place(const recur_network *network, void *memory) {
  recur_network_weights *w = memory;
  size_t used = rk_filled(sizeof *w, 1);
  *w = rk_network_weights_describe(network);
  rk_network_weights_lay_out(w, memory, &used);
  return w;
}

int recur_network_weights_bytes(const recur_network *network, size_t *bytes) {
  size_t size;
  RK_REQUIRE(bytes);
  RK_TRY(rk_network_weights_bytes(__func__, network, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

recur_network_weights *recur_network_weights_alloc(const recur_network *network) {
  size_t bytes;
  if (rk_network_weights_bytes(__func__, network, &bytes) != GSL_SUCCESS)
    return NULL;
  void *memory = rk_allocate(__func__, "weights", bytes);
  return memory == NULL ? NULL : rk_network_weights_place(network, memory);
}

void recur_network_weights_free(recur_network_weights *weights) {
  free(weights);
}

int recur_network_weights_set(recur_network_weights *weights, const gsl_vector *theta) {
  RK_COMPUTES;
  const rk_thread alone = {.size = 1};
  RK_REQUIRE(weights);
  RK_TRY(rk_vector_check_contiguous(__func__, theta, rk_parameter_count(&weights->network)));
  RK_TRY(rk_check_storable(__func__, NULL, &weights->network, theta));
  rk_network_weights_prepare(weights, theta, false, &alone);
  weights->set = true;
  return GSL_SUCCESS;
}
