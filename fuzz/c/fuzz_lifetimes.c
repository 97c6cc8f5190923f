/* Lifetimes: objects of several networks are allocated, set, used, and freed in any valid order,
   and used in states in which a call must be refused.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "problem.h"

enum { NETWORKS = 3, OBJECTS = 4, MOST_ACTIONS = 48 };

typedef struct {
  recur_network_weights *weights;
  size_t network;
  bool set;
} packed;

typedef enum { EMPTY, FORWARD, BACKWARD } record_state;

typedef struct {
  recur_network_workspace *w;
  size_t network;
  record_state record;
} workspace;

/* Small networks of one shape, which differ in options, with one set of arguments for each. */
typedef struct {
  problem q[NETWORKS]; /* alternately for training and inference */
  packed packed[OBJECTS];
  workspace workspaces[OBJECTS];
  recur_softmax_workspace *heads[OBJECTS];
} world;

static recur_threads *threads; /* of one thread, so that starting it is fast */

static void take_world(reader *r, world *o) {
  static recur_network (*const constructors[])(size_t, size_t) = {recur_rnn, recur_residual,
                                                                  recur_gru, recur_lstm};
  for (size_t k = 0; k < NETWORKS; k++) {
    problem *q = &o->q[k];
    const unsigned byte = take_byte(r);
    *q = (problem){
        .T = 2, .B = 2, .mode = byte % 2 == 0 ? RECUR_MODE_TRAINING : RECUR_MODE_INFERENCE};
    q->network = constructors[byte / 2 % 4](2, 3);
    q->network.layers = 1 + byte / 8 % 2;
    q->network.directions = 1 + byte / 16 % 2;
    q->network.cell.bias = byte / 32 % 2 == 0;
    q->network.cell.gate_clamp = byte / 64;
    REQUIRE(CALL(recur_network_measure, (&q->network, &q->sizes)));
    set_sizes(q);
    q->values = take_numbers(r);
    take_arguments(r, q);
    set_pointers(q);
  }
}

/* Actions: object k, network n */

static void allocate_weights(world *o, size_t k, size_t n) {
  packed *p = &o->packed[k];
  recur_network_weights_free(p->weights);
  *p = (packed){.weights = recur_network_weights_alloc(&o->q[n].network), .network = n};
  REQUIRE(ALLOCATED(p->weights, recur_network_weights_alloc));
}

static void set_weights(world *o, size_t k, size_t n) {
  packed *p = &o->packed[k];
  const bool fits = p->weights != NULL && o->q[n].count == o->q[p->network].count;
  REQUIRE(CALL(recur_network_weights_set, (p->weights, &o->q[n].theta)) == fits);
  p->set = p->set || fits;
}

static void free_weights(world *o, size_t k, size_t n) {
  (void)n;
  recur_network_weights_free(o->packed[k].weights);
  o->packed[k] = (packed){0};
}

static void allocate_workspace(world *o, size_t k, size_t n) {
  const problem *q = &o->q[n];
  workspace *p = &o->workspaces[k];
  recur_network_workspace_free(p->w);
  *p = (workspace){.network = n};
  p->w = recur_network_workspace_alloc(&q->network, q->T, q->B, q->mode, 0);
  REQUIRE(ALLOCATED(p->w, recur_network_workspace_alloc));
}

static void free_workspace(world *o, size_t k, size_t n) {
  (void)n;
  recur_network_workspace_free(o->workspaces[k].w);
  o->workspaces[k] = (workspace){0};
}

static bool same_options(const world *o, size_t a, size_t b) {
  const recur_network *x = &o->q[a].network, *y = &o->q[b].network;
  return x->cell.kind == y->cell.kind && x->layers == y->layers && x->directions == y->directions &&
         x->cell.bias == y->cell.bias && x->cell.gate_clamp == y->cell.gate_clamp;
}

/* With weights n % OBJECTS, which may be those of another network, or not set. */
static void infer(world *o, size_t k, size_t n) {
  workspace *p = &o->workspaces[k];
  const packed *weights = &o->packed[n % OBJECTS];
  problem *q = &o->q[p->network];
  const bool valid = p->w != NULL && weights->set && q->mode == RECUR_MODE_INFERENCE &&
                     same_options(o, p->network, weights->network);
  REQUIRE(CALL(recur_network_infer, (weights->weights, &q->pass, p->w)) == valid);
}

