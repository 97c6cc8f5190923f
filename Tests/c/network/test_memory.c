/* Memory: workspace_size is what alloc takes, a step takes what the header says,
   segments save it, want of memory is an error code, and what computes
   allocates nothing. Where allocations cannot be counted (see allocations.h) the last is skipped.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/allocations.h"
#include "support/network_problem.h"

#include <recur/error.h>
#include <recur/softmax.h>

#ifndef FLOAT_PASS
static bool counting;
static size_t count_before;

static void start_counting(const char *what) {
  check_note("%s", what);
  count_before = allocation_count;
}

static void nothing_allocated(int status) {
  const size_t count = allocation_count - count_before;
  CHECK(status == GSL_SUCCESS);
  CHECK(!counting || count == 0);
}

/* malloc_usable_size is exact under valgrind and AddressSanitizer, and allocation_size elsewhere.
 */
static void check_allocated(void *workspace, size_t bytes) {
  CHECK(workspace != NULL);
  CHECK((counting ? allocation_size : malloc_usable_size(workspace)) == bytes);
  CHECK(malloc_usable_size(workspace) >= bytes);
}
#endif

static size_t NAME(size_of)(const recur_network *network, size_t T, size_t B, recur_mode pass,
                            size_t segment) {
  size_t bytes = 0;
  CHECK(RECUR(network, workspace_bytes)(network, T, B, pass, segment, &bytes) == GSL_SUCCESS);
  return bytes;
}

static void NAME(check_size)(const recur_network *network, size_t T, size_t B, recur_mode pass,
                             size_t segment) {
  check_note("%s T=%zu B=%zu pass=%d segment=%zu", TEXT(REAL), T, B, (int)pass, segment);
  const size_t bytes = NAME(size_of)(network, T, B, pass, segment), before = allocation_count;
  RECUR(network, workspace) *w = RECUR(network, workspace_alloc)(network, T, B, pass, segment);
  CHECK(!counting || allocation_count == before + 1);
  check_allocated(w, bytes);
  RECUR(network, workspace_free)(w);
}

static void NAME(check_weights_size)(const recur_network *network) {
  check_note("%s weights", TEXT(REAL));
  size_t bytes = 0;
  CHECK(RECUR(network, weights_bytes)(network, &bytes) == GSL_SUCCESS);
  RECUR(network, weights) *weights = RECUR(network, weights_alloc)(network);
  check_allocated(weights, bytes);
  RECUR(network, weights_free)(weights);
}

static void NAME(test_sizes_are_exact)(void) {
  for (size_t T = 0; T < 4; T++)
    for (size_t B = 0; B < 4; B++) {
      for (size_t k = 0; k < NETWORK_CASES; k++) {
        const recur_network network = network_case(k, 3, 5, 1 + k % 3, 1 + T % 2);
        const recur_network random = with_random_options(network, -1);
        NAME(check_weights_size)(&network);
        NAME(check_weights_size)(&random);
        NAME(check_size)(&network, T, B, RECUR_MODE_INFERENCE, 0);
        NAME(check_size)(&network, T, B, RECUR_MODE_TRAINING, 0);
        NAME(check_size)(&random, T, B, RECUR_MODE_INFERENCE, 0);
        NAME(check_size)(&random, T, B, RECUR_MODE_TRAINING, 0);
        if (network.directions == 1) {
          NAME(check_size)(&network, 20 * T, B, RECUR_MODE_TRAINING, 1 + B);
          NAME(check_size)(&random, 20 * T, B, RECUR_MODE_TRAINING, 1 + B);
        }
      }
      const size_t O = B + 1;
      size_t bytes;
      CHECK(RECUR(softmax, workspace_bytes)(T, O, &bytes) == GSL_SUCCESS);
      RECUR(softmax, workspace) *s = RECUR(softmax, workspace_alloc)(T, O);
      check_allocated(s, bytes);
      RECUR(softmax, workspace_free)(s);
    }
}

/* Bytes of a row: whole vectors, and no multiple of 1024. */
static size_t NAME(row)(size_t numbers) {
  const size_t bytes = (numbers * sizeof(REAL) + 63) / 64 * 64;
  return bytes % 1024 == 0 ? bytes + 64 : bytes;
}

/* What recur/network.h says that steps more take, in numbers for each unit, layer and direction;
   the batch itself takes two sizes for each step. More steps than a block has. */
