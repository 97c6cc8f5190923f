/* The simple and the residual cell on vectors: see recur/rnn.h and recur/residual.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_RNN_H
#define RK_ISA_RNN_H

#include "isa/gate.h"
#include "isa/rows.h"
#include "isa/step.h"

/* h = phi(a) */
static void rnn_gate(const rk_forward_step *s, size_t first, size_t last) {
  const vec_gate phi = vec_gate_of(&s->layer.cell->f, s->layer.cell->gate_clamp);
  for (size_t r = 0; r < s->gates.size1; r++) {
    rk_real *a = row_at(&s->gates, r), *h = row_at(&s->h, r);
    for (size_t k = first; k < last; k += LANES) {
      const vec value = vec_gate_value(&phi, vec_load(a + k));
      vec_store(a + k, value);
      vec_store(h + k, value);
    }
  }
}

/* h = h_prev + phi(a) */
static void residual_gate(const rk_forward_step *s, size_t first, size_t last) {
  rnn_gate(s, first, last);
  for (size_t r = 0; r < s->gates.size1; r++) {
    const rk_real *h_prev = row_at(&s->h_prev, r);
    rk_real *h = row_at(&s->h, r);
    for (size_t k = first; k < last; k += LANES)
      vec_store(h + k, vec_load(h_prev + k) + vec_load(h + k));
  }
}

/* da = dh o phi'(a), for both cells */
static void rnn_gate_backward(const rk_backward_step *s, size_t first, size_t last) {
  const vec_gate phi = vec_gate_of(&s->layer.cell->f, s->layer.cell->gate_clamp);
  for (size_t r = 0; r < s->gates.size1; r++) {
    rk_real *a = row_at(&s->gates, r);
    const rk_real *dh = row_at(&s->dh, r);
    for (size_t k = first; k < last; k += LANES)
      vec_store(a + k, vec_gate_gradient(&phi, vec_load(a + k), vec_load(dh + k)));
  }
}

#endif
