/* The masks of a network, as the library documents them (recur/random.h, recur/network.h). Those of
   dropout are read from an auxiliary network, those of recurrent dropout and zoneout are computed
   from the counter.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NETWORK_MASKS_H
#define NETWORK_MASKS_H

#include "support/network_problem.h"

#include <recur/random.h>

/* Whether a mask hits a unit. The second word of the counter is purpose * 2^29 + the index of the
   layer and direction. */
static inline bool mask_hits(const recur_batch *batch, uint32_t purpose, size_t ld, size_t b,
                             uint32_t step, size_t unit, double probability) {
  const uint32_t key[2] = {(uint32_t)batch->seed, (uint32_t)(batch->seed >> 32)};
  const uint32_t counter[4] = {(uint32_t)unit / 4, (purpose << 29) + (uint32_t)ld,
                               (uint32_t)(batch->first_sequence + b), step};
  uint32_t words[4];
  recur_random_philox(counter, key, words);
  return words[unit % 4] < probability * 0x1p32;
}

/* A network whose output is the dropout mask of a layer's outputs: all layers up to that one output
   1, and the next layer, the last, outputs its input. */
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

/* Reads the dropout masks of a layer's outputs from such a network. */
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
  note(q, "");
}

/* The masks of recurrent dropout: L*D*B x P. */
static inline wide *recurrent_masks(const problem *q) {
  const double probability = q->network.recurrent_dropout;
  wide *masks = wide_new(q->states * q->P);
  for (size_t i = 0; i < q->states; i++)
    for (size_t k = 0; k < q->P; k++)
      masks[i * q->P + k] = mask_hits(&q->batch, 4, i / q->B, i % q->B, 0, k, probability)
                                ? 0
                                : (rk_real)(1 / (1 - probability));
  return masks;
}

/* The d of zoneout for a state of n units, L*D*T*B x n: drawn in training, otherwise the
   probability. */
static inline wide *zoneout_masks(const problem *q, uint32_t purpose, double probability,
                                  size_t n) {
  if (probability == 0)
    return NULL;
  const size_t T = q->T, B = q->B, rows = q->L * q->D * T * B;
  wide *d = wide_new(rows * n);
  for (size_t i = 0; i < rows; i++)
    for (size_t k = 0; k < n; k++) {
      const uint32_t step = (uint32_t)(q->batch.first_step + i / B % T);
      const bool hit = mask_hits(&q->batch, purpose, i / B / T, i % B, step, k, probability);
      d[i * n + k] = q->mode == RECUR_MODE_INFERENCE ? (rk_real)probability : hit;
    }
  return d;
}

#endif
