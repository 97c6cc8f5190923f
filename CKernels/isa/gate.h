/* Gates of vectors: an activation of what is clamped to +-clip, if clip is not 0.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define GATE KERNEL(gate, of)

typedef struct {
  const recur_activation *phi;
  REAL clip;
  NUMBERS low, high; /* the values at -clip and clip */
} GATE;

INLINE GATE KERNEL(gate, with)(const recur_activation *phi, double clip) {
  GATE gate = {.phi = phi, .clip = (REAL)clip};
  if (clip != 0) {
    gate.low = KERNEL(activation, value)(phi, ALL(-gate.clip));
    gate.high = KERNEL(activation, value)(phi, ALL(gate.clip));
  }
  return gate;
}

INLINE NUMBERS KERNEL(vector, clamp)(NUMBERS v, REAL limit) {
  return KERNEL(vector, at_least)(KERNEL(vector, at_most)(v, limit), -limit);
}

INLINE NUMBERS KERNEL(gate, value)(const GATE *gate, NUMBERS a) {
  if (gate->clip != 0)
    a = KERNEL(vector, clamp)(a, gate->clip);
  return KERNEL(activation, value)(gate->phi, a);
}

/* From the value and its gradient that of the input, which is 0 where it was clamped. */
INLINE NUMBERS KERNEL(gate, gradient)(const GATE *gate, NUMBERS value, NUMBERS d) {
  const NUMBERS da = KERNEL(activation, gradient)(gate->phi, value, d);
  if (gate->clip == 0)
    return da;
  return SELECT((value == gate->low) | (value == gate->high), (NUMBERS){0}, da);
}
