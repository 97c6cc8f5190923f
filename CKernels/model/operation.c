/* The operations of all kinds, and their threads: see operation.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/operation.h"

/* The minimum number of operations for each of several threads. */
enum { LEAST_WORK = 1 << 17 };

const rk_operation *rk_operation_of(recur_node_kind kind) {
  static const rk_operation *const operations[RECUR_NODE_KINDS] = {
      [RECUR_NODE_EMBEDDING] = &rk_embedding_operation,
      [RECUR_NODE_NETWORK] = &rk_network_operation,
      [RECUR_NODE_DENSE] = &rk_dense_operation,
      [RECUR_NODE_CONVOLUTION] = &rk_convolution_operation,
      [RECUR_NODE_ACTIVATION] = &rk_activation_operation,
      [RECUR_NODE_PRELU] = &rk_prelu_operation,
      [RECUR_NODE_LAYER_NORMALIZATION] = &rk_layer_normalization_operation,
      [RECUR_NODE_SCALE] = &rk_scale_operation,
      [RECUR_NODE_ADD] = &rk_add_operation,
      [RECUR_NODE_MULTIPLY] = &rk_multiply_operation,
      [RECUR_NODE_CONCATENATE] = &rk_concatenate_operation,
      [RECUR_NODE_SLICE] = &rk_slice_operation,
      [RECUR_NODE_RESHAPE] = &rk_reshape_operation,
      [RECUR_NODE_SOFTMAX] = &rk_softmax_operation,
      [RECUR_NODE_MAGNITUDE] = &rk_magnitude_operation,
      [RECUR_NODE_FIRST_STEP] = &rk_first_step_operation,
      [RECUR_NODE_LAST_STEP] = &rk_last_step_operation,
      [RECUR_NODE_MEAN] = &rk_mean_operation,
      [RECUR_NODE_MAXIMUM] = &rk_maximum_operation,
  };
  return operations[kind];
}

typedef struct {
  const rk_call *call;
  size_t count;
  void (*rows)(const rk_call *call, size_t first, size_t last);
} shared_rows;

static void run_share(const rk_thread *thread, void *context) {
  const shared_rows *s = context;
  size_t first, last;
  rk_share(thread, s->count, 1, &first, &last);
  rk_call own = *s->call;
  own.rank = thread->rank;
  own.size = thread->size;
  if (first < last)
    s->rows(&own, first, last);
}

void rk_call_share(const rk_call *call, size_t count, size_t cost,
                   void (*rows)(const rk_call *call, size_t first, size_t last)) {
  const size_t threads = recur_threads_count(call->threads);
  const double most = (double)count * (double)cost / LEAST_WORK;
  if (threads == 1 || most < 2) {
    if (count > 0)
      rows(call, 0, count);
    return;
  }
  shared_rows shared = {call, count, rows};
  rk_team_run(call->threads, most < (double)threads ? (size_t)most : threads, run_share, &shared);
}
