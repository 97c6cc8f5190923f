/* recur/network.h and recur_rnn_error_terms: descriptions out of order, workspaces in the wrong
   state, batches that cannot be. Wrong matrices: see test_network_arguments.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/network_problem.h"

#include <limits.h>
#include <recur/error.h>

#ifndef FLOAT_PASS
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
CHANGE(no_kind, cell.kind = (recur_cell_kind)(RECUR_CELL_LSTM + 1))
CHANGE(negative_kind, cell.kind = (recur_cell_kind)-1)
CHANGE(g_set, cell.g.kind = RECUR_ACTIVATION_RELU)
CHANGE(g_alpha, cell.g.alpha = 1)
CHANGE(h_set, cell.h.kind = RECUR_ACTIVATION_SIGMOID)
CHANGE(h_beta, cell.h.beta = 1)
CHANGE(reset_before, cell.reset = RECUR_RESET_BEFORE)
CHANGE(no_reset, cell.reset = (recur_reset)2)
CHANGE(peepholes, cell.peepholes = true)
CHANGE(coupled, cell.coupled = true)
CHANGE(projected, cell.projection_size = 1)
CHANGE(cell_clamp, cell.cell_clamp = 1)
CHANGE(layer_norm, cell.layer_norm = true)
CHANGE(projection_of_H, cell.projection_size = n->hidden_size)
CHANGE(projection_above_H, cell.projection_size = SIZE_MAX)
CHANGE(clamp_negative, cell.gate_clamp = -1)
CHANGE(clamp_nan, cell.gate_clamp = NAN)
CHANGE(clamp_infinite, cell.gate_clamp = INFINITY)
CHANGE(cell_clamp_negative, cell.cell_clamp = -0.1)
CHANGE(cell_clamp_nan, cell.cell_clamp = NAN)
CHANGE(cell_clamp_infinite, cell.cell_clamp = INFINITY)
CHANGE(no_function, cell.f.kind = (recur_activation_kind)12)
CHANGE(alpha_unused, cell.f.alpha = 0.5)
CHANGE(beta_unused, cell.f = ((recur_activation){RECUR_ACTIVATION_LEAKY_RELU, 0.1, 0.1}))
CHANGE(alpha_nan, cell.f = ((recur_activation){RECUR_ACTIVATION_ELU, NAN, 0}))
CHANGE(beta_infinite, cell.f = ((recur_activation){RECUR_ACTIVATION_AFFINE, 1, INFINITY}))
CHANGE(g_alpha_unused, cell.g = ((recur_activation){RECUR_ACTIVATION_SOFTSIGN, 1, 0}))
CHANGE(h_no_function, cell.h.kind = (recur_activation_kind)-1)
CHANGE(dropout_negative, dropout = -0.1)
CHANGE(dropout_of_all, dropout = 1)
CHANGE(dropout_nan, dropout = NAN)
CHANGE(dropout_of_one_layer, dropout = 0.5)
CHANGE(recurrent_dropout, recurrent_dropout = 0.5)
CHANGE(recurrent_dropout_negative, recurrent_dropout = -0.1)
CHANGE(recurrent_dropout_of_all, recurrent_dropout = 1)
CHANGE(recurrent_dropout_nan, recurrent_dropout = NAN)
CHANGE(zoneout, zoneout = 0.5)
CHANGE(zoneout_negative, zoneout = -0.1)
CHANGE(zoneout_of_all, zoneout = 1)
CHANGE(zoneout_nan, zoneout = NAN)
CHANGE(cell_zoneout, cell_zoneout = 0.5)
CHANGE(cell_zoneout_negative, cell_zoneout = -0.1)
CHANGE(cell_zoneout_of_all, cell_zoneout = 1)
CHANGE(cell_zoneout_nan, cell_zoneout = NAN)

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
    {RNN | RESIDUAL | GRU, "network->cell.coupled", coupled},
    {RNN | RESIDUAL | GRU, "network->cell.projection_size", projected},
    {RNN | RESIDUAL | GRU, "network->cell.cell_clamp", cell_clamp},
    {RNN | RESIDUAL, "network->cell.layer_norm", layer_norm},
    {ALL, "network->cell.projection_size", projection_of_H},
    {ALL, "network->cell.projection_size", projection_above_H},
    {ALL, "network->cell.gate_clamp", clamp_negative},
    {ALL, "network->cell.gate_clamp", clamp_nan},
    {ALL, "network->cell.gate_clamp", clamp_infinite},
    {ALL, "network->cell.cell_clamp", cell_clamp_negative},
    {ALL, "network->cell.cell_clamp", cell_clamp_nan},
    {ALL, "network->cell.cell_clamp", cell_clamp_infinite},
    {ALL, "network->cell.f", no_function},
    {ALL, "network->cell.f", alpha_unused},
    {ALL, "network->cell.f", beta_unused},
    {ALL, "network->cell.f", alpha_nan},
    {ALL, "network->cell.f", beta_infinite},
    {GATED, "network->cell.g", g_alpha_unused},
    {LSTM, "network->cell.h", h_no_function},
    {ALL, "network->dropout", dropout_negative},
    {ALL, "network->dropout", dropout_of_all},
    {ALL, "network->dropout", dropout_nan},
    {ALL, "network->dropout", dropout_of_one_layer},
    {ALL, "network->recurrent_dropout", recurrent_dropout_negative},
    {ALL, "network->recurrent_dropout", recurrent_dropout_of_all},
    {ALL, "network->recurrent_dropout", recurrent_dropout_nan},
    {ALL, "network->zoneout", zoneout_negative},
    {ALL, "network->zoneout", zoneout_of_all},
    {ALL, "network->zoneout", zoneout_nan},
    {RNN | RESIDUAL | GRU, "network->cell_zoneout", cell_zoneout},
    {ALL, "network->cell_zoneout", cell_zoneout_negative},
    {ALL, "network->cell_zoneout", cell_zoneout_of_all},
    {ALL, "network->cell_zoneout", cell_zoneout_nan},
};

/* The cells that take a change; the others do not. */
static const changed_option right_options[] = {
    {GATED, "g", g_set},
    {LSTM, "h", h_set},
    {GRU, "reset", reset_before},
    {LSTM, "peepholes", peepholes},
    {LSTM, "coupled", coupled},
    {LSTM, "projection_size", projected},
    {LSTM, "cell_clamp", cell_clamp},
    {GATED, "layer_norm", layer_norm},
    {ALL, "recurrent_dropout", recurrent_dropout},
    {ALL, "zoneout", zoneout},
    {LSTM, "cell_zoneout", cell_zoneout},
};

