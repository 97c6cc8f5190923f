/* A network with all of its arguments, and the same by network_oracle.h. In both precisions (so
   without an include guard).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/matrices.h"

#include "support/network_cases.h"
#include "support/network_oracle.h"

#include <recur/random.h>

#ifndef NETWORK_PROBLEM_H
#define NETWORK_PROBLEM_H
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
#endif

/* Any pointer may be set to NULL where the library takes it. */
typedef struct {
  recur_network network;
  recur_batch batch;
  recur_mode pass;
  size_t segment;
  size_t T, B, I, H, L, D, P, G, count, states;
  bool cell_state;
  VECTOR parameters, gradients, *theta, *dtheta;
  MATRIX *x, *h0, *c0, *y, *hT, *cT, *dy, *dhT, *dcT, *dx, *dh0, *dc0, *dh_norms;
  RECUR(network, workspace) * w;
  RECUR(network, weights) * weights; /* inference */
} NAME(problem);

/* By the layout in recur/parameters.h. */
static inline size_t NAME(parameter_count)(const NAME(problem) * q) {
  const recur_cell *cell = &q->network.cell;
  const size_t GH = q->G * q->H, peepholes = cell->peepholes ? (cell->coupled ? 2 : 3) : 0;
  const size_t apart = GH * q->P + (cell->bias ? 2 * GH : 0) + cell->projection_size * q->H +
                       peepholes * q->H + (cell->layer_norm ? 2 * GH : 0);
  const size_t inputs = q->I + (q->L - 1) * q->D * q->P;
  return q->L * q->D * apart + q->D * GH * inputs;
}

static inline void NAME(note)(const NAME(problem) * q, const char *what) {
  const recur_cell *c = &q->network.cell;
  check_note(
      "%s %s: cell %d f %d, layer_norm %d bias %d gate_clamp %g reset %d, peepholes %d coupled %d "
      "cell_gate_clamp %g, "
      "T=%zu B=%zu I=%zu H=%zu P=%zu L=%zu D=%zu, dropout %g %g zoneout %g %g segment %zu "
      "lengths %d",
      TEXT(REAL), what, (int)c->kind, (int)c->f.kind, c->layer_norm, c->bias, c->gate_clamp,
      (int)c->reset, c->peepholes, c->coupled, c->cell_clamp, q->T, q->B, q->I, q->H, q->P, q->L,
      q->D, q->network.dropout, q->network.recurrent_dropout, q->network.zoneout,
      q->network.cell_zoneout, q->segment, q->batch.lengths != NULL);
}

static inline VECTOR NAME(contiguous)(size_t size) {
  const MATRIX *m = NAME(new_matrix)(size, 1, 1);
  return (VECTOR){.size = size, .stride = 1, .data = m->data};
}

