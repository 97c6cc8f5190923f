/* One step of a run, which computes consecutive steps of one sequence: see rk_forward_run.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_RUN_H
#define RK_ISA_RUN_H

#include "isa/panels.h"
#include "isa/rows.h"
#include "isa/step.h"

typedef struct {
  rk_real *gates, *h, *c;
  const rk_real *h_prev, *c_prev;
} run_step;

RK_INLINE run_step run_step_at(const rk_forward_run *run, size_t t) {
  return (run_step){.gates = run->gates + (ptrdiff_t)t * run->gates_step,
                    .h_prev = run->h[t % 2],
                    .h = run->h[1 - t % 2],
                    .c_prev = run->c[t % 2],
                    .c = run->c[1 - t % 2]};
}

/* The end of the range of units that begins at `first`: whole panels of all operands. */
RK_INLINE size_t run_range_end(const rk_forward_run *run, size_t first) {
  const size_t units = (run->layer.H + LANES - 1) / LANES * LANES, rest = units - first;
  return first + (rest < RK_PANEL_VECTORS * LANES ? rest : RK_PANEL_VECTORS * LANES);
}

/* W_ih x + bias for a range of units, unless the gates have it already. */
RK_INLINE void run_multiply_input(const size_t G, const rk_forward_run *run, size_t t,
                                  rk_real *gates, size_t first, size_t last) {
  if (run->x != NULL)
    panel_multiply_row(G, run->ih, first, last, run->x + (ptrdiff_t)t * run->x_step,
                       run->layer.bias, gates, run->layer.gate_stride);
}

/* Writes the results of a step to the caller's and the record's rows. */
RK_INLINE void run_step_keep(const rk_forward_run *run, size_t t, const run_step *s) {
  if (run->y != NULL)
    copy_row(s->h, run->y + (ptrdiff_t)t * run->y_step, run->layer.H);
  if (run->c_kept != NULL)
    copy_row(s->c, run->c_kept + (ptrdiff_t)t * run->c_step, run->layer.H);
}

#endif
