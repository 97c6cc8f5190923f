/* recur/network.h and recur_rnn_error_terms: descriptions out of order, workspaces in the wrong
   state, batches that cannot be. Wrong matrices: see test_network_arguments.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/check.h"
#include "support/network_problem.h"

#include <limits.h>
#include <recur/error.h>

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

/* The last failure. */
static void check_refusal(int status, int expected, const char *function, const char *name) {
  check_note("%s refuses %s", function, name);
  const recur_error *e = recur_last_error();
  CHECK(status == expected && e->status == expected);
  CHECK(strcmp(e->function, function) == 0 && strcmp(e->argument, name) == 0);
  CHECK(strstr(e->message, function) != NULL && strstr(e->message, name) != NULL);
  CHECK(nothing_touched());
}

/* A network of which no size and no workspace can be had. */
static void refuse_network(const recur_network *network, recur_mode pass, size_t segment,
                           int status, const char *name) {
  size_t bytes = 12345;
  check_refusal(recur_network_workspace_bytes(network, 3, 2, pass, segment, &bytes), status,
                TEXT(recur_network_workspace_bytes), name);
  CHECK(bytes == 12345);
  CHECK(recur_network_workspace_alloc(network, 3, 2, pass, segment) == NULL);
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
      size_t gates = 7, size = 8;
      int has_cell_state = 9;
      check_refusal(recur_network_sizes(&network, &gates, &size, &has_cell_state), GSL_EINVAL,
                    "recur_network_sizes", wrong_options[k].argument);
      CHECK(gates == 7 && size == 8 && has_cell_state == 9);
    }
  refuse_network(NULL, RECUR_MODE_TRAINING, 0, GSL_EFAULT, "network");
}

/* What a cell does have is no error. */
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

