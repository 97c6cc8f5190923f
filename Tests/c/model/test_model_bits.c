/* recur/model.h: results are bit-identical in a model and in its parts, in inference and training,
   in chunks and whole, for one sequence and in a batch, and with any number of threads.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "base/team.h"
#include "support/matrices.h"

#include <recur/gru.h>
#include <recur/lstm.h>

enum { MOST_OUTPUTS = 2, I = 6, H = 9 };

typedef struct {
  const char *title;
  bool streams;
  size_t chunk, count;
  recur_node nodes[9];
} graph;

#define X                                                                                          \
  { .name = "x", .kind = RECUR_NODE_FEATURES, .size = I }
#define CONVOLUTION(K, stride, dilation)                                                           \
  { RECUR_AXIS_STEPS, I, K, stride, dilation, 1, ((K)-1) * (dilation), 0, RECUR_PADDING_ZEROS }

static graph graphs[] = {
    {"network and head",
     true,
     1,
     3,
     {X,
      {.name = "n", .from = {"x"}, .kind = RECUR_NODE_NETWORK},
      {.name = "y",
       .from = {"n"},
       .kind = RECUR_NODE_DENSE,
       .size = 3,
       .bias = true,
       .output = true}}},
    {"skips",
     true,
     1,
     7,
     {X,
      {.name = "c",
       .from = {"x"},
       .kind = RECUR_NODE_CONVOLUTION,
       .bias = true,
       .convolution = CONVOLUTION(3, 1, 2)},
      {.name = "a",
       .from = {"c"},
       .kind = RECUR_NODE_ACTIVATION,
       .activation = {.kind = RECUR_ACTIVATION_SOFTSIGN}},
      {.name = "n", .from = {"a"}, .kind = RECUR_NODE_NETWORK},
      {.name = "both", .from = {"n", "x", "a"}, .kind = RECUR_NODE_CONCATENATE},
      {.name = "d", .from = {"both"}, .kind = RECUR_NODE_DENSE, .size = 4, .output = true},
      {.name = "y", .from = {"d"}, .kind = RECUR_NODE_SOFTMAX, .output = true}}},
    {"strides",
     true,
     4,
     6,
     {X,
      {.name = "c",
       .from = {"x"},
       .kind = RECUR_NODE_CONVOLUTION,
       .bias = true,
       .convolution = CONVOLUTION(5, 2, 1)},
      {.name = "c2",
       .from = {"c"},
       .kind = RECUR_NODE_CONVOLUTION,
       .convolution = CONVOLUTION(2, 2, 1)},
      {.name = "n", .from = {"c2"}, .kind = RECUR_NODE_NETWORK},
      {.name = "y",
       .from = {"n"},
       .kind = RECUR_NODE_LAYER_NORMALIZATION,
       .epsilon = 1e-5,
       .output = true},
      {.name = "last", .from = {"y"}, .kind = RECUR_NODE_LAST_STEP, .output = true}}},
    {"two networks",
     false,
     1,
     6,
     {X,
      {.name = "n", .from = {"x"}, .kind = RECUR_NODE_NETWORK},
      {.name = "n2", .output = true, .from = {"x"}, .kind = RECUR_NODE_NETWORK},
      {.name = "sum", .from = {"n", "n2"}, .kind = RECUR_NODE_ADD},
      {.name = "mean", .from = {"sum"}, .kind = RECUR_NODE_MEAN},
      {.name = "y", .from = {"mean"}, .kind = RECUR_NODE_DENSE, .size = 70, .output = true}}},
};

/* The convolution of "skips", with a dilation. */
static recur_convolution dilated(recur_convolution v, size_t dilation) {
  v.dilation = dilation;
  v.before *= dilation;
  return v;
}

static void set_networks(void) {
  graphs[1].nodes[1].convolution = dilated(recur_causal_convolution(I, 3), 2);
  for (size_t g = 0; g < COUNT(graphs); g++)
    for (size_t k = 0; k < graphs[g].count; k++) {
      recur_node *node = &graphs[g].nodes[k];
      if (node->kind != RECUR_NODE_NETWORK)
        continue;
      node->network = g % 2 == 0 ? recur_lstm(I, H) : recur_gru(I, H);
      node->network.layers = 2;
      if (!graphs[g].streams)
        node->network.directions = 2;
    }
}

/* A batch, its results and its gradients. */
typedef struct {
  size_t T, B;
  const size_t *lengths;
  gsl_matrix *x, *dx, *y[MOST_OUTPUTS], *dy[MOST_OUTPUTS];
  gsl_vector theta, dtheta, initial, final, dinitial, dfinal;
} run;

