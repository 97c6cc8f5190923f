/* Recurrent networks in models.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"
#include "base/memory.h"
#include "model/operation.h"

/* The state of a network: h, and then c. Without data if there is none. */
typedef struct {
  gsl_matrix h, c;
} rk_network_state;

/* The parts that rk_node_state_part() names. */
static rk_network_state state_of(const rk_call *call, const rk_real *data) {
  rk_network_state state = {0};
  const rk_sizes *s = &call->memory->network->s;
  const size_t rows = s->L * s->D * call->in->B;
  if (data == NULL)
    return state;
  state.h = rk_matrix_of((rk_real *)data, rows, s->P);
  if (s->cell_state)
    state.c = rk_matrix_of(state.h.data + rows * s->P, rows, s->H);
  return state;
}

/* A matrix without data stands for NULL. A batch of no sequences has no data either. */
static gsl_matrix *given(gsl_matrix *m) {
  return m->data == NULL ? NULL : m;
}

/* The networks of a model draw different masks. */
static recur_batch rk_network_node_batch(const rk_call *call) {
  static const recur_batch plain;
  recur_batch batch = call->batch == NULL ? plain : *call->batch;
  batch.lengths = call->in->full ? NULL : call->in->lengths;
  batch.seed += call->node->number * UINT64_C(0x9e3779b97f4a7c15);
  return batch;
}

static gsl_vector theta_of(const rk_call *call, const rk_real *data) {
  return (gsl_vector){.size = call->node->parameters, .stride = 1, .data = (rk_real *)data};
}

static void rk_network_node_forward(const rk_call *call) {
  rk_network_state initial = state_of(call, call->initial_state);
  rk_network_state final = state_of(call, call->final_state);
  const recur_batch batch = rk_network_node_batch(call);
  const recur_network_pass pass = {.x = call->x[0],
                                   .batch = &batch,
                                   .h0 = given(&initial.h),
                                   .c0 = given(&initial.c),
                                   .y = call->y,
                                   .hT = given(&final.h),
                                   .cT = given(&final.c)};
  const gsl_vector theta = theta_of(call, call->theta);
  /* The batch has been checked, so neither call fails. */
  if (call->mode == RECUR_MODE_TRAINING)
    rk_network_forward("", &theta, &pass, call->memory->network);
  else
    rk_network_infer("", call->weights->network, &pass, call->memory->network);
}

static void rk_network_node_backward(const rk_call *call) {
  rk_network_state dfinal = state_of(call, call->dfinal_state);
  rk_network_state dinitial = state_of(call, call->dinitial_state);
  const gsl_vector theta = theta_of(call, call->theta);
  gsl_vector dtheta = theta_of(call, call->dtheta);
  gsl_matrix *dx = call->dx[0], scratch = call->memory->scratch;
  const recur_network_pass pass = {.x = call->x[0], .y = call->y};
  const recur_network_gradients gradients = {.dy = call->dy,
                                             .dhT = given(&dfinal.h),
                                             .dcT = given(&dfinal.c),
                                             .dx = dx == NULL || call->first[0] ? dx : &scratch,
                                             .dh0 = given(&dinitial.h),
                                             .dc0 = given(&dinitial.c),
                                             .dtheta = call->dtheta == NULL ? NULL : &dtheta};
  rk_network_backward(&theta, &pass, &gradients, call->memory->network);
  if (gradients.dx == &scratch)
    rk_matrix_add(&scratch, dx);
}

static void rk_network_node_lay_out(const recur_model *model, const rk_node *node,
                                    const rk_steps *in, const rk_steps *out, recur_mode mode,
                                    rk_node_memory *memory, char *at, size_t *used) {
  const rk_node *source = rk_node_source(model, node, 0);
  (void)out;
  /* Another gradient of the source may come before the network's. */
  if (mode == RECUR_MODE_TRAINING && (source->readers > 1 || source->given.output))
    memory->scratch =
        rk_take_matrix(at, used, rk_times(in->T, in->B), rk_value_columns(&source->value));
}

const rk_operation rk_network_operation = {.overwrites = true,
                                           .lay_out = rk_network_node_lay_out,
                                           .forward = rk_network_node_forward,
                                           .backward = rk_network_node_backward};
