/* A network with all of its arguments, and the same by network_oracle.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NETWORK_PROBLEM_H
#define NETWORK_PROBLEM_H

#include "support/matrices.h"
#include "support/network_cases.h"
#include "support/network_oracle.h"

#include <recur/random.h>

/* The size of the imaginary parts. */
static const wide tiny = 1e-100L;

static inline size_t *new_sizes(size_t n) {
  return (size_t *)wide_new(n);
}

/* Whether a mask hits a unit: by the documented counter, whose second word is the purpose (in steps
   of 2^29) and the layer and direction. */
static inline bool mask_hits(const recur_batch *batch, uint32_t purpose, size_t ld, size_t b,
                             uint32_t step, size_t unit, double chance) {
  const uint32_t key[2] = {(uint32_t)batch->seed, (uint32_t)(batch->seed >> 32)};
  const uint32_t counter[4] = {(uint32_t)unit / 4, (purpose << 29) + (uint32_t)ld,
                               (uint32_t)(batch->first_sequence + b), step};
  uint32_t words[4];
  recur_random_philox(counter, key, words);
  return words[unit % 4] < chance * 0x1p32;
}

/* Lengths in no order, among them 0 and T. */
static inline size_t *new_lengths(size_t T, size_t B) {
  size_t *lengths = new_sizes(B);
  for (size_t b = 0; b < B; b++)
    lengths[b] = b == 1 ? T : b == 2 ? 0 : check_random_below(T + 1);
  return lengths;
}

/* Any pointer may be set to NULL where the library takes it. */
typedef struct {
  recur_network network;
  recur_batch batch;
  recur_mode pass;
  size_t segment;
  size_t T, B, I, H, L, D, P, G, count, states;
  bool cell_state;
  gsl_vector parameters, gradients, *theta, *dtheta;
  gsl_matrix *x, *h0, *c0, *y, *hT, *cT, *dy, *dhT, *dcT, *dx, *dh0, *dc0, *dh_norms;
  recur_network_workspace *w;
  recur_network_weights *weights; /* inference */
} problem;

/* By the layout in recur/parameters.h. */
static inline size_t parameter_count(const problem *q) {
  const recur_cell *cell = &q->network.cell;
  const size_t GH = q->G * q->H, peepholes = cell->peepholes ? (cell->coupled ? 2 : 3) : 0;
  const size_t apart = GH * q->P + (cell->bias ? 2 * GH : 0) + cell->projection_size * q->H +
                       peepholes * q->H + (cell->layer_norm ? 2 * GH : 0);
  const size_t inputs = q->I + (q->L - 1) * q->D * q->P;
  return q->L * q->D * apart + q->D * GH * inputs;
}

static inline void note(const problem *q, const char *what) {
  const recur_cell *c = &q->network.cell;
  check_note(
      "%s: cell %d f %d, layer_norm %d bias %d gate_clamp %g reset %d, peepholes %d coupled %d "
      "cell_gate_clamp %g, "
      "T=%zu B=%zu I=%zu H=%zu P=%zu L=%zu D=%zu, dropout %g %g zoneout %g %g segment %zu "
      "lengths %d",
      what, (int)c->kind, (int)c->f.kind, c->layer_norm, c->bias, c->gate_clamp, (int)c->reset,
      c->peepholes, c->coupled, c->cell_clamp, q->T, q->B, q->I, q->H, q->P, q->L, q->D,
      q->network.dropout, q->network.recurrent_dropout, q->network.zoneout, q->network.cell_zoneout,
      q->segment, q->batch.lengths != NULL);
}

static inline gsl_vector contiguous(size_t size) {
  const gsl_matrix *m = new_matrix(size, 1, 1);
  return (gsl_vector){.size = size, .stride = 1, .data = m->data};
}

