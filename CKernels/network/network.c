/* Networks, forward and backward through time: see recur/network.h.

   Without segments, the whole sequence is one segment.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/network.h"

#include "base/environment.h"
#include "configuration/options.h"
#include "network/dropout.h"
#include "network/layer.h"

/* A call: its arguments, and how its threads share the work. */
typedef struct {
  recur_network_workspace *w;
  const gsl_vector *theta; /* training */
  const recur_network_pass *pass;
  const recur_network_gradients *gradients; /* backward */
  bool by_units;
} rk_network_call;

/* Arguments */

static int rk_network_check_theta(const char *function, const recur_network_workspace *w,
                                  const char *name, const gsl_vector *theta) {
  if (theta == NULL || theta->size != rk_parameter_count(&w->network) || theta->stride == 1)
    return GSL_SUCCESS; /* rk_check reports the other errors */
  return rk_fail(GSL_EINVAL, function, name, "has stride %zu, expected 1", theta->stride);
}

static int rk_network_check_cell_state(const char *function, const recur_network_workspace *w,
                                       const char *name, const gsl_matrix *c) {
  if (c != NULL && !w->s.cell_state)
    return rk_fail(GSL_EINVAL, function, name,
                   "is given, expected NULL for a cell without a cell state");
  return GSL_SUCCESS;
}

static int rk_network_check_seed(const char *function, const recur_network_workspace *w,
                                 const recur_batch *batch) {
  if (batch == NULL && w->mode == RECUR_MODE_TRAINING && rk_draws_masks(&w->network))
    return rk_fail(GSL_EINVAL, function, "batch",
                   "is NULL, expected a batch with a seed for the random masks");
  return GSL_SUCCESS;
}

/* Forward and backward */

/* The step after the last one of a segment. */
static size_t rk_network_segment_end(const recur_network_workspace *w, size_t segment) {
  const size_t end = (segment + 1) * w->segment_length;
  return end < w->batch.T ? end : w->batch.T;
}

/* The inputs and outputs of a layer for a chunk that begins at step t. */
static rk_layer_io rk_network_layer_io(const rk_network_call *call, size_t layer, size_t segment,
                                       size_t t) {
  const recur_network_workspace *w = call->w;
  const gsl_matrix *y = call->pass->y;
  const size_t first = segment * w->segment_length;
  const size_t kept = w->mode == RECUR_MODE_TRAINING ? first : t;
  rk_layer_io io = {.layer = layer,
                    .number = segment,
                    .first = first,
                    .last = rk_network_segment_end(w, segment)};
  io.x = layer == 0 ? (rk_sequence){.m = *call->pass->x} : rk_workspace_outputs(w, layer - 1, kept);
  if (layer + 1 < w->s.L)
    io.y = rk_workspace_outputs(w, layer, kept);
  else if (y != NULL)
    io.y.m = *y;
  return io;
}

static void rk_network_segment_forward(const rk_worker *o, size_t segment,
                                       const rk_network_call *call) {
  const recur_network_workspace *w = o->w;
  const size_t last = rk_network_segment_end(w, segment);
  for (size_t t = segment * w->segment_length; t < last; t += w->chunk) {
    const size_t end = t + w->chunk < last ? t + w->chunk : last;
    for (size_t layer = 0; layer < w->s.L; layer++) {
      const rk_layer_io io = rk_network_layer_io(call, layer, segment, t);
      rk_layer_forward(o, &io, t, end);
    }
  }
}

static void rk_network_segment_backward(const rk_worker *o, size_t segment,
                                        const rk_network_call *call) {
  const recur_network_workspace *w = o->w;
  const recur_network_gradients *g = call->gradients;
  const size_t first = segment * w->segment_length, last = rk_network_segment_end(w, segment);
  const size_t chunks = (last - first + w->chunk - 1) / w->chunk;
  for (size_t k = chunks; k-- > 0;) {
    const size_t t = first + k * w->chunk, end = t + w->chunk < last ? t + w->chunk : last;
    for (size_t layer = w->s.L; layer-- > 0;) {
      rk_layer_io io = rk_network_layer_io(call, layer, segment, t);
      io.dh_norms = g->dh_norms;
      if (layer + 1 < w->s.L)
        io.dy = rk_workspace_doutputs(w, layer, t);
      else if (g->dy != NULL)
        io.dy.m = *g->dy;
      if (layer > 0)
        io.dx = rk_workspace_doutputs(w, layer - 1, t);
      else if (g->dx != NULL)
        io.dx.m = *g->dx;
      rk_layer_backward(o, &io, t, end);
    }
  }
}

