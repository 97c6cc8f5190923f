/* Long short-term memory on vectors: see recur/lstm.h for the equations, and lstm.c for what a step
   keeps.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/* i, f, g, o of a row of the gates, or of the peepholes. f is NULL in a coupled LSTM, and all are
   without peepholes. */
typedef struct {
  REAL *i, *f, *g, *o;
} KERNEL(lstm, row);

INLINE KERNEL(lstm, row) KERNEL(lstm, row_at)(const STEP *s, size_t r) {
  REAL *row = ROW(&s->gates, r);
  const size_t others = s->cell->coupled ? 1 : 2;
  return (KERNEL(lstm, row)){.i = row,
                             .f = s->cell->coupled ? NULL : row + s->group,
                             .g = row + others * s->group,
                             .o = row + (others + 1) * s->group};
}

INLINE KERNEL(lstm, row) KERNEL(lstm, peepholes)(const STEP *s) {
  REAL *row = s->peepholes;
  if (row == NULL)
    return (KERNEL(lstm, row)){0};
  return (KERNEL(lstm, row)){.i = row,
                             .f = s->cell->coupled ? NULL : row + s->group,
                             .o = row + (s->cell->coupled ? 1 : 2) * s->group};
}

/* v + p o c, or v without p */
INLINE NUMBERS KERNEL(lstm, seeing)(const REAL *p, size_t k, NUMBERS c, NUMBERS v) {
  return p == NULL ? v : FMA(LOAD(p + k), c, v);
}

/* c = f o c_prev + i o g, clamped; m = o o h(c) */
static void KERNEL(lanes, lstm_forward)(const STEP *s, size_t first, size_t last) {
  const recur_cell *cell = s->cell;
  const KERNEL(lstm, row) p = KERNEL(lstm, peepholes)(s);
  const GATE f = KERNEL(gate, with)(&cell->f, cell->clip);
  const GATE g = KERNEL(gate, with)(&cell->g, cell->clip);
  for (size_t r = 0; r < s->gates.size1; r++) {
    const KERNEL(lstm, row) q = KERNEL(lstm, row_at)(s, r);
    const REAL *c_prev = ROW(&s->c_prev, r);
    REAL *c = ROW(&s->c, r), *m = ROW(&s->m, r);
    for (size_t k = first; k < last; k += LANES) {
      const NUMBERS past = LOAD(c_prev + k);
      const NUMBERS in = KERNEL(gate, value)(&f, KERNEL(lstm, seeing)(p.i, k, past, LOAD(q.i + k)));
      NUMBERS forget = 1 - in;
      if (q.f != NULL) {
        forget = KERNEL(gate, value)(&f, KERNEL(lstm, seeing)(p.f, k, past, LOAD(q.f + k)));
        STORE(q.f + k, forget);
      }
      const NUMBERS candidate = KERNEL(gate, value)(&g, LOAD(q.g + k));
      NUMBERS now = FMA(forget, past, in * candidate);
      if (cell->cell_clip != 0)
        now = KERNEL(vector, clamp)(now, (REAL)cell->cell_clip);
      const NUMBERS out = KERNEL(gate, value)(&f, KERNEL(lstm, seeing)(p.o, k, now, LOAD(q.o + k)));
      STORE(q.i + k, in);
      STORE(q.g + k, candidate);
      STORE(q.o + k, out);
      STORE(c + k, now);
      STORE(m + k, out * KERNEL(activation, value)(&cell->h, now));
    }
  }
}

/* m = o o h(c) again */
static void KERNEL(lanes, lstm_output)(const STEP *s, size_t first, size_t last) {
  for (size_t r = 0; r < s->gates.size1; r++) {
    const KERNEL(lstm, row) q = KERNEL(lstm, row_at)(s, r);
    const REAL *c = ROW(&s->c, r);
    REAL *m = ROW(&s->m, r);
    for (size_t k = first; k < last; k += LANES)
      STORE(m + k, LOAD(q.o + k) * KERNEL(activation, value)(&s->cell->h, LOAD(c + k)));
  }
}

/* da_o = dm o h(c) o f'(a_o), dc += dm o o o h'(c) + p_o o da_o, which is 0 where c was clamped;
   da_i = dc o g o f'(a_i), da_f = dc o c_prev o f'(a_f), da_g = dc o i o g'(a_g), and
   dc_prev = dc o f + p_i o da_i + p_f o da_f; coupled, di = dc o (g - c_prev). */
static void KERNEL(lanes, lstm_backward)(const STEP *s, size_t first, size_t last) {
  const recur_cell *cell = s->cell;
  const REAL limit = (REAL)cell->cell_clip;
  const KERNEL(lstm, row) p = KERNEL(lstm, peepholes)(s);
  const GATE f = KERNEL(gate, with)(&cell->f, cell->clip);
  const GATE g = KERNEL(gate, with)(&cell->g, cell->clip);
  for (size_t r = 0; r < s->gates.size1; r++) {
    const KERNEL(lstm, row) q = KERNEL(lstm, row_at)(s, r);
    const REAL *c_prev = ROW(&s->c_prev, r), *c = ROW(&s->c, r), *from = ROW(&s->m, r);
    REAL *to = ROW(&s->dc, r);
    for (size_t k = first; k < last; k += LANES) {
      const NUMBERS in = LOAD(q.i + k), candidate = LOAD(q.g + k), out = LOAD(q.o + k);
      const NUMBERS past = LOAD(c_prev + k), now = LOAD(c + k), dm = LOAD(from + k);
      const NUMBERS seen = KERNEL(activation, value)(&cell->h, now);
      const NUMBERS da_o = KERNEL(gate, gradient)(&f, out, dm * seen);
      NUMBERS dc = LOAD(to + k) + KERNEL(activation, gradient)(&cell->h, seen, dm * out);
      dc = KERNEL(lstm, seeing)(p.o, k, da_o, dc);
      if (limit != 0)
        dc = SELECT((now >= limit) | (now <= -limit), (NUMBERS){0}, dc);
      const NUMBERS forget = q.f ? LOAD(q.f + k) : 1 - in;
      const NUMBERS di = dc * (q.f ? candidate : candidate - past);
      const NUMBERS da_i = KERNEL(gate, gradient)(&f, in, di);
      NUMBERS dc_prev = KERNEL(lstm, seeing)(p.i, k, da_i, dc * forget);
      if (q.f != NULL) {
        const NUMBERS da_f = KERNEL(gate, gradient)(&f, forget, dc * past);
        dc_prev = KERNEL(lstm, seeing)(p.f, k, da_f, dc_prev);
        STORE(q.f + k, da_f);
      }
      STORE(q.i + k, da_i);
      STORE(q.g + k, KERNEL(gate, gradient)(&g, candidate, dc * in));
      STORE(q.o + k, da_o);
      STORE(to + k, dc_prev);
    }
  }
}