/* Activations whose slopes cannot be known from their values. */
static void test_not_trainable(void) {
  const recur_activation folded[] = {{RECUR_ACTIVATION_LEAKY_RELU, -0.1, 0},
                                     {RECUR_ACTIVATION_ELU, -1, 0}};
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

static void test_passes_and_segments(void) {
  recur_network network = recur_gru(2, 3);
  refuse_network(&network, (recur_mode)2, 0, GSL_EINVAL, "mode");
  refuse_network(&network, RECUR_MODE_INFERENCE, 1, GSL_EINVAL, "segment");
  network.directions = 2;
  refuse_network(&network, RECUR_MODE_TRAINING, 1, GSL_EUNIMPL, "segment");
  size_t n = 0;
  int flag = 0;
  const char *const function = "recur_network_sizes";
  check_refusal(recur_network_sizes(NULL, &n, &n, &flag), GSL_EFAULT, function, "network");
  check_refusal(recur_network_sizes(&network, NULL, &n, &flag), GSL_EFAULT, function, "gates");
  check_refusal(recur_network_sizes(&network, &n, NULL, &flag), GSL_EFAULT, function, "state_size");
  check_refusal(recur_network_sizes(&network, &n, &n, NULL), GSL_EFAULT, function,
                "has_cell_state");
  check_refusal(recur_network_workspace_bytes(&network, 1, 1, RECUR_MODE_TRAINING, 0, NULL),
                GSL_EFAULT, TEXT(recur_network_workspace_bytes), "bytes");
}

static void refuse_forward(const problem *q, int status, const char *name) {
  remember();
  check_refusal(forward(q), status, TEXT(recur_network_forward), name);
}

static void refuse_backward(const problem *q, int status, const char *name) {
  remember();
  check_refusal(backward(q), status, TEXT(recur_network_backward), name);
}

/* Backward before forward, twice, and after inference; what failed can be tried again. */
static void test_record(void) {
  const recur_network network = recur_lstm(2, 3);
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  randomize(q.y, 1);
  refuse_backward(&q, GSL_EINVAL, "w");
  CHECK(forward(&q) == GSL_SUCCESS);
  q.dx->size1++;
  refuse_backward(&q, GSL_EBADLEN, "dx");
  q.dx->size1--;
  CHECK(backward(&q) == GSL_SUCCESS);
  refuse_backward(&q, GSL_EINVAL, "w");
  CHECK(strstr(recur_last_error()->message, "used it up") != NULL);
  run_both(&q);
  recur_network_workspace_free(q.w);
  q.pass = RECUR_MODE_INFERENCE;
  allocate(&q);
  CHECK(forward(&q) == GSL_SUCCESS);
  refuse_backward(&q, GSL_EINVAL, "w");
  end_problem(&q);
  new_problem(&q, &network, 3, 2, 0);
  recur_network_workspace *w = q.w;
  q.w = NULL;
  refuse_forward(&q, GSL_EFAULT, "w");
  refuse_backward(&q, GSL_EFAULT, "w");
  CHECK(recur_network_gates(NULL, 0, 0, q.x) == GSL_EFAULT);
  CHECK(recur_network_cell_states(NULL, 0, 0, q.x) == GSL_EFAULT);
  CHECK(recur_network_layer_outputs(NULL, 0, q.x) == GSL_EFAULT);
  recur_network_workspace_free(w);
  recur_network_workspace_free(NULL);
  free_all();
}

/* Weights that are not set or of another network, a workspace for the other pass, NULL. */
static void test_weights(void) {
  const recur_network network = recur_lstm(2, 3);
  recur_network other = network;
  other.cell.gate_clamp = 2;
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  recur_network_weights *weights = recur_network_weights_alloc(&network);
  recur_network_weights *others = recur_network_weights_alloc(&other);
  recur_network_workspace *w =
      recur_network_workspace_alloc(&network, 3, 2, RECUR_MODE_INFERENCE, 0);
  const recur_network_pass pass = {.x = q.x, .y = q.y};
  const char *function = TEXT(recur_network_infer), *set = TEXT(recur_network_weights_set);
#define INFER(weights, w) (remember(), recur_network_infer(weights, &pass, w))
  check_refusal(INFER(weights, w), GSL_EINVAL, function, "weights");
  CHECK(strstr(recur_last_error()->message, "not been set") != NULL);
  CHECK(recur_network_weights_set(q.theta, weights) == GSL_SUCCESS);
  CHECK(recur_network_weights_set(q.theta, others) == GSL_SUCCESS);
  check_refusal(INFER(others, w), GSL_EINVAL, function, "weights");
  check_refusal(INFER(NULL, w), GSL_EFAULT, function, "weights");
  check_refusal(INFER(weights, NULL), GSL_EFAULT, function, "w");
  check_refusal(INFER(weights, q.w), GSL_EINVAL, function, "w");
  CHECK(INFER(weights, w) == GSL_SUCCESS);
  remember();
  check_refusal(recur_network_forward(q.theta, &pass, w), GSL_EINVAL, TEXT(recur_network_forward),
                "w");
  q.parameters.size--;
  check_refusal(recur_network_weights_set(q.theta, weights), GSL_EBADLEN, set, "theta");
  q.parameters.size++;
  q.parameters.stride = 2;
  check_refusal(recur_network_weights_set(q.theta, weights), GSL_EINVAL, set, "theta");
  check_refusal(recur_network_weights_set(NULL, weights), GSL_EFAULT, set, "theta");
  check_refusal(recur_network_weights_set(q.theta, NULL), GSL_EFAULT, set, "weights");
  CHECK(recur_network_workspace_set_threads(NULL, NULL) == GSL_EFAULT);
  recur_network_weights_free(weights);
  recur_network_weights_free(others);
  recur_network_workspace_free(w);
  end_problem(&q);
}

/* A forward pass that fails does not spoil the record of the one before it. */
static void test_failure_between(void) {
  const recur_network network = recur_gru(2, 3);
  static const size_t lengths[] = {2, 3, 1}, wrong[] = {3, 1, 4};
  problem q;
  new_problem(&q, &network, 3, 3, 0);
  q.batch.lengths = lengths;
  gsl_matrix *dx = new_padded(9, 2);
  run_both(&q);
  copy_matrix(q.dx, dx);
  CHECK(forward(&q) == GSL_SUCCESS);
  q.batch.lengths = wrong;
  refuse_forward(&q, GSL_EINVAL, "batch->lengths");
  CHECK(strstr(recur_last_error()->message, "4 for sequence 2") != NULL);
  q.x->size2++;
  refuse_forward(&q, GSL_EBADLEN, "x");
  q.x->size2--;
  CHECK(backward(&q) == GSL_SUCCESS);
  CHECK(equal_bits(dx, q.dx));
  end_problem(&q);
}

/* A cell state where there is none, and strides. */
static void test_states_and_strides(void) {
  for (int cell = RNN; cell <= GRU; cell *= 2) {
    const recur_network network = cell_of(cell);
    problem q;
    new_problem(&q, &network, 3, 2, 0);
    CHECK(forward(&q) == GSL_SUCCESS);
    gsl_matrix *c = new_random(2, 3, 1), **const places[] = {&q.c0, &q.cT, &q.dcT, &q.dc0};
    const char *const names[] = {"c0", "cT", "dcT", "dc0"};
    for (size_t k = 0; k < COUNT(places); k++) {
      *places[k] = c;
      if (k < 2)
        refuse_forward(&q, GSL_EINVAL, names[k]);
      else
        refuse_backward(&q, GSL_EINVAL, names[k]);
      *places[k] = NULL;
    }
    q.parameters.stride = 2;
    refuse_forward(&q, GSL_EINVAL, "theta");
    refuse_backward(&q, GSL_EINVAL, "theta");
    q.parameters.stride = 1;
    q.gradients.stride = 3;
    refuse_backward(&q, GSL_EINVAL, "dtheta");
    q.gradients.stride = 1;
    end_problem(&q);
  }
}

static void test_batches(void) {
  const recur_network network = recur_rnn(2, 3);
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  static const uint64_t beyond[] = {UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX};
  for (size_t k = 0; k < COUNT(beyond); k++) {
    q.batch = (recur_batch){.first_step = beyond[k]};
    refuse_forward(&q, GSL_EINVAL, "batch->first_step");
    q.batch = (recur_batch){.first_sequence = beyond[k]};
    refuse_forward(&q, GSL_EINVAL, "batch->first_sequence");
  }
  q.batch = (recur_batch){.first_step = UINT32_MAX - 3, .first_sequence = UINT32_MAX - 2};
  CHECK(forward(&q) == GSL_SUCCESS);
  static const size_t lengths[] = {3, SIZE_MAX};
  q.batch = (recur_batch){.lengths = lengths};
  refuse_forward(&q, GSL_EINVAL, "batch->lengths");
  q.batch = (recur_batch){.lengths = NULL};
  gsl_matrix *y = q.y;
  q.y = NULL;
  refuse_forward(&q, GSL_EFAULT, "y");
  q.y = y;
  end_problem(&q);
}

/* Without a batch there is no seed, which masks need, and a pass that draws none does not. */
static void test_seed(void) {
  double *(*const chances[])(recur_network *) = {dropout_of, recurrent_dropout_of, zoneout_of,
                                                 cell_zoneout_of};
  for (size_t k = 0; k <= COUNT(chances); k++) {
    recur_network network = recur_lstm(2, 3);
    network.layers = 2;
    if (k < COUNT(chances))
      *chances[k](&network) = 0.5;
    problem q;
    new_problem(&q, &network, 3, 2, 0);
    remember();
    const recur_network_pass pass = {
        .x = q.x, .h0 = q.h0, .c0 = q.c0, .y = q.y, .hT = q.hT, .cT = q.cT};
    const int status = recur_network_forward(q.theta, &pass, q.w);
    if (k < COUNT(chances))
      check_refusal(status, GSL_EINVAL, TEXT(recur_network_forward), "batch");
    else
      CHECK(status == GSL_SUCCESS);
    end_problem(&q);
  }
}

/* A state may be updated in place, but h not in the place of c. */
static void test_crossed_states(void) {
  const recur_network network = recur_lstm(2, 3);
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  const problem right = q;
  q.hT = q.c0;
  refuse_forward(&q, GSL_EINVAL, "hT");
  q = right;
  q.cT = q.h0;
  refuse_forward(&q, GSL_EINVAL, "cT");
  q = right;
  CHECK(forward(&q) == GSL_SUCCESS);
  q.dh0 = q.dcT;
  refuse_backward(&q, GSL_EINVAL, "dh0");
  q = right;
  q.dc0 = q.dhT;
  refuse_backward(&q, GSL_EINVAL, "dc0");
  end_problem(&q);
}

static void test_missing_structs(void) {
  const recur_network network = recur_lstm(2, 3);
  problem q;
  new_problem(&q, &network, 3, 2, 0);
  const recur_network_pass pass = {.x = q.x, .y = q.y};
  const recur_network_gradients gradients = {.dy = q.dy};
  remember();
  check_refusal(recur_network_forward(q.theta, NULL, q.w), GSL_EFAULT, TEXT(recur_network_forward),
                "pass");
  CHECK(forward(&q) == GSL_SUCCESS);
  remember();
  check_refusal(recur_network_backward(q.theta, NULL, &gradients, q.w), GSL_EFAULT,
                TEXT(recur_network_backward), "pass");
  check_refusal(recur_network_backward(q.theta, &pass, NULL, q.w), GSL_EFAULT,
                TEXT(recur_network_backward), "gradients");
  end_problem(&q);
}

static void test_error_terms(void) {
  gsl_matrix *W = new_random(3, 3, 1), *h = new_random(6, 3, 1), *dh = new_random(2, 3, 1),
             *delta = new_padded(4, 3);
  const recur_activation phi = {.kind = RECUR_ACTIVATION_TANH},
                         none = {.kind = (recur_activation_kind)99},
                         folded = {RECUR_ACTIVATION_ELU, -1, 0};
  const char *const function = TEXT(recur_rnn_error_terms);
  static const size_t beyond[] = {3, 4, SIZE_MAX};
  remember();
  for (size_t k = 0; k < COUNT(beyond); k++)
    check_refusal(recur_rnn_error_terms(W, &phi, h, beyond[k], dh, delta), GSL_EINVAL, function,
                  "t");
  check_refusal(recur_rnn_error_terms(W, NULL, h, 1, dh, delta), GSL_EFAULT, function, "phi");
  check_refusal(recur_rnn_error_terms(W, &none, h, 1, dh, delta), GSL_EINVAL, function, "phi");
  check_refusal(recur_rnn_error_terms(W, &folded, h, 1, dh, delta), GSL_EUNIMPL, function, "phi");
  W->size1 = 0;
  check_refusal(recur_rnn_error_terms(W, &phi, h, 1, dh, delta), GSL_EINVAL, function, "H");
  W->size1 = SIZE_MAX;
  check_refusal(recur_rnn_error_terms(W, &phi, h, 1, dh, delta), GSL_EINVAL, function, "H");
  free_all();
}

int main(void) {
  check_begin();
  test_options();
  test_options_taken();
  test_not_trainable();
  test_passes_and_segments();
  test_record();
  test_weights();
  test_failure_between();
  test_states_and_strides();
  test_batches();
  test_seed();
  test_crossed_states();
  test_missing_structs();
  test_error_terms();
  return check_end();
}