static gsl_vector contiguous(size_t size, bool random) {
  gsl_vector v = {.size = size, .stride = 1, .data = new_matrix(size, 1, 1)->data};
  for (size_t k = 0; k < size; k++)
    v.data[k] = random ? (rk_real)(check_random() - 0.5) : 0;
  return v;
}

static run new_run(const recur_model *model, size_t T, size_t B, const size_t *lengths,
                   const gsl_vector *theta) {
  size_t slices, count, states, n = 0;
  CHECK(recur_model_parameters_count(model, &slices, &count) == GSL_SUCCESS);
  CHECK(recur_model_state_count(model, B, &slices, &states) == GSL_SUCCESS);
  run r = {.T = T,
           .B = B,
           .lengths = lengths,
           .x = new_random(T * B, I, 1),
           .dx = new_padded(T * B, I),
           .theta = theta == NULL ? contiguous(count, true) : *theta,
           .dtheta = contiguous(count, false),
           .initial = contiguous(states, true),
           .final = contiguous(states, false),
           .dinitial = contiguous(states, false),
           .dfinal = contiguous(states, true)};
  for (size_t k = 0; k < recur_model_node_count(model); k++) {
    recur_model_shape shape;
    if (!recur_model_node(model, k)->output)
      continue;
    CHECK(recur_model_value_shape(model, k, T, B, &shape) == GSL_SUCCESS);
    r.y[n] = new_padded(shape.rows, shape.columns);
    r.dy[n++] = new_random(shape.rows, shape.columns, 1);
  }
  return r;
}

static void infer(const recur_model *model, run *r, recur_threads *threads) {
  const gsl_matrix *const features[] = {r->x};
  const recur_batch batch = {.lengths = r->lengths};
  recur_model_weights *weights = recur_model_weights_alloc(model);
  recur_model_workspace *w =
      recur_model_workspace_alloc(model, r->T, r->B, RECUR_MODE_INFERENCE, 0);
  CHECK(recur_model_workspace_set_threads(w, threads) == GSL_SUCCESS);
  CHECK(recur_model_weights_set(weights, &r->theta) == GSL_SUCCESS);
  const recur_model_pass pass = {.features = features,
                                 .batch = &batch,
                                 .initial_state = &r->initial,
                                 .final_state = &r->final,
                                 .outputs = r->y};
  CHECK(recur_model_infer(weights, &pass, w) == GSL_SUCCESS);
  recur_model_workspace_free(w);
  recur_model_weights_free(weights);
}

static void train(const recur_model *model, run *r, size_t segment, recur_threads *threads) {
  const gsl_matrix *const features[] = {r->x};
  gsl_matrix *const dfeatures[] = {r->dx};
  const recur_batch batch = {.lengths = r->lengths};
  recur_model_workspace *w =
      recur_model_workspace_alloc(model, r->T, r->B, RECUR_MODE_TRAINING, segment);
  CHECK(recur_model_workspace_set_threads(w, threads) == GSL_SUCCESS);
  const recur_model_pass pass = {.features = features,
                                 .batch = &batch,
                                 .initial_state = &r->initial,
                                 .final_state = &r->final,
                                 .outputs = r->y};
  const recur_model_gradients gradients = {.doutputs = (const gsl_matrix *const *)r->dy,
                                           .dfinal_state = &r->dfinal,
                                           .dfeatures = dfeatures,
                                           .dinitial_state = &r->dinitial,
                                           .dtheta = &r->dtheta};
  CHECK(recur_model_forward(&r->theta, &pass, w) == GSL_SUCCESS);
  CHECK(recur_model_backward(&r->theta, &pass, &gradients, w) == GSL_SUCCESS);
  recur_model_workspace_free(w);
}

static bool same_vectors(const gsl_vector *a, const gsl_vector *b) {
  const gsl_matrix m = as_column(a), n = as_column(b);
  return equal_bits(&m, &n);
}

static bool same_outputs(const run *a, const run *b) {
  bool same = same_vectors(&a->final, &b->final);
  for (size_t k = 0; k < MOST_OUTPUTS && a->y[k] != NULL; k++)
    same = same && equal_bits(a->y[k], b->y[k]);
  return same;
}

static bool same_gradients(const run *a, const run *b) {
  return equal_bits(a->dx, b->dx) && same_vectors(&a->dtheta, &b->dtheta) &&
         same_vectors(&a->dinitial, &b->dinitial);
}

