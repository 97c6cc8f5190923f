/* A network with the arguments of a pass, chosen by the input; and parts of it: some steps of some
   sequences, with the same values.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef PROBLEM_H
#define PROBLEM_H

#include "numbers.h"
#include "options.h"
#include "target.h"

enum { MOST_SEQUENCES = 64, MOST_PARAMETERS = 20000, MOST_PRODUCTS = 1 << 18 };

/* Absent arguments are NULL in pass and gradients, and have no elements here. */
typedef struct {
  recur_network network;
  recur_network_sizes sizes;
  bool bounded; /* activations with bounded values, and numbers of at most 1 */
  recur_mode mode;
  size_t segment, T, B, count, states;
  numbers values;
  unsigned absent, absent_gradients; /* a bit for each optional argument that is NULL */
  size_t lengths[MOST_SEQUENCES];
  recur_batch batch;
  gsl_vector theta, dtheta;
  gsl_matrix x, h0, c0, y, hT, cT, dy, dhT, dcT, dx, dh0, dc0, dh_norms;
  recur_network_pass pass;
  recur_network_gradients gradients;
  recur_network_weights *weights; /* inference */
  recur_network_workspace *w;
} problem;

/* Inputs */

static inline bool draws_masks(const recur_network *n) {
  return n->dropout > 0 || n->recurrent_dropout > 0 || n->zoneout > 0 || n->cell_zoneout > 0;
}

/* Limits the work of one input. */
static inline void limit_sizes(problem *q) {
  const recur_network *n = &q->network;
  const size_t step = n->layers * n->directions * q->sizes.gates * n->hidden_size *
                      (n->input_size + q->sizes.state_size);
  if (q->T * q->B * step > MOST_PRODUCTS) {
    q->T %= 4;
    q->B %= 5;
  }
}

static inline void take_batch(reader *r, problem *q) {
  const unsigned byte = take_byte(r);
  q->batch = (recur_batch){.seed = byte};
  if (byte % 2 == 1) {
    q->batch.lengths = q->lengths;
    for (size_t b = 0; b < q->B; b++) {
      const unsigned length = take_byte(r);
      q->lengths[b] = length == 255 ? take_extreme(r) : q->T - length % (q->T + 1);
    }
  }
  if (byte >= 240) {
    q->batch.first_step = take_rarely(r, 2) ? take_extreme(r) : take_byte(r);
    q->batch.first_sequence = take_rarely(r, 2) ? take_extreme(r) : take_byte(r);
  }
  q->pass.batch = byte < 64 ? NULL : &q->batch;
}

/* Arguments without memory. */
static inline void set_sizes(problem *q) {
  size_t slices;
  REQUIRE(recur_parameters_count(&q->network, RECUR_LAYOUT_PYTORCH, &slices, &q->count) ==
          GSL_SUCCESS);
  q->states = q->network.layers * q->network.directions * q->B;
}

/* Inputs of a pass are drawn in a fixed order, and outputs are not set. */
static inline void take_arguments(reader *r, problem *q) {
  const size_t TB = q->T * q->B, L = q->network.layers, D = q->network.directions;
  const size_t I = q->network.input_size, H = q->network.hidden_size, P = q->sizes.state_size;
  const size_t cells = q->sizes.cell_state ? q->states : 0;
  numbers *n = &q->values;
  q->theta = random_vector(n, q->count, 1);
  q->x = random_matrix(r, n, TB, I);
  q->h0 = random_matrix(r, n, q->states, P);
  q->c0 = random_matrix(r, n, cells, H);
  q->y = arena_matrix(r, TB, D * P);
  q->hT = arena_matrix(r, q->states, P);
  q->cT = arena_matrix(r, cells, H);
  if (q->mode == RECUR_MODE_INFERENCE)
    return;
  q->dtheta = random_vector(n, q->count, 1);
  q->dy = random_matrix(r, n, TB, D * P);
  q->dhT = random_matrix(r, n, q->states, P);
  q->dcT = random_matrix(r, n, cells, H);
  q->dx = arena_matrix(r, TB, I);
  q->dh0 = arena_matrix(r, q->states, P);
  q->dc0 = arena_matrix(r, cells, H);
  q->dh_norms = arena_matrix(r, L * D * q->T, q->B);
}

static inline void set_pointers(problem *q) {
  const unsigned absent = q->absent, absent_gradients = q->absent_gradients;
  const bool cells = q->sizes.cell_state, inference = q->mode == RECUR_MODE_INFERENCE;
#define GIVEN(bits, k, argument) ((bits) >> (k)&1 ? NULL : &q->argument)
  q->pass.x = &q->x;
  q->pass.h0 = GIVEN(absent, 0, h0);
  q->pass.c0 = cells ? GIVEN(absent, 1, c0) : NULL;
  q->pass.y = inference ? GIVEN(absent, 2, y) : &q->y;
  q->pass.hT = GIVEN(absent, 3, hT);
  q->pass.cT = cells ? GIVEN(absent, 4, cT) : NULL;
  q->gradients.dy = GIVEN(absent_gradients, 0, dy);
  q->gradients.dhT = GIVEN(absent_gradients, 1, dhT);
  q->gradients.dcT = cells ? GIVEN(absent_gradients, 2, dcT) : NULL;
  q->gradients.dx = GIVEN(absent_gradients, 3, dx);
  q->gradients.dh0 = GIVEN(absent_gradients, 4, dh0);
  q->gradients.dc0 = cells ? GIVEN(absent_gradients, 5, dc0) : NULL;
  q->gradients.dtheta = GIVEN(absent_gradients, 6, dtheta);
  q->gradients.dh_norms = GIVEN(absent_gradients, 7, dh_norms);
#undef GIVEN
}

