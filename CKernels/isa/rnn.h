/* The simple and the residual cell on vectors: see recur/rnn.h and recur/residual.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_RNN_H
#define RK_ISA_RNN_H

#include "isa/gate.h"
#include "isa/rows.h"
#include "isa/run.h"

/* h = phi(a), or, of the residual cell, h_prev + phi(a) */
RK_INLINE void rnn_row_gate(const bool residual, const vec_gate *phi, rk_real *a,
                            const rk_real *h_prev, rk_real *h, size_t first, size_t last) {
  for (size_t k = first; k < last; k += LANES) {
    const vec value = vec_gate_value(phi, vec_load(a + k));
    vec_store(a + k, value);
    vec_store(h + k, residual ? vec_load(h_prev + k) + value : value);
  }
}

RK_INLINE void rnn_step_gate(const bool residual, const rk_forward_step *s, size_t first,
                             size_t last) {
  const vec_gate phi = vec_gate_of(&s->layer.cell->f, s->layer.cell->gate_clamp);
  for (size_t r = 0; r < s->gates.size1; r++)
    rnn_row_gate(residual, &phi, row_at(&s->gates, r), row_at(&s->h_prev, r), row_at(&s->h, r),
                 first, last);
}

static void rnn_gate(const rk_forward_step *s, size_t first, size_t last) {
  rnn_step_gate(false, s, first, last);
}

static void residual_gate(const rk_forward_step *s, size_t first, size_t last) {
  rnn_step_gate(true, s, first, last);
}

RK_INLINE void rnn_any_run(const bool full, const bool residual, const rk_forward_run *run) {
  const vec_gate phi = vec_gate_of(&run->layer.cell->f, run->layer.cell->gate_clamp);
  for (size_t t = 0; t < run->steps; t++) {
    const run_step s = run_step_at(run, t);
    const run_rows rows = run_rows_of(full, run, t, &s);
    for (size_t k = 0; k < run_range_count(run); k++) {
      const run_range u = run_range_at(run, t, k);
      run_multiply_input(full, 1, run, &rows, s.gates, u);
      panel_multiply_row(full, 1, run->hh, u.first, u.last, u.back, &rows.h, s.gates, s.gates, 0);
      rnn_row_gate(residual, &phi, s.gates, s.h_prev, s.h, u.first, u.last);
    }
    run_step_keep(run, t, &s);
  }
}

static void rnn_run(const rk_forward_run *run) {
  if (run_is_full(run))
    rnn_any_run(true, false, run);
  else
    rnn_any_run(false, false, run);
}

static void residual_run(const rk_forward_run *run) {
  if (run_is_full(run))
    rnn_any_run(true, true, run);
  else
    rnn_any_run(false, true, run);
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
