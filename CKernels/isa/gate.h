/* Gates of vectors: an activation, whose input is clamped to [-clamp, clamp] unless clamp is 0.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_GATE_H
#define RK_ISA_GATE_H

#include "isa/activation.h"

#include <recur/network.h>

typedef struct {
  const recur_activation *phi;
  rk_real clamp;
  vec low, high; /* the values at -clamp and clamp */
} vec_gate;

RK_INLINE vec_gate vec_gate_of(const recur_activation *phi, double clamp) {
  vec_gate gate = {.phi = phi, .clamp = (rk_real)clamp};
  if (clamp != 0) {
    gate.low = vec_activation(phi, vec_all(-gate.clamp));
    gate.high = vec_activation(phi, vec_all(gate.clamp));
  }
  return gate;
}

/* The usual gates, as constants: the compiler leaves out all other cases. */
static const recur_activation gate_sigmoid = {.kind = RECUR_ACTIVATION_SIGMOID};
static const recur_activation gate_tanh = {.kind = RECUR_ACTIVATION_TANH};
#define VEC_GATE_SIGMOID ((vec_gate){.phi = &gate_sigmoid})
#define VEC_GATE_TANH ((vec_gate){.phi = &gate_tanh})

RK_INLINE bool vec_gates_are_usual(const recur_cell *cell) {
  return cell->f.kind == RECUR_ACTIVATION_SIGMOID && cell->g.kind == RECUR_ACTIVATION_TANH &&
         cell->gate_clamp == 0;
}

RK_INLINE vec vec_clamp(vec v, rk_real limit) {
  return vec_at_least(vec_at_most(v, limit), -limit);
}

RK_INLINE vec vec_gate_value(const vec_gate *gate, vec a) {
  if (gate->clamp != 0)
    a = vec_clamp(a, gate->clamp);
  return vec_activation(gate->phi, a);
}

/* The gradient of the input, from the value and its gradient d; 0 where the input was clamped. */
RK_INLINE vec vec_gate_gradient(const vec_gate *gate, vec value, vec d) {
  const vec da = vec_activation_gradient(gate->phi, value, d);
  if (gate->clamp == 0)
    return da;
  return vec_select((value == gate->low) | (value == gate->high), (vec){0}, da);
}

#endif