/* A network, sizes, a batch and its arguments; false if the network is invalid or too large. */
static inline bool take_problem(reader *r, problem *q) {
  *q = (problem){0};
  const described_network described = take_network(r);
  q->network = described.network;
  if (!CALL(recur_network_measure, (&q->network, &q->sizes)))
    return false;
  q->T = take_size(r) - 1;
  q->B = take_size(r) - 1;
  limit_sizes(q);
  const unsigned byte = take_byte(r);
  q->mode = byte % 2 == 0 ? RECUR_MODE_TRAINING : RECUR_MODE_INFERENCE;
  q->segment = byte / 2 % 4 == 3 && q->mode == RECUR_MODE_TRAINING ? take_below(r, q->T + 2) : 0;
  take_batch(r, q);
  set_sizes(q);
  if (q->count > MOST_PARAMETERS)
    return false;
  q->absent = byte >= 128 ? take_byte(r) : 0;
  q->absent_gradients = byte >= 128 ? take_byte(r) : 0;
  q->values = take_numbers(r);
  q->bounded = described.bounded && !q->values.special && q->values.scale <= 1;
  take_arguments(r, q);
  set_pointers(q);
  return true;
}

/* Runs */

/* Whether a pass may refuse the batch. */
static inline bool batch_is_wrong(const problem *q) {
  const recur_batch *batch = q->pass.batch;
  if (batch == NULL)
    return q->mode == RECUR_MODE_TRAINING && draws_masks(&q->network);
  for (size_t b = 0; batch->lengths != NULL && b < q->B; b++)
    if (batch->lengths[b] > q->T)
      return true;
  return batch->first_step > UINT32_MAX - q->T || batch->first_sequence > UINT32_MAX - q->B;
}

/* Allocates a workspace, and in inference sets weights; false if the options are not supported. */
static inline bool start(problem *q) {
  size_t bytes = 0;
  const bool possible =
      CALL(recur_network_workspace_bytes, (&q->network, q->T, q->B, q->mode, q->segment, &bytes));
  q->w = recur_network_workspace_alloc(&q->network, q->T, q->B, q->mode, q->segment);
  REQUIRE(ALLOCATED(q->w, recur_network_workspace_alloc) == possible);
  if (!possible || q->mode == RECUR_MODE_TRAINING)
    return possible;
  REQUIRE(CALL(recur_network_weights_bytes, (&q->network, &bytes)));
  q->weights = recur_network_weights_alloc(&q->network);
  REQUIRE(ALLOCATED(q->weights, recur_network_weights_alloc));
  REQUIRE(CALL(recur_network_weights_set, (q->weights, &q->theta)));
  return true;
}

static inline bool run_forward(problem *q) {
  const bool done = q->mode == RECUR_MODE_INFERENCE
                        ? CALL(recur_network_infer, (q->weights, &q->pass, q->w))
                        : CALL(recur_network_forward, (&q->theta, &q->pass, q->w));
  REQUIRE(done == !batch_is_wrong(q));
  return done;
}

/* In inference, the forward pass only. */
static inline bool run(problem *q) {
  if (!run_forward(q))
    return false;
  if (q->mode == RECUR_MODE_TRAINING)
    REQUIRE(CALL(recur_network_backward, (&q->theta, &q->pass, &q->gradients, q->w)));
  return true;
}

static inline void end(problem *q) {
  recur_network_workspace_free(q->w);
  recur_network_weights_free(q->weights);
  q->w = NULL;
  q->weights = NULL;
}

/* Parts */

/* Steps t0 to t1 - 1 of n sequences from b0 on. */
typedef struct {
  size_t t0, t1, b0, n;
} part;

static inline gsl_matrix row_of(const gsl_matrix *m, size_t i) {
  gsl_matrix row = *m;
  row.data += i * m->tda;
  row.size1 = 1;
  return row;
}

static inline void copy(const gsl_matrix *from, const gsl_matrix *to) {
  for (size_t i = 0; i < from->size1; i++)
    memcpy(to->data + i * to->tda, from->data + i * from->tda, from->size2 * sizeof(rk_real));
}

/* Row i of a part of a sequence, from step t0 on; of states, if t0 is 0. */
static inline gsl_matrix part_row(const gsl_matrix *all, size_t B, size_t t0, const part *p,
                                  size_t i) {
  return row_of(all, (t0 + i / p->n) * B + p->b0 + i % p->n);
}

