/* Long short-term memory on vectors: recur/lstm.h has the equations, cells/lstm.c the stored
   values.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_LSTM_H
#define RK_ISA_LSTM_H

#include "isa/gate.h"
#include "isa/rows.h"
#include "isa/run.h"

/* The gates i, f, g, o of a row, or their peepholes. f is NULL in a coupled LSTM. All are NULL if
   there are no peepholes. */
typedef struct {
  rk_real *i, *f, *g, *o;
} lstm_row;

RK_INLINE lstm_row lstm_row_of(const rk_layer_constants *layer, rk_real *row) {
  const bool coupled = layer->cell->coupled_gates;
  const size_t stride = layer->gate_stride, others = coupled ? 1 : 2;
  return (lstm_row){.i = row,
                    .f = coupled ? NULL : row + stride,
                    .g = row + others * stride,
                    .o = row + (others + 1) * stride};
}

RK_INLINE lstm_row lstm_row_at(const rk_layer_constants *layer, const gsl_matrix *gates, size_t r) {
  return lstm_row_of(layer, row_at(gates, r));
}

RK_INLINE lstm_row lstm_peepholes(const rk_layer_constants *layer) {
  rk_real *row = layer->peepholes;
  const bool coupled = layer->cell->coupled_gates;
  if (row == NULL)
    return (lstm_row){0};
  return (lstm_row){.i = row,
                    .f = coupled ? NULL : row + layer->gate_stride,
                    .o = row + (coupled ? 1 : 2) * layer->gate_stride};
}

/* v + p o c; v if p is NULL */
RK_INLINE vec lstm_seeing(const rk_real *p, size_t k, vec c, vec v) {
  return p == NULL ? v : vec_fma(vec_load(p + k), c, v);
}

/* What all steps of a layer have in common. */
typedef struct {
  lstm_row p;
  vec_gate f, g;
  const recur_activation *h;
  rk_real cell_clamp;
  bool coupled;
} lstm_constants;

RK_INLINE lstm_constants lstm_constants_of(const rk_layer_constants *layer) {
  const recur_cell *cell = layer->cell;
  return (lstm_constants){.p = lstm_peepholes(layer),
                          .f = vec_gate_of(&cell->f, cell->gate_clamp),
                          .g = vec_gate_of(&cell->g, cell->gate_clamp),
                          .h = &cell->h,
                          .cell_clamp = (rk_real)cell->cell_clamp,
                          .coupled = cell->coupled_gates};
}

#define LSTM_USUAL ((lstm_constants){.f = VEC_GATE_SIGMOID, .g = VEC_GATE_TANH, .h = &gate_tanh})

RK_INLINE bool lstm_is_usual(const rk_layer_constants *layer) {
  const recur_cell *cell = layer->cell;
  return vec_gates_are_usual(cell) && cell->h.kind == RECUR_ACTIVATION_TANH &&
         layer->peepholes == NULL && cell->cell_clamp == 0 && !cell->coupled_gates;
}

/* c = f o c_prev + i o g, clamped; m = o o h(c). In two loops, because a processor looks ahead only
   a few hundred instructions, and the second half would wait for the first. */
RK_INLINE void lstm_row_gates(const lstm_constants *l, lstm_row row, const rk_real *c_prev,
                              rk_real *c, rk_real *m, size_t first, size_t last) {
  const lstm_row p = l->p;
  for (size_t k = first; k < last; k += LANES) {
    const vec past = vec_load(c_prev + k);
    const vec in = vec_gate_value(&l->f, lstm_seeing(p.i, k, past, vec_load(row.i + k)));
    vec forget = 1 - in;
    if (!l->coupled) {
      forget = vec_gate_value(&l->f, lstm_seeing(p.f, k, past, vec_load(row.f + k)));
      vec_store(row.f + k, forget);
    }
    const vec candidate = vec_gate_value(&l->g, vec_load(row.g + k));
    vec now = vec_fma(forget, past, in * candidate);
    if (l->cell_clamp != 0)
      now = vec_clamp(now, l->cell_clamp);
    vec_store(row.i + k, in);
    vec_store(row.g + k, candidate);
    vec_store(c + k, now);
  }
  for (size_t k = first; k < last; k += LANES) {
    const vec now = vec_load(c + k);
    const vec out = vec_gate_value(&l->f, lstm_seeing(p.o, k, now, vec_load(row.o + k)));
    vec_store(row.o + k, out);
    vec_store(m + k, out * vec_activation(l->h, now));
  }
}

RK_INLINE void lstm_step_gates(const lstm_constants l, const rk_forward_step *s, size_t first,
                               size_t last) {
  for (size_t r = 0; r < s->gates.size1; r++)
    lstm_row_gates(&l, lstm_row_at(&s->layer, &s->gates, r), row_at(&s->c_prev, r),
                   row_at(&s->c, r), row_at(&s->m, r), first, last);
}