/* The sizes, and neither arguments nor workspace. */
static inline NAME(problem) NAME(describe)(const recur_network *network, size_t T, size_t B) {
  size_t gates, state_size;
  int has_cell_state;
  CHECK(recur_network_sizes(network, &gates, &state_size, &has_cell_state) == GSL_SUCCESS);
  NAME(problem)
  q = {.network = *network,
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
  q.count = NAME(parameter_count)(&q);
  return q;
}

static inline void NAME(allocate)(NAME(problem) * q) {
  NAME(note)(q, "");
  q->w = RECUR(network, workspace_alloc)(&q->network, q->T, q->B, q->pass, q->segment);
  if (q->pass == RECUR_MODE_INFERENCE && q->weights == NULL)
    q->weights = RECUR(network, weights_alloc)(&q->network);
  if (!CHECK(q->w != NULL) || !CHECK(q->pass == RECUR_MODE_TRAINING || q->weights != NULL))
    abort();
}

/* Inputs and gradients random, other outputs NaN. */
static inline void NAME(randomize_arguments)(NAME(problem) * q) {
  const size_t TB = q->T * q->B, columns = q->D * q->P;
  q->parameters = NAME(contiguous)(q->count);
  q->gradients = NAME(contiguous)(q->count);
  /* So small that rounding errors do not grow from step to step. */
  const MATRIX theta = NAME(column)(&q->parameters), dtheta = NAME(column)(&q->gradients);
  NAME(randomize)(&theta, 1 / sqrt((double)q->H));
  NAME(randomize)(&dtheta, 1);
  q->x = NAME(new_random)(TB, q->I, 1);
  q->h0 = NAME(new_random)(q->states, q->P, 1);
  q->c0 = q->cell_state ? NAME(new_random)(q->states, q->H, 1) : NULL;
  q->y = NAME(new_padded)(TB, columns);
  q->hT = NAME(new_padded)(q->states, q->P);
  q->cT = q->cell_state ? NAME(new_padded)(q->states, q->H) : NULL;
  q->dy = NAME(new_random)(TB, columns, 1);
  q->dhT = NAME(new_random)(q->states, q->P, 1);
  q->dcT = q->cell_state ? NAME(new_random)(q->states, q->H, 1) : NULL;
  q->dx = NAME(new_padded)(TB, q->I);
  q->dh0 = NAME(new_padded)(q->states, q->P);
  q->dc0 = q->cell_state ? NAME(new_padded)(q->states, q->H) : NULL;
  q->dh_norms = NAME(new_padded)(q->L * q->D * q->T, q->B);
}

/* theta and dtheta point into the struct: once it is where it stays. */
static inline void NAME(settle)(NAME(problem) * q) {
  q->theta = &q->parameters;
  q->dtheta = &q->gradients;
}

static inline void NAME(new_problem)(NAME(problem) * q, const recur_network *network, size_t T,
                                     size_t B, size_t segment) {
  *q = NAME(describe)(network, T, B);
  q->segment = segment;
  NAME(randomize_arguments)(q);
  NAME(settle)(q);
  NAME(allocate)(q);
}

static inline void NAME(end_problem)(NAME(problem) * q) {
  RECUR(network, workspace_free)(q->w);
  RECUR(network, weights_free)(q->weights);
  NAME(free_all)();
}

static inline bool NAME(draws_masks)(const NAME(problem) * q) {
  const recur_network *n = &q->network;
  return n->dropout > 0 || n->recurrent_dropout > 0 || n->zoneout > 0 || n->cell_zoneout > 0;
}

/* NULL and a batch of which nothing is said are the same, but for masks, which need a seed. */
static inline int NAME(forward)(const NAME(problem) * q) {
  static const recur_batch plain;
  const bool said = NAME(draws_masks)(q) || memcmp(&q->batch, &plain, sizeof plain) != 0;
  const RECUR(network, pass) pass = {.x = q->x,
                                     .batch = said ? &q->batch : NULL,
                                     .h0 = q->h0,
                                     .c0 = q->c0,
                                     .y = q->y,
                                     .hT = q->hT,
                                     .cT = q->cT};
  if (q->pass == RECUR_MODE_TRAINING)
    return RECUR(network, forward)(q->theta, &pass, q->w);
  const int status = RECUR(network, weights_set)(q->theta, q->weights);
  return status ? status : RECUR(network, infer)(q->weights, &pass, q->w);
}

static inline int NAME(backward)(const NAME(problem) * q) {
  const RECUR(network, pass) pass = {.x = q->x, .y = q->y};
  const RECUR(network, gradients) gradients = {.dy = q->dy,
                                               .dhT = q->dhT,
                                               .dcT = q->dcT,
                                               .dx = q->dx,
                                               .dh0 = q->dh0,
                                               .dc0 = q->dc0,
                                               .dtheta = q->dtheta,
                                               .dh_norms = q->dh_norms};
  return RECUR(network, backward)(q->theta, &pass, &gradients, q->w);
}

static inline void NAME(run_both)(const NAME(problem) * q) {
  CHECK(NAME(forward)(q) == GSL_SUCCESS);
  CHECK(NAME(backward)(q) == GSL_SUCCESS);
}

/* Rounded operations behind one output, and behind one gradient. */
static inline size_t NAME(operations)(const NAME(problem) * q) {
  const size_t width = q->I > q->D * q->P ? q->I : q->D * q->P;
  return (q->T + 1) * q->L * (width + q->P + q->G * q->H + q->B + 16);
}

/* The largest of all numbers in the problem, and at least 1. */
static inline wide NAME(largest)(const NAME(problem) * q) {
  const MATRIX theta = NAME(column)(&q->parameters), dtheta = NAME(column)(&q->gradients);
  const MATRIX *const all[] = {&theta, &dtheta, q->x,   q->h0, q->c0,  q->y,   q->hT,      q->cT,
                               q->dy,  q->dhT,  q->dcT, q->dx, q->dh0, q->dc0, q->dh_norms};
  wide magnitude = 1;
  for (size_t k = 0; k < COUNT(all); k++)
    for (size_t i = 0; all[k] != NULL && i < all[k]->size1; i++)
      for (size_t j = 0; j < all[k]->size2; j++)
        check_see(&magnitude, AT(all[k], i, j));
  return magnitude;
}

/* Dropout masks of a layer's outputs, read off an auxiliary network: its layers below give 1, its
   last one gives what it is given. */
static inline void NAME(read_masks)(const NAME(problem) * q, size_t layer, wide *masks) {
  const size_t width = q->D * q->P;
  recur_network network = recur_rnn(1, width);
  network.layers = layer + 2;
  network.dropout = q->network.dropout;
  network.cell.f.kind = RECUR_ACTIVATION_IDENTITY;
  NAME(problem) r = NAME(describe)(&network, q->T, q->B);
  NAME(allocate)(&r);
  VECTOR theta = NAME(contiguous)(r.count);
  const MATRIX all = NAME(column)(&theta), *x = NAME(new_random)(q->T * q->B, 1, 1);
  NAME(fill)(&all, 0);
  REAL *next = theta.data;
  for (size_t k = 0; k < network.layers; k++) {
    const size_t inputs = k == 0 ? 1 : width, weights = width * (inputs + width);
    for (size_t j = 0; j < width; j++)
      if (k == layer + 1)
        next[j * width + j] = 1;
      else
        next[weights + j] = 1;
    next += weights + 2 * width;
  }
  MATRIX *y = NAME(new_padded)(q->T * q->B, width);
  recur_batch batch = q->batch;
  batch.lengths = NULL;
  const RECUR(network, pass) pass = {.x = x, .batch = &batch, .y = y};
  CHECK(RECUR(network, forward)(&theta, &pass, r.w) == GSL_SUCCESS);
  for (size_t i = 0; i < y->size1; i++)
    for (size_t j = 0; j < width; j++)
      masks[i * width + j] = AT(y, i, j);
  RECUR(network, workspace_free)(r.w);
}

/* The masks of recurrent dropout: L*D*B x P. */
static inline wide *NAME(recurrent_masks)(const NAME(problem) * q) {
  const double chance = q->network.recurrent_dropout;
  wide *masks = wide_new(q->states * q->P);
  for (size_t i = 0; i < q->states; i++)
    for (size_t k = 0; k < q->P; k++)
      masks[i * q->P + k] =
          mask_hits(&q->batch, 4, i / q->B, i % q->B, 0, k, chance) ? 0 : (REAL)(1 / (1 - chance));
  return masks;
}

/* What zoneout keeps of a state of n units, L*D*T*B x n: drawn in training, else the chance. */
static inline wide *NAME(zoneout)(const NAME(problem) * q, uint32_t purpose, double chance,
                                  size_t n) {
  if (chance == 0)
    return NULL;
  const size_t T = q->T, B = q->B, rows = q->L * q->D * T * B;
  wide *d = wide_new(rows * n);
  for (size_t i = 0; i < rows; i++)
    for (size_t k = 0; k < n; k++) {
      const uint32_t step = (uint32_t)(q->batch.first_step + i / B % T);
      const bool hit = mask_hits(&q->batch, purpose, i / B / T, i % B, step, k, chance);
      d[i * n + k] = q->pass == RECUR_MODE_INFERENCE ? (REAL)chance : hit;
    }
  return d;
}

/* The oracle */

static inline number *NAME(numbers)(const MATRIX *m, size_t count) {
  number *all = new_numbers(count);
  for (size_t i = 0; m != NULL && i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      all[i * m->size2 + j] = AT(m, i, j);
  return all;
}

static inline oracle NAME(oracle_of)(const NAME(problem) * q) {
  const size_t TB = q->T * q->B, LD = q->L * q->D, mask = TB * q->D * q->P;
  const MATRIX theta = NAME(column)(&q->parameters);
  const bool training = q->pass == RECUR_MODE_TRAINING,
             dropout = q->network.dropout != 0 && training;
  const bool recurrent = q->network.recurrent_dropout != 0 && training;
  wide *masks = dropout ? wide_new(q->L * mask) : NULL;
  for (size_t layer = 0; dropout && layer + 1 < q->L; layer++)
    NAME(read_masks)(q, layer, masks + layer * mask);
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
                  .theta = NAME(numbers)(&theta, q->count),
                  .x = NAME(numbers)(q->x, TB * q->I),
                  .h0 = NAME(numbers)(q->h0, q->states * q->P),
                  .c0 = NAME(numbers)(q->c0, q->states * q->H),
                  .masks = masks,
                  .recurrent_masks = recurrent ? NAME(recurrent_masks)(q) : NULL,
                  .zoneout = NAME(zoneout)(q, 5, q->network.zoneout, q->P),
                  .cell_zoneout = NAME(zoneout)(q, 6, q->network.cell_zoneout, q->H),
                  .outputs = new_numbers(q->L * mask),
                  .hT = new_numbers(q->states * q->P),
                  .cT = new_numbers(q->states * q->H),
                  .gates = new_numbers(LD * TB * q->G * q->H),
                  .cells = new_numbers(LD * TB * q->H)};
}

/* Whether a matrix holds the real parts. */
static inline bool NAME(holds)(const NAME(problem) * q, const MATRIX *m, const number *expected,
                               wide magnitude) {
  wide *real = wide_new(m->size1 * m->size2);
  for (size_t k = 0; k < m->size1 * m->size2; k++)
    real[k] = creall(expected[k]);
  return NAME(is)(m, real, NAME(operations)(q), magnitude);
}

/* The loss whose gradients are dy, dhT and dcT. */
static inline number NAME(loss)(const NAME(problem) * q, const oracle *o) {
  const MATRIX *const gradients[] = {q->dy, q->dhT, q->dcT};
  const number *const values[] = {oracle_y(o), o->hT, o->cT};
  number loss = 0;
  for (size_t k = 0; k < COUNT(gradients); k++) {
    const MATRIX *d = gradients[k];
    for (size_t i = 0; d != NULL && i < d->size1; i++)
      for (size_t j = 0; j < d->size2; j++)
        loss += AT(d, i, j) * values[k][i * d->size2 + j];
  }
  return loss;
}