/* Stores the running states as the start of a segment. */
static void rk_network_keep_states(recur_network_workspace *w, size_t segment) {
  gsl_matrix h = rk_workspace_start(w, &w->h_start, segment);
  gsl_matrix c = rk_workspace_start(w, &w->c_start, segment);
  rk_workspace_settle(w, segment * w->segment_length);
  rk_matrix_copy(&w->h[0], &h);
  rk_matrix_copy(&w->c_run[0], &c);
}

/* Restores both matrices of each pair, because either may be read next. */
static void rk_network_restore_states(recur_network_workspace *w, size_t segment) {
  const gsl_matrix h = rk_workspace_start(w, &w->h_start, segment);
  const gsl_matrix c = rk_workspace_start(w, &w->c_start, segment);
  for (size_t k = 0; k < 2; k++) {
    rk_matrix_copy(&h, &w->h[k]);
    rk_matrix_copy(&c, &w->c_run[k]);
  }
}

/* Runs a statement in the first thread while the others wait. */
#define ALONE(thread, ...)                                                                         \
  do {                                                                                             \
    rk_barrier(thread);                                                                            \
    if ((thread)->rank == 0) {                                                                     \
      __VA_ARGS__;                                                                                 \
    }                                                                                              \
    rk_barrier(thread);                                                                            \
  } while (0)

/* Forward */

static void rk_network_forward_thread(const rk_thread *thread, void *context) {
  const rk_network_call *call = context;
  recur_network_workspace *w = call->w;
  const rk_worker o = rk_worker_of(w, thread, call->by_units);
  if (w->mode == RECUR_MODE_TRAINING) {
    rk_network_weights_prepare(&w->own, call->theta, false, thread);
    rk_barrier(thread);
  }
  for (size_t segment = 0; segment < w->segments; segment++) {
    if (w->mode == RECUR_MODE_TRAINING)
      ALONE(thread, rk_network_keep_states(w, segment));
    rk_network_segment_forward(&o, segment, call);
  }
}

static int rk_network_run_forward(const char *function, rk_network_call *call) {
  recur_network_workspace *w = call->w;
  const recur_network_pass *pass = call->pass;
  RK_TRY(rk_network_check_seed(function, w, pass->batch));
  RK_TRY(rk_batch_read(function, &w->batch, pass->batch));
  if (w->masks.data != NULL)
    rk_dropout_recurrent_masks(w->network.recurrent_dropout, &w->batch, &w->masks);
  const bool full = w->batch.full;
  /* The reverse direction of a shorter sequence may begin with either of a pair. */
  for (size_t k = 0; k < (full ? 1 : 2); k++) {
    rk_state_pack(pass->h0, &w->batch, &w->h[k]);
    rk_state_pack(pass->c0, &w->batch, &w->c_run[k]);
  }
  const size_t threads = rk_worker_count(w, &call->by_units);
  rk_team_run(w->threads, threads, rk_network_forward_thread, call);
  w->past_steps += w->batch.T;
  if (!full)
    rk_workspace_settle(w, w->batch.T);
  const size_t last = full ? w->batch.T % 2 : 0;
  if (pass->hT != NULL)
    rk_state_unpack(&w->h[last], &w->batch, pass->hT);
  if (pass->cT != NULL)
    rk_state_unpack(&w->c_run[last], &w->batch, pass->cT);
  w->record = RK_FORWARD;
  return GSL_SUCCESS;
}

int rk_network_infer(const char *function, const recur_network_weights *weights,
                     const recur_network_pass *pass, recur_network_workspace *w) {
  w->weights = weights;
  rk_network_call call = {.w = w, .pass = pass};
  return rk_network_run_forward(function, &call);
}

int rk_network_forward(const char *function, const gsl_vector *theta,
                       const recur_network_pass *pass, recur_network_workspace *w) {
  w->weights = &w->own;
  rk_network_call call = {.w = w, .theta = theta, .pass = pass};
  return rk_network_run_forward(function, &call);
}