#define CHANCE(name)                                                                               \
  static double *name##_of(recur_network *n) {                                                     \
    return &n->name;                                                                               \
  }
CHANCE(dropout)
CHANCE(recurrent_dropout)
CHANCE(zoneout)
CHANCE(cell_zoneout)

static recur_network cell_of(int cell) {
  return cell == RNN        ? recur_rnn(2, 3)
         : cell == RESIDUAL ? recur_residual(2, 3)
         : cell == GRU      ? recur_gru(2, 3)
                            : recur_lstm(2, 3);
}
#endif

/* The last failure. */
static void NAME(check_refusal)(int status, int expected, const char *function, const char *name) {
  check_note("%s refuses %s", function, name);
  const recur_error *e = recur_last_error();
  CHECK(status == expected && e->status == expected);
  CHECK(strcmp(e->function, function) == 0 && strcmp(e->argument, name) == 0);
  CHECK(strstr(e->message, function) != NULL && strstr(e->message, name) != NULL);
  CHECK(NAME(nothing_touched)());
}

/* A network of which no size and no workspace can be had. */
static void NAME(refuse_network)(const recur_network *network, recur_mode pass, size_t segment,
                                 int status, const char *name) {
  size_t bytes = 12345;
  NAME(check_refusal)
  (RECUR(network, workspace_bytes)(network, 3, 2, pass, segment, &bytes), status,
   TEXT(RECUR(network, workspace_bytes)), name);
  CHECK(bytes == 12345);
  CHECK(RECUR(network, workspace_alloc)(network, 3, 2, pass, segment) == NULL);
  NAME(check_refusal)(status, status, TEXT(RECUR(network, workspace_alloc)), name);
}

