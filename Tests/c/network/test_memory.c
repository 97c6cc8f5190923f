/* Memory: workspace_size is what alloc takes, a step takes what the header says,
   segments save it, want of memory is an error code, and what computes
   allocates nothing. Where allocations cannot be counted (see allocations.h) the last is skipped.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/allocations.h"
#include "support/check.h"
#include "support/network_problem.h"

#include <recur/error.h>
#include <recur/softmax.h>

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

static size_t size_of(const recur_network *network, size_t T, size_t B, recur_mode pass,
                      size_t segment) {
  size_t bytes = 0;
  CHECK(recur_network_workspace_bytes(network, T, B, pass, segment, &bytes) == GSL_SUCCESS);
  return bytes;
}

static void check_size(const recur_network *network, size_t T, size_t B, recur_mode pass,
                       size_t segment) {
  check_note("T=%zu B=%zu pass=%d segment=%zu", T, B, (int)pass, segment);
  const size_t bytes = size_of(network, T, B, pass, segment), before = allocation_count;
  recur_network_workspace *w = recur_network_workspace_alloc(network, T, B, pass, segment);
  CHECK(!counting || allocation_count == before + 1);
  check_allocated(w, bytes);
  recur_network_workspace_free(w);
}

static void check_weights_size(const recur_network *network) {
  check_note("weights");
  size_t bytes = 0;
  CHECK(recur_network_weights_bytes(network, &bytes) == GSL_SUCCESS);
  recur_network_weights *weights = recur_network_weights_alloc(network);
  check_allocated(weights, bytes);
  recur_network_weights_free(weights);
}

static void test_sizes_are_exact(void) {
  for (size_t T = 0; T < 4; T++)
    for (size_t B = 0; B < 4; B++) {
      for (size_t k = 0; k < NETWORK_CASES; k++) {
        const recur_network network = network_case(k, 3, 5, 1 + k % 3, 1 + T % 2);
        const recur_network random = with_random_options(network, -1);
        check_weights_size(&network);
        check_weights_size(&random);
        check_size(&network, T, B, RECUR_MODE_INFERENCE, 0);
        check_size(&network, T, B, RECUR_MODE_TRAINING, 0);
        check_size(&random, T, B, RECUR_MODE_INFERENCE, 0);
        check_size(&random, T, B, RECUR_MODE_TRAINING, 0);
        if (network.directions == 1) {
          check_size(&network, 20 * T, B, RECUR_MODE_TRAINING, 1 + B);
          check_size(&random, 20 * T, B, RECUR_MODE_TRAINING, 1 + B);
        }
      }
      const size_t O = B + 1;
      size_t bytes;
      CHECK(recur_softmax_workspace_bytes(T, O, &bytes) == GSL_SUCCESS);
      recur_softmax_workspace *s = recur_softmax_workspace_alloc(T, O);
      check_allocated(s, bytes);
      recur_softmax_workspace_free(s);
    }
}

/* Bytes of a row: whole vectors, and no multiple of 1024. */
static size_t row_bytes(size_t numbers) {
  const size_t bytes = (numbers * sizeof(rk_real) + 63) / 64 * 64;
  return bytes % 1024 == 0 ? bytes + 64 : bytes;
}

/* What recur/network.h says that steps more take, in numbers for each unit, layer and direction;
   the batch itself takes two sizes for each step. More steps than a block has. */
static void check_step(const recur_network *network, size_t gates, size_t cells) {
  const size_t T = 4096, more = 8, B = 3, L = network->layers, D = network->directions;
  const size_t H = network->hidden_size, projected = network->cell.projection_size;
  const size_t output = D * (projected ? projected : H), two_layers = L > 2 ? 2 : L - 1;
  const size_t batch = 2 * sizeof(size_t), layer = B * row_bytes(output);
  const size_t unit = row_bytes(gates * H) + cells * row_bytes(H);
  const size_t kept = L * D * B * unit + (L - 1) * layer;
  size_t step[2];
  for (int pass = RECUR_MODE_INFERENCE; pass <= RECUR_MODE_TRAINING; pass++)
    step[pass] = size_of(network, T + more, B, (recur_mode)pass, 0) -
                 size_of(network, T, B, (recur_mode)pass, 0);
  check_note("a step of cell %d, L=%zu D=%zu", (int)network->cell.kind, L, D);
  /* With two directions, all steps pass through a layer before the next: the outputs of two
     layers, or backward the gradients of those, are held whole. */
  const size_t passing = D == 1 ? 0 : two_layers * layer;
  CHECK(step[RECUR_MODE_TRAINING] == more * (kept + passing + batch));
  CHECK(step[RECUR_MODE_INFERENCE] == more * (passing + batch));
}

static void test_steps(void) {
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
        check_step(&network, cells[k].gates, cells[k].cells);
      }
}

