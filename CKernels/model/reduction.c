/* Operations from the steps of a sequence to one row: the first or last step, the mean and the
   maximum.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"
#include "base/memory.h"
#include "model/operation.h"

/* The row of step t of sequence b. */
static rk_real *step_row(const gsl_matrix *m, const rk_steps *steps, size_t t, size_t b) {
  return rk_row(m, t * steps->B + b);
}

/* The step of sequence b, which has some, that a FIRST_STEP or LAST_STEP reads. */
static size_t chosen_step(const rk_call *call, size_t b) {
  return call->node->given.kind == RECUR_NODE_FIRST_STEP ? 0 : call->in->lengths[b] - 1;
}

static void rk_one_step_forward(const rk_call *call) {
  rk_matrix_set_zero(call->y);
  for (size_t b = 0; b < call->in->B; b++)
    if (call->in->lengths[b] > 0)
      for (size_t j = 0; j < call->y->size2; j++)
        rk_row(call->y, b)[j] = step_row(call->x[0], call->in, chosen_step(call, b), b)[j];
}

static void rk_one_step_backward(const rk_call *call) {
  for (size_t b = 0; call->dx[0] != NULL && b < call->in->B; b++)
    if (call->in->lengths[b] > 0)
      for (size_t j = 0; j < call->dy->size2; j++)
        step_row(call->dx[0], call->in, chosen_step(call, b), b)[j] += rk_row(call->dy, b)[j];
}

const rk_operation rk_first_step_operation = {.forward = rk_one_step_forward,
                                              .backward = rk_one_step_backward};

const rk_operation rk_last_step_operation = {.forward = rk_one_step_forward,
                                             .backward = rk_one_step_backward};

static void rk_mean_forward(const rk_call *call) {
  rk_matrix_set_zero(call->y);
  for (size_t b = 0; b < call->in->B; b++) {
    const size_t n = call->in->lengths[b];
    for (size_t t = 0; t < n; t++)
      for (size_t j = 0; j < call->y->size2; j++)
        rk_row(call->y, b)[j] += step_row(call->x[0], call->in, t, b)[j];
    for (size_t j = 0; n > 0 && j < call->y->size2; j++)
      rk_row(call->y, b)[j] /= (rk_real)n;
  }
}

static void rk_mean_backward(const rk_call *call) {
  for (size_t b = 0; call->dx[0] != NULL && b < call->in->B; b++) {
    const size_t n = call->in->lengths[b];
    for (size_t t = 0; t < n; t++)
      for (size_t j = 0; j < call->dy->size2; j++)
        step_row(call->dx[0], call->in, t, b)[j] += rk_row(call->dy, b)[j] / (rk_real)n;
  }
}

const rk_operation rk_mean_operation = {.forward = rk_mean_forward, .backward = rk_mean_backward};

/* The first of equal maxima gets the gradient, as in PyTorch. NaN is a maximum. */
static void rk_maximum_forward(const rk_call *call) {
  const size_t columns = call->y->size2;
  rk_matrix_set_zero(call->y);
  for (size_t b = 0; b < call->in->B; b++)
    for (size_t t = 0; t < call->in->lengths[b]; t++)
      for (size_t j = 0; j < columns; j++) {
        const rk_real x = step_row(call->x[0], call->in, t, b)[j];
        rk_real *most = &rk_row(call->y, b)[j];
        if (t > 0 && !(x > *most) && !(isnan(x) && !isnan(*most)))
          continue;
        *most = x;
        call->memory->places[b * columns + j] = t;
      }
}

static void rk_maximum_backward(const rk_call *call) {
  const size_t columns = call->dy->size2;
  for (size_t b = 0; call->dx[0] != NULL && b < call->in->B; b++)
    for (size_t j = 0; call->in->lengths[b] > 0 && j < columns; j++)
      step_row(call->dx[0], call->in, call->memory->places[b * columns + j], b)[j] +=
          rk_row(call->dy, b)[j];
}

static void rk_maximum_lay_out(const recur_model *model, const rk_node *node, const rk_steps *in,
                               const rk_steps *out, recur_mode mode, rk_node_memory *memory,
                               char *at, size_t *used) {
  (void)model, (void)out, (void)mode;
  memory->places =
      rk_take(at, used, rk_times(in->B, rk_value_columns(&node->value)), sizeof *memory->places);
}

const rk_operation rk_maximum_operation = {
    .lay_out = rk_maximum_lay_out, .forward = rk_maximum_forward, .backward = rk_maximum_backward};
