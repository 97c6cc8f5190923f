/* The options of a network: every function that takes a description refuses values out of range and
   options that the cell does not support.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/refusal.h"

#include <limits.h>
#include <recur/environment.h>
#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/residual.h>
#include <recur/rnn.h>

enum { RNN = 1, RESIDUAL = 2, GRU = 4, LSTM = 8, GATED = GRU | LSTM, ALL = GATED | RNN | RESIDUAL };

/* A change to a network, and the cells that refuse it. */
typedef struct {
  int cells;
  const char *argument;
  void (*change)(recur_network *network);
} changed_option;

#define CHANGE(name, statement)                                                                    \
  static void name(recur_network *n) {                                                             \
    n->statement;                                                                                  \
  }
CHANGE(no_input, input_size = 0)
CHANGE(no_units, hidden_size = 0)
CHANGE(no_layers, layers = 0)
CHANGE(no_directions, directions = 0)
CHANGE(three_directions, directions = 3)
CHANGE(no_kind, cell.kind = RECUR_CELL_KINDS)
CHANGE(negative_kind, cell.kind = (recur_cell_kind)-1)
CHANGE(g_set, cell.g.kind = RECUR_ACTIVATION_RELU)
CHANGE(g_alpha, cell.g.alpha = 1)
CHANGE(h_set, cell.h.kind = RECUR_ACTIVATION_SIGMOID)
CHANGE(h_beta, cell.h.beta = 1)
CHANGE(reset_before, cell.reset = RECUR_RESET_BEFORE)
CHANGE(no_reset, cell.reset = (recur_reset)2)
CHANGE(peepholes, cell.peepholes = true)
CHANGE(coupled_gates, cell.coupled_gates = true)
CHANGE(projected, cell.projection_size = 1)
CHANGE(cell_clamp, cell.cell_clamp = 1)
CHANGE(layer_normalization, cell.layer_normalization = true)
CHANGE(projection_of_H, cell.projection_size = n->hidden_size)
CHANGE(projection_above_H, cell.projection_size = SIZE_MAX)
CHANGE(clamp_negative, cell.gate_clamp = -1)
CHANGE(clamp_nan, cell.gate_clamp = NAN)
CHANGE(clamp_infinite, cell.gate_clamp = INFINITY)
CHANGE(clamp_tiny, cell.gate_clamp = 1e-38)
CHANGE(cell_clamp_negative, cell.cell_clamp = -0.1)
CHANGE(cell_clamp_nan, cell.cell_clamp = NAN)
CHANGE(cell_clamp_infinite, cell.cell_clamp = INFINITY)
CHANGE(cell_clamp_tiny, cell.cell_clamp = 1e-38)
CHANGE(no_function, cell.f.kind = RECUR_ACTIVATION_KINDS)
CHANGE(alpha_tiny, cell.f = ((recur_activation){RECUR_ACTIVATION_ELU, 1e-320, 0}))
CHANGE(beta_tiny, cell.f = ((recur_activation){RECUR_ACTIVATION_HARD_TANH, 0, 1e-38}))
CHANGE(alpha_unused, cell.f.alpha = 0.5)
CHANGE(beta_unused, cell.f = ((recur_activation){RECUR_ACTIVATION_LEAKY_RELU, 0.1, 0.1}))
CHANGE(alpha_nan, cell.f = ((recur_activation){RECUR_ACTIVATION_ELU, NAN, 0}))
CHANGE(beta_infinite, cell.f = ((recur_activation){RECUR_ACTIVATION_AFFINE, 1, INFINITY}))
CHANGE(limits_reversed, cell.f = ((recur_activation){RECUR_ACTIVATION_HARD_TANH, 1, -1}))
CHANGE(limits_equal, cell.f = ((recur_activation){RECUR_ACTIVATION_HARD_TANH, 1, 1}))
CHANGE(g_alpha_unused, cell.g = ((recur_activation){RECUR_ACTIVATION_SOFTSIGN, 1, 0}))
CHANGE(h_no_function, cell.h.kind = (recur_activation_kind)-1)
CHANGE(dropout_negative, dropout = -0.1)
CHANGE(dropout_of_all, dropout = 1)
CHANGE(dropout_nan, dropout = NAN)
CHANGE(dropout_tiny, dropout = 1e-320)
CHANGE(dropout_of_one_layer, dropout = 0.5)
CHANGE(recurrent_dropout, recurrent_dropout = 0.5)
CHANGE(recurrent_dropout_negative, recurrent_dropout = -0.1)
CHANGE(recurrent_dropout_of_all, recurrent_dropout = 1)
CHANGE(recurrent_dropout_nan, recurrent_dropout = NAN)
CHANGE(recurrent_dropout_tiny, recurrent_dropout = 1e-320)
CHANGE(zoneout, zoneout = 0.5)
CHANGE(zoneout_negative, zoneout = -0.1)
CHANGE(zoneout_of_all, zoneout = 1)
CHANGE(zoneout_nan, zoneout = NAN)
CHANGE(zoneout_tiny, zoneout = 1e-320)
CHANGE(cell_zoneout, cell_zoneout = 0.5)
CHANGE(cell_zoneout_negative, cell_zoneout = -0.1)
CHANGE(cell_zoneout_of_all, cell_zoneout = 1)
CHANGE(cell_zoneout_nan, cell_zoneout = NAN)
CHANGE(cell_zoneout_tiny, cell_zoneout = 1e-320)

