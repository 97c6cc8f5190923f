/* The residual cell: see recur/residual.h for the equations.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "activation.h"
#include "cell.h"
#include "shape.h"

#include <recur/residual.h>

#ifndef RECUR_FLOAT
recur_network recur_residual(size_t input_size, size_t hidden_size) {
  return rk_network(RECUR_CELL_RESIDUAL, input_size, hidden_size);
}
#endif

/* h = h_prev + phi(z) */
static void KERNEL(residual, forward)(const KERNEL(cell, step) * s) {
  MATRIX z = s->gates, h = s->h;
  KERNEL(cell, recurrent_forward)(s, &s->h_in, 0, 1, &z);
  KERNEL(gate, forward_rows)(&s->cell->f, s->cell->clip, s->bias, &z);
  KERNEL(matrix, add)(&z, &h);
}

/* dz = dh o phi'(z), dh_prev = dh + W_hh^T dz */
static void KERNEL(residual, backward)(const KERNEL(cell, step) * s) {
  MATRIX z = s->gates, dh = s->dh;
  KERNEL(gate, backward_rows)(&s->cell->f, s->cell->clip, &z, &dh, &z);
  KERNEL(cell, recurrent_backward)(s, &z, 0, 1, &dh);
}

const KERNEL(cell, functions) KERNEL(residual, functions) = {
    .biases = KERNEL(cell, biases),
    .forward = KERNEL(residual, forward),
    .backward = KERNEL(residual, backward),
    .recurrent_products = KERNEL(cell, recurrent_products),
    .recurrent_gradients = KERNEL(cell, recurrent_gradients),
};

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "residual.c"
#endif
