/* A network with all its arguments.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NETWORK_PROBLEM_H
#define NETWORK_PROBLEM_H

#include "support/matrices.h"
#include "support/network_cases.h"

static inline size_t *new_sizes(size_t n) {
  return (size_t *)wide_new(n);
}

/* Unsorted lengths that include 0 and T. */
static inline size_t *new_lengths(size_t T, size_t B) {
  size_t *lengths = new_sizes(B);
  for (size_t b = 0; b < B; b++)
    lengths[b] = b == 1 ? T : b == 2 ? 0 : check_random_below(T + 1);
  return lengths;
}

/* Optional pointers may be set to NULL. */
typedef struct {
  recur_network network;
  recur_batch batch;
  recur_mode mode;
  size_t segment;
  size_t T, B, I, H, L, D, P, G, count, states;
  bool cell_state;
  gsl_vector parameters, gradients, *theta, *dtheta;
  gsl_matrix *x, *h0, *c0, *y, *hT, *cT, *dy, *dhT, *dcT, *dx, *dh0, *dc0, *dh_norms;
  recur_network_workspace *w;
  recur_network_weights *weights; /* inference */
} problem;

/* The number of parameters in the layout of recur/parameters.h. */
static inline size_t parameter_count(const problem *q) {
  const recur_cell *cell = &q->network.cell;
  const size_t GH = q->G * q->H, peepholes = cell->peepholes ? (cell->coupled_gates ? 2 : 3) : 0;
  const size_t apart = GH * q->P + (cell->bias ? 2 * GH : 0) + cell->projection_size * q->H +
                       peepholes * q->H + (cell->layer_normalization ? 2 * GH : 0);
  const size_t inputs = q->I + (q->L - 1) * q->D * q->P;
  return q->L * q->D * apart + q->D * GH * inputs;
}

static inline void note(const problem *q, const char *what) {
  const recur_cell *c = &q->network.cell;
  check_note(
      "%s: cell %d f %d, layer_norm %d bias %d gate_clamp %g reset %d, peepholes %d coupled %d "
      "cell_clamp %g, T=%zu B=%zu I=%zu H=%zu P=%zu L=%zu D=%zu, dropout %g %g zoneout %g %g "
      "segment %zu "
      "lengths %d",
      what, (int)c->kind, (int)c->f.kind, c->layer_normalization, c->bias, c->gate_clamp,
      (int)c->reset, c->peepholes, c->coupled_gates, c->cell_clamp, q->T, q->B, q->I, q->H, q->P,
      q->L, q->D, q->network.dropout, q->network.recurrent_dropout, q->network.zoneout,
      q->network.cell_zoneout, q->segment, q->batch.lengths != NULL);
}

static inline gsl_vector contiguous(size_t size) {
  const gsl_matrix *m = new_matrix(size, 1, 1);
  return (gsl_vector){.size = size, .stride = 1, .data = m->data};
}

/* A problem with its sizes, but without arguments and workspace. */
static inline problem describe(const recur_network *network, size_t T, size_t B) {
  recur_network_sizes sizes = {0};
  CHECK(recur_network_measure(network, &sizes) == GSL_SUCCESS);
  problem q = {.network = *network,
               .mode = RECUR_MODE_TRAINING,
               .T = T,
               .B = B,
               .I = network->input_size,
               .H = network->hidden_size,
               .L = network->layers,
               .D = network->directions,
               .P = sizes.state_size,
               .G = sizes.gates,
               .cell_state = sizes.cell_state};
  q.states = q.L * q.D * B;
  q.count = parameter_count(&q);
  return q;
}

static inline void allocate(problem *q) {
  note(q, "");
  q->w = recur_network_workspace_alloc(&q->network, q->T, q->B, q->mode, q->segment);
  if (q->mode == RECUR_MODE_INFERENCE && q->weights == NULL)
    q->weights = recur_network_weights_alloc(&q->network);
  if (!CHECK(q->w != NULL) || !CHECK(q->mode == RECUR_MODE_TRAINING || q->weights != NULL))
    abort();
}

