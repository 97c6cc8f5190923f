/* Networks, forward and backward through time: see recur/network.h.

   Without segments there is one, the whole sequence.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "dropout.h"
#include "layer.h"

#define IO KERNEL(layer, io)
#define SEQUENCE KERNEL(sequence, view)

/* Arguments */

static int KERNEL(network, check_theta)(const char *function, const WORKSPACE *w, const char *name,
                                        const VECTOR *theta) {
  if (theta == NULL || theta->size != rk_parameter_count(&w->network) || theta->stride == 1)
    return GSL_SUCCESS; /* what else is wrong, its operand says */
  return rk_fail(GSL_EINVAL, function, name, "has stride %zu, expected 1", theta->stride);
}

/* Cell states are for cells that have them. */
static int KERNEL(network, check_cell_state)(const char *function, const WORKSPACE *w,
                                             const char *name, const MATRIX *c) {
  if (c != NULL && !w->s.cell_state)
    return rk_fail(GSL_EINVAL, function, name, "is given, and the cell has no cell state");
  return GSL_SUCCESS;
}

static int KERNEL(network, check_seed)(const char *function, const WORKSPACE *w,
                                       const recur_batch *batch) {
  if (batch == NULL && w->pass == RECUR_TRAINING && rk_draws_masks(&w->network))
    return rk_fail(GSL_EINVAL, function, "batch",
                   "is NULL, and the network draws masks, which need a seed");
  return GSL_SUCCESS;
}

/* Both at once */

static void KERNEL(network, prepare)(WORKSPACE *w, const VECTOR *theta) {
  const rk_shape s = w->s;
  for (size_t ld = 0; ld < s.L * s.D; ld++) {
    w->p[ld] = KERNEL(parameters, of)(&w->network, theta, ld / s.D, ld % s.D);
  }
}

/* What a layer reads and writes in a chunk that begins at step t. */
static IO KERNEL(network, io)(const WORKSPACE *w, size_t layer, size_t segment, size_t t,
                              const MATRIX *x, const MATRIX *y) {
  const size_t first = segment * w->segment, end = first + w->segment;
  const size_t kept = w->pass == RECUR_TRAINING ? first : t;
  IO io = {.layer = layer,
           .number = segment,
           .first = first,
           .last = end < w->batch.T ? end : w->batch.T};
  io.x = layer == 0 ? (SEQUENCE){.m = *x} : KERNEL(workspace, outputs)(w, layer - 1, kept);
  if (layer + 1 < w->s.L)
    io.y = KERNEL(workspace, outputs)(w, layer, kept);
  else if (y != NULL)
    io.y.m = *y;
  return io;
}

static void KERNEL(network, segment_forward)(WORKSPACE *w, size_t segment, const MATRIX *x,
                                             MATRIX *y) {
  const IO whole = KERNEL(network, io)(w, 0, segment, 0, x, y);
  for (size_t t = whole.first; t < whole.last; t += w->chunk) {
    const size_t end = t + w->chunk < whole.last ? t + w->chunk : whole.last;
    for (size_t layer = 0; layer < w->s.L; layer++) {
      const IO io = KERNEL(network, io)(w, layer, segment, t, x, y);
      KERNEL(layer, forward)(w, &io, t, end);
    }
  }
}

static void KERNEL(network, segment_backward)(WORKSPACE *w, size_t segment, const MATRIX *x,
                                              const MATRIX *y, const MATRIX *dy, MATRIX *dx,
                                              MATRIX *dh_norms) {
  const IO whole = KERNEL(network, io)(w, 0, segment, 0, x, y);
  const size_t steps = whole.last - whole.first, chunks = (steps + w->chunk - 1) / w->chunk;
  for (size_t k = chunks; k-- > 0;) {
    const size_t t = whole.first + k * w->chunk;
    const size_t end = t + w->chunk < whole.last ? t + w->chunk : whole.last;
    for (size_t layer = w->s.L; layer-- > 0;) {
      IO io = KERNEL(network, io)(w, layer, segment, t, x, y);
      io.dh_norms = dh_norms;
      if (layer + 1 < w->s.L)
        io.dy = KERNEL(workspace, doutputs)(w, layer, t);
      else if (dy != NULL)
        io.dy.m = *dy;
      if (layer > 0)
        io.dx = KERNEL(workspace, doutputs)(w, layer - 1, t);
      else if (dx != NULL)
        io.dx.m = *dx;
      KERNEL(layer, backward)(w, &io, t, end);
    }
  }
}