static int rk_network_check_mode(const char *function, const recur_network_workspace *w,
                                 recur_mode mode) {
  static const char *const names[] = {"RECUR_MODE_INFERENCE", "RECUR_MODE_TRAINING"};
  if (w->mode != mode)
    return rk_fail(GSL_EINVAL, function, "w", "has mode %s, expected %s", names[w->mode],
                   names[mode]);
  return GSL_SUCCESS;
}

/* Whether the arguments are those of the last pass, except for the batch. */
static bool rk_network_repeats(recur_network_workspace *w, const gsl_vector *theta,
                               const recur_network_pass *pass) {
  const gsl_matrix *const matrices[] = {pass->x, pass->h0, pass->c0, pass->y, pass->hT, pass->cT};
  bool same = rk_argument_repeats_vector(w->last, theta) && w->checked;
  for (size_t k = 1; k < RK_FORWARD_ARGUMENTS; k++)
    same = rk_argument_repeats(&w->last[k], matrices[k - 1]) && same;
  return same;
}

/* theta is NULL in inference. */
static int rk_network_check_arguments(const char *function, const recur_network_workspace *w,
                                      const gsl_vector *theta, const recur_network_pass *pass) {
  const gsl_matrix *x = pass->x, *h0 = pass->h0, *c0 = pass->c0;
  const gsl_matrix *y = pass->y, *hT = pass->hT, *cT = pass->cT;
  RK_TRY(rk_network_check_cell_state(function, w, "c0", c0));
  RK_TRY(rk_network_check_cell_state(function, w, "cT", cT));
  const size_t T = w->batch.T, B = w->batch.B, states = w->s.L * w->s.D * B;
  const size_t count = theta == NULL ? 0 : rk_parameter_count(&w->network);
  operand operands[] = {
      OPTIONAL(vector, INPUT, theta, count),
      REQUIRED(matrix, INPUT, x, T * B, w->s.I),
      OPTIONAL(matrix, STATE_IN, h0, states, w->s.P),
      OPTIONAL(matrix, STATE_IN, c0, states, w->s.H),
      OPTIONAL(matrix, OUTPUT, y, T * B, w->s.D * w->s.P),
      OPTIONAL(matrix, STATE_OUT, hT, states, w->s.P),
      OPTIONAL(matrix, STATE_OUT, cT, states, w->s.H),
  };
  enum { THETA = 0, Y = 4 };
  operands[THETA].optional = operands[Y].optional = w->mode == RECUR_MODE_INFERENCE;
  return rk_check(function, operands, sizeof operands / sizeof *operands);
}

static int rk_network_check_forward(const char *function, recur_network_workspace *w,
                                    const gsl_vector *theta, const recur_network_pass *pass) {
  if (rk_network_repeats(w, theta, pass))
    return GSL_SUCCESS;
  w->checked = false;
  RK_TRY(rk_network_check_arguments(function, w, theta, pass));
  w->checked = true;
  return GSL_SUCCESS;
}

int recur_network_forward(const gsl_vector *theta, const recur_network_pass *pass,
                          recur_network_workspace *w) {
  RK_COMPUTES;
  RK_REQUIRE(w);
  RK_REQUIRE(pass);
  RK_TRY(rk_network_check_mode(__func__, w, RECUR_MODE_TRAINING));
  RK_TRY(rk_network_check_theta(__func__, w, "theta", theta));
  RK_TRY(rk_network_check_forward(__func__, w, theta, pass));
  return rk_network_forward(__func__, theta, pass, w);
}

int recur_network_infer(const recur_network_weights *weights, const recur_network_pass *pass,
                        recur_network_workspace *w) {
  RK_COMPUTES;
  RK_REQUIRE(w);
  RK_REQUIRE(weights);
  RK_REQUIRE(pass);
  RK_TRY(rk_network_check_mode(__func__, w, RECUR_MODE_INFERENCE));
  if (!weights->set)
    return rk_fail(GSL_EINVAL, __func__, "weights",
                   "are not set, expected recur_network_weights_set() before this call");
  if (!rk_same_network(&weights->network, &w->network))
    return rk_fail(GSL_EINVAL, __func__, "weights", "belong to a different network than w");
  RK_TRY(rk_network_check_forward(__func__, w, NULL, pass));
  return rk_network_infer(__func__, weights, pass, w);
}

/* Backward */

static int rk_network_check_record(const char *function, const recur_network_workspace *w) {
  RK_TRY(rk_network_check_mode(function, w, RECUR_MODE_TRAINING));
  if (w->record != RK_FORWARD)
    return rk_fail(GSL_EINVAL, function, "w", "has no forward pass%s",
                   w->record == RK_BACKWARD ? ": the last one already had its backward pass" : "");
  return GSL_SUCCESS;
}