static void NAME(test_options)(void) {
  for (size_t k = 0; k < COUNT(wrong_options); k++)
    for (int cell = RNN; cell <= LSTM; cell *= 2) {
      recur_network network = cell_of(cell);
      wrong_options[k].change(&network);
      if (!(wrong_options[k].cells & cell))
        continue;
      NAME(refuse_network)(&network, RECUR_MODE_TRAINING, 0, GSL_EINVAL, wrong_options[k].argument);
      NAME(refuse_network)
      (&network, RECUR_MODE_INFERENCE, 0, GSL_EINVAL, wrong_options[k].argument);
      size_t gates = 7, size = 8;
      int has_cell_state = 9;
      NAME(check_refusal)
      (recur_network_sizes(&network, &gates, &size, &has_cell_state), GSL_EINVAL,
       "recur_network_sizes", wrong_options[k].argument);
      CHECK(gates == 7 && size == 8 && has_cell_state == 9);
    }
  NAME(refuse_network)(NULL, RECUR_MODE_TRAINING, 0, GSL_EFAULT, "network");
}

/* What a cell does have is no error. */
static void NAME(test_options_taken)(void) {
  for (size_t k = 0; k < COUNT(right_options); k++)
    for (int cell = RNN; cell <= LSTM; cell *= 2) {
      recur_network network = cell_of(cell);
      right_options[k].change(&network);
      size_t bytes;
      check_note("%s taken by %d", right_options[k].argument, cell);
      const bool taken = RECUR(network, workspace_bytes)(&network, 3, 2, RECUR_MODE_TRAINING, 0,
                                                         &bytes) == GSL_SUCCESS;
      CHECK(taken == ((right_options[k].cells & cell) != 0));
    }
}

/* Activations whose slopes cannot be known from their values. */
static void NAME(test_not_trainable)(void) {
  const recur_activation folded[] = {{RECUR_ACTIVATION_LEAKY_RELU, -0.1, 0},
                                     {RECUR_ACTIVATION_ELU, -1, 0}};
  for (size_t k = 0; k < COUNT(folded); k++) {
    recur_network network = recur_lstm(2, 3);
    recur_activation *const places[] = {&network.cell.f, &network.cell.g, &network.cell.h};
    const char *const names[] = {"network->cell.f", "network->cell.g", "network->cell.h"};
    for (size_t place = 0; place < COUNT(places); place++) {
      const recur_activation right = *places[place];
      *places[place] = folded[k];
      NAME(refuse_network)(&network, RECUR_MODE_TRAINING, 0, GSL_EUNIMPL, names[place]);
      RECUR(network, workspace) *w =
          RECUR(network, workspace_alloc)(&network, 3, 2, RECUR_MODE_INFERENCE, 0);
      CHECK(w != NULL);
      RECUR(network, workspace_free)(w);
      *places[place] = right;
    }
  }
}

static void NAME(test_passes_and_segments)(void) {
  recur_network network = recur_gru(2, 3);
  NAME(refuse_network)(&network, (recur_mode)2, 0, GSL_EINVAL, "mode");
  NAME(refuse_network)(&network, RECUR_MODE_INFERENCE, 1, GSL_EINVAL, "segment");
  network.directions = 2;
  NAME(refuse_network)(&network, RECUR_MODE_TRAINING, 1, GSL_EUNIMPL, "segment");
  size_t n = 0;
  int flag = 0;
  const char *const function = "recur_network_sizes";
  NAME(check_refusal)
  (recur_network_sizes(NULL, &n, &n, &flag), GSL_EFAULT, function, "network");
  NAME(check_refusal)
  (recur_network_sizes(&network, NULL, &n, &flag), GSL_EFAULT, function, "gates");
  NAME(check_refusal)
  (recur_network_sizes(&network, &n, NULL, &flag), GSL_EFAULT, function, "state_size");
  NAME(check_refusal)
  (recur_network_sizes(&network, &n, &n, NULL), GSL_EFAULT, function, "has_cell_state");
  NAME(check_refusal)
  (RECUR(network, workspace_bytes)(&network, 1, 1, RECUR_MODE_TRAINING, 0, NULL), GSL_EFAULT,
   TEXT(RECUR(network, workspace_bytes)), "bytes");
}

static void NAME(refuse_forward)(const NAME(problem) * q, int status, const char *name) {
  NAME(remember)();
  NAME(check_refusal)(NAME(forward)(q), status, TEXT(RECUR(network, forward)), name);
}

static void NAME(refuse_backward)(const NAME(problem) * q, int status, const char *name) {
  NAME(remember)();
  NAME(check_refusal)(NAME(backward)(q), status, TEXT(RECUR(network, backward)), name);
}