/* What options take besides: recurrent dropout the masks and the states of a block under
   them, zoneout the states of a step, that of c besides one number for each unit and step; layer
   normalisation the products of a step or, for backward, of a block, and its gains. */
static void test_options(void) {
  for (size_t L = 1; L <= 2; L++)
    for (size_t D = 1; D <= 2; D++) {
      recur_network network = lstm_with(8, 3, 32);
      network.layers = L;
      network.directions = D;
      const size_t B = 3, H = 32, P = 16, block = 20 * B;
      const size_t inference = size_of(&network, 20, B, RECUR_MODE_INFERENCE, 0);
      const size_t training = size_of(&network, 20, B, RECUR_MODE_TRAINING, 0);
      network.recurrent_dropout = 0.5;
      check_note("masks, L=%zu D=%zu", L, D);
      CHECK(size_of(&network, 20, B, RECUR_MODE_INFERENCE, 0) == inference);
      CHECK(size_of(&network, 20, B, RECUR_MODE_TRAINING, 0) ==
            training + (L * D * B + block) * P * sizeof(rk_real));
      network.recurrent_dropout = 0;
      network.zoneout = 0.5;
      check_note("zoneout, L=%zu D=%zu", L, D);
      CHECK(size_of(&network, 20, B, RECUR_MODE_INFERENCE, 0) == inference);
      CHECK(size_of(&network, 20, B, RECUR_MODE_TRAINING, 0) == training + B * P * sizeof(rk_real));
      network.zoneout = 0;
      network.cell_zoneout = 0.5;
      CHECK(size_of(&network, 20, B, RECUR_MODE_INFERENCE, 0) == inference);
      CHECK(size_of(&network, 20, B, RECUR_MODE_TRAINING, 0) ==
            training + (1 + L * D * 20) * B * H * sizeof(rk_real));
      network.cell_zoneout = 0;
      network.cell.layer_norm = true;
      check_note("layer normalisation, L=%zu D=%zu", L, D);
      CHECK(size_of(&network, 20, B, RECUR_MODE_INFERENCE, 0) == inference + B * row_bytes(4 * H));
      CHECK(size_of(&network, 20, B, RECUR_MODE_TRAINING, 0) ==
            training + block * row_bytes(4 * H) + L * D * 2 * 4 * H * sizeof(rk_real));
    }
}

/* The record of one segment, its input and the states before its steps, of which a block's are
   held, and the states at the start of each: least memory where a segment has about as many steps
   as there are segments. */
static void test_segments(void) {
  const recur_network network = recur_rnn(64, 80);
  const size_t B = 16, T = 400, row = B * sizeof(rk_real), state = 80 * row, input = 80 * row;
  const size_t one = size_of(&network, T, B, RECUR_MODE_TRAINING, 1) - (T - 1) * state;
  size_t best = 1, least = SIZE_MAX;
  for (size_t segment = 1; segment <= 30; segment++) {
    const size_t bytes = size_of(&network, T, B, RECUR_MODE_TRAINING, segment);
    const size_t segments = (T + segment - 1) / segment;
    check_note("segments of %zu", segment);
    CHECK(bytes == one + (segments - 1) * state + (segment - 1) * (2 * state + input));
    best = bytes < least ? segment : best;
    least = bytes < least ? bytes : least;
  }
  CHECK(best == 10); /* the first of those with least 400 / k + 3 k */
  const size_t all = size_of(&network, T, B, RECUR_MODE_TRAINING, 0);
  CHECK(size_of(&network, T, B, RECUR_MODE_TRAINING, T) == all);
  CHECK(size_of(&network, T, B, RECUR_MODE_TRAINING, SIZE_MAX) == all);
}

static void check_no_memory(const void *workspace, const char *function) {
  check_note("%s", function);
  CHECK(workspace == NULL);
  CHECK(recur_last_error()->status == GSL_ENOMEM);
  CHECK(strcmp(recur_last_error()->function, function) == 0);
  CHECK(strstr(recur_last_error()->message, "bytes") != NULL);
}

/* More than an address space, and malloc that fails. */
static void test_no_memory(void) {
  const size_t million = 1 << 20;
  const recur_network large = recur_rnn(1, million), small = recur_gru(1, 1);
  check_no_memory(recur_network_workspace_alloc(&large, 1000 * million, 1, RECUR_MODE_TRAINING, 0),
                  TEXT(recur_network_workspace_alloc));
  check_no_memory(recur_softmax_workspace_alloc(1000 * million, million),
                  TEXT(recur_softmax_workspace_alloc));
  if (!counting)
    return;
  allocation_fails = true;
  check_no_memory(recur_network_weights_alloc(&small), TEXT(recur_network_weights_alloc));
  recur_network_workspace *w = recur_network_workspace_alloc(&small, 1, 1, RECUR_MODE_TRAINING, 0);
  const recur_error first = *recur_last_error();
  recur_softmax_workspace *s = recur_softmax_workspace_alloc(1, 1);
  allocation_fails = false;
  check_no_memory(s, TEXT(recur_softmax_workspace_alloc));
  CHECK(w == NULL && first.status == GSL_ENOMEM);
}

