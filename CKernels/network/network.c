/* Networks, forward and backward through time: see recur/network.h.

   Without segments there is one, the whole sequence.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/dropout.h"
#include "network/layer.h"

#define IO KERNEL(layer, io)
#define SEQUENCE KERNEL(sequence, view)

/* The arguments of a call that its members read. */
typedef struct {
  WORKSPACE *w;
  const VECTOR *theta; /* training */
  const MATRIX *x, *dy;
  MATRIX *y, *dx, *dh_norms;
  bool by_units;
} KERNEL(network, call);
#define CALL KERNEL(network, call)

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

static void KERNEL(network, segment_forward)(const WORKER *o, size_t segment, const MATRIX *x,
                                             MATRIX *y) {
  const WORKSPACE *w = o->w;
  const IO whole = KERNEL(network, io)(w, 0, segment, 0, x, y);
  for (size_t t = whole.first; t < whole.last; t += w->chunk) {
    const size_t end = t + w->chunk < whole.last ? t + w->chunk : whole.last;
    for (size_t layer = 0; layer < w->s.L; layer++) {
      const IO io = KERNEL(network, io)(w, layer, segment, t, x, y);
      KERNEL(layer, forward)(o, &io, t, end);
    }
  }
}

static void KERNEL(network, segment_backward)(const WORKER *o, size_t segment, const CALL *call) {
  const WORKSPACE *w = o->w;
  const MATRIX *x = call->x, *y = call->y;
  const IO whole = KERNEL(network, io)(w, 0, segment, 0, x, y);
  const size_t steps = whole.last - whole.first, chunks = (steps + w->chunk - 1) / w->chunk;
  for (size_t k = chunks; k-- > 0;) {
    const size_t t = whole.first + k * w->chunk;
    const size_t end = t + w->chunk < whole.last ? t + w->chunk : whole.last;
    for (size_t layer = w->s.L; layer-- > 0;) {
      IO io = KERNEL(network, io)(w, layer, segment, t, x, y);
      io.dh_norms = call->dh_norms;
      if (layer + 1 < w->s.L)
        io.dy = KERNEL(workspace, doutputs)(w, layer, t);
      else if (call->dy != NULL)
        io.dy.m = *call->dy;
      if (layer > 0)
        io.dx = KERNEL(workspace, doutputs)(w, layer - 1, t);
      else if (call->dx != NULL)
        io.dx.m = *call->dx;
      KERNEL(layer, backward)(o, &io, t, end);
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

/* What one member does alone, while the others wait. */
#define ALONE(member, ...)                                                                         \
  do {                                                                                             \
    rk_barrier(member);                                                                            \
    if ((member)->rank == 0) {                                                                     \
      __VA_ARGS__;                                                                                 \
    }                                                                                              \
    rk_barrier(member);                                                                            \
  } while (0)

/* Forward */

static void KERNEL(network, forward_member)(const rk_member *member, void *context) {
  const CALL *call = context;
  WORKSPACE *w = call->w;
  const WORKER o = KERNEL(worker, of)(w, member, call->by_units);
  if (w->pass == RECUR_TRAINING) {
    KERNEL(weights, prepare)(&w->own, call->theta, false, member);
    rk_barrier(member);
  }
  for (size_t segment = 0; segment < w->segments; segment++) {
    if (w->pass == RECUR_TRAINING)
      ALONE(member, KERNEL(network, keep_states)(w, segment));
    KERNEL(network, segment_forward)(&o, segment, call->x, call->y);
  }
}

/* After the arguments have been checked. */
static int KERNEL(network, run_forward)(const char *function, const CALL *arguments,
                                        const recur_batch *batch, const MATRIX *h0,
                                        const MATRIX *c0, MATRIX *hT, MATRIX *cT) {
  CALL call = *arguments;
  WORKSPACE *w = call.w;
  RK_TRY(KERNEL(network, check_seed)(function, w, batch));
  RK_TRY(rk_batch_read(function, &w->batch, batch));
  if (w->masks.data != NULL)
    KERNEL(dropout, recurrent_masks)(w->network.recurrent_dropout, &w->batch, &w->masks);
  for (size_t k = 0; k < 2; k++) {
    KERNEL(state, pack)(h0, &w->batch, &w->h[k]);
    KERNEL(state, pack)(c0, &w->batch, &w->c_run[k]);
  }
  const size_t members = KERNEL(worker, count)(w, &call.by_units);
  rk_team_run(w->threads, members, KERNEL(network, forward_member), &call);
  KERNEL(workspace, settle)(w, w->batch.T);
  if (hT != NULL)
    KERNEL(state, unpack)(&w->h[0], &w->batch, hT);
  if (cT != NULL)
    KERNEL(state, unpack)(&w->c_run[0], &w->batch, cT);
  w->record = RK_FORWARD;
  return GSL_SUCCESS;
}

static int KERNEL(network, check_pass)(const char *function, const WORKSPACE *w, recur_pass pass) {
  static const char *const names[] = {"RECUR_INFERENCE", "RECUR_TRAINING"};
  if (w->pass != pass)
    return rk_fail(GSL_EINVAL, function, "w", "is for %s, expected %s", names[w->pass],
                   names[pass]);
  return GSL_SUCCESS;
}

#define FORWARD_OPERANDS(w, role_of_y)                                                             \
  REQUIRED(matrix, INPUT, x, (w)->batch.T *(w)->batch.B, (w)->s.I),                                \
      OPTIONAL(matrix, STATE_IN, h0, states, (w)->s.P),                                            \
      OPTIONAL(matrix, STATE_IN, c0, states, (w)->s.H),                                            \
      role_of_y(matrix, OUTPUT, y, (w)->batch.T *(w)->batch.B, (w)->s.D *(w)->s.P),                \
      OPTIONAL(matrix, STATE_OUT, hT, states, (w)->s.P),                                           \
      OPTIONAL(matrix, STATE_OUT, cT, states, (w)->s.H)

int RECUR(network, forward)(const VECTOR *theta, const MATRIX *x, const recur_batch *batch,
                            const MATRIX *h0, const MATRIX *c0, MATRIX *y, MATRIX *hT, MATRIX *cT,
                            WORKSPACE *w) {
  RK_REQUIRE(w);
  RK_TRY(KERNEL(network, check_pass)(__func__, w, RECUR_TRAINING));
  RK_TRY(KERNEL(network, check_cell_state)(__func__, w, "c0", c0));
  RK_TRY(KERNEL(network, check_cell_state)(__func__, w, "cT", cT));
  RK_TRY(KERNEL(network, check_theta)(__func__, w, "theta", theta));
  const size_t states = w->s.L * w->s.D * w->batch.B;
  const operand operands[] = {REQUIRED(vector, INPUT, theta, rk_parameter_count(&w->network)),
                              FORWARD_OPERANDS(w, REQUIRED)};
  RK_CHECK(operands);
  w->weights = &w->own;
  const CALL call = {.w = w, .theta = theta, .x = x, .y = y};
  return KERNEL(network, run_forward)(__func__, &call, batch, h0, c0, hT, cT);
}

int RECUR(network, infer)(const WEIGHTS *weights, const MATRIX *x, const recur_batch *batch,
                          const MATRIX *h0, const MATRIX *c0, MATRIX *y, MATRIX *hT, MATRIX *cT,
                          WORKSPACE *w) {
  RK_REQUIRE(w);
  RK_REQUIRE(weights);
  RK_TRY(KERNEL(network, check_pass)(__func__, w, RECUR_INFERENCE));
  if (!weights->set)
    return rk_fail(GSL_EINVAL, __func__, "weights", "have not been set");
  if (!rk_same_network(&weights->network, &w->network))
    return rk_fail(GSL_EINVAL, __func__, "weights", "are of another network than w");
  RK_TRY(KERNEL(network, check_cell_state)(__func__, w, "c0", c0));
  RK_TRY(KERNEL(network, check_cell_state)(__func__, w, "cT", cT));
  const size_t states = w->s.L * w->s.D * w->batch.B;
  const operand operands[] = {FORWARD_OPERANDS(w, OPTIONAL)};
  RK_CHECK(operands);
  w->weights = weights;
  const CALL call = {.w = w, .x = x, .y = y};
  return KERNEL(network, run_forward)(__func__, &call, batch, h0, c0, hT, cT);
}

/* Backward */

static int KERNEL(network, check_record)(const char *function, const WORKSPACE *w) {
  RK_TRY(KERNEL(network, check_pass)(function, w, RECUR_TRAINING));
  if (w->record != RK_FORWARD)
    return rk_fail(GSL_EINVAL, function, "w", "holds no forward pass%s",
                   w->record == RK_BACKWARD ? " any more: backward has used it up" : "");
  return GSL_SUCCESS;
}

static void KERNEL(network, prepare_backward)(WORKSPACE *w, const VECTOR *theta,
                                              const VECTOR *dtheta, const MATRIX *dhT,
                                              const MATRIX *dcT, MATRIX *dh_norms) {
  static const KERNEL(parameters, views) unwanted;
  for (size_t ld = 0; ld < w->s.L * w->s.D; ld++) {
    w->p[ld] = KERNEL(parameters, of)(&w->network, theta, ld / w->s.D, ld % w->s.D);
    w->dp[ld] = dtheta == NULL
                    ? unwanted
                    : KERNEL(parameters, of)(&w->network, dtheta, ld / w->s.D, ld % w->s.D);
  }
  KERNEL(state, pack)(dhT, &w->batch, &w->dh);
  KERNEL(state, pack)(dcT, &w->batch, &w->dc);
  if (dh_norms != NULL)
    KERNEL(matrix, set_zero)(dh_norms);
}

static void KERNEL(network, backward_member)(const rk_member *member, void *context) {
  const CALL *call = context;
  WORKSPACE *w = call->w;
  const WORKER o = KERNEL(worker, of)(w, member, call->by_units);
  for (size_t segment = w->segments; segment-- > 0;) {
    if (segment + 1 < w->segments) {
      ALONE(member, KERNEL(network, restore_states)(w, segment));
      KERNEL(weights, prepare)(&w->own, call->theta, false, member);
      rk_barrier(member);
      KERNEL(network, segment_forward)(&o, segment, call->x, NULL);
    }
    KERNEL(weights, prepare)(&w->own, call->theta, true, member);
    rk_barrier(member);
    KERNEL(network, segment_backward)(&o, segment, call);
  }
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
  KERNEL(network, prepare_backward)(w, theta, dtheta, dhT, dcT, dh_norms);
  MATRIX outputs = *y; /* which backward only reads */
  CALL call = {
      .w = w, .theta = theta, .x = x, .dy = dy, .y = &outputs, .dx = dx, .dh_norms = dh_norms};
  const size_t members = KERNEL(worker, count)(w, &call.by_units);
  rk_team_run(w->threads, members, KERNEL(network, backward_member), &call);
  if (dh0 != NULL)
    KERNEL(state, unpack)(&w->dh, &w->batch, dh0);
  if (dc0 != NULL)
    KERNEL(state, unpack)(&w->dc, &w->batch, dc0);
  w->record = RK_BACKWARD;
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "network.c"
#endif
