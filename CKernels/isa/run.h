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

/* Units first to last - 1: whole panels of all operands, or the last ones. */
typedef struct {
  size_t first, last;
  bool back; /* the last panel comes first */
} run_range;

RK_INLINE size_t run_range_count(const rk_forward_run *run) {
  return (run->layer.H + RK_PANEL_VECTORS * LANES - 1) / (RK_PANEL_VECTORS * LANES);
}

/* The k-th range of step t. Every other step takes large weights in the reverse order: it begins
   with those that the step before has left in a cache. */
RK_INLINE run_range run_range_at(const rk_forward_run *run, size_t t, size_t k) {
  const size_t units = (run->layer.H + LANES - 1) / LANES * LANES;
  const bool back = run->alternates && (t % 2 == 1) != run->odd;
  const size_t first = (back ? run_range_count(run) - 1 - k : k) * RK_PANEL_VECTORS * LANES;
  const size_t last = first + RK_PANEL_VECTORS * LANES;
  return (run_range){first, last < units ? last : units, back};
}

/* The operands of a step's products; x is without numbers if the gates have W_ih x + bias. */
typedef struct {
  panel_row x, h;
} run_rows;

/* Whether the weights are full: a constant of the functions below, and of a cell's run. */
RK_INLINE bool run_is_full(const rk_forward_run *run) {
  return panel_stores(run->hh, RECUR_STORAGE_FULL);
}

RK_INLINE run_rows run_rows_of(const bool full, const rk_forward_run *run, size_t t,
                               const run_step *s) {
  run_rows rows = {.h = panel_row_of(full, run->hh, s->h_prev, run->h_integers)};
  if (run->x != NULL)
    rows.x = panel_row_of(full, run->ih, run->x + (ptrdiff_t)t * run->x_step, run->x_integers);
  return rows;
}

/* W_ih x + bias for a range of units, unless the gates have it already. */
RK_INLINE void run_multiply_input(const bool full, const size_t G, const rk_forward_run *run,
                                  const run_rows *rows, rk_real *gates, run_range u) {
  if (run->x != NULL)
    panel_multiply_row(full, G, run->ih, u.first, u.last, u.back, &rows->x, run->layer.bias, gates,
                       run->layer.gate_stride);
}

/* Writes the results of a step to the caller's and the record's rows. */
RK_INLINE void run_step_keep(const rk_forward_run *run, size_t t, const run_step *s) {
  if (run->y != NULL)
    copy_row(s->h, run->y + (ptrdiff_t)t * run->y_step, run->layer.H);
  if (run->c_kept != NULL)
    copy_row(s->c, run->c_kept + (ptrdiff_t)t * run->c_step, run->layer.H);
}

#endif
