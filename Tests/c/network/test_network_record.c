/* recur/network.h: what can be read of a training pass.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/network_problem.h"

#include <recur/error.h>

/* Gates, cell states and outputs of every layer and direction, after forward. */
static void NAME(check_forward_record)(const NAME(problem) * q) {
  const size_t TB = q->T * q->B, GH = q->G * q->H, width = q->D * q->P;
  oracle o = NAME(oracle_of)(q);
  oracle_forward(&o);
  for (size_t ld = 0; ld < q->L * q->D; ld++) {
    MATRIX *gates = NAME(new_padded)(TB, GH), *c = NAME(new_padded)(TB, q->H);
    CHECK(RECUR(network, gates)(q->w, ld / q->D, ld % q->D, gates) == GSL_SUCCESS);
    CHECK(NAME(holds)(q, gates, o.gates + ld * TB * GH, o.magnitude));
    if (q->cell_state) {
      CHECK(RECUR(network, cell_states)(q->w, ld / q->D, ld % q->D, c) == GSL_SUCCESS);
      CHECK(NAME(holds)(q, c, o.cells + ld * TB * q->H, o.magnitude));
    }
  }
  for (size_t layer = 0; layer + 1 < q->L; layer++) {
    MATRIX *y = NAME(new_padded)(TB, width);
    CHECK(RECUR(network, layer_outputs)(q->w, layer, y) == GSL_SUCCESS);
    CHECK(NAME(holds)(q, y, o.outputs + layer * TB * width, o.magnitude));
  }
}

/* The gradients of the gates' inputs: dx is theirs times W_ih, db_ih their sum. */
static void NAME(check_backward_record)(const NAME(problem) * q) {
  const size_t TB = q->T * q->B, GH = q->G * q->H;
  wide *dx = wide_new(TB * q->I), magnitude = NAME(largest)(q);
  oracle o = NAME(oracle_of)(q);
  for (size_t ld = 0; ld < q->L * q->D; ld++) {
    const oracle_cell cell = oracle_cell_of(&o, ld);
    MATRIX *da = NAME(new_padded)(TB, GH);
    CHECK(RECUR(network, gates)(q->w, ld / q->D, ld % q->D, da) == GSL_SUCCESS);
    wide *db = wide_new(GH);
    for (size_t row = 0; row < TB; row++)
      for (size_t k = 0; k < GH; k++) {
        db[k] += AT(da, row, k);
        for (size_t i = 0; ld < q->D && i < q->I; i++)
          dx[row * q->I + i] += AT(da, row, k) * creall(cell.W[k * q->I + i]);
      }
    if (cell.b_ih == NULL)
      continue;
    const REAL *bias = q->gradients.data + (cell.b_ih - o.theta);
    const MATRIX of_bias = {.size1 = GH, .size2 = 1, .tda = 1, .data = (REAL *)bias};
    CHECK(NAME(grew_by)(&of_bias, 1, db, TB * NAME(operations)(q), magnitude));
  }
  /* With layer normalisation, that stands between. */
  if (!q->network.cell.layer_norm)
    CHECK(NAME(is)(q->dx, dx, NAME(operations)(q), magnitude));
}

static void NAME(test_record)(const recur_network *network, size_t T, size_t B, bool ragged) {
  NAME(problem) q;
  NAME(new_problem)(&q, network, T, B, 0);
  q.batch.lengths = ragged ? new_lengths(T, B) : NULL;
  q.batch.seed = check_random_bits();
  NAME(note)(&q, "record");
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(check_forward_record)(&q);
  NAME(remember)();
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  NAME(check_backward_record)(&q);
  NAME(end_problem)(&q);
}

/* A call that was refused with GSL_EINVAL. */
static void NAME(check_refused)(int status, const char *function, const char *name) {
  check_note("%s refuses %s", function, name);
  const recur_error *e = recur_last_error();
  CHECK(status == GSL_EINVAL && e->status == GSL_EINVAL);
  CHECK(strcmp(e->function, function) == 0 && strcmp(e->argument, name) == 0);
  CHECK(NAME(nothing_touched)());
}

