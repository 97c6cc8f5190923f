/* recur/network.h: the memory of workspaces and weights. workspace_bytes is the size of the
   allocation, a step needs what the header documents, and segments reduce the memory.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/memory_check.h"
#include "support/network_problem.h"

static size_t size_of(const recur_network *network, size_t T, size_t B, recur_mode mode,
                      size_t segment) {
  size_t bytes = 0;
  CHECK(recur_network_workspace_bytes(network, T, B, mode, segment, &bytes) == GSL_SUCCESS);
  return bytes;
}

static void check_size(const recur_network *network, size_t T, size_t B, recur_mode mode,
                       size_t segment) {
  check_note("T=%zu B=%zu mode=%d segment=%zu", T, B, (int)mode, segment);
  const size_t bytes = size_of(network, T, B, mode, segment), before = allocation_count;
  recur_network_workspace *w = recur_network_workspace_alloc(network, T, B, mode, segment);
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
    for (size_t B = 0; B < 4; B++)
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
}

/* The bytes of a row: whole vectors, but not a multiple of 1024. */
static size_t row_bytes(size_t numbers) {
  const size_t bytes = (numbers * sizeof(rk_real) + 63) / 64 * 64;
  return bytes % 1024 == 0 ? bytes + 64 : bytes;
}

/* The memory of additional steps, as documented in recur/network.h: values for each unit, layer
   and direction. The batch itself needs two size_t for each step. There are more steps than in a
   block. */
static void check_step(const recur_network *network, size_t gates, size_t cells) {
  const size_t T = 4096, more = 8, B = 3, L = network->layers, D = network->directions;
  const size_t H = network->hidden_size, projected = network->cell.projection_size;
  const size_t output = D * (projected ? projected : H), two_layers = L > 2 ? 2 : L - 1;
  const size_t batch = 2 * sizeof(size_t), layer = B * row_bytes(output);
  const size_t unit = row_bytes(gates * H) + cells * row_bytes(H);
  const size_t kept = L * D * B * unit + (L - 1) * layer;
  size_t step[2];
  for (int mode = RECUR_MODE_INFERENCE; mode <= RECUR_MODE_TRAINING; mode++)
    step[mode] = size_of(network, T + more, B, (recur_mode)mode, 0) -
                 size_of(network, T, B, (recur_mode)mode, 0);
  check_note("a step of cell %d, L=%zu D=%zu", (int)network->cell.kind, L, D);
  /* With two directions, all steps pass through a layer before the next one. The outputs of two
     layers, or their gradients, are stored for all steps. */
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

/* The additional memory of options. Recurrent dropout: the masks, and the masked states of a block.
   Zoneout: the states of a step; for c, also one value for each unit and step. Layer normalization:
   the products of a step or, for backward, of a block, and the gains. */
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
      network.cell.layer_normalization = true;
      check_note("layer normalization, L=%zu D=%zu", L, D);
      CHECK(size_of(&network, 20, B, RECUR_MODE_INFERENCE, 0) == inference + B * row_bytes(4 * H));
      CHECK(size_of(&network, 20, B, RECUR_MODE_TRAINING, 0) ==
            training + block * row_bytes(4 * H) + L * D * 2 * 4 * H * sizeof(rk_real));
    }
}

/* The memory of one segment: its record, the input and the states before each step of a block, and
   the states at the start of each segment. It is smallest if a segment has about as many steps as
   there are segments. */
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
  CHECK(best == 10); /* the first minimum of 400 / k + 3 k */
  const size_t all = size_of(&network, T, B, RECUR_MODE_TRAINING, 0);
  CHECK(size_of(&network, T, B, RECUR_MODE_TRAINING, T) == all);
  CHECK(size_of(&network, T, B, RECUR_MODE_TRAINING, SIZE_MAX) == all);
}

int main(void) {
  check_begin();
  start_memory_check();
  test_sizes_are_exact();
  test_steps();
  test_options();
  test_segments();
  return check_end();
}