static void rk_network_prepare_backward(recur_network_workspace *w, const gsl_vector *theta,
                                        const recur_network_gradients *g) {
  static const rk_parameter_views unwanted;
  for (size_t ld = 0; ld < w->s.L * w->s.D; ld++) {
    w->p[ld] = rk_parameter_views_of(&w->network, theta, ld / w->s.D, ld % w->s.D);
    w->dp[ld] = g->dtheta == NULL
                    ? unwanted
                    : rk_parameter_views_of(&w->network, g->dtheta, ld / w->s.D, ld % w->s.D);
  }
  rk_state_pack(g->dhT, &w->batch, &w->dh);
  rk_state_pack(g->dcT, &w->batch, &w->dc);
  if (g->dh_norms != NULL)
    rk_matrix_set_zero(g->dh_norms);
}

static void rk_network_backward_thread(const rk_thread *thread, void *context) {
  const rk_network_call *call = context;
  recur_network_workspace *w = call->w;
  const rk_worker o = rk_worker_of(w, thread, call->by_units);
  /* A segment is recomputed for its record only: y already exists. */
  recur_network_pass without_outputs = *call->pass;
  without_outputs.y = NULL;
  rk_network_call again = *call;
  again.pass = &without_outputs;
  for (size_t segment = w->segments; segment-- > 0;) {
    if (segment + 1 < w->segments) {
      ALONE(thread, rk_network_restore_states(w, segment));
      rk_network_weights_prepare(&w->own, call->theta, false, thread);
      rk_barrier(thread);
      rk_network_segment_forward(&o, segment, &again);
    }
    rk_network_weights_prepare(&w->own, call->theta, true, thread);
    rk_barrier(thread);
    rk_network_segment_backward(&o, segment, call);
  }
}

static int rk_network_check_backward(const char *function, const recur_network_workspace *w,
                                     const gsl_vector *theta, const recur_network_pass *pass,
                                     const recur_network_gradients *g) {
  const gsl_matrix *x = pass->x, *y = pass->y, *dy = g->dy, *dhT = g->dhT, *dcT = g->dcT;
  const gsl_matrix *dx = g->dx, *dh0 = g->dh0, *dc0 = g->dc0, *dh_norms = g->dh_norms;
  const gsl_vector *dtheta = g->dtheta;
  const size_t T = w->batch.T, B = w->batch.B, H = w->s.H, P = w->s.P, D = w->s.D;
  const size_t states = w->s.L * D * B, count = rk_parameter_count(&w->network);
  RK_TRY(rk_network_check_cell_state(function, w, "dcT", dcT));
  RK_TRY(rk_network_check_cell_state(function, w, "dc0", dc0));
  RK_TRY(rk_network_check_theta(function, w, "theta", theta));
  RK_TRY(rk_network_check_theta(function, w, "dtheta", dtheta));
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
  return rk_check(function, operands, sizeof operands / sizeof *operands);
}

void rk_network_backward(const gsl_vector *theta, const recur_network_pass *pass,
                         const recur_network_gradients *gradients, recur_network_workspace *w) {
  rk_network_prepare_backward(w, theta, gradients);
  rk_network_call call = {.w = w, .theta = theta, .pass = pass, .gradients = gradients};
  const size_t threads = rk_worker_count(w, &call.by_units);
  rk_team_run(w->threads, threads, rk_network_backward_thread, &call);
  if (gradients->dh0 != NULL)
    rk_state_unpack(&w->dh, &w->batch, gradients->dh0);
  if (gradients->dc0 != NULL)
    rk_state_unpack(&w->dc, &w->batch, gradients->dc0);
  w->record = RK_BACKWARD;
}

int recur_network_backward(const gsl_vector *theta, const recur_network_pass *pass,
                           const recur_network_gradients *gradients, recur_network_workspace *w) {
  RK_COMPUTES;
  RK_REQUIRE(w);
  RK_REQUIRE(pass);
  RK_REQUIRE(gradients);
  RK_TRY(rk_network_check_record(__func__, w));
  RK_TRY(rk_network_check_backward(__func__, w, theta, pass, gradients));
  rk_network_backward(theta, pass, gradients, w);
  return GSL_SUCCESS;
}