static void NAME(check_step)(const recur_network *network, size_t gates, size_t cells) {
  const size_t T = 4096, more = 8, B = 3, L = network->layers, D = network->directions;
  const size_t H = network->hidden_size, projected = network->cell.projection_size;
  const size_t output = D * (projected ? projected : H), two_layers = L > 2 ? 2 : L - 1;
  const size_t batch = 2 * sizeof(size_t), layer = B * NAME(row)(output);
  const size_t unit = NAME(row)(gates * H) + cells * NAME(row)(H);
  const size_t kept = L * D * B * unit + (L - 1) * layer;
  size_t step[2];
  for (int pass = RECUR_MODE_INFERENCE; pass <= RECUR_MODE_TRAINING; pass++)
    step[pass] = NAME(size_of)(network, T + more, B, (recur_mode)pass, 0) -
                 NAME(size_of)(network, T, B, (recur_mode)pass, 0);
  check_note("%s a step of cell %d, L=%zu D=%zu", TEXT(REAL), (int)network->cell.kind, L, D);
  /* With two directions, all steps pass through a layer before the next: the outputs of two
     layers, or backward the gradients of those, are held whole. */
  const size_t passing = D == 1 ? 0 : two_layers * layer;
  CHECK(step[RECUR_MODE_TRAINING] == more * (kept + passing + batch));
  CHECK(step[RECUR_MODE_INFERENCE] == more * (passing + batch));
}

static void NAME(test_steps)(void) {
  const struct {
    recur_network network;
    size_t gates, cells;
  } cells[] = {{recur_rnn(3, 32), 1, 0},    {recur_residual(3, 32), 1, 0},
               {recur_gru(3, 32), 4, 0},    {recur_lstm(3, 32), 4, 1},
               {lstm_with(4, 3, 32), 3, 1}, {lstm_with(2, 3, 32), 4, 1},
               {lstm_with(8, 3, 32), 4, 1}, {lstm_with(64, 3, 32), 4, 1}};
  for (size_t k = 0; k < COUNT(cells); k++)
    for (size_t L = 1; L <= 4; L++)
      for (size_t D = 1; D <= 2; D++) {
        recur_network network = cells[k].network;
        network.layers = L;
        network.directions = D;
        NAME(check_step)(&network, cells[k].gates, cells[k].cells);
      }
}

/* What options take besides: recurrent dropout the masks and the states of a block under
   them, zoneout the states of a step, that of c besides one number for each unit and step; layer
   normalisation the products of a step or, for backward, of a block, and its gains. */
static void NAME(test_options)(void) {
  for (size_t L = 1; L <= 2; L++)
    for (size_t D = 1; D <= 2; D++) {
      recur_network network = lstm_with(8, 3, 32);
      network.layers = L;
      network.directions = D;
      const size_t B = 3, H = 32, P = 16, block = 20 * B;
      const size_t inference = NAME(size_of)(&network, 20, B, RECUR_MODE_INFERENCE, 0);
      const size_t training = NAME(size_of)(&network, 20, B, RECUR_MODE_TRAINING, 0);
      network.recurrent_dropout = 0.5;
      check_note("%s masks, L=%zu D=%zu", TEXT(REAL), L, D);
      CHECK(NAME(size_of)(&network, 20, B, RECUR_MODE_INFERENCE, 0) == inference);
      CHECK(NAME(size_of)(&network, 20, B, RECUR_MODE_TRAINING, 0) ==
            training + (L * D * B + block) * P * sizeof(REAL));
      network.recurrent_dropout = 0;
      network.zoneout = 0.5;
      check_note("%s zoneout, L=%zu D=%zu", TEXT(REAL), L, D);
      CHECK(NAME(size_of)(&network, 20, B, RECUR_MODE_INFERENCE, 0) == inference);
      CHECK(NAME(size_of)(&network, 20, B, RECUR_MODE_TRAINING, 0) ==
            training + B * P * sizeof(REAL));
      network.zoneout = 0;
      network.cell_zoneout = 0.5;
      CHECK(NAME(size_of)(&network, 20, B, RECUR_MODE_INFERENCE, 0) == inference);
      CHECK(NAME(size_of)(&network, 20, B, RECUR_MODE_TRAINING, 0) ==
            training + (1 + L * D * 20) * B * H * sizeof(REAL));
      network.cell_zoneout = 0;
      network.cell.layer_norm = true;
      check_note("%s layer normalisation, L=%zu D=%zu", TEXT(REAL), L, D);
      CHECK(NAME(size_of)(&network, 20, B, RECUR_MODE_INFERENCE, 0) ==
            inference + B * NAME(row)(4 * H));
      CHECK(NAME(size_of)(&network, 20, B, RECUR_MODE_TRAINING, 0) ==
            training + block * NAME(row)(4 * H) + L * D * 2 * 4 * H * sizeof(REAL));
    }
}

