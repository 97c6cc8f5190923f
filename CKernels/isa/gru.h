/* The gated recurrent unit on vectors: recur/gru.h has the equations, cells/gru.c the stored
   values.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_GRU_H
#define RK_ISA_GRU_H

#include "isa/gate.h"
#include "isa/rows.h"
#include "isa/step.h"

/* The gates of a row. The fourth is q = U_n h + b_hn (reset after) or s = r o h (reset before). */
typedef struct {
  rk_real *r, *z, *n, *fourth;
} gru_row;

RK_INLINE gru_row gru_row_at(const gsl_matrix *gates, size_t stride, size_t r) {
  rk_real *first = row_at(gates, r);
  return (gru_row){first, first + stride, first + 2 * stride, first + 3 * stride};
}

/* h = (1 - z) o n + z o h_prev */
RK_INLINE vec gru_mix(vec z, vec n, vec h_prev) {
  return vec_fma(z, h_prev, (1 - z) * n);
}

/* Reset after the product: n = g(a_n + r o q) */
static void gru_gates(const rk_forward_step *s, size_t first, size_t last) {
  const vec_gate f = vec_gate_of(&s->layer.cell->f, s->layer.cell->gate_clamp);
  const vec_gate g = vec_gate_of(&s->layer.cell->g, s->layer.cell->gate_clamp);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const gru_row row = gru_row_at(&s->gates, s->layer.gate_stride, i);
    const rk_real *h_prev = row_at(&s->h_prev, i);
    rk_real *h = row_at(&s->h, i);
    for (size_t k = first; k < last; k += LANES) {
      const vec r = vec_gate_value(&f, vec_load(row.r + k));
      const vec z = vec_gate_value(&f, vec_load(row.z + k));
      const vec n = vec_gate_value(&g, vec_fma(r, vec_load(row.fourth + k), vec_load(row.n + k)));
      vec_store(row.r + k, r);
      vec_store(row.z + k, z);
      vec_store(row.n + k, n);
      vec_store(h + k, gru_mix(z, n, vec_load(h_prev + k)));
    }
  }
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
