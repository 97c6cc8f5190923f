/* recur/network.h: the record of a training pass.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/problem_oracle.h"
#include "support/refusal.h"

/* The gates, cell states and outputs of every layer and direction, after the forward pass. */
static void check_forward_record(const problem *q) {
  const size_t TB = q->T * q->B, GH = q->G * q->H, width = q->D * q->P;
  oracle o = oracle_of(q);
  oracle_forward(&o);
  for (size_t ld = 0; ld < q->L * q->D; ld++) {
    gsl_matrix *gates = new_padded(TB, GH), *c = new_padded(TB, q->H);
    CHECK(recur_network_gates(q->w, ld / q->D, ld % q->D, gates) == GSL_SUCCESS);
    CHECK(holds(q, gates, o.gates + ld * TB * GH, o.magnitude));
    if (q->cell_state) {
      CHECK(recur_network_cell_states(q->w, ld / q->D, ld % q->D, c) == GSL_SUCCESS);
      CHECK(holds(q, c, o.cells + ld * TB * q->H, o.magnitude));
    }
  }
  for (size_t layer = 0; layer + 1 < q->L; layer++) {
    gsl_matrix *y = new_padded(TB, width);
    CHECK(recur_network_layer_outputs(q->w, layer, y) == GSL_SUCCESS);
    CHECK(holds(q, y, o.outputs + layer * TB * width, o.magnitude));
  }
}

/* The gradients of the gates' inputs: dx is their product with W_ih, db_ih is their sum. */
static void check_backward_record(const problem *q) {
  const size_t TB = q->T * q->B, GH = q->G * q->H;
  wide *dx = wide_new(TB * q->I), magnitude = magnitude_of(q);
  oracle o = oracle_of(q);
  for (size_t ld = 0; ld < q->L * q->D; ld++) {
    const oracle_cell cell = oracle_cell_of(&o, ld);
    gsl_matrix *da = new_padded(TB, GH);
    CHECK(recur_network_gate_gradients(q->w, ld / q->D, ld % q->D, da) == GSL_SUCCESS);
    wide *db = wide_new(GH);
    for (size_t row = 0; row < TB; row++)
      for (size_t k = 0; k < GH; k++) {
        db[k] += AT(da, row, k);
        for (size_t i = 0; ld < q->D && i < q->I; i++)
          dx[row * q->I + i] += AT(da, row, k) * creall(cell.W[k * q->I + i]);
      }
    if (cell.b_ih == NULL)
      continue;
    const rk_real *bias = q->gradients.data + (cell.b_ih - o.theta);
    const gsl_matrix of_bias = {.size1 = GH, .size2 = 1, .tda = 1, .data = (rk_real *)bias};
    CHECK(grew_by(&of_bias, 1, db, TB * operations(q), magnitude));
  }
  /* Layer normalization is between the gates' inputs and the product. */
  if (!q->network.cell.layer_normalization)
    CHECK(is_near(q->dx, dx, operations(q), magnitude));
}

static void test_record(const recur_network *network, size_t T, size_t B, bool ragged) {
  problem q;
  new_problem(&q, network, T, B, 0);
  q.batch.lengths = ragged ? new_lengths(T, B) : NULL;
  q.batch.seed = check_random_bits();
  note(&q, "record");
  CHECK(forward(&q) == GSL_SUCCESS);
  check_forward_record(&q);
  remember();
  CHECK(backward(&q) == GSL_SUCCESS);
  check_backward_record(&q);
  end_problem(&q);
}

static void refuse_all(const problem *q, size_t layer, size_t direction, const char *name) {
  const size_t TB = q->T * q->B;
  gsl_matrix *gates = new_padded(TB, q->G * q->H), *c = new_padded(TB, q->H),
             *y = new_padded(TB, q->D * q->P);
  remember();
  check_refusal(recur_network_gates(q->w, layer, direction, gates), GSL_EINVAL,
                TEXT(recur_network_gates), name);
  check_refusal(recur_network_gate_gradients(q->w, layer, direction, gates), GSL_EINVAL,
                TEXT(recur_network_gate_gradients), name);
  check_refusal(recur_network_cell_states(q->w, layer, direction, c), GSL_EINVAL,
                TEXT(recur_network_cell_states), name);
  if (direction == 0)
    check_refusal(recur_network_layer_outputs(q->w, layer, y), GSL_EINVAL,
                  TEXT(recur_network_layer_outputs), name);
}

