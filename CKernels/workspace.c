/* The workspace of a network: see recur/network.h for what it holds.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "workspace.h"

#include <stdlib.h>

#ifndef RECUR_FLOAT
enum { BLOCK_ROWS = 16 };

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

static size_t quotient_up(size_t a, size_t b) {
  return a / b + (a % b != 0);
}

/* Room for an array behind what is there; only measured where there is no memory yet. */
static void *take(char *memory, size_t *used, size_t count, size_t element) {
  void *array = memory == NULL ? NULL : memory + *used;
  *used = rk_plus(*used, rk_times(count, element));
  return array;
}
#endif

static MATRIX KERNEL(workspace, take)(char *memory, size_t *used, size_t rows, size_t columns) {
  REAL *data = take(memory, used, rk_times(rows, columns), sizeof(REAL));
  return KERNEL(matrix, of)(data, rows, columns);
}

static void KERNEL(workspace, lay_out_batch)(WORKSPACE *w, char *memory, size_t *used) {
  const size_t T = w->batch.T, B = w->batch.B;
  size_t *numbers = take(memory, used, rk_batch_numbers(T, B), sizeof(size_t));
  if (numbers == NULL)
    return;
  w->batch.order = numbers;
  w->batch.count = numbers + B;
  w->batch.offset = numbers + B + T;
}

static void KERNEL(workspace, lay_out_training)(WORKSPACE *w, char *memory, size_t *used) {
  const rk_shape s = w->s;
  const size_t LD = s.L * s.D, B = w->batch.B, kept = rk_times(LD, rk_times(w->segment, B));
  const size_t between = s.L - 1, c_columns = s.cell_state ? s.H : 0;
  const size_t starts = rk_times(w->segments, rk_times(LD, B)), rows = w->block * B;
  w->gates = KERNEL(workspace, take)(memory, used, kept, s.K * s.H);
  w->c = KERNEL(workspace, take)(memory, used, kept, c_columns);
  if (w->network.cell_zoneout != 0)
    w->c_new = KERNEL(workspace, take)(memory, used, kept, c_columns);
  w->kept_layers = between;
  w->outputs =
      KERNEL(workspace, take)(memory, used, rk_times(between, rk_times(w->segment, B)), s.D * s.P);
  w->doutputs = KERNEL(workspace, take)(
      memory, used, rk_times(smaller(between, 2), rk_times(w->chunk, B)), s.D * s.P);
  w->h_start = KERNEL(workspace, take)(memory, used, starts, s.P);
  w->c_start = KERNEL(workspace, take)(memory, used, starts, c_columns);
  w->dh = KERNEL(workspace, take)(memory, used, LD * B, s.P);
  w->dc = KERNEL(workspace, take)(memory, used, LD * B, c_columns);
  w->h_prev = KERNEL(workspace, take)(memory, used, rows, s.P);
  w->c_prev = KERNEL(workspace, take)(memory, used, rows, c_columns);
  if (w->network.recurrent_dropout == 0)
    return;
  w->masks = KERNEL(workspace, take)(memory, used, LD * B, s.P);
  w->h_in = KERNEL(workspace, take)(memory, used, rows, s.P);
}

static void KERNEL(workspace, lay_out_inference)(WORKSPACE *w, char *memory, size_t *used) {
  const rk_shape s = w->s;
  const size_t B = w->batch.B;
  w->kept_layers = smaller(s.L - 1, 2);
  w->gates = KERNEL(workspace, take)(memory, used, w->block * B, s.K * s.H);
  w->outputs = KERNEL(workspace, take)(memory, used,
                                       rk_times(w->kept_layers, rk_times(w->chunk, B)), s.D * s.P);
}