/* The states that run, to or from the start of a segment. */
static void KERNEL(network, keep_states)(WORKSPACE *w, size_t segment) {
  MATRIX h = KERNEL(workspace, start)(w, &w->h_start, segment);
  MATRIX c = KERNEL(workspace, start)(w, &w->c_start, segment);
  KERNEL(workspace, settle)(w, segment * w->segment);
  KERNEL(matrix, copy)(&w->h[0], &h);
  KERNEL(matrix, copy)(&w->c_run[0], &c);
}

/* Into both of each pair: it does not matter which of them is next. */
static void KERNEL(network, restore_states)(WORKSPACE *w, size_t segment) {
  const MATRIX h = KERNEL(workspace, start)(w, &w->h_start, segment);
  const MATRIX c = KERNEL(workspace, start)(w, &w->c_start, segment);
  for (size_t k = 0; k < 2; k++) {
    KERNEL(matrix, copy)(&h, &w->h[k]);
    KERNEL(matrix, copy)(&c, &w->c_run[k]);
  }
}

int RECUR(network, forward)(const VECTOR *theta, const MATRIX *x, const recur_batch *batch,
                            const MATRIX *h0, const MATRIX *c0, MATRIX *y, MATRIX *hT, MATRIX *cT,
                            WORKSPACE *w) {
  RK_REQUIRE(w);
  const size_t T = w->batch.T, B = w->batch.B, H = w->s.H, P = w->s.P, D = w->s.D;
  const size_t states = w->s.L * D * B;
  RK_TRY(KERNEL(network, check_cell_state)(__func__, w, "c0", c0));
  RK_TRY(KERNEL(network, check_cell_state)(__func__, w, "cT", cT));
  RK_TRY(KERNEL(network, check_theta)(__func__, w, "theta", theta));
  const operand operands[] = {
      REQUIRED(vector, INPUT, theta, rk_parameter_count(&w->network)),
      REQUIRED(matrix, INPUT, x, T * B, w->s.I),
      OPTIONAL(matrix, STATE_IN, h0, states, P),
      OPTIONAL(matrix, STATE_IN, c0, states, H),
      KERNEL(operand, matrix)("y", OPERAND_OUTPUT, w->pass == RECUR_INFERENCE, y, T * B, D * P),
      OPTIONAL(matrix, STATE_OUT, hT, states, P),
      OPTIONAL(matrix, STATE_OUT, cT, states, H),
  };
  RK_CHECK(operands);
  RK_TRY(KERNEL(network, check_seed)(__func__, w, batch));
  RK_TRY(rk_batch_read(__func__, &w->batch, batch));
  KERNEL(network, prepare)(w, theta);
  if (w->masks.data != NULL)
    KERNEL(dropout, recurrent_masks)(w->network.recurrent_dropout, &w->batch, &w->masks);
  KERNEL(workspace, pack)(w, false);
  for (size_t k = 0; k < 2; k++) {
    KERNEL(state, pack)(h0, &w->batch, &w->h[k]);
    KERNEL(state, pack)(c0, &w->batch, &w->c_run[k]);
  }
  for (size_t segment = 0; segment < w->segments; segment++) {
    if (w->pass == RECUR_TRAINING)
      KERNEL(network, keep_states)(w, segment);
    KERNEL(network, segment_forward)(w, segment, x, y);
  }
  KERNEL(workspace, settle)(w, T);
  if (hT != NULL)
    KERNEL(state, unpack)(&w->h[0], &w->batch, hT);
  if (cT != NULL)
    KERNEL(state, unpack)(&w->c_run[0], &w->batch, cT);
  w->record = RK_FORWARD;
  return GSL_SUCCESS;
}