/* Nothing to read: before a pass, in inference, with segments shorter than T, and for layers and
   directions that do not exist. */
static void test_nothing_to_read(void) {
  recur_network network = recur_lstm(2, 3);
  network.layers = 2;
  problem q;
  new_problem(&q, &network, 32, 3, 0);
  refuse_all(&q, 0, 0, "w");
  CHECK(forward(&q) == GSL_SUCCESS);
  refuse_all(&q, 2, 0, "layer");
  refuse_all(&q, SIZE_MAX, 0, "layer");
  refuse_all(&q, 0, 1, "direction");
  gsl_matrix *y = new_padded(q.T * q.B, q.P);
  remember();
  check_refusal(recur_network_layer_outputs(q.w, 1, y), GSL_EINVAL,
                TEXT(recur_network_layer_outputs), "layer");
  CHECK(strstr(recur_last_error()->message, "layer is 1, the last layer, whose outputs are y") !=
        NULL);
  recur_network_workspace_free(q.w);
  const size_t segments[] = {6, q.T - 1, q.T, SIZE_MAX};
  for (size_t k = 0; k < COUNT(segments); k++) {
    q.segment = segments[k];
    allocate(&q);
    CHECK(forward(&q) == GSL_SUCCESS);
    if (q.segment < q.T)
      refuse_all(&q, 0, 0, "w");
    else
      CHECK(recur_network_layer_outputs(q.w, 0, y) == GSL_SUCCESS);
    recur_network_workspace_free(q.w);
  }
  q.segment = 0;
  q.mode = RECUR_MODE_INFERENCE;
  allocate(&q);
  CHECK(forward(&q) == GSL_SUCCESS);
  refuse_all(&q, 0, 0, "w");
  end_problem(&q);
}

/* Backward overwrites the gates with their gradients. */
static void test_gates_or_their_gradients(void) {
  const recur_network network = recur_gru(2, 3);
  problem q;
  new_problem(&q, &network, 4, 2, 0);
  gsl_matrix *gates = new_padded(q.T * q.B, q.G * q.H);
  CHECK(forward(&q) == GSL_SUCCESS);
  remember();
  check_refusal(recur_network_gate_gradients(q.w, 0, 0, gates), GSL_EINVAL,
                TEXT(recur_network_gate_gradients), "w");
  CHECK(backward(&q) == GSL_SUCCESS);
  remember();
  check_refusal(recur_network_gates(q.w, 0, 0, gates), GSL_EINVAL, TEXT(recur_network_gates), "w");
  end_problem(&q);
}

static void test_no_cell_state(void) {
  const recur_network networks[] = {recur_rnn(2, 3), recur_residual(2, 3), recur_gru(2, 3)};
  for (size_t k = 0; k < COUNT(networks); k++) {
    problem q;
    new_problem(&q, &networks[k], 2, 2, 0);
    gsl_matrix *c = new_padded(4, 3);
    CHECK(forward(&q) == GSL_SUCCESS);
    remember();
    check_refusal(recur_network_cell_states(q.w, 0, 0, c), GSL_EINVAL,
                  TEXT(recur_network_cell_states), "w");
    end_problem(&q);
  }
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      const recur_network network = with_random_options(network_case(k, 3, 4, 3, D), -1);
      test_record(&network, 4, 3, false);
      test_record(&network, 9, 4, true);
      test_record(&network, 2, 0, false);
      test_record(&network, 0, 2, false);
    }
  test_nothing_to_read();
  test_gates_or_their_gradients();
  test_no_cell_state();
  return check_end();
}