static void NAME(refuse_all)(const NAME(problem) * q, size_t layer, size_t direction,
                             const char *name) {
  const size_t TB = q->T * q->B;
  MATRIX *gates = NAME(new_padded)(TB, q->G * q->H), *c = NAME(new_padded)(TB, q->H),
         *y = NAME(new_padded)(TB, q->D * q->P);
  NAME(remember)();
  NAME(check_refused)
  (RECUR(network, gates)(q->w, layer, direction, gates), TEXT(RECUR(network, gates)), name);
  NAME(check_refused)
  (RECUR(network, cell_states)(q->w, layer, direction, c), TEXT(RECUR(network, cell_states)), name);
  if (direction == 0)
    NAME(check_refused)
  (RECUR(network, layer_outputs)(q->w, layer, y), TEXT(RECUR(network, layer_outputs)), name);
}

/* Where there is nothing to read: before a pass, in inference, with segments of less than T; and
   nowhere. */
static void NAME(test_nothing_to_read)(void) {
  recur_network network = recur_lstm(2, 3);
  network.layers = 2;
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 32, 3, 0);
  NAME(refuse_all)(&q, 0, 0, "w");
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(refuse_all)(&q, 2, 0, "layer");
  NAME(refuse_all)(&q, SIZE_MAX, 0, "layer");
  NAME(refuse_all)(&q, 0, 1, "direction");
  MATRIX *y = NAME(new_padded)(q.T * q.B, q.P);
  NAME(remember)();
  NAME(check_refused)
  (RECUR(network, layer_outputs)(q.w, 1, y), TEXT(RECUR(network, layer_outputs)), "layer");
  CHECK(strstr(recur_last_error()->message, "layer is 1, the last, whose outputs are y") != NULL);
  RECUR(network, workspace_free)(q.w);
  const size_t segments[] = {6, q.T - 1, q.T, SIZE_MAX};
  for (size_t k = 0; k < COUNT(segments); k++) {
    q.segment = segments[k];
    NAME(allocate)(&q);
    CHECK(NAME(forward)(&q) == GSL_SUCCESS);
    if (q.segment < q.T)
      NAME(refuse_all)(&q, 0, 0, "w");
    else
      CHECK(RECUR(network, layer_outputs)(q.w, 0, y) == GSL_SUCCESS);
    RECUR(network, workspace_free)(q.w);
  }
  q.segment = 0;
  q.pass = RECUR_MODE_INFERENCE;
  NAME(allocate)(&q);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(refuse_all)(&q, 0, 0, "w");
  NAME(end_problem)(&q);
}

static void NAME(test_no_cell_state)(void) {
  const recur_network networks[] = {recur_rnn(2, 3), recur_residual(2, 3), recur_gru(2, 3)};
  for (size_t k = 0; k < COUNT(networks); k++) {
    NAME(problem) q;
    NAME(new_problem)(&q, &networks[k], 2, 2, 0);
    MATRIX *c = NAME(new_padded)(4, 3);
    CHECK(NAME(forward)(&q) == GSL_SUCCESS);
    NAME(remember)();
    NAME(check_refused)
    (RECUR(network, cell_states)(q.w, 0, 0, c), TEXT(RECUR(network, cell_states)), "w");
    NAME(end_problem)(&q);
  }
}

static void NAME(run)(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      const recur_network network = with_random_options(network_case(k, 3, 4, 3, D), -1);
      NAME(test_record)(&network, 4, 3, false);
      NAME(test_record)(&network, 9, 4, true);
      NAME(test_record)(&network, 2, 0, false);
      NAME(test_record)(&network, 0, 2, false);
    }
  NAME(test_nothing_to_read)();
  NAME(test_no_cell_state)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network_record.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