static void KERNEL(workspace, lay_out_zoneout)(WORKSPACE *w, char *memory, size_t *used) {
  const double chances[] = {w->network.zoneout, w->network.cell_zoneout};
  const rk_mask_purpose purposes[] = {RK_ZONEOUT, RK_CELL_ZONEOUT};
  const size_t columns[] = {w->s.P, w->s.H};
  for (size_t k = 0; k < 2; k++) {
    w->zoneout[k].chance = chances[k];
    w->zoneout[k].purpose = purposes[k];
    w->zoneout[k].past =
        KERNEL(workspace, take)(memory, used, w->batch.B, chances[k] == 0 ? 0 : columns[k]);
  }
}

static void KERNEL(workspace, lay_out_products)(WORKSPACE *w, char *memory, size_t *used) {
  const size_t rows = w->pass == RECUR_TRAINING ? w->block * w->batch.B : w->batch.B;
  if (w->network.cell.layer_norm)
    w->products = KERNEL(workspace, take)(memory, used, rows, w->s.G * w->s.H);
}

/* How the memory behind the struct is used, and how many bytes of it; SIZE_MAX if too many. */
static size_t KERNEL(workspace, lay_out)(WORKSPACE *w, char *memory) {
  const rk_shape s = w->s;
  const size_t LD = s.L * s.D, B = w->batch.B;
  const bool training = w->pass == RECUR_TRAINING;
  size_t used = 0;
  KERNEL(workspace, lay_out_batch)(w, memory, &used);
  w->p = take(memory, &used, LD, sizeof *w->p);
  w->dp = take(memory, &used, training ? LD : 0, sizeof *w->dp);
  w->bias = KERNEL(workspace, take)(memory, &used, LD, s.K * s.H);
  w->h = KERNEL(workspace, take)(memory, &used, LD * B, s.P);
  w->c_run = KERNEL(workspace, take)(memory, &used, LD * B, s.cell_state ? s.H : 0);
  w->x_block = KERNEL(workspace, take)(memory, &used, w->block * B, larger(s.I, s.D * s.P));
  w->unprojected = KERNEL(workspace, take)(memory, &used, B, s.H);
  for (size_t k = 0; k < 4; k++)
    w->rows[k] = take(memory, &used, s.H, sizeof(REAL));
  KERNEL(workspace, lay_out_zoneout)(w, memory, &used);
  KERNEL(workspace, lay_out_products)(w, memory, &used);
  if (training)
    KERNEL(workspace, lay_out_training)(w, memory, &used);
  else
    KERNEL(workspace, lay_out_inference)(w, memory, &used);
  return used;
}

static int KERNEL(workspace, check)(const char *function, const recur_network *network, size_t T,
                                    size_t B, recur_pass pass, size_t segment) {
  RK_TRY(rk_check_parameters(function, network, sizeof(REAL)));
  RK_TRY(rk_check_size(function, "steps", T, 0));
  RK_TRY(rk_check_size(function, "batch_size", B, 0));
  RK_TRY(rk_check_size(function, "steps * batch_size", rk_times(T, B), 0));
  const size_t LDB = rk_times(rk_times(network->layers, network->directions), B);
  RK_TRY(rk_check_size(function, "layers * directions * batch_size", LDB, 0));
  if (pass != RECUR_INFERENCE && pass != RECUR_TRAINING)
    return rk_fail(GSL_EINVAL, function, "pass",
                   "is %d, expected RECUR_INFERENCE or RECUR_TRAINING", (int)pass);
  if (pass == RECUR_TRAINING)
    RK_TRY(rk_check_trainable(function, network));
  if (segment != 0 && pass == RECUR_INFERENCE)
    return rk_fail(GSL_EINVAL, function, "segment", "is %zu, and inference keeps no steps",
                   segment);
  if (segment != 0 && network->directions == 2)
    return rk_fail(GSL_EUNIMPL, function, "segment",
                   "is %zu: with two directions there is none, for each needs all of the other's "
                   "layer below",
                   segment);
  return GSL_SUCCESS;
}

