/* Weights prepared for inference, and those of a training pass: see recur/network.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/network_weights.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#ifndef RECUR_FLOAT
enum { PEEPHOLES = 3 };
#endif

WEIGHTS KERNEL(weights, describe)(const recur_network *network) {
  WEIGHTS w = {.network = *network,
               .s = rk_shape_of(network),
               .cell = KERNEL(cell, of)(&network->cell),
               .isa = KERNEL(isa, chosen)()};
  w.group = rk_filled(w.s.H, sizeof(REAL));
  return w;
}

/* How many numbers the panels of the layers and directions before ld have. All layers above the
   first are alike. */
static size_t KERNEL(weights, before)(const WEIGHTS *w, size_t ld) {
  const size_t lowest = ld < w->s.D ? ld : w->s.D;
  return rk_plus(rk_times(lowest, KERNEL(weights, size)(&w->s, 0)),
                 rk_times(ld - lowest, KERNEL(weights, size)(&w->s, 1)));
}

void KERNEL(weights, lay_out)(WEIGHTS *w, char *memory, size_t *used) {
  const size_t LD = w->s.L * w->s.D, gains = w->network.cell.layer_norm ? 2 * w->s.G * w->s.H : 0;
  w->packed = rk_take(memory, used, LD, sizeof *w->packed);
  w->panels = rk_take(memory, used, KERNEL(weights, before)(w, LD), sizeof(REAL));
  w->constants =
      KERNEL(memory, take)(memory, used, LD, rk_plus((w->s.K + PEEPHOLES) * w->group, gains));
}

REAL *KERNEL(weights, gains)(const WEIGHTS *w, size_t ld, bool recurrent) {
  REAL *gains = w->constants.data + ld * w->constants.tda + (w->s.K + PEEPHOLES) * w->group;
  return recurrent ? gains + w->s.G * w->s.H : gains;
}

STEP KERNEL(weights, step)(const WEIGHTS *w, size_t ld) {
  REAL *constants = w->constants.data + ld * w->constants.tda;
  return (STEP){.cell = &w->network.cell,
                .isa = w->isa,
                .weights = &w->packed[ld],
                .group = w->group,
                .bias = constants,
                .gains = KERNEL(weights, gains)(w, ld, true),
                .peepholes = w->network.cell.peepholes ? constants + w->s.K * w->group : NULL,
                .m = {.size2 = w->s.H}};
}

/* Biases, peepholes in groups as the biases are, and gains. */
static void KERNEL(weights, set_constants)(WEIGHTS *w, size_t ld,
                                           const KERNEL(parameters, views) * p) {
  const STEP s = KERNEL(weights, step)(w, ld);
  const MATRIX *peepholes = &p->part[RK_WEIGHT_PEEPHOLE];
  MATRIX all = KERNEL(matrix, rows)(&w->constants, ld, 1);
  KERNEL(matrix, set_zero)(&all);
  w->cell->biases(&s, p);
  for (size_t k = 0; peepholes->data != NULL && k < peepholes->size1 * peepholes->size2; k++)
    s.peepholes[k / w->s.H * w->group + k % w->s.H] = peepholes->data[k];
  if (!w->network.cell.layer_norm)
    return;
  const size_t bytes = w->s.G * w->s.H * sizeof(REAL);
  memcpy(KERNEL(weights, gains)(w, ld, false), p->part[RK_WEIGHT_LN_IH].data, bytes);
  memcpy(KERNEL(weights, gains)(w, ld, true), p->part[RK_WEIGHT_LN_HH].data, bytes);
}

void KERNEL(weights, prepare)(WEIGHTS *w, const VECTOR *theta, bool backward,
                              const rk_member *member) {
  for (size_t ld = 0; ld < w->s.L * w->s.D; ld++) {
    const KERNEL(parameters, views) p =
        KERNEL(parameters, of)(&w->network, theta, ld / w->s.D, ld % w->s.D);
    KERNEL(weights, packed)
    layer = KERNEL(weights, pack)(w->isa, &w->s, &p, w->cell->parts, backward,
                                  w->panels + KERNEL(weights, before)(w, ld), member);
    if (member->rank != 0)
      continue;
    w->packed[ld] = layer;
    if (!backward)
      KERNEL(weights, set_constants)(w, ld, &p);
  }
}

/* Public */

static int KERNEL(weights, check)(const char *function, const recur_network *network) {
  RK_TRY(rk_check_parameters(function, network, sizeof(REAL)));
  return rk_check_instruction_set(function);
}

static int KERNEL(weights, measure)(const char *function, WEIGHTS *w, size_t *bytes) {
  size_t used = rk_filled(sizeof *w, 1);
  KERNEL(weights, lay_out)(w, NULL, &used);
  return rk_check_bytes(function, "weights", used, 1, bytes);
}

int RECUR(network, weights_size)(const recur_network *network, size_t *bytes) {
  size_t size;
  RK_REQUIRE(bytes);
  RK_TRY(KERNEL(weights, check)(__func__, network));
  WEIGHTS w = KERNEL(weights, describe)(network);
  RK_TRY(KERNEL(weights, measure)(__func__, &w, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

WEIGHTS *RECUR(network, weights_alloc)(const recur_network *network) {
  size_t bytes;
  if (KERNEL(weights, check)(__func__, network) != GSL_SUCCESS)
    return NULL;
  WEIGHTS described = KERNEL(weights, describe)(network);
  if (KERNEL(weights, measure)(__func__, &described, &bytes) != GSL_SUCCESS)
    return NULL;
  WEIGHTS *w = aligned_alloc(RK_ROW_BYTES, bytes);
  if (w == NULL) {
    rk_fail(GSL_ENOMEM, __func__, "weights", "of %zu bytes cannot be allocated", bytes);
    return NULL;
  }
  size_t used = rk_filled(sizeof *w, 1);
  *w = described;
  KERNEL(weights, lay_out)(w, (char *)w, &used);
  return w;
}

void RECUR(network, weights_free)(WEIGHTS *weights) {
  free(weights);
}

int RECUR(network, weights_set)(const VECTOR *theta, WEIGHTS *weights) {
  const rk_member alone = {.size = 1};
  RK_REQUIRE(weights);
  RK_TRY(KERNEL(vector, check_contiguous)(__func__, theta, rk_parameter_count(&weights->network)));
  KERNEL(weights, prepare)(weights, theta, false, &alone);
  weights->set = true;
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "network_weights.c"
#endif