static int KERNEL(network, check_record)(const char *function, const WORKSPACE *w) {
  if (w->pass != RECUR_TRAINING)
    return rk_fail(GSL_EINVAL, function, "w", "is for RECUR_INFERENCE, expected RECUR_TRAINING");
  if (w->record != RK_FORWARD)
    return rk_fail(GSL_EINVAL, function, "w", "holds no forward pass%s",
                   w->record == RK_BACKWARD ? " any more: backward has used it up" : "");
  return GSL_SUCCESS;
}

static void KERNEL(network, prepare_backward)(WORKSPACE *w, const VECTOR *dtheta, const MATRIX *dhT,
                                              const MATRIX *dcT, MATRIX *dh_norms) {
  static const KERNEL(parameters, views) unwanted;
  for (size_t ld = 0; ld < w->s.L * w->s.D; ld++)
    w->dp[ld] = dtheta == NULL
                    ? unwanted
                    : KERNEL(parameters, of)(&w->network, dtheta, ld / w->s.D, ld % w->s.D);
  KERNEL(state, pack)(dhT, &w->batch, &w->dh);
  KERNEL(state, pack)(dcT, &w->batch, &w->dc);
  if (dh_norms != NULL)
    KERNEL(matrix, set_zero)(dh_norms);
}

int RECUR(network, backward)(const VECTOR *theta, const MATRIX *x, const MATRIX *y,
                             const MATRIX *dy, const MATRIX *dhT, const MATRIX *dcT, MATRIX *dx,
                             MATRIX *dh0, MATRIX *dc0, VECTOR *dtheta, MATRIX *dh_norms,
                             WORKSPACE *w) {
  RK_REQUIRE(w);
  RK_TRY(KERNEL(network, check_record)(__func__, w));
  const size_t T = w->batch.T, B = w->batch.B, H = w->s.H, P = w->s.P, D = w->s.D;
  const size_t states = w->s.L * D * B, count = rk_parameter_count(&w->network);
  RK_TRY(KERNEL(network, check_cell_state)(__func__, w, "dcT", dcT));
  RK_TRY(KERNEL(network, check_cell_state)(__func__, w, "dc0", dc0));
  RK_TRY(KERNEL(network, check_theta)(__func__, w, "theta", theta));
  RK_TRY(KERNEL(network, check_theta)(__func__, w, "dtheta", dtheta));
  const operand operands[] = {
      REQUIRED(vector, INPUT, theta, count),
      REQUIRED(matrix, INPUT, x, T * B, w->s.I),
      REQUIRED(matrix, INPUT, y, T * B, D * P),
      OPTIONAL(matrix, INPUT, dy, T * B, D * P),
      OPTIONAL(matrix, STATE_IN, dhT, states, P),
      OPTIONAL(matrix, STATE_IN, dcT, states, H),
      OPTIONAL(matrix, OUTPUT, dx, T * B, w->s.I),
      OPTIONAL(matrix, STATE_OUT, dh0, states, P),
      OPTIONAL(matrix, STATE_OUT, dc0, states, H),
      OPTIONAL(vector, OUTPUT, dtheta, count),
      OPTIONAL(matrix, OUTPUT, dh_norms, w->s.L * D * T, B),
  };
  RK_CHECK(operands);
  KERNEL(network, prepare)(w, theta);
  KERNEL(network, prepare_backward)(w, dtheta, dhT, dcT, dh_norms);
  for (size_t segment = w->segments; segment-- > 0;) {
    if (segment + 1 < w->segments) {
      KERNEL(network, restore_states)(w, segment);
      KERNEL(workspace, pack)(w, false);
      KERNEL(network, segment_forward)(w, segment, x, NULL);
    }
    KERNEL(workspace, pack)(w, true);
    KERNEL(network, segment_backward)(w, segment, x, y, dy, dx, dh_norms);
  }
  if (dh0 != NULL)
    KERNEL(state, unpack)(&w->dh, &w->batch, dh0);
  if (dc0 != NULL)
    KERNEL(state, unpack)(&w->dc, &w->batch, dc0);
  w->record = RK_BACKWARD;
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "network.c"
#endif