static void forward(world *o, size_t k, size_t n) {
  (void)n;
  workspace *p = &o->workspaces[k];
  problem *q = &o->q[p->network];
  const bool valid = p->w != NULL && q->mode == RECUR_MODE_TRAINING;
  REQUIRE(CALL(recur_network_forward, (&q->theta, &q->pass, p->w)) == valid);
  if (valid)
    p->record = FORWARD;
}

static void backward(world *o, size_t k, size_t n) {
  (void)n;
  workspace *p = &o->workspaces[k];
  problem *q = &o->q[p->network];
  if (q->mode == RECUR_MODE_INFERENCE) {
    REQUIRE(
        !CALL(recur_network_backward, (&q->theta, &q->pass, &(recur_network_gradients){0}, p->w)));
    return;
  }
  const bool valid = p->w != NULL && p->record == FORWARD;
  REQUIRE(CALL(recur_network_backward, (&q->theta, &q->pass, &q->gradients, p->w)) == valid);
  if (valid)
    p->record = BACKWARD;
}

static void read_record(world *o, size_t k, size_t n) {
  (void)n;
  const workspace *p = &o->workspaces[k];
  const problem *q = &o->q[p->network];
  gsl_matrix gates =
      arena_matrix(&(reader){0}, q->T * q->B, q->sizes.gates * q->network.hidden_size);
  REQUIRE(CALL(recur_network_gates, (p->w, 0, 0, &gates)) ==
          (p->w != NULL && p->record == FORWARD));
  REQUIRE(CALL(recur_network_gate_gradients, (p->w, 0, 0, &gates)) ==
          (p->w != NULL && p->record == BACKWARD));
}

static void set_threads(world *o, size_t k, size_t n) {
  if (threads == NULL)
    threads = recur_threads_alloc(1);
  REQUIRE(ALLOCATED(threads, recur_threads_alloc));
  REQUIRE(CALL(recur_network_workspace_set_threads,
               (o->workspaces[k].w, n == 0 ? NULL : threads)) == (o->workspaces[k].w != NULL));
}

/* Threads may be freed when no workspace uses them. */
static void free_threads(world *o, size_t k, size_t n) {
  (void)k, (void)n;
  for (size_t j = 0; j < OBJECTS; j++)
    if (o->workspaces[j].w != NULL)
      REQUIRE(CALL(recur_network_workspace_set_threads, (o->workspaces[j].w, NULL)));
  recur_threads_free(threads);
  threads = NULL;
}

static void reallocate_head(world *o, size_t k, size_t n) {
  recur_softmax_workspace_free(o->heads[k]);
  o->heads[k] = NULL;
  if (n == 0)
    return;
  o->heads[k] = recur_softmax_workspace_alloc(n, k + 1);
  REQUIRE(ALLOCATED(o->heads[k], recur_softmax_workspace_alloc));
}

static void select_set(world *o, size_t k, size_t n) {
  (void)o;
  if (recur_set_instruction_set(instruction_sets[(k + n) % COUNT(instruction_sets)]) != GSL_SUCCESS)
    REQUIRE(recur_set_instruction_set(NULL) == GSL_SUCCESS);
}

static void fuzz(reader *r) {
  static void (*const actions[])(world *, size_t, size_t) = {
      allocate_weights, set_weights,  infer,          allocate_workspace, infer,
      forward,          backward,     read_record,    set_threads,        free_threads,
      reallocate_head,  free_weights, free_workspace, select_set};
  world o = {0};
  const char *const before = recur_instruction_set();
  take_world(r, &o);
  for (size_t k = 0; k < MOST_ACTIONS && r->at < r->end; k++) {
    const size_t action = take_below(r, COUNT(actions)), objects = take_byte(r);
    actions[action](&o, objects % OBJECTS, objects / OBJECTS % NETWORKS);
  }
  for (size_t k = 0; k < OBJECTS; k++) {
    free_weights(&o, k, 0);
    free_workspace(&o, k, 0);
    reallocate_head(&o, k, 0);
  }
  free_threads(&o, 0, 0);
  REQUIRE(recur_set_instruction_set(before) == GSL_SUCCESS);
}

#include "entry.h"