/* The record of one segment, its input and the states before its steps, of which a block's are
   held, and the states at the start of each: least memory where a segment has about as many steps
   as there are segments. */
static void NAME(test_segments)(void) {
  const recur_network network = recur_rnn(64, 80);
  const size_t B = 16, T = 400, row = B * sizeof(REAL), state = 80 * row, input = 80 * row;
  const size_t one = NAME(size_of)(&network, T, B, RECUR_MODE_TRAINING, 1) - (T - 1) * state;
  size_t best = 1, least = SIZE_MAX;
  for (size_t segment = 1; segment <= 30; segment++) {
    const size_t bytes = NAME(size_of)(&network, T, B, RECUR_MODE_TRAINING, segment);
    const size_t segments = (T + segment - 1) / segment;
    check_note("%s segments of %zu", TEXT(REAL), segment);
    CHECK(bytes == one + (segments - 1) * state + (segment - 1) * (2 * state + input));
    best = bytes < least ? segment : best;
    least = bytes < least ? bytes : least;
  }
  CHECK(best == 10); /* the first of those with least 400 / k + 3 k */
  const size_t all = NAME(size_of)(&network, T, B, RECUR_MODE_TRAINING, 0);
  CHECK(NAME(size_of)(&network, T, B, RECUR_MODE_TRAINING, T) == all);
  CHECK(NAME(size_of)(&network, T, B, RECUR_MODE_TRAINING, SIZE_MAX) == all);
}

static void NAME(check_no_memory)(const void *workspace, const char *function) {
  check_note("%s", function);
  CHECK(workspace == NULL);
  CHECK(recur_last_error()->status == GSL_ENOMEM);
  CHECK(strcmp(recur_last_error()->function, function) == 0);
  CHECK(strstr(recur_last_error()->message, "bytes") != NULL);
}

/* More than an address space, and malloc that fails. */
static void NAME(test_no_memory)(void) {
  const size_t million = 1 << 20;
  const recur_network large = recur_rnn(1, million), small = recur_gru(1, 1);
  NAME(check_no_memory)
  (RECUR(network, workspace_alloc)(&large, 1000 * million, 1, RECUR_MODE_TRAINING, 0),
   TEXT(RECUR(network, workspace_alloc)));
  NAME(check_no_memory)
  (RECUR(softmax, workspace_alloc)(1000 * million, million), TEXT(RECUR(softmax, workspace_alloc)));
  if (!counting)
    return;
  allocation_fails = true;
  NAME(check_no_memory)
  (RECUR(network, weights_alloc)(&small), TEXT(RECUR(network, weights_alloc)));
  RECUR(network, workspace) *w =
      RECUR(network, workspace_alloc)(&small, 1, 1, RECUR_MODE_TRAINING, 0);
  const recur_error first = *recur_last_error();
  RECUR(softmax, workspace) *s = RECUR(softmax, workspace_alloc)(1, 1);
  allocation_fails = false;
  NAME(check_no_memory)(s, TEXT(RECUR(softmax, workspace_alloc)));
  CHECK(w == NULL && first.status == GSL_ENOMEM);
}

/* Every function that computes, and one that fails. */
static void NAME(check_network_allocates_nothing)(const recur_network *network, size_t segment) {
  static const size_t lengths[] = {9, 2, 0};
  NAME(problem) q;
  NAME(new_problem)(&q, network, 9, 3, segment);
  q.batch.lengths = lengths;
  MATRIX *gates = NAME(new_padded)(27, q.G * q.H);
  NAME(run_both)(&q);
  start_counting(TEXT(RECUR(network, forward)));
  nothing_allocated(NAME(forward)(&q));
  start_counting(TEXT(RECUR(network, gates)));
  if (segment == 0)
    nothing_allocated(RECUR(network, gates)(q.w, 0, 0, gates));
  start_counting(TEXT(RECUR(network, backward)));
  nothing_allocated(NAME(backward)(&q));
  start_counting("a failure");
  CHECK(NAME(backward)(&q) == GSL_EINVAL);
  nothing_allocated(GSL_SUCCESS);
  RECUR(network, workspace_free)(q.w);
  q.pass = RECUR_MODE_INFERENCE;
  q.segment = 0;
  NAME(allocate)(&q);
  start_counting(TEXT(RECUR(network, infer)));
  nothing_allocated(NAME(forward)(&q));
  NAME(end_problem)(&q);
}