/* All but the memory behind it. */
static WORKSPACE KERNEL(workspace, describe)(const recur_network *network, size_t T, size_t B,
                                             recur_pass pass, size_t segment) {
  WORKSPACE w = {.network = *network,
                 .s = rk_shape_of(network),
                 .cell = KERNEL(cell, of)(network->cell.kind),
                 .pass = pass,
                 .batch = {.T = T, .B = B}};
  w.block = B == 0 ? 1 : quotient_up(BLOCK_ROWS, B);
  w.segment = segment == 0 ? larger(T, 1) : rk_times(quotient_up(segment, w.block), w.block);
  w.segment = smaller(w.segment, larger(T, 1));
  w.segments = larger(quotient_up(T, w.segment), 1);
  w.block = smaller(w.block, larger(T, 1));
  w.chunk = w.s.D == 1 ? w.block : w.segment;
  return w;
}

static int KERNEL(workspace, measure)(const char *function, WORKSPACE *w, size_t *bytes) {
  size_t behind = KERNEL(workspace, lay_out)(w, NULL);
  return rk_check_bytes(function, "workspace", rk_plus(behind, sizeof *w), 1, bytes);
}

int RECUR(network, workspace_size)(const recur_network *network, size_t steps, size_t batch_size,
                                   recur_pass pass, size_t segment, size_t *bytes) {
  size_t size;
  RK_REQUIRE(bytes);
  RK_TRY(KERNEL(workspace, check)(__func__, network, steps, batch_size, pass, segment));
  WORKSPACE w = KERNEL(workspace, describe)(network, steps, batch_size, pass, segment);
  RK_TRY(KERNEL(workspace, measure)(__func__, &w, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

WORKSPACE *RECUR(network, alloc)(const recur_network *network, size_t steps, size_t batch_size,
                                 recur_pass pass, size_t segment) {
  size_t bytes;
  if (KERNEL(workspace, check)(__func__, network, steps, batch_size, pass, segment) != GSL_SUCCESS)
    return NULL;
  WORKSPACE described = KERNEL(workspace, describe)(network, steps, batch_size, pass, segment);
  if (KERNEL(workspace, measure)(__func__, &described, &bytes) != GSL_SUCCESS)
    return NULL;
  WORKSPACE *w = malloc(bytes);
  if (w == NULL) {
    rk_fail(GSL_ENOMEM, __func__, "workspace", "of %zu bytes cannot be allocated", bytes);
    return NULL;
  }
  *w = described;
  KERNEL(workspace, lay_out)(w, (char *)(w + 1));
  return w;
}

void RECUR(network, free)(WORKSPACE *w) {
  free(w);
}

/* Parts of it */

MATRIX KERNEL(workspace, kept)(const WORKSPACE *w, const MATRIX *all, size_t ld, size_t first,
                               size_t t0, size_t t1) {
  const size_t *offset = w->batch.offset, before = ld * w->segment * w->batch.B;
  return KERNEL(matrix, rows)(all, before + offset[t0] - offset[first], offset[t1] - offset[t0]);
}

KERNEL(sequence, view)
KERNEL(workspace, outputs)(const WORKSPACE *w, size_t layer, size_t first) {
  const size_t rows = w->kept_layers == 0 ? 0 : w->outputs.size1 / w->kept_layers;
  const size_t slot = w->pass == RECUR_TRAINING ? layer : layer % 2;
  return (KERNEL(sequence, view)){.m = KERNEL(matrix, rows)(&w->outputs, slot * rows, rows),
                                  .first = first};
}

KERNEL(sequence, view)
KERNEL(workspace, doutputs)(const WORKSPACE *w, size_t layer, size_t first) {
  const size_t rows = w->chunk * w->batch.B;
  return (KERNEL(sequence, view)){.m = KERNEL(matrix, rows)(&w->doutputs, layer % 2 * rows, rows),
                                  .first = first};
}

MATRIX KERNEL(workspace, start)(const WORKSPACE *w, const MATRIX *all, size_t segment) {
  const size_t rows = w->h.size1;
  return KERNEL(matrix, rows)(all, segment * rows, rows);
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "workspace.c"
#endif
