/* The workspace of a network: recur/network.h describes its memory.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/workspace.h"

#include "base/instruction_set.h"
#include "base/memory.h"
#include "base/quantized.h"
#include "configuration/options.h"

#include <stdlib.h>

/* A block has the larger of two sizes: the gates fill most of a second-level cache, or the sums are
   long enough to outweigh reading and writing the gradients of the weights. */
enum { BLOCK_BYTES = 1 << 19, BLOCK_ROWS = 512 };

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

static size_t quotient_up(size_t a, size_t b) {
  return a / b + (a % b != 0);
}

static void rk_workspace_lay_out_batch(recur_network_workspace *w, char *memory, size_t *used) {
  const size_t T = w->batch.T, B = w->batch.B;
  size_t *numbers = rk_take(memory, used, rk_batch_size_count(T, B), sizeof(size_t));
  if (numbers == NULL)
    return;
  w->batch.order = numbers;
  w->batch.length = numbers + B;
  w->batch.count = numbers + 2 * B;
  w->batch.offset = numbers + 2 * B + T;
}

static void rk_workspace_lay_out_training(recur_network_workspace *w, char *memory, size_t *used) {
  const rk_sizes s = w->s;
  const size_t LD = s.L * s.D, B = w->batch.B, kept = rk_times(LD, rk_times(w->segment_length, B));
  const size_t between = s.L - 1, c_columns = s.cell_state ? s.H : 0;
  const size_t starts = rk_times(w->segments, rk_times(LD, B)), rows = w->block * B;
  rk_network_weights_lay_out(&w->own, memory, used);
  w->p = rk_take(memory, used, LD, sizeof *w->p);
  w->dp = rk_take(memory, used, LD, sizeof *w->dp);
  w->gates = rk_take_matrix(memory, used, kept, s.K * w->gate_stride);
  w->c = rk_take_matrix(memory, used, kept, c_columns);
  if (w->network.cell_zoneout != 0)
    w->c_new = rk_take_matrix(memory, used, kept, c_columns);
  w->kept_layers = between;
  w->outputs =
      rk_take_matrix(memory, used, rk_times(between, rk_times(w->segment_length, B)), s.D * s.P);
  w->doutputs =
      rk_take_matrix(memory, used, rk_times(smaller(between, 2), rk_times(w->chunk, B)), s.D * s.P);
  w->h_start = rk_take_matrix(memory, used, starts, s.P);
  w->c_start = rk_take_matrix(memory, used, starts, c_columns);
  w->dh = rk_take_matrix(memory, used, LD * B, s.P);
  w->dc = rk_take_matrix(memory, used, LD * B, c_columns);
  w->h_prev = rk_take_matrix(memory, used, rows, s.P);
  w->c_prev = rk_take_matrix(memory, used, rows, c_columns);
  w->scratch = rk_take_matrix(memory, used, B, s.H);
  if (s.P != s.H) {
    w->dh_in = rk_take_matrix(memory, used, rows, s.P);
    w->m = rk_take_matrix(memory, used, rows, s.H);
  }
  if (w->network.recurrent_dropout != 0) {
    w->masks = rk_take_matrix(memory, used, LD * B, s.P);
    w->h_in = rk_take_matrix(memory, used, rows, s.P);
  }
}

static void rk_workspace_lay_out_inference(recur_network_workspace *w, char *memory, size_t *used) {
  const rk_sizes s = w->s;
  const size_t B = w->batch.B;
  w->kept_layers = smaller(s.L - 1, 2);
  w->gates = rk_take_matrix(memory, used, w->block * B, s.K * w->gate_stride);
  w->outputs =
      rk_take_matrix(memory, used, rk_times(w->kept_layers, rk_times(w->chunk, B)), s.D * s.P);
  if (w->network.weight_storage != RECUR_STORAGE_INT8)
    return;
  w->integers[0] =
      rk_take(memory, used, rk_int8_row(larger(s.I, s.D * s.P)), sizeof *w->integers[0]);
  w->integers[1] = rk_take(memory, used, rk_int8_row(s.P), sizeof *w->integers[1]);
}

static void rk_workspace_lay_out_zoneout(recur_network_workspace *w, char *memory, size_t *used) {
  const double probabilities[] = {w->network.zoneout, w->network.cell_zoneout};
  const rk_mask_purpose purposes[] = {RK_ZONEOUT, RK_CELL_ZONEOUT};
  const size_t columns[] = {w->s.P, w->s.H};
  for (size_t k = 0; k < 2; k++) {
    w->zoneout[k].probability = probabilities[k];
    w->zoneout[k].purpose = purposes[k];
    if (w->mode == RECUR_MODE_TRAINING)
      w->zoneout[k].past =
          rk_take_matrix(memory, used, probabilities[k] == 0 ? 0 : w->batch.B, columns[k]);
  }
}

