/* Operations that move elements: concatenation, slices, other positions.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"
#include "model/operation.h"

#include <string.h>

/* Copies n channels of each position of `from`, beginning with channel `first` of C, to channel
   `to` of C2; or adds them. */
static void rk_move_channels(const gsl_matrix *from, size_t first, size_t C, gsl_matrix *m,
                             size_t to, size_t C2, size_t n, bool add) {
  const size_t positions = from->size2 / C;
  for (size_t r = 0; r < from->size1; r++)
    for (size_t q = 0; q < positions; q++) {
      const rk_real *a = rk_row(from, r) + q * C + first;
      rk_real *b = rk_row(m, r) + q * C2 + to;
      if (!add)
        memcpy(b, a, n * sizeof(rk_real));
      for (size_t j = 0; add && j < n; j++)
        b[j] += a[j];
    }
}

static size_t source_channels(const rk_call *call, size_t k) {
  return rk_node_source(call->model, call->node, k)->value.channels;
}

static void rk_concatenate_forward(const rk_call *call) {
  const size_t C = call->node->value.channels;
  for (size_t k = 0, first = 0; k < call->node->sources; k++) {
    const size_t n = source_channels(call, k);
    rk_move_channels(call->x[k], 0, n, call->y, first, C, n, false);
    first += n;
  }
}

static void rk_concatenate_backward(const rk_call *call) {
  const size_t C = call->node->value.channels;
  for (size_t k = 0, first = 0; k < call->node->sources; k++) {
    const size_t n = source_channels(call, k);
    if (call->dx[k] != NULL)
      rk_move_channels(call->dy, first, C, call->dx[k], 0, n, n, true);
    first += n;
  }
}

const rk_operation rk_concatenate_operation = {.forward = rk_concatenate_forward,
                                               .backward = rk_concatenate_backward};

static void rk_slice_forward(const rk_call *call) {
  const size_t n = call->node->value.channels;
  rk_move_channels(call->x[0], call->node->given.first, source_channels(call, 0), call->y, 0, n, n,
                   false);
}

static void rk_slice_backward(const rk_call *call) {
  const size_t n = call->node->value.channels;
  if (call->dx[0] != NULL)
    rk_move_channels(call->dy, 0, n, call->dx[0], call->node->given.first, source_channels(call, 0),
                     n, true);
}

const rk_operation rk_slice_operation = {.forward = rk_slice_forward,
                                         .backward = rk_slice_backward};

static void rk_reshape_forward(const rk_call *call) {
  rk_matrix_copy(call->x[0], call->y);
}

static void rk_reshape_backward(const rk_call *call) {
  if (call->dx[0] != NULL)
    rk_matrix_add(call->dy, call->dx[0]);
}

const rk_operation rk_reshape_operation = {.forward = rk_reshape_forward,
                                           .backward = rk_reshape_backward};
