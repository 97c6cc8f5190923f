/* The gated recurrent unit on vectors: recur/gru.h has the equations, cells/gru.c the stored
   values.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_GRU_H
#define RK_ISA_GRU_H

#include "isa/gate.h"
#include "isa/rows.h"
#include "isa/run.h"

/* The gates of a row. The fourth is q = U_n h + b_hn (reset after) or s = r o h (reset before). */
typedef struct {
  rk_real *r, *z, *n, *fourth;
} gru_row;

RK_INLINE gru_row gru_row_of(rk_real *first, size_t stride) {
  return (gru_row){first, first + stride, first + 2 * stride, first + 3 * stride};
}

RK_INLINE gru_row gru_row_at(const gsl_matrix *gates, size_t stride, size_t r) {
  return gru_row_of(row_at(gates, r), stride);
}

/* h = (1 - z) o n + z o h_prev */
RK_INLINE vec gru_mix(vec z, vec n, vec h_prev) {
  return vec_fma(z, h_prev, (1 - z) * n);
}

/* The functions of r and z, and of n. */
typedef struct {
  vec_gate f, g;
} gru_functions;

RK_INLINE gru_functions gru_functions_of(const recur_cell *cell) {
  return (gru_functions){vec_gate_of(&cell->f, cell->gate_clamp),
                         vec_gate_of(&cell->g, cell->gate_clamp)};
}

#define GRU_USUAL ((gru_functions){VEC_GATE_SIGMOID, VEC_GATE_TANH})

/* Reset after the product: n = g(a_n + r o q). In two loops, as for the LSTM. */
RK_INLINE void gru_row_gates(const gru_functions *of, gru_row row, const rk_real *h_prev,
                             rk_real *h, size_t first, size_t last) {
  for (size_t k = first; k < last; k += LANES) {
    vec_store(row.r + k, vec_gate_value(&of->f, vec_load(row.r + k)));
    vec_store(row.z + k, vec_gate_value(&of->f, vec_load(row.z + k)));
  }
  for (size_t k = first; k < last; k += LANES) {
    const vec r = vec_load(row.r + k), q = vec_load(row.fourth + k);
    const vec n = vec_gate_value(&of->g, vec_fma(r, q, vec_load(row.n + k)));
    vec_store(row.n + k, n);
    vec_store(h + k, gru_mix(vec_load(row.z + k), n, vec_load(h_prev + k)));
  }
}

RK_INLINE void gru_step_gates(const gru_functions of, const rk_forward_step *s, size_t first,
                              size_t last) {
  for (size_t i = 0; i < s->gates.size1; i++)
    gru_row_gates(&of, gru_row_at(&s->gates, s->layer.gate_stride, i), row_at(&s->h_prev, i),
                  row_at(&s->h, i), first, last);
}

static void gru_gates(const rk_forward_step *s, size_t first, size_t last) {
  if (vec_gates_are_usual(s->layer.cell))
    gru_step_gates(GRU_USUAL, s, first, last);
  else
    gru_step_gates(gru_functions_of(s->layer.cell), s, first, last);
}

RK_INLINE void gru_any_run(const bool full, const gru_functions of, const rk_forward_run *run) {
  const rk_layer_constants *layer = &run->layer;
  const rk_real *bias = layer->bias + 3 * layer->gate_stride;
  for (size_t t = 0; t < run->steps; t++) {
    const run_step s = run_step_at(run, t);
    const run_rows rows = run_rows_of(full, run, t, &s);
    const gru_row row = gru_row_of(s.gates, layer->gate_stride);
    for (size_t k = 0; k < run_range_count(run); k++) {
      const run_range u = run_range_at(run, t, k);
      run_multiply_input(full, 3, run, &rows, s.gates, u);
      panel_multiply_row(full, 2, &run->hh[0], u.first, u.last, u.back, &rows.h, row.r, row.r,
                         layer->gate_stride);
      panel_multiply_row(full, 1, &run->hh[1], u.first, u.last, u.back, &rows.h, bias, row.fourth,
                         0);
      gru_row_gates(&of, row, s.h_prev, s.h, u.first, u.last);
    }
    run_step_keep(run, t, &s);
  }
}