/* Backward before forward, twice, and after inference; what failed can be tried again. */
static void NAME(test_record)(void) {
  const recur_network network = recur_lstm(2, 3);
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 3, 2, 0);
  NAME(randomize)(q.y, 1);
  NAME(refuse_backward)(&q, GSL_EINVAL, "w");
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  q.dx->size1++;
  NAME(refuse_backward)(&q, GSL_EBADLEN, "dx");
  q.dx->size1--;
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  NAME(refuse_backward)(&q, GSL_EINVAL, "w");
  CHECK(strstr(recur_last_error()->message, "used it up") != NULL);
  NAME(run_both)(&q);
  RECUR(network, workspace_free)(q.w);
  q.pass = RECUR_MODE_INFERENCE;
  NAME(allocate)(&q);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(refuse_backward)(&q, GSL_EINVAL, "w");
  NAME(end_problem)(&q);
  NAME(new_problem)(&q, &network, 3, 2, 0);
  RECUR(network, workspace) *w = q.w;
  q.w = NULL;
  NAME(refuse_forward)(&q, GSL_EFAULT, "w");
  NAME(refuse_backward)(&q, GSL_EFAULT, "w");
  CHECK(RECUR(network, gates)(NULL, 0, 0, q.x) == GSL_EFAULT);
  CHECK(RECUR(network, cell_states)(NULL, 0, 0, q.x) == GSL_EFAULT);
  CHECK(RECUR(network, layer_outputs)(NULL, 0, q.x) == GSL_EFAULT);
  RECUR(network, workspace_free)(w);
  RECUR(network, workspace_free)(NULL);
  NAME(free_all)();
}

/* Weights that are not set or of another network, a workspace for the other pass, NULL. */
static void NAME(test_weights)(void) {
  const recur_network network = recur_lstm(2, 3);
  recur_network other = network;
  other.cell.gate_clamp = 2;
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 3, 2, 0);
  RECUR(network, weights) *weights = RECUR(network, weights_alloc)(&network);
  RECUR(network, weights) *others = RECUR(network, weights_alloc)(&other);
  RECUR(network, workspace) *w =
      RECUR(network, workspace_alloc)(&network, 3, 2, RECUR_MODE_INFERENCE, 0);
  const RECUR(network, pass) pass = {.x = q.x, .y = q.y};
  const char *function = TEXT(RECUR(network, infer)), *set = TEXT(RECUR(network, weights_set));
#define INFER(weights, w) (NAME(remember)(), RECUR(network, infer)(weights, &pass, w))
  NAME(check_refusal)(INFER(weights, w), GSL_EINVAL, function, "weights");
  CHECK(strstr(recur_last_error()->message, "not been set") != NULL);
  CHECK(RECUR(network, weights_set)(q.theta, weights) == GSL_SUCCESS);
  CHECK(RECUR(network, weights_set)(q.theta, others) == GSL_SUCCESS);
  NAME(check_refusal)(INFER(others, w), GSL_EINVAL, function, "weights");
  NAME(check_refusal)(INFER(NULL, w), GSL_EFAULT, function, "weights");
  NAME(check_refusal)(INFER(weights, NULL), GSL_EFAULT, function, "w");
  NAME(check_refusal)(INFER(weights, q.w), GSL_EINVAL, function, "w");
  CHECK(INFER(weights, w) == GSL_SUCCESS);
  NAME(remember)();
  NAME(check_refusal)
  (RECUR(network, forward)(q.theta, &pass, w), GSL_EINVAL, TEXT(RECUR(network, forward)), "w");
  q.parameters.size--;
  NAME(check_refusal)(RECUR(network, weights_set)(q.theta, weights), GSL_EBADLEN, set, "theta");
  q.parameters.size++;
  q.parameters.stride = 2;
  NAME(check_refusal)(RECUR(network, weights_set)(q.theta, weights), GSL_EINVAL, set, "theta");
  NAME(check_refusal)(RECUR(network, weights_set)(NULL, weights), GSL_EFAULT, set, "theta");
  NAME(check_refusal)(RECUR(network, weights_set)(q.theta, NULL), GSL_EFAULT, set, "weights");
  CHECK(RECUR(network, workspace_set_threads)(NULL, NULL) == GSL_EFAULT);
  RECUR(network, weights_free)(weights);
  RECUR(network, weights_free)(others);
  RECUR(network, workspace_free)(w);
  NAME(end_problem)(&q);
}