static void lstm_gates(const rk_forward_step *s, size_t first, size_t last) {
  if (lstm_is_usual(&s->layer))
    lstm_step_gates(LSTM_USUAL, s, first, last);
  else
    lstm_step_gates(lstm_constants_of(&s->layer), s, first, last);
}

RK_INLINE void lstm_any_run(const bool full, const size_t G, const lstm_constants l,
                            const rk_forward_run *run) {
  const rk_layer_constants *layer = &run->layer;
  for (size_t t = 0; t < run->steps; t++) {
    const run_step s = run_step_at(run, t);
    const run_rows rows = run_rows_of(full, run, t, &s);
    for (size_t k = 0; k < run_range_count(run); k++) {
      const run_range u = run_range_at(run, t, k);
      run_multiply_input(full, G, run, &rows, s.gates, u);
      panel_multiply_row(full, G, run->hh, u.first, u.last, u.back, &rows.h, s.gates, s.gates,
                         layer->gate_stride);
      lstm_row_gates(&l, lstm_row_of(layer, s.gates), s.c_prev, s.c, s.h, u.first, u.last);
    }
    run_step_keep(run, t, &s);
  }
}

RK_INLINE void lstm_stored_run(const bool full, const rk_forward_run *run) {
  if (lstm_is_usual(&run->layer))
    lstm_any_run(full, 4, LSTM_USUAL, run);
  else if (run->layer.cell->coupled_gates)
    lstm_any_run(full, 3, lstm_constants_of(&run->layer), run);
  else
    lstm_any_run(full, 4, lstm_constants_of(&run->layer), run);
}

static void lstm_run(const rk_forward_run *run) {
  if (run_is_full(run))
    lstm_stored_run(true, run);
  else
    lstm_stored_run(false, run);
}

/* Recomputes m = o o h(c). */
static void lstm_output(const rk_backward_step *s, size_t first, size_t last) {
  for (size_t r = 0; r < s->gates.size1; r++) {
    const lstm_row row = lstm_row_at(&s->layer, &s->gates, r);
    const rk_real *c = row_at(&s->c, r);
    rk_real *m = row_at(&s->m, r);
    for (size_t k = first; k < last; k += LANES)
      vec_store(m + k, vec_load(row.o + k) * vec_activation(&s->layer.cell->h, vec_load(c + k)));
  }
}

/* da_o = dm o h(c) o f'(a_o), dc += dm o o o h'(c) + p_o o da_o, then 0 where c was clamped;
   da_i = dc o g o f'(a_i), da_f = dc o c_prev o f'(a_f), da_g = dc o i o g'(a_g), and
   dc_prev = dc o f + p_i o da_i + p_f o da_f; coupled, di = dc o (g - c_prev). */
static void lstm_gates_backward(const rk_backward_step *s, size_t first, size_t last) {
  const recur_cell *cell = s->layer.cell;
  const rk_real limit = (rk_real)cell->cell_clamp;
  const lstm_row p = lstm_peepholes(&s->layer);
  const vec_gate f = vec_gate_of(&cell->f, cell->gate_clamp);
  const vec_gate g = vec_gate_of(&cell->g, cell->gate_clamp);
  for (size_t r = 0; r < s->gates.size1; r++) {
    const lstm_row row = lstm_row_at(&s->layer, &s->gates, r);
    const rk_real *c_prev = row_at(&s->c_prev, r), *c = row_at(&s->c, r), *from = row_at(&s->dm, r);
    rk_real *to = row_at(&s->dc, r);
    for (size_t k = first; k < last; k += LANES) {
      const vec in = vec_load(row.i + k), candidate = vec_load(row.g + k),
                out = vec_load(row.o + k);
      const vec past = vec_load(c_prev + k), now = vec_load(c + k), dm = vec_load(from + k);
      const vec seen = vec_activation(&cell->h, now);
      const vec da_o = vec_gate_gradient(&f, out, dm * seen);
      vec dc = vec_load(to + k) + vec_activation_gradient(&cell->h, seen, dm * out);
      dc = lstm_seeing(p.o, k, da_o, dc);
      if (limit != 0)
        dc = vec_select((now >= limit) | (now <= -limit), (vec){0}, dc);
      const vec forget = row.f ? vec_load(row.f + k) : 1 - in;
      const vec di = dc * (row.f ? candidate : candidate - past);
      const vec da_i = vec_gate_gradient(&f, in, di);
      vec dc_prev = lstm_seeing(p.i, k, da_i, dc * forget);
      if (row.f != NULL) {
        const vec da_f = vec_gate_gradient(&f, forget, dc * past);
        dc_prev = lstm_seeing(p.f, k, da_f, dc_prev);
        vec_store(row.f + k, da_f);
      }
      vec_store(row.i + k, da_i);
      vec_store(row.g + k, vec_gate_gradient(&g, candidate, dc * in));
      vec_store(row.o + k, da_o);
      vec_store(to + k, dc_prev);
    }
  }
}

#endif