static const changed_option wrong_options[] = {
    {ALL, "network->input_size", no_input},
    {ALL, "network->hidden_size", no_units},
    {ALL, "network->layers", no_layers},
    {ALL, "network->directions", no_directions},
    {ALL, "network->directions", three_directions},
    {ALL, "network->cell.kind", no_kind},
    {ALL, "network->cell.kind", negative_kind},
    {RNN | RESIDUAL, "network->cell.g", g_set},
    {RNN | RESIDUAL, "network->cell.g", g_alpha},
    {RNN | RESIDUAL | GRU, "network->cell.h", h_set},
    {RNN | RESIDUAL | GRU, "network->cell.h", h_beta},
    {RNN | RESIDUAL | LSTM, "network->cell.reset", reset_before},
    {ALL, "network->cell.reset", no_reset},
    {RNN | RESIDUAL | GRU, "network->cell.peepholes", peepholes},
    {RNN | RESIDUAL | GRU, "network->cell.coupled_gates", coupled_gates},
    {RNN | RESIDUAL | GRU, "network->cell.projection_size", projected},
    {RNN | RESIDUAL | GRU, "network->cell.cell_clamp", cell_clamp},
    {RNN | RESIDUAL, "network->cell.layer_normalization", layer_normalization},
    {ALL, "network->cell.projection_size", projection_of_H},
    {ALL, "network->cell.projection_size", projection_above_H},
    {ALL, "network->cell.gate_clamp", clamp_negative},
    {ALL, "network->cell.gate_clamp", clamp_nan},
    {ALL, "network->cell.gate_clamp", clamp_tiny},
    {ALL, "network->cell.gate_clamp", clamp_infinite},
    {ALL, "network->cell.cell_clamp", cell_clamp_negative},
    {ALL, "network->cell.cell_clamp", cell_clamp_nan},
    {ALL, "network->cell.cell_clamp", cell_clamp_tiny},
    {ALL, "network->cell.cell_clamp", cell_clamp_infinite},
    {ALL, "network->cell.f", no_function},
    {ALL, "network->cell.f", alpha_tiny},
    {ALL, "network->cell.f", beta_tiny},
    {ALL, "network->cell.f", alpha_unused},
    {ALL, "network->cell.f", beta_unused},
    {ALL, "network->cell.f", alpha_nan},
    {ALL, "network->cell.f", beta_infinite},
    {ALL, "network->cell.f", limits_reversed},
    {ALL, "network->cell.f", limits_equal},
    {GATED, "network->cell.g", g_alpha_unused},
    {LSTM, "network->cell.h", h_no_function},
    {ALL, "network->dropout", dropout_negative},
    {ALL, "network->dropout", dropout_of_all},
    {ALL, "network->dropout", dropout_nan},
    {ALL, "network->dropout", dropout_tiny},
    {ALL, "network->dropout", dropout_of_one_layer},
    {ALL, "network->recurrent_dropout", recurrent_dropout_negative},
    {ALL, "network->recurrent_dropout", recurrent_dropout_of_all},
    {ALL, "network->recurrent_dropout", recurrent_dropout_nan},
    {ALL, "network->recurrent_dropout", recurrent_dropout_tiny},
    {ALL, "network->zoneout", zoneout_negative},
    {ALL, "network->zoneout", zoneout_of_all},
    {ALL, "network->zoneout", zoneout_nan},
    {ALL, "network->zoneout", zoneout_tiny},
    {RNN | RESIDUAL | GRU, "network->cell_zoneout", cell_zoneout},
    {ALL, "network->cell_zoneout", cell_zoneout_negative},
    {ALL, "network->cell_zoneout", cell_zoneout_of_all},
    {ALL, "network->cell_zoneout", cell_zoneout_nan},
    {ALL, "network->cell_zoneout", cell_zoneout_tiny},
};