/* A forward pass that fails does not spoil the record of the one before it. */
static void NAME(test_failure_between)(void) {
  const recur_network network = recur_gru(2, 3);
  static const size_t lengths[] = {2, 3, 1}, wrong[] = {3, 1, 4};
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 3, 3, 0);
  q.batch.lengths = lengths;
  MATRIX *dx = NAME(new_padded)(9, 2);
  NAME(run_both)(&q);
  NAME(copy_matrix)(q.dx, dx);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  q.batch.lengths = wrong;
  NAME(refuse_forward)(&q, GSL_EINVAL, "batch->lengths");
  CHECK(strstr(recur_last_error()->message, "4 for sequence 2") != NULL);
  q.x->size2++;
  NAME(refuse_forward)(&q, GSL_EBADLEN, "x");
  q.x->size2--;
  CHECK(NAME(backward)(&q) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(dx, q.dx));
  NAME(end_problem)(&q);
}

/* A cell state where there is none, and strides. */
static void NAME(test_states_and_strides)(void) {
  for (int cell = RNN; cell <= GRU; cell *= 2) {
    const recur_network network = cell_of(cell);
    NAME(problem) q;
    NAME(new_problem)(&q, &network, 3, 2, 0);
    CHECK(NAME(forward)(&q) == GSL_SUCCESS);
    MATRIX *c = NAME(new_random)(2, 3, 1), **const places[] = {&q.c0, &q.cT, &q.dcT, &q.dc0};
    const char *const names[] = {"c0", "cT", "dcT", "dc0"};
    for (size_t k = 0; k < COUNT(places); k++) {
      *places[k] = c;
      if (k < 2)
        NAME(refuse_forward)(&q, GSL_EINVAL, names[k]);
      else
        NAME(refuse_backward)(&q, GSL_EINVAL, names[k]);
      *places[k] = NULL;
    }
    q.parameters.stride = 2;
    NAME(refuse_forward)(&q, GSL_EINVAL, "theta");
    NAME(refuse_backward)(&q, GSL_EINVAL, "theta");
    q.parameters.stride = 1;
    q.gradients.stride = 3;
    NAME(refuse_backward)(&q, GSL_EINVAL, "dtheta");
    q.gradients.stride = 1;
    NAME(end_problem)(&q);
  }
}

static void NAME(test_batches)(void) {
  const recur_network network = recur_rnn(2, 3);
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 3, 2, 0);
  static const uint64_t beyond[] = {UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX};
  for (size_t k = 0; k < COUNT(beyond); k++) {
    q.batch = (recur_batch){.first_step = beyond[k]};
    NAME(refuse_forward)(&q, GSL_EINVAL, "batch->first_step");
    q.batch = (recur_batch){.first_sequence = beyond[k]};
    NAME(refuse_forward)(&q, GSL_EINVAL, "batch->first_sequence");
  }
  q.batch = (recur_batch){.first_step = UINT32_MAX - 3, .first_sequence = UINT32_MAX - 2};
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  static const size_t lengths[] = {3, SIZE_MAX};
  q.batch = (recur_batch){.lengths = lengths};
  NAME(refuse_forward)(&q, GSL_EINVAL, "batch->lengths");
  q.batch = (recur_batch){.lengths = NULL};
  MATRIX *y = q.y;
  q.y = NULL;
  NAME(refuse_forward)(&q, GSL_EFAULT, "y");
  q.y = y;
  NAME(end_problem)(&q);
}

/* Without a batch there is no seed, which masks need, and a pass that draws none does not. */
static void NAME(test_seed)(void) {
  double *(*const chances[])(recur_network *) = {dropout_of, recurrent_dropout_of, zoneout_of,
                                                 cell_zoneout_of};
  for (size_t k = 0; k <= COUNT(chances); k++) {
    recur_network network = recur_lstm(2, 3);
    network.layers = 2;
    if (k < COUNT(chances))
      *chances[k](&network) = 0.5;
    NAME(problem) q;
    NAME(new_problem)(&q, &network, 3, 2, 0);
    NAME(remember)();
    const RECUR(network, pass)
        pass = {.x = q.x, .h0 = q.h0, .c0 = q.c0, .y = q.y, .hT = q.hT, .cT = q.cT};
    const int status = RECUR(network, forward)(q.theta, &pass, q.w);
    if (k < COUNT(chances))
      NAME(check_refusal)(status, GSL_EINVAL, TEXT(RECUR(network, forward)), "batch");
    else
      CHECK(status == GSL_SUCCESS);
    NAME(end_problem)(&q);
  }
}