static void rk_workspace_lay_out_products(recur_network_workspace *w, char *memory, size_t *used) {
  const size_t rows = w->mode == RECUR_MODE_TRAINING ? w->block * w->batch.B : w->batch.B;
  if (w->network.cell.layer_normalization)
    w->products = rk_take_matrix(memory, used, rows, w->s.G * w->gate_stride);
}

/* Lays out the memory after the struct, and returns the total bytes; SIZE_MAX on overflow. */
static size_t rk_workspace_lay_out(recur_network_workspace *w, char *memory) {
  const rk_sizes s = w->s;
  const size_t LD = s.L * s.D, B = w->batch.B;
  const bool training = w->mode == RECUR_MODE_TRAINING;
  size_t used = rk_filled(sizeof *w, 1);
  rk_workspace_lay_out_batch(w, memory, &used);
  for (size_t k = 0; k < 2; k++) {
    w->h[k] = rk_take_matrix(memory, &used, LD * B, s.P);
    w->c_run[k] = rk_take_matrix(memory, &used, LD * B, s.cell_state ? s.H : 0);
  }
  w->x_block = rk_take_matrix(memory, &used, w->block * B, larger(s.I, s.D * s.P));
  if (s.P != s.H)
    w->unprojected = rk_take_matrix(memory, &used, B, s.H);
  rk_workspace_lay_out_zoneout(w, memory, &used);
  rk_workspace_lay_out_products(w, memory, &used);
  if (training)
    rk_workspace_lay_out_training(w, memory, &used);
  else
    rk_workspace_lay_out_inference(w, memory, &used);
  return used;
}

static int rk_workspace_check(const char *function, const recur_network *network, size_t T,
                              size_t B, recur_mode mode, size_t segment_length) {
  RK_TRY(rk_check_instruction_set(function));
  RK_TRY(rk_check_parameters(function, network, sizeof(rk_real)));
  RK_TRY(rk_check_size(function, "steps", T, 0));
  RK_TRY(rk_check_size(function, "batch_size", B, 0));
  RK_TRY(rk_check_size(function, "steps * batch_size", rk_times(T, B), 0));
  const size_t LDB = rk_times(rk_times(network->layers, network->directions), B);
  RK_TRY(rk_check_size(function, "layers * directions * batch_size", LDB, 0));
  if (mode != RECUR_MODE_INFERENCE && mode != RECUR_MODE_TRAINING)
    return rk_fail(GSL_EINVAL, function, "mode",
                   "is %d, expected RECUR_MODE_INFERENCE or RECUR_MODE_TRAINING", (int)mode);
  if (mode == RECUR_MODE_TRAINING)
    RK_TRY(rk_check_trainable(function, network));
  if (segment_length != 0 && mode == RECUR_MODE_INFERENCE)
    return rk_fail(GSL_EINVAL, function, "segment_length", "is %zu, expected 0 for inference",
                   segment_length);
  if (segment_length != 0 && network->directions == 2)
    return rk_fail(GSL_EUNIMPL, function, "segment_length",
                   "is %zu, but segments are not supported with two directions", segment_length);
  return GSL_SUCCESS;
}

static size_t rk_workspace_block_steps(const recur_network_workspace *w) {
  const size_t row = rk_times(w->s.K * sizeof(rk_real), w->gate_stride);
  return quotient_up(larger(BLOCK_BYTES / row, BLOCK_ROWS), larger(w->batch.B, 1));
}

/* All fields except the arrays. */
static recur_network_workspace rk_workspace_describe(const recur_network *network, size_t T,
                                                     size_t B, recur_mode mode,
                                                     size_t segment_length) {
  recur_network_workspace w = {.network = *network,
                               .s = rk_sizes_of(network),
                               .cell = rk_cell_of(&network->cell),
                               .mode = mode,
                               .batch = {.T = T, .B = B},
                               .own = rk_network_weights_describe(network)};
  w.gate_stride = w.own.gate_stride;
  w.segment_length = smaller(segment_length == 0 ? SIZE_MAX : segment_length, larger(T, 1));
  w.segments = larger(quotient_up(T, w.segment_length), 1);
  w.block = smaller(rk_workspace_block_steps(&w), w.segment_length);
  w.chunk = w.s.D == 1 ? w.block : w.segment_length;
  return w;
}

