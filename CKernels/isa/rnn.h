/* The simple and the residual cell on vectors: see recur/rnn.h and recur/residual.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/* h = phi(a) */
static void KERNEL(lanes, rnn_forward)(const STEP *s, size_t first, size_t last) {
  const GATE phi = KERNEL(gate, with)(&s->cell->f, s->cell->clip);
  for (size_t r = 0; r < s->gates.size1; r++) {
    REAL *a = ROW(&s->gates, r), *h = ROW(&s->h, r);
    for (size_t k = first; k < last; k += LANES) {
      const NUMBERS value = KERNEL(gate, value)(&phi, LOAD(a + k));
      STORE(a + k, value);
      STORE(h + k, value);
    }
  }
}

/* h = h_prev + phi(a) */
static void KERNEL(lanes, residual_forward)(const STEP *s, size_t first, size_t last) {
  KERNEL(lanes, rnn_forward)(s, first, last);
  for (size_t r = 0; r < s->gates.size1; r++) {
    const REAL *h_prev = ROW(&s->h_prev, r);
    REAL *h = ROW(&s->h, r);
    for (size_t k = first; k < last; k += LANES)
      STORE(h + k, LOAD(h_prev + k) + LOAD(h + k));
  }
}

/* da = dh o phi'(a), of both */
static void KERNEL(lanes, rnn_backward)(const STEP *s, size_t first, size_t last) {
  const GATE phi = KERNEL(gate, with)(&s->cell->f, s->cell->clip);
  for (size_t r = 0; r < s->gates.size1; r++) {
    REAL *a = ROW(&s->gates, r);
    const REAL *dh = ROW(&s->dh, r);
    for (size_t k = first; k < last; k += LANES)
      STORE(a + k, KERNEL(gate, gradient)(&phi, LOAD(a + k), LOAD(dh + k)));
  }
}