/* Sets inputs and gradients of parameters to random values, and other outputs to NaN. */
static inline void randomize_arguments(problem *q) {
  const size_t TB = q->T * q->B, columns = q->D * q->P;
  q->parameters = contiguous(q->count);
  q->gradients = contiguous(q->count);
  /* Small enough that rounding errors do not grow from step to step. */
  const gsl_matrix theta = as_column(&q->parameters), dtheta = as_column(&q->gradients);
  randomize(&theta, 1 / sqrt((double)q->H));
  randomize(&dtheta, 1);
  q->x = new_random(TB, q->I, 1);
  q->h0 = new_random(q->states, q->P, 1);
  q->c0 = q->cell_state ? new_random(q->states, q->H, 1) : NULL;
  q->y = new_padded(TB, columns);
  q->hT = new_padded(q->states, q->P);
  q->cT = q->cell_state ? new_padded(q->states, q->H) : NULL;
  q->dy = new_random(TB, columns, 1);
  q->dhT = new_random(q->states, q->P, 1);
  q->dcT = q->cell_state ? new_random(q->states, q->H, 1) : NULL;
  q->dx = new_padded(TB, q->I);
  q->dh0 = new_padded(q->states, q->P);
  q->dc0 = q->cell_state ? new_padded(q->states, q->H) : NULL;
  q->dh_norms = new_padded(q->L * q->D * q->T, q->B);
}

/* Call this when the struct has its final address: theta and dtheta point into it. */
static inline void settle(problem *q) {
  q->theta = &q->parameters;
  q->dtheta = &q->gradients;
}

static inline void new_problem(problem *q, const recur_network *network, size_t T, size_t B,
                               size_t segment) {
  *q = describe(network, T, B);
  q->segment = segment;
  randomize_arguments(q);
  settle(q);
  allocate(q);
}

static inline void end_problem(problem *q) {
  recur_network_workspace_free(q->w);
  recur_network_weights_free(q->weights);
  free_all();
}

static inline bool draws_masks(const problem *q) {
  const recur_network *n = &q->network;
  return n->dropout > 0 || n->recurrent_dropout > 0 || n->zoneout > 0 || n->cell_zoneout > 0;
}

/* NULL is equivalent to an empty batch, except for masks, which need a seed. */
static inline int forward(const problem *q) {
  static const recur_batch plain;
  const bool said = draws_masks(q) || memcmp(&q->batch, &plain, sizeof plain) != 0;
  const recur_network_pass pass = {.x = q->x,
                                   .batch = said ? &q->batch : NULL,
                                   .h0 = q->h0,
                                   .c0 = q->c0,
                                   .y = q->y,
                                   .hT = q->hT,
                                   .cT = q->cT};
  if (q->mode == RECUR_MODE_TRAINING)
    return recur_network_forward(q->theta, &pass, q->w);
  const int status = recur_network_weights_set(q->weights, q->theta);
  return status ? status : recur_network_infer(q->weights, &pass, q->w);
}

static inline int backward(const problem *q) {
  const recur_network_pass pass = {.x = q->x, .y = q->y};
  const recur_network_gradients gradients = {.dy = q->dy,
                                             .dhT = q->dhT,
                                             .dcT = q->dcT,
                                             .dx = q->dx,
                                             .dh0 = q->dh0,
                                             .dc0 = q->dc0,
                                             .dtheta = q->dtheta,
                                             .dh_norms = q->dh_norms};
  return recur_network_backward(q->theta, &pass, &gradients, q->w);
}

static inline void run_both(const problem *q) {
  CHECK(forward(q) == GSL_SUCCESS);
  CHECK(backward(q) == GSL_SUCCESS);
}

/* The number of rounded operations for one output, and for one gradient. */
static inline size_t operations(const problem *q) {
  const size_t width = q->I > q->D * q->P ? q->I : q->D * q->P;
  return (q->T + 1) * q->L * (width + q->P + q->G * q->H + q->B + 16);
}

/* The largest absolute value in the problem, at least 1. */
static inline wide magnitude_of(const problem *q) {
  const gsl_matrix theta = as_column(&q->parameters), dtheta = as_column(&q->gradients);
  const gsl_matrix *const all[] = {&theta, &dtheta, q->x,   q->h0,  q->c0,
                                   q->y,   q->hT,   q->cT,  q->dy,  q->dhT,
                                   q->dcT, q->dx,   q->dh0, q->dc0, q->dh_norms};
  wide magnitude = 1;
  for (size_t k = 0; k < COUNT(all); k++)
    for (size_t i = 0; all[k] != NULL && i < all[k]->size1; i++)
      for (size_t j = 0; j < all[k]->size2; j++)
        check_see(&magnitude, AT(all[k], i, j));
  return magnitude;
}

#endif
