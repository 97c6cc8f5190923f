/* The gated recurrent unit on vectors: see recur/gru.h for the equations, and gru.c for what a step
   keeps.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/* Where r, z, n and the fourth number of a row are. */
typedef struct {
  REAL *r, *z, *n, *last;
} KERNEL(gru, row);

INLINE KERNEL(gru, row) KERNEL(gru, row_at)(const STEP *s, size_t r) {
  REAL *row = ROW(&s->gates, r);
  return (KERNEL(gru, row)){row, row + s->group, row + 2 * s->group, row + 3 * s->group};
}

/* h = (1 - z) o n + z o h_prev */
INLINE NUMBERS KERNEL(gru, mix)(NUMBERS z, NUMBERS n, NUMBERS h_prev) {
  return FMA(z, h_prev, (1 - z) * n);
}

/* Reset after the product: n = g(a_n + r o q) */
static void KERNEL(lanes, gru_forward)(const STEP *s, size_t first, size_t last) {
  const GATE f = KERNEL(gate, with)(&s->cell->f, s->cell->clip);
  const GATE g = KERNEL(gate, with)(&s->cell->g, s->cell->clip);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const KERNEL(gru, row) q = KERNEL(gru, row_at)(s, i);
    const REAL *h_prev = ROW(&s->h_prev, i);
    REAL *h = ROW(&s->h, i);
    for (size_t k = first; k < last; k += LANES) {
      const NUMBERS r = KERNEL(gate, value)(&f, LOAD(q.r + k));
      const NUMBERS z = KERNEL(gate, value)(&f, LOAD(q.z + k));
      const NUMBERS n = KERNEL(gate, value)(&g, FMA(r, LOAD(q.last + k), LOAD(q.n + k)));
      STORE(q.r + k, r);
      STORE(q.z + k, z);
      STORE(q.n + k, n);
      STORE(h + k, KERNEL(gru, mix)(z, n, LOAD(h_prev + k)));
    }
  }
}

/* Reset before the product: r, z and s = r o h, then, with the product, n and h. */
static void KERNEL(lanes, gru_reset)(const STEP *s, size_t first, size_t last) {
  const GATE f = KERNEL(gate, with)(&s->cell->f, s->cell->clip);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const KERNEL(gru, row) q = KERNEL(gru, row_at)(s, i);
    const REAL *h = ROW(&s->h_in, i);
    for (size_t k = first; k < last; k += LANES) {
      const NUMBERS r = KERNEL(gate, value)(&f, LOAD(q.r + k));
      STORE(q.r + k, r);
      STORE(q.z + k, KERNEL(gate, value)(&f, LOAD(q.z + k)));
      STORE(q.last + k, r * LOAD(h + k));
    }
  }
}

static void KERNEL(lanes, gru_update)(const STEP *s, size_t first, size_t last) {
  const GATE g = KERNEL(gate, with)(&s->cell->g, s->cell->clip);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const KERNEL(gru, row) q = KERNEL(gru, row_at)(s, i);
    const REAL *h_prev = ROW(&s->h_prev, i);
    REAL *h = ROW(&s->h, i);
    for (size_t k = first; k < last; k += LANES) {
      const NUMBERS n = KERNEL(gate, value)(&g, LOAD(q.n + k));
      STORE(q.n + k, n);
      STORE(h + k, KERNEL(gru, mix)(LOAD(q.z + k), n, LOAD(h_prev + k)));
    }
  }
}

/* da_n = dh o (1 - z) o g'(a_n), da_z = dh o (h_prev - n) o f'(a_z), and dh o z goes on to h_prev;
   reset after, also dq = da_n o r, da_r = da_n o q o f'(a_r). */
static void KERNEL(lanes, gru_backward)(const STEP *s, size_t first, size_t last) {
  const GATE f = KERNEL(gate, with)(&s->cell->f, s->cell->clip);
  const GATE g = KERNEL(gate, with)(&s->cell->g, s->cell->clip);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const KERNEL(gru, row) q = KERNEL(gru, row_at)(s, i);
    const REAL *h_prev = ROW(&s->h_prev, i);
    REAL *to = ROW(&s->dh, i);
    for (size_t k = first; k < last; k += LANES) {
      const NUMBERS z = LOAD(q.z + k), n = LOAD(q.n + k), dh = LOAD(to + k);
      const NUMBERS da_n = KERNEL(gate, gradient)(&g, n, dh * (1 - z));
      STORE(q.z + k, KERNEL(gate, gradient)(&f, z, dh * (LOAD(h_prev + k) - n)));
      STORE(q.n + k, da_n);
      STORE(to + k, dh * z);
      if (s->cell->reset == RECUR_RESET_AFTER) {
        const NUMBERS r = LOAD(q.r + k);
        STORE(q.r + k, KERNEL(gate, gradient)(&f, r, da_n * LOAD(q.last + k)));
        STORE(q.last + k, da_n * r);
      }
    }
  }
}

/* Reset before, from ds: da_r = ds o h_prev o f'(a_r), and ds o r goes on to h_prev. */
static void KERNEL(lanes, gru_reset_backward)(const STEP *s, size_t first, size_t last) {
  const GATE f = KERNEL(gate, with)(&s->cell->f, s->cell->clip);
  for (size_t i = 0; i < s->gates.size1; i++) {
    const KERNEL(gru, row) q = KERNEL(gru, row_at)(s, i);
    const REAL *from = ROW(&s->scratch, i), *h_prev = ROW(&s->h_prev, i);
    REAL *dh = ROW(&s->dh, i);
    for (size_t k = first; k < last; k += LANES) {
      const NUMBERS r = LOAD(q.r + k), ds = LOAD(from + k);
      STORE(dh + k, FMA(ds, r, LOAD(dh + k)));
      STORE(q.r + k, KERNEL(gate, gradient)(&f, r, ds * LOAD(h_prev + k)));
    }
  }
}