static int rk_workspace_measure(const char *function, recur_network_workspace *w, size_t *bytes) {
  return rk_check_bytes(function, "workspace", rk_workspace_lay_out(w, NULL), 1, bytes);
}

int rk_workspace_bytes(const char *function, const recur_network *network, size_t T, size_t B,
                       recur_mode mode, size_t segment_length, size_t *bytes) {
  RK_TRY(rk_workspace_check(function, network, T, B, mode, segment_length));
  recur_network_workspace w = rk_workspace_describe(network, T, B, mode, segment_length);
  return rk_workspace_measure(function, &w, bytes);
}

recur_network_workspace *rk_workspace_place(const recur_network *network, size_t T, size_t B,
                                            recur_mode mode, size_t segment_length, void *memory) {
  recur_network_workspace *w = memory;
  *w = rk_workspace_describe(network, T, B, mode, segment_length);
  rk_workspace_lay_out(w, memory);
  return w;
}

int recur_network_workspace_bytes(const recur_network *network, size_t steps, size_t batch_size,
                                  recur_mode mode, size_t segment_length, size_t *bytes) {
  size_t size;
  RK_REQUIRE(bytes);
  RK_TRY(rk_workspace_bytes(__func__, network, steps, batch_size, mode, segment_length, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

recur_network_workspace *recur_network_workspace_alloc(const recur_network *network, size_t steps,
                                                       size_t batch_size, recur_mode mode,
                                                       size_t segment_length) {
  size_t bytes;
  if (rk_workspace_bytes(__func__, network, steps, batch_size, mode, segment_length, &bytes) !=
      GSL_SUCCESS)
    return NULL;
  void *memory = rk_allocate(__func__, "workspace", bytes);
  return memory == NULL
             ? NULL
             : rk_workspace_place(network, steps, batch_size, mode, segment_length, memory);
}

void recur_network_workspace_free(recur_network_workspace *w) {
  if (w != NULL)
    rk_team_release(w->threads);
  free(w);
}

int recur_network_workspace_set_threads(recur_network_workspace *w, recur_threads *threads) {
  RK_REQUIRE(w);
  rk_team_hold(threads);
  rk_team_release(w->threads);
  w->threads = threads;
  return GSL_SUCCESS;
}

/* Parts */

gsl_matrix rk_workspace_kept(const recur_network_workspace *w, const gsl_matrix *all, size_t ld,
                             size_t first, size_t t0, size_t t1) {
  const size_t *offset = w->batch.offset, before = ld * w->segment_length * w->batch.B;
  return rk_matrix_rows(all, before + offset[t0] - offset[first], offset[t1] - offset[t0]);
}

rk_sequence rk_workspace_outputs(const recur_network_workspace *w, size_t layer, size_t first) {
  const size_t rows = w->outputs.size1 / w->kept_layers;
  const size_t slot = w->mode == RECUR_MODE_TRAINING ? layer : layer % 2;
  return (rk_sequence){.m = rk_matrix_rows(&w->outputs, slot * rows, rows), .first = first};
}

rk_sequence rk_workspace_doutputs(const recur_network_workspace *w, size_t layer, size_t first) {
  const size_t rows = w->chunk * w->batch.B;
  return (rk_sequence){.m = rk_matrix_rows(&w->doutputs, layer % 2 * rows, rows), .first = first};
}

/* The reverse direction counts T steps for every sequence, including the steps past its end. */
void rk_workspace_settle(recur_network_workspace *w, size_t t) {
  const size_t B = w->batch.B;
  for (size_t row = 0; row < w->h[0].size1; row++) {
    const size_t length = row / B % w->s.D == 0 ? w->batch.length[row % B] : w->batch.T;
    if ((t < length ? t : length) % 2 == 0)
      continue;
    gsl_matrix *const pairs[] = {w->h, w->c_run};
    for (size_t k = 0; k < 2; k++) {
      const gsl_matrix from = rk_matrix_rows(&pairs[k][1], row, 1);
      gsl_matrix to = rk_matrix_rows(&pairs[k][0], row, 1);
      rk_matrix_copy(&from, &to);
    }
  }
}

gsl_matrix rk_workspace_start(const recur_network_workspace *w, const gsl_matrix *all,
                              size_t segment) {
  const size_t rows = w->h[0].size1;
  return rk_matrix_rows(all, segment * rows, rows);
}