static inline void cut_rows(const gsl_matrix *all, size_t B, size_t t0, const part *p,
                            const gsl_matrix *cut) {
  for (size_t i = 0; i < cut->size1; i++) {
    const gsl_matrix from = part_row(all, B, t0, p, i), to = row_of(cut, i);
    copy(&from, &to);
  }
}

/* Copies the inputs: call this before q runs, because its gradients of parameters are added to. */
static inline void take_part(reader *r, const problem *q, const part *p, recur_mode mode,
                             size_t segment, problem *cut) {
  *cut = *q;
  cut->mode = mode;
  cut->segment = segment;
  cut->w = NULL;
  cut->weights = NULL;
  cut->T = p->t1 - p->t0;
  cut->B = p->n;
  set_sizes(cut);
  cut->batch.first_step += p->t0;
  cut->batch.first_sequence += p->b0;
  if (cut->batch.lengths != NULL)
    cut->batch.lengths = cut->lengths;
  for (size_t j = 0; cut->batch.lengths != NULL && j < p->n; j++) {
    const size_t length = q->lengths[p->b0 + j];
    cut->lengths[j] = length < p->t0 ? 0 : (length < p->t1 ? length : p->t1) - p->t0;
  }
  if (q->pass.batch != NULL)
    cut->pass.batch = &cut->batch;
  take_arguments(r, cut);
  set_pointers(cut);
  const gsl_matrix theta = as_column(&q->theta), own = as_column(&cut->theta);
  copy(&theta, &own);
  cut_rows(&q->x, q->B, p->t0, p, &cut->x);
  cut_rows(&q->h0, q->B, 0, p, &cut->h0);
  cut_rows(&q->c0, q->B, 0, p, &cut->c0);
  if (q->mode == RECUR_MODE_INFERENCE || cut->mode == RECUR_MODE_INFERENCE)
    return;
  const gsl_matrix dtheta = as_column(&q->dtheta), own_gradient = as_column(&cut->dtheta);
  copy(&dtheta, &own_gradient);
  cut_rows(&q->dy, q->B, p->t0, p, &cut->dy);
  cut_rows(&q->dhT, q->B, 0, p, &cut->dhT);
  cut_rows(&q->dcT, q->B, 0, p, &cut->dcT);
}

/* Comparisons */

static inline bool same_rows(const gsl_matrix *all, size_t B, size_t t0, const part *p,
                             const gsl_matrix *cut) {
  bool same = true;
  for (size_t i = 0; i < cut->size1; i++) {
    const gsl_matrix a = part_row(all, B, t0, p, i), b = row_of(cut, i);
    same = same && same_numbers(&a, &b);
  }
  return same;
}

/* L*D*T x B */
static inline bool same_norms(const gsl_matrix *all, size_t T, const part *p,
                              const gsl_matrix *cut) {
  const size_t steps = p->t1 - p->t0;
  bool same = true;
  for (size_t i = 0; i < cut->size1; i++)
    for (size_t j = 0; j < p->n; j++)
      same = same &&
             same_number(cut->data[i * cut->tda + j],
                         all->data[(i / steps * T + p->t0 + i % steps) * all->tda + p->b0 + j]);
  return same;
}

/* Outputs of a forward pass. Final states belong to the last step. */
static inline void compare_forward(const problem *q, const problem *cut, const part *p) {
  if (q->pass.y != NULL && cut->pass.y != NULL)
    REQUIRE(same_rows(q->pass.y, q->B, p->t0, p, cut->pass.y));
  if (p->t1 < q->T)
    return;
  if (q->pass.hT != NULL && cut->pass.hT != NULL)
    REQUIRE(same_rows(q->pass.hT, q->B, 0, p, cut->pass.hT));
  if (q->pass.cT != NULL && cut->pass.cT != NULL)
    REQUIRE(same_rows(q->pass.cT, q->B, 0, p, cut->pass.cT));
}

/* Gradients other than those of parameters. Those of initial states belong to the first step. */
static inline void compare_backward(const problem *q, const problem *cut, const part *p) {
  const recur_network_gradients *a = &q->gradients, *b = &cut->gradients;
  if (a->dx != NULL && b->dx != NULL)
    REQUIRE(same_rows(a->dx, q->B, p->t0, p, b->dx));
  if (a->dh_norms != NULL && b->dh_norms != NULL)
    REQUIRE(same_norms(a->dh_norms, q->T, p, b->dh_norms));
  if (p->t0 > 0)
    return;
  if (a->dh0 != NULL && b->dh0 != NULL)
    REQUIRE(same_rows(a->dh0, q->B, 0, p, b->dh0));
  if (a->dc0 != NULL && b->dc0 != NULL)
    REQUIRE(same_rows(a->dc0, q->B, 0, p, b->dc0));
}

static inline void compare_parameters(const problem *q, const problem *other) {
  const gsl_matrix a = as_column(&q->dtheta), b = as_column(&other->dtheta);
  REQUIRE(same_numbers(&a, &b));
}

#endif