/* The sizes, and neither arguments nor workspace. */
static inline problem describe(const recur_network *network, size_t T, size_t B) {
  size_t gates, state_size;
  int has_cell_state;
  CHECK(recur_network_sizes(network, &gates, &state_size, &has_cell_state) == GSL_SUCCESS);
  problem q = {.network = *network,
               .pass = RECUR_MODE_TRAINING,
               .T = T,
               .B = B,
               .I = network->input_size,
               .H = network->hidden_size,
               .L = network->layers,
               .D = network->directions,
               .P = state_size,
               .G = gates,
               .cell_state = has_cell_state != 0};
  q.states = q.L * q.D * B;
  q.count = parameter_count(&q);
  return q;
}

static inline void allocate(problem *q) {
  note(q, "");
  q->w = recur_network_workspace_alloc(&q->network, q->T, q->B, q->pass, q->segment);
  if (q->pass == RECUR_MODE_INFERENCE && q->weights == NULL)
    q->weights = recur_network_weights_alloc(&q->network);
  if (!CHECK(q->w != NULL) || !CHECK(q->pass == RECUR_MODE_TRAINING || q->weights != NULL))
    abort();
}

/* Inputs and gradients random, other outputs NaN. */
static inline void randomize_arguments(problem *q) {
  const size_t TB = q->T * q->B, columns = q->D * q->P;
  q->parameters = contiguous(q->count);
  q->gradients = contiguous(q->count);
  /* So small that rounding errors do not grow from step to step. */
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

/* theta and dtheta point into the struct: once it is where it stays. */
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

/* NULL and a batch of which nothing is said are the same, but for masks, which need a seed. */
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
  if (q->pass == RECUR_MODE_TRAINING)
    return recur_network_forward(q->theta, &pass, q->w);
  const int status = recur_network_weights_set(q->theta, q->weights);
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

/* Rounded operations behind one output, and behind one gradient. */
static inline size_t operations(const problem *q) {
  const size_t width = q->I > q->D * q->P ? q->I : q->D * q->P;
  return (q->T + 1) * q->L * (width + q->P + q->G * q->H + q->B + 16);
}

/* The largest of all numbers in the problem, and at least 1. */
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

/* A network whose output is the masks of dropout on a layer's outputs: the layers up to that one
   give 1, the next, its last, gives what it is given. */
static inline recur_network masks_network(size_t layer, size_t width, double dropout) {
  recur_network network = recur_rnn(1, width);
  network.layers = layer + 2;
  network.dropout = dropout;
  network.cell.f.kind = RECUR_ACTIVATION_IDENTITY;
  return network;
}

static inline void set_masks_parameters(const recur_network *network, const gsl_vector *theta) {
  const size_t width = network->hidden_size;
  const gsl_matrix all = as_column(theta);
  fill(&all, 0);
  rk_real *next = theta->data;
  for (size_t k = 0; k < network->layers; k++) {
    const size_t inputs = k == 0 ? 1 : width, weights = width * (inputs + width);
    for (size_t j = 0; j < width; j++)
      if (k + 1 == network->layers)
        next[j * width + j] = 1;
      else
        next[weights + j] = 1;
    next += weights + 2 * width;
  }
}

/* Dropout masks of a layer's outputs, read off such a network. */
static inline void read_masks(const problem *q, size_t layer, wide *masks) {
  const size_t width = q->D * q->P;
  const recur_network network = masks_network(layer, width, q->network.dropout);
  problem r = describe(&network, q->T, q->B);
  allocate(&r);
  const gsl_vector theta = contiguous(r.count);
  set_masks_parameters(&network, &theta);
  const gsl_matrix *x = new_random(q->T * q->B, 1, 1);
  gsl_matrix *y = new_padded(q->T * q->B, width);
  recur_batch batch = q->batch;
  batch.lengths = NULL;
  const recur_network_pass pass = {.x = x, .batch = &batch, .y = y};
  CHECK(recur_network_forward(&theta, &pass, r.w) == GSL_SUCCESS);
  for (size_t i = 0; i < y->size1; i++)
    for (size_t j = 0; j < width; j++)
      masks[i * width + j] = AT(y, i, j);
  recur_network_workspace_free(r.w);
}

/* The masks of recurrent dropout: L*D*B x P. */
static inline wide *recurrent_masks(const problem *q) {
  const double chance = q->network.recurrent_dropout;
  wide *masks = wide_new(q->states * q->P);
  for (size_t i = 0; i < q->states; i++)
    for (size_t k = 0; k < q->P; k++)
      masks[i * q->P + k] = mask_hits(&q->batch, 4, i / q->B, i % q->B, 0, k, chance)
                                ? 0
                                : (rk_real)(1 / (1 - chance));
  return masks;
}

/* What zoneout keeps of a state of n units, L*D*T*B x n: drawn in training, else the chance. */
static inline wide *zoneout_masks(const problem *q, uint32_t purpose, double chance, size_t n) {
  if (chance == 0)
    return NULL;
  const size_t T = q->T, B = q->B, rows = q->L * q->D * T * B;
  wide *d = wide_new(rows * n);
  for (size_t i = 0; i < rows; i++)
    for (size_t k = 0; k < n; k++) {
      const uint32_t step = (uint32_t)(q->batch.first_step + i / B % T);
      const bool hit = mask_hits(&q->batch, purpose, i / B / T, i % B, step, k, chance);
      d[i * n + k] = q->pass == RECUR_MODE_INFERENCE ? (rk_real)chance : hit;
    }
  return d;
}

/* The oracle */

static inline number *numbers_of(const gsl_matrix *m, size_t count) {
  number *all = new_numbers(count);
  for (size_t i = 0; m != NULL && i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      all[i * m->size2 + j] = AT(m, i, j);
  return all;
}

static inline oracle oracle_of(const problem *q) {
  const size_t TB = q->T * q->B, LD = q->L * q->D, mask = TB * q->D * q->P;
  const gsl_matrix theta = as_column(&q->parameters);
  const bool training = q->pass == RECUR_MODE_TRAINING,
             dropout = q->network.dropout != 0 && training;
  const bool recurrent = q->network.recurrent_dropout != 0 && training;
  wide *masks = dropout ? wide_new(q->L * mask) : NULL;
  for (size_t layer = 0; dropout && layer + 1 < q->L; layer++)
    read_masks(q, layer, masks + layer * mask);
  return (oracle){.network = &q->network,
                  .T = q->T,
                  .B = q->B,
                  .I = q->I,
                  .H = q->H,
                  .L = q->L,
                  .D = q->D,
                  .P = q->P,
                  .G = q->G,
                  .lengths = q->batch.lengths,
                  .theta = numbers_of(&theta, q->count),
                  .x = numbers_of(q->x, TB * q->I),
                  .h0 = numbers_of(q->h0, q->states * q->P),
                  .c0 = numbers_of(q->c0, q->states * q->H),
                  .masks = masks,
                  .recurrent_masks = recurrent ? recurrent_masks(q) : NULL,
                  .zoneout = zoneout_masks(q, 5, q->network.zoneout, q->P),
                  .cell_zoneout = zoneout_masks(q, 6, q->network.cell_zoneout, q->H),
                  .outputs = new_numbers(q->L * mask),
                  .hT = new_numbers(q->states * q->P),
                  .cT = new_numbers(q->states * q->H),
                  .gates = new_numbers(LD * TB * q->G * q->H),
                  .cells = new_numbers(LD * TB * q->H)};
}

/* Whether a matrix holds the real parts. */
static inline bool holds(const problem *q, const gsl_matrix *m, const number *expected,
                         wide magnitude) {
  wide *real = wide_new(m->size1 * m->size2);
  for (size_t k = 0; k < m->size1 * m->size2; k++)
    real[k] = creall(expected[k]);
  return is_near(m, real, operations(q), magnitude);
}

/* The loss whose gradients are dy, dhT and dcT. */
static inline number loss_of(const problem *q, const oracle *o) {
  const gsl_matrix *const gradients[] = {q->dy, q->dhT, q->dcT};
  const number *const values[] = {oracle_y(o), o->hT, o->cT};
  number loss = 0;
  for (size_t k = 0; k < COUNT(gradients); k++) {
    const gsl_matrix *d = gradients[k];
    for (size_t i = 0; d != NULL && i < d->size1; i++)
      for (size_t j = 0; j < d->size2; j++)
        loss += AT(d, i, j) * values[k][i * d->size2 + j];
  }
  return loss;
}

#endif