/* The same inputs, with results of their own. */
static run again(const recur_model *model, const run *r) {
  run copy = new_run(model, r->T, r->B, r->lengths, &r->theta);
  copy.x = r->x;
  copy.initial = r->initial;
  copy.dfinal = r->dfinal;
  memcpy(copy.dy, r->dy, sizeof r->dy);
  return copy;
}

static void test_inference_equals_training(const recur_model *model, const run *r) {
  run inferred = again(model, r);
  infer(model, &inferred, NULL);
  CHECK(same_outputs(&inferred, r));
}

static void test_threads(const recur_model *model, const run *r) {
  recur_threads *threads = rk_team_alloc("test", 3);
  run inferred = again(model, r), trained = again(model, r);
  infer(model, &inferred, threads);
  train(model, &trained, 0, threads);
  CHECK(same_outputs(&inferred, r));
  CHECK(same_outputs(&trained, r) && same_gradients(&trained, r));
  recur_threads_free(threads);
}

/* The rows of sequence b in a matrix of n sequences. */
static void copy_sequence(const gsl_matrix *from, size_t b, size_t n, const gsl_matrix *to) {
  for (size_t r = 0; r < to->size1; r++)
    for (size_t j = 0; j < to->size2; j++)
      AT(to, r, j) = AT(from, r * n + b, j);
}

/* Each part of the state of one sequence, within the state of a batch. */
static bool same_state(const recur_model *model, const gsl_vector *batch, size_t B, size_t b,
                       gsl_vector *one, bool set) {
  bool same = true;
  size_t slices, count;
  CHECK(recur_model_state_count(model, 1, &slices, &count) == GSL_SUCCESS);
  for (size_t k = 0; k < slices; k++) {
    recur_model_slice all, own;
    CHECK(recur_model_state_slice(model, B, k, &all) == GSL_SUCCESS);
    CHECK(recur_model_state_slice(model, 1, k, &own) == GSL_SUCCESS);
    CHECK(all.rows == B * own.rows && strcmp(all.name, own.name) == 0);
    for (size_t i = 0; i < own.rows * own.columns; i++) {
      const size_t row = i / own.columns, column = i % own.columns;
      const rk_real *from = &batch->data[all.offset + (row * B + b) * own.columns + column];
      if (set)
        one->data[own.offset + i] = *from;
      same = same && same_bits(*from, one->data[own.offset + i]);
    }
  }
  return same;
}

static void test_single_sequences(const recur_model *model, const run *r) {
  for (size_t b = 0; b < r->B; b++) {
    const size_t length = r->lengths[b];
    run one = new_run(model, r->T, 1, &length, &r->theta);
    copy_sequence(r->x, b, r->B, one.x);
    same_state(model, &r->initial, r->B, b, &one.initial, true);
    infer(model, &one, NULL);
    for (size_t k = 0; k < MOST_OUTPUTS && r->y[k] != NULL; k++) {
      gsl_matrix *expected = new_matrix(one.y[k]->size1, one.y[k]->size2, one.y[k]->size2);
      copy_sequence(r->y[k], b, r->B, expected);
      CHECK(equal_bits(one.y[k], expected));
    }
    CHECK(same_state(model, &r->final, r->B, b, &one.final, false));
  }
}

/* Chunks of `chunk` steps; the last one may be shorter. */
static void test_chunks(const recur_model *model, const run *r, size_t chunk) {
  run state = again(model, r);
  memcpy(state.final.data, r->initial.data, r->initial.size * sizeof(rk_real));
  for (size_t t = 0, row = 0; t < r->T; t += chunk) {
    size_t lengths[8];
    const size_t n = r->T - t < chunk ? r->T - t : chunk;
    for (size_t b = 0; b < r->B; b++)
      lengths[b] = r->lengths[b] < t ? 0 : r->lengths[b] - t < n ? r->lengths[b] - t : n;
    run part = new_run(model, n, r->B, lengths, &r->theta);
    *part.x = rows_of(r->x, t * r->B, n * r->B);
    part.initial = part.final = state.final;
    infer(model, &part, NULL);
    const gsl_matrix expected = rows_of(r->y[0], row, part.y[0]->size1);
    CHECK(equal_bits(part.y[0], &expected));
    row += part.y[0]->size1;
  }
  CHECK(same_vectors(&state.final, &r->final));
}