static void NAME(test_networks_allocate_nothing)(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    recur_network network = with_random_options(network_case(k, 4, 8, 2, 1), -1);
    NAME(check_network_allocates_nothing)(&network, 3);
    network.directions = 2;
    NAME(check_network_allocates_nothing)(&network, 0);
  }
}

static void NAME(test_error_terms_allocate_nothing)(void) {
  const MATRIX *W = NAME(new_random)(4, 4, 1), *h = NAME(new_random)(6, 4, 1);
  const recur_activation phi = {.kind = RECUR_ACTIVATION_TANH};
  MATRIX *dh = NAME(new_random)(2, 4, 1), *delta = NAME(new_padded)(6, 4);
  start_counting(TEXT(RECUR(rnn, error_terms)));
  nothing_allocated(RECUR(rnn, error_terms)(W, &phi, h, 2, dh, delta));
  NAME(free_all)();
}

/* All parameters, and all gradients, lie in one vector each, which is how they are meant to. */
static void NAME(test_heads_allocate_nothing)(void) {
  const size_t N = 6, H = 4, O = 3;
  VECTOR theta = {15, 1, NAME(new_matrix)(15, 1, 1)->data, NULL, 0};
  VECTOR gradient = {15, 1, NAME(new_matrix)(15, 1, 1)->data, NULL, 0};
  const MATRIX all[] = {NAME(column)(&theta), NAME(column)(&gradient)};
  NAME(randomize)(&all[0], 1);
  NAME(randomize)(&all[1], 1);
  int labels[] = {0, 1, 2, 2, 1, 0};
  const gsl_vector_int label_view = {.size = N, .stride = 1, .data = labels};
  MATRIX *h = NAME(new_random)(N, H, 1), *y = NAME(new_padded)(N, O), *dh = NAME(new_padded)(N, H),
         *dy = NAME(new_random)(N, O, 1);
  VECTOR loss = NAME(new_vector)(N), dloss = NAME(new_random_vector)(N);
  RECUR(softmax, workspace) *w = RECUR(softmax, workspace_alloc)(N, O);
  RECUR(linear, parameters) p, dp;
  start_counting(TEXT(RECUR(linear, parameters_view)));
  nothing_allocated(RECUR(linear, parameters_view)(&theta, H, O, &p));
  nothing_allocated(RECUR(linear, parameters_view)(&gradient, H, O, &dp));
  start_counting(TEXT(RECUR(linear, forward)));
  nothing_allocated(RECUR(linear, forward)(&p, h, y));
  start_counting(TEXT(RECUR(linear, backward)));
  nothing_allocated(RECUR(linear, backward)(&p, h, dy, dh, &dp));
  start_counting(TEXT(RECUR(softmax, forward)));
  nothing_allocated(RECUR(softmax, forward)(&p, h, y));
  start_counting(TEXT(RECUR(softmax, backward)));
  nothing_allocated(RECUR(softmax, backward)(&p, h, y, dy, dh, &dp, w));
  start_counting(TEXT(RECUR(softmax, cross_entropy_forward)));
  nothing_allocated(RECUR(softmax, cross_entropy_forward)(&p, h, &label_view, y, &loss));
  start_counting(TEXT(RECUR(softmax, cross_entropy_backward)));
  nothing_allocated(
      RECUR(softmax, cross_entropy_backward)(&p, h, &label_view, y, &dloss, dh, &dp, w));
  RECUR(softmax, workspace_free)(w);
  NAME(free_all)();
}

static void NAME(run)(void) {
  NAME(test_sizes_are_exact)();
  NAME(test_steps)();
  NAME(test_options)();
  NAME(test_segments)();
  NAME(test_no_memory)();
  NAME(test_networks_allocate_nothing)();
  NAME(test_error_terms_allocate_nothing)();
  NAME(test_heads_allocate_nothing)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_memory.c"

int main(void) {
  check_begin();
  counting = counting_works();
  if (!counting)
    printf("skipped: that nothing is allocated, which cannot be counted here\n");
  double_run();
  float_run();
  return check_end();
}
#endif