/* A change to a network, and the cells that accept it; all others refuse it. */
static const changed_option right_options[] = {
    {GATED, "g", g_set},
    {LSTM, "h", h_set},
    {GRU, "reset", reset_before},
    {LSTM, "peepholes", peepholes},
    {LSTM, "coupled_gates", coupled_gates},
    {LSTM, "projection_size", projected},
    {LSTM, "cell_clamp", cell_clamp},
    {GATED, "layer_normalization", layer_normalization},
    {ALL, "recurrent_dropout", recurrent_dropout},
    {ALL, "zoneout", zoneout},
    {LSTM, "cell_zoneout", cell_zoneout},
};

static recur_network cell_of(int cell) {
  return cell == RNN        ? recur_rnn(2, 3)
         : cell == RESIDUAL ? recur_residual(2, 3)
         : cell == GRU      ? recur_gru(2, 3)
                            : recur_lstm(2, 3);
}

/* Checks that sizes and workspaces of a network are refused. */
static void refuse_network(const recur_network *network, recur_mode mode, size_t segment,
                           int status, const char *name) {
  size_t bytes = 12345;
  check_refusal(recur_network_workspace_bytes(network, 3, 2, mode, segment, &bytes), status,
                TEXT(recur_network_workspace_bytes), name);
  CHECK(bytes == 12345);
  CHECK(recur_network_workspace_alloc(network, 3, 2, mode, segment) == NULL);
  check_refusal(status, status, TEXT(recur_network_workspace_alloc), name);
}

static void test_options(void) {
  for (size_t k = 0; k < COUNT(wrong_options); k++)
    for (int cell = RNN; cell <= LSTM; cell *= 2) {
      recur_network network = cell_of(cell);
      wrong_options[k].change(&network);
      if (!(wrong_options[k].cells & cell))
        continue;
      refuse_network(&network, RECUR_MODE_TRAINING, 0, GSL_EINVAL, wrong_options[k].argument);
      refuse_network(&network, RECUR_MODE_INFERENCE, 0, GSL_EINVAL, wrong_options[k].argument);
      recur_network_sizes sizes = {.gates = 7, .state_size = 8, .cell_state = true};
      check_refusal(recur_network_measure(&network, &sizes), GSL_EINVAL, "recur_network_measure",
                    wrong_options[k].argument);
      CHECK(sizes.gates == 7 && sizes.state_size == 8 && sizes.cell_state);
    }
  refuse_network(NULL, RECUR_MODE_TRAINING, 0, GSL_EFAULT, "network");
}

/* Where subnormal numbers count as zero, the same options are refused. */
static void test_options_in_environment(void *context) {
  (void)context;
  test_options();
}