/* The model of a network and a head, by the functions of these. */
static void test_parts(const recur_model *model, const run *r) {
  const recur_network *network = &recur_model_node(model, 1)->network;
  const recur_batch batch = {.lengths = r->lengths};
  const size_t O = r->y[0]->size2, head = O * H + O, rows = 2 * r->B;
  run own = again(model, r);
  gsl_vector theta = own.theta, dtheta = own.dtheta, ends = own.theta, dends = own.dtheta;
  theta.size = dtheta.size = own.theta.size - head;
  ends.data += theta.size;
  dends.data += theta.size;
  ends.size = dends.size = head;
  gsl_matrix *h = new_padded(r->T * r->B, H), *dh = new_padded(r->T * r->B, H);
  gsl_matrix h0 = {rows, H, H, own.initial.data, NULL, 0}, c0 = h0, hT = h0, cT = h0;
  gsl_matrix dh0 = h0, dc0 = h0, dhT = h0, dcT = h0;
  gsl_vector *const states[] = {&own.initial, &own.final, &own.dinitial, &own.dfinal};
  gsl_matrix *const first[] = {&h0, &hT, &dh0, &dhT}, *const second[] = {&c0, &cT, &dc0, &dcT};
  for (size_t k = 0; k < 4; k++) {
    first[k]->data = states[k]->data;
    second[k]->data = states[k]->data + rows * H;
  }
  recur_network_workspace *w =
      recur_network_workspace_alloc(network, r->T, r->B, RECUR_MODE_TRAINING, 0);
  recur_linear_parameters p, dp;
  CHECK(recur_linear_parameters_view(&ends, H, O, &p) == GSL_SUCCESS);
  CHECK(recur_linear_parameters_view(&dends, H, O, &dp) == GSL_SUCCESS);
  const recur_network_pass pass = {
      .x = own.x, .batch = &batch, .h0 = &h0, .c0 = &c0, .y = h, .hT = &hT, .cT = &cT};
  const recur_network_gradients gradients = {.dy = dh,
                                             .dhT = &dhT,
                                             .dcT = &dcT,
                                             .dx = own.dx,
                                             .dh0 = &dh0,
                                             .dc0 = &dc0,
                                             .dtheta = &dtheta};
  gsl_matrix *dy = new_matrix(r->T * r->B, O, O);
  for (size_t i = 0; i < dy->size1; i++)
    for (size_t j = 0; j < O; j++)
      AT(dy, i, j) = i / r->B < r->lengths[i % r->B] ? AT(r->dy[0], i, j) : 0;
  CHECK(recur_network_forward(&theta, &pass, w) == GSL_SUCCESS);
  CHECK(recur_linear_forward(&p, h, own.y[0]) == GSL_SUCCESS);
  CHECK(recur_linear_backward(&p, h, dy, dh, &dp) == GSL_SUCCESS);
  CHECK(recur_network_backward(&theta, &pass, &gradients, w) == GSL_SUCCESS);
  for (size_t i = 0; i < dy->size1; i++)
    for (size_t j = 0; j < O; j++)
      if (i / r->B >= r->lengths[i % r->B])
        AT(own.y[0], i, j) = 0;
  CHECK(same_outputs(&own, r));
  CHECK(same_gradients(&own, r));
  recur_network_workspace_free(w);
}

static void test_graph(const graph *g, size_t T, size_t B, bool same_lengths) {
  size_t lengths[8], chunk = 0;
  check_note("%s, T=%zu B=%zu", g->title, T, B);
  recur_model *model = recur_model_alloc(g->nodes, g->count);
  CHECK(model != NULL);
  for (size_t b = 0; b < B; b++)
    lengths[b] = same_lengths ? T : check_random_below(T / g->chunk + 1) * g->chunk;
  run r = new_run(model, T, B, lengths, NULL);
  train(model, &r, 0, NULL);
  test_inference_equals_training(model, &r);
  test_threads(model, &r);
  test_single_sequences(model, &r);
  CHECK(recur_model_check_stream(model, &chunk) == (g->streams ? GSL_SUCCESS : GSL_EUNIMPL));
  CHECK(chunk == (g->streams ? g->chunk : 0));
  if (g->streams) {
    run segments = again(model, &r);
    train(model, &segments, 3, NULL);
    CHECK(same_outputs(&segments, &r) && same_gradients(&segments, &r));
    test_chunks(model, &r, g->chunk);
    test_chunks(model, &r, 2 * g->chunk);
  }
  if (g == &graphs[0])
    test_parts(model, &r);
  recur_model_free(model);
  free_all();
}

int main(void) {
  check_begin();
  set_networks();
  for (size_t k = 0; k < COUNT(graphs); k++) {
    test_graph(&graphs[k], 12, 5, true);
    test_graph(&graphs[k], 12, 5, false);
    test_graph(&graphs[k], 4, 1, true);
    test_graph(&graphs[k], 48, 8, false);
  }
  return check_end();
}