RK_INLINE void gru_stored_run(const bool full, const rk_forward_run *run) {
  if (vec_gates_are_usual(run->layer.cell))
    gru_any_run(full, GRU_USUAL, run);
  else
    gru_any_run(full, gru_functions_of(run->layer.cell), run);
}

static void gru_run(const rk_forward_run *run) {
  if (run_is_full(run))
    gru_stored_run(true, run);
  else
    gru_stored_run(false, run);
}

/* Reset before the product: computes r, z and s = r o h; gru_candidate then computes n and h. */
static void gru_reset_gates(const rk_forward_step *s, size_t first, size_t last) {
  const vec_gate f = vec_gate_of(&s->layer.cell->f, s->layer.cell->gate_clamp);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const gru_row row = gru_row_at(&s->gates, s->layer.gate_stride, i);
    const rk_real *h = row_at(&s->h_in, i);
    for (size_t k = first; k < last; k += LANES) {
      const vec r = vec_gate_value(&f, vec_load(row.r + k));
      vec_store(row.r + k, r);
      vec_store(row.z + k, vec_gate_value(&f, vec_load(row.z + k)));
      vec_store(row.fourth + k, r * vec_load(h + k));
    }
  }
}

static void gru_candidate(const rk_forward_step *s, size_t first, size_t last) {
  const vec_gate g = vec_gate_of(&s->layer.cell->g, s->layer.cell->gate_clamp);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const gru_row row = gru_row_at(&s->gates, s->layer.gate_stride, i);
    const rk_real *h_prev = row_at(&s->h_prev, i);
    rk_real *h = row_at(&s->h, i);
    for (size_t k = first; k < last; k += LANES) {
      const vec n = vec_gate_value(&g, vec_load(row.n + k));
      vec_store(row.n + k, n);
      vec_store(h + k, gru_mix(vec_load(row.z + k), n, vec_load(h_prev + k)));
    }
  }
}

/* da_n = dh o (1 - z) o g'(a_n), da_z = dh o (h_prev - n) o f'(a_z), dh_prev = dh o z. With reset
   after, also dq = da_n o r, da_r = da_n o q o f'(a_r). */
static void gru_gates_backward(const rk_backward_step *s, size_t first, size_t last) {
  const vec_gate f = vec_gate_of(&s->layer.cell->f, s->layer.cell->gate_clamp);
  const vec_gate g = vec_gate_of(&s->layer.cell->g, s->layer.cell->gate_clamp);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const gru_row row = gru_row_at(&s->gates, s->layer.gate_stride, i);
    const rk_real *h_prev = row_at(&s->h_prev, i);
    rk_real *to = row_at(&s->dh, i);
    for (size_t k = first; k < last; k += LANES) {
      const vec z = vec_load(row.z + k), n = vec_load(row.n + k), dh = vec_load(to + k);
      const vec da_n = vec_gate_gradient(&g, n, dh * (1 - z));
      vec_store(row.z + k, vec_gate_gradient(&f, z, dh * (vec_load(h_prev + k) - n)));
      vec_store(row.n + k, da_n);
      vec_store(to + k, dh * z);
      if (s->layer.cell->reset == RECUR_RESET_AFTER) {
        const vec r = vec_load(row.r + k);
        vec_store(row.r + k, vec_gate_gradient(&f, r, da_n * vec_load(row.fourth + k)));
        vec_store(row.fourth + k, da_n * r);
      }
    }
  }
}

/* Reset before, from ds: da_r = ds o h_prev o f'(a_r), dh_prev += ds o r. */
static void gru_reset_gate_backward(const rk_backward_step *s, size_t first, size_t last) {
  const vec_gate f = vec_gate_of(&s->layer.cell->f, s->layer.cell->gate_clamp);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const gru_row row = gru_row_at(&s->gates, s->layer.gate_stride, i);
    const rk_real *from = row_at(&s->scratch, i), *h_prev = row_at(&s->h_prev, i);
    rk_real *dh = row_at(&s->dh, i);
    for (size_t k = first; k < last; k += LANES) {
      const vec r = vec_load(row.r + k), ds = vec_load(from + k);
      vec_store(dh + k, vec_fma(ds, r, vec_load(dh + k)));
      vec_store(row.r + k, vec_gate_gradient(&f, r, ds * vec_load(h_prev + k)));
    }
  }
}

#endif