/* Options that a cell supports are accepted. */
static void test_options_taken(void) {
  for (size_t k = 0; k < COUNT(right_options); k++)
    for (int cell = RNN; cell <= LSTM; cell *= 2) {
      recur_network network = cell_of(cell);
      right_options[k].change(&network);
      size_t bytes;
      check_note("%s taken by %d", right_options[k].argument, cell);
      const bool taken = recur_network_workspace_bytes(&network, 3, 2, RECUR_MODE_TRAINING, 0,
                                                       &bytes) == GSL_SUCCESS;
      CHECK(taken == ((right_options[k].cells & cell) != 0));
    }
}

/* Activations whose values do not determine their slopes. */
static void test_not_trainable(void) {
  const recur_activation folded[] = {{RECUR_ACTIVATION_LEAKY_RELU, -0.1, 0},
                                     {RECUR_ACTIVATION_ELU, -1, 0},
                                     {RECUR_ACTIVATION_SILU, 0, 0}};
  for (size_t k = 0; k < COUNT(folded); k++) {
    recur_network network = recur_lstm(2, 3);
    recur_activation *const places[] = {&network.cell.f, &network.cell.g, &network.cell.h};
    const char *const names[] = {"network->cell.f", "network->cell.g", "network->cell.h"};
    for (size_t place = 0; place < COUNT(places); place++) {
      const recur_activation right = *places[place];
      *places[place] = folded[k];
      refuse_network(&network, RECUR_MODE_TRAINING, 0, GSL_EUNIMPL, names[place]);
      recur_network_workspace *w =
          recur_network_workspace_alloc(&network, 3, 2, RECUR_MODE_INFERENCE, 0);
      CHECK(w != NULL);
      recur_network_workspace_free(w);
      *places[place] = right;
    }
  }
}

static void test_modes_and_segments(void) {
  recur_network network = recur_gru(2, 3);
  refuse_network(&network, (recur_mode)2, 0, GSL_EINVAL, "mode");
  refuse_network(&network, RECUR_MODE_INFERENCE, 1, GSL_EINVAL, "segment_length");
  network.directions = 2;
  refuse_network(&network, RECUR_MODE_TRAINING, 1, GSL_EUNIMPL, "segment_length");
  recur_network_sizes sizes;
  const char *const function = "recur_network_measure";
  check_refusal(recur_network_measure(NULL, &sizes), GSL_EFAULT, function, "network");
  check_refusal(recur_network_measure(&network, NULL), GSL_EFAULT, function, "sizes");
  check_refusal(recur_network_workspace_bytes(&network, 1, 1, RECUR_MODE_TRAINING, 0, NULL),
                GSL_EFAULT, TEXT(recur_network_workspace_bytes), "bytes");
}

static void test_defaults(void) {
  const recur_network networks[] = {recur_rnn(2, 3), recur_residual(2, 3), recur_gru(2, 3),
                                    recur_lstm(2, 3)};
  for (size_t k = 0; k < COUNT(networks); k++) {
    const recur_cell *cell = &networks[k].cell;
    check_note("cell %d", (int)cell->kind);
    CHECK(cell->kind == (recur_cell_kind)k && cell->bias);
    CHECK(cell->f.kind == (k < 2 ? RECUR_ACTIVATION_TANH : RECUR_ACTIVATION_SIGMOID));
    CHECK(cell->g.kind == RECUR_ACTIVATION_TANH && cell->h.kind == RECUR_ACTIVATION_TANH);
    CHECK(networks[k].layers == 1 && networks[k].directions == 1);
  }
  const recur_activation none = recur_activation_default(RECUR_ACTIVATION_KINDS);
  CHECK(none.kind == RECUR_ACTIVATION_KINDS && none.alpha == 0 && none.beta == 0);
}

int main(void) {
  check_begin();
  recur_environment_call(test_options_in_environment, NULL);
  test_defaults();
  test_options();
  test_options_taken();
  test_not_trainable();
  test_modes_and_segments();
  return check_end();
}