/* Every function that computes, and one that fails. */
static void check_network_allocates_nothing(const recur_network *network, size_t segment) {
  static const size_t lengths[] = {9, 2, 0};
  problem q;
  new_problem(&q, network, 9, 3, segment);
  q.batch.lengths = lengths;
  gsl_matrix *gates = new_padded(27, q.G * q.H);
  run_both(&q);
  start_counting(TEXT(recur_network_forward));
  nothing_allocated(forward(&q));
  start_counting(TEXT(recur_network_gates));
  if (segment == 0)
    nothing_allocated(recur_network_gates(q.w, 0, 0, gates));
  start_counting(TEXT(recur_network_backward));
  nothing_allocated(backward(&q));
  start_counting("a failure");
  CHECK(backward(&q) == GSL_EINVAL);
  nothing_allocated(GSL_SUCCESS);
  recur_network_workspace_free(q.w);
  q.pass = RECUR_MODE_INFERENCE;
  q.segment = 0;
  allocate(&q);
  start_counting(TEXT(recur_network_infer));
  nothing_allocated(forward(&q));
  end_problem(&q);
}

static void test_networks_allocate_nothing(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    recur_network network = with_random_options(network_case(k, 4, 8, 2, 1), -1);
    check_network_allocates_nothing(&network, 3);
    network.directions = 2;
    check_network_allocates_nothing(&network, 0);
  }
}

static void test_error_terms_allocate_nothing(void) {
  const gsl_matrix *W = new_random(4, 4, 1), *h = new_random(6, 4, 1);
  const recur_activation phi = {.kind = RECUR_ACTIVATION_TANH};
  gsl_matrix *dh = new_random(2, 4, 1), *delta = new_padded(6, 4);
  start_counting(TEXT(recur_rnn_error_terms));
  nothing_allocated(recur_rnn_error_terms(W, &phi, h, 2, dh, delta));
  free_all();
}

/* All parameters, and all gradients, lie in one vector each, which is how they are meant to. */
static void test_heads_allocate_nothing(void) {
  const size_t N = 6, H = 4, O = 3;
  gsl_vector theta = {15, 1, new_matrix(15, 1, 1)->data, NULL, 0};
  gsl_vector gradient = {15, 1, new_matrix(15, 1, 1)->data, NULL, 0};
  const gsl_matrix all[] = {as_column(&theta), as_column(&gradient)};
  randomize(&all[0], 1);
  randomize(&all[1], 1);
  int labels[] = {0, 1, 2, 2, 1, 0};
  const gsl_vector_int label_view = {.size = N, .stride = 1, .data = labels};
  gsl_matrix *h = new_random(N, H, 1), *y = new_padded(N, O), *dh = new_padded(N, H),
             *dy = new_random(N, O, 1);
  gsl_vector loss = new_vector(N), dloss = new_random_vector(N);
  recur_softmax_workspace *w = recur_softmax_workspace_alloc(N, O);
  recur_linear_parameters p, dp;
  start_counting(TEXT(recur_linear_parameters_view));
  nothing_allocated(recur_linear_parameters_view(&theta, H, O, &p));
  nothing_allocated(recur_linear_parameters_view(&gradient, H, O, &dp));
  start_counting(TEXT(recur_linear_forward));
  nothing_allocated(recur_linear_forward(&p, h, y));
  start_counting(TEXT(recur_linear_backward));
  nothing_allocated(recur_linear_backward(&p, h, dy, dh, &dp));
  start_counting(TEXT(recur_softmax_forward));
  nothing_allocated(recur_softmax_forward(&p, h, y));
  start_counting(TEXT(recur_softmax_backward));
  nothing_allocated(recur_softmax_backward(&p, h, y, dy, dh, &dp, w));
  start_counting(TEXT(recur_softmax_cross_entropy_forward));
  nothing_allocated(recur_softmax_cross_entropy_forward(&p, h, &label_view, y, &loss));
  start_counting(TEXT(recur_softmax_cross_entropy_backward));
  nothing_allocated(
      recur_softmax_cross_entropy_backward(&p, h, &label_view, y, &dloss, dh, &dp, w));
  recur_softmax_workspace_free(w);
  free_all();
}

int main(void) {
  check_begin();
  counting = counting_works();
  if (!counting)
    printf("skipped: that nothing is allocated, which cannot be counted here\n");
  test_sizes_are_exact();
  test_steps();
  test_options();
  test_segments();
  test_no_memory();
  test_networks_allocate_nothing();
  test_error_terms_allocate_nothing();
  test_heads_allocate_nothing();
  return check_end();
}