/* A state may be updated in place, but h not in the place of c. */
static void NAME(test_crossed_states)(void) {
  const recur_network network = recur_lstm(2, 3);
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 3, 2, 0);
  const NAME(problem) right = q;
  q.hT = q.c0;
  NAME(refuse_forward)(&q, GSL_EINVAL, "hT");
  q = right;
  q.cT = q.h0;
  NAME(refuse_forward)(&q, GSL_EINVAL, "cT");
  q = right;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  q.dh0 = q.dcT;
  NAME(refuse_backward)(&q, GSL_EINVAL, "dh0");
  q = right;
  q.dc0 = q.dhT;
  NAME(refuse_backward)(&q, GSL_EINVAL, "dc0");
  NAME(end_problem)(&q);
}

static void NAME(test_missing_structs)(void) {
  const recur_network network = recur_lstm(2, 3);
  NAME(problem) q;
  NAME(new_problem)(&q, &network, 3, 2, 0);
  const RECUR(network, pass) pass = {.x = q.x, .y = q.y};
  const RECUR(network, gradients) gradients = {.dy = q.dy};
  NAME(remember)();
  NAME(check_refusal)
  (RECUR(network, forward)(q.theta, NULL, q.w), GSL_EFAULT, TEXT(RECUR(network, forward)), "pass");
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  NAME(remember)();
  NAME(check_refusal)
  (RECUR(network, backward)(q.theta, NULL, &gradients, q.w), GSL_EFAULT,
   TEXT(RECUR(network, backward)), "pass");
  NAME(check_refusal)
  (RECUR(network, backward)(q.theta, &pass, NULL, q.w), GSL_EFAULT, TEXT(RECUR(network, backward)),
   "gradients");
  NAME(end_problem)(&q);
}

static void NAME(test_error_terms)(void) {
  MATRIX *W = NAME(new_random)(3, 3, 1), *h = NAME(new_random)(6, 3, 1),
         *dh = NAME(new_random)(2, 3, 1), *delta = NAME(new_padded)(4, 3);
  const recur_activation phi = {.kind = RECUR_ACTIVATION_TANH},
                         none = {.kind = (recur_activation_kind)99},
                         folded = {RECUR_ACTIVATION_ELU, -1, 0};
  const char *const function = TEXT(RECUR(rnn, error_terms));
  static const size_t beyond[] = {3, 4, SIZE_MAX};
  NAME(remember)();
  for (size_t k = 0; k < COUNT(beyond); k++)
    NAME(check_refusal)
  (RECUR(rnn, error_terms)(W, &phi, h, beyond[k], dh, delta), GSL_EINVAL, function, "t");
  NAME(check_refusal)
  (RECUR(rnn, error_terms)(W, NULL, h, 1, dh, delta), GSL_EFAULT, function, "phi");
  NAME(check_refusal)
  (RECUR(rnn, error_terms)(W, &none, h, 1, dh, delta), GSL_EINVAL, function, "phi");
  NAME(check_refusal)
  (RECUR(rnn, error_terms)(W, &folded, h, 1, dh, delta), GSL_EUNIMPL, function, "phi");
  W->size1 = 0;
  NAME(check_refusal)
  (RECUR(rnn, error_terms)(W, &phi, h, 1, dh, delta), GSL_EINVAL, function, "H");
  W->size1 = SIZE_MAX;
  NAME(check_refusal)
  (RECUR(rnn, error_terms)(W, &phi, h, 1, dh, delta), GSL_EINVAL, function, "H");
  NAME(free_all)();
}

static void NAME(run)(void) {
  NAME(test_options)();
  NAME(test_options_taken)();
  NAME(test_not_trainable)();
  NAME(test_passes_and_segments)();
  NAME(test_record)();
  NAME(test_weights)();
  NAME(test_failure_between)();
  NAME(test_states_and_strides)();
  NAME(test_batches)();
  NAME(test_seed)();
  NAME(test_crossed_states)();
  NAME(test_missing_structs)();
  NAME(test_error_terms)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network_errors.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
