/* Wrong arguments of every function: NULL, missing data, wrong sizes and distances, sizes near the
   limits of size_t, overlaps, options out of range. A call has a documented status, and if it is
   refused, its outputs are unchanged.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "corruption.h"
#include "problem.h"

#include <recur/initialization.h>

enum { MOST_BYTES = 1 << 20 };

/* Matrices and heads */

static void activations(reader *r) {
  const recur_activation phi = take_activation(r);
  const recur_activation *const given = take_rarely(r, 16) ? NULL : &phi;
  numbers n = take_numbers(r);
  const size_t rows = take_size(r) - 1, columns = take_size(r) - 1;
  gsl_matrix z = random_matrix(r, &n, rows, columns), dh = random_matrix(r, &n, rows, columns);
  gsl_matrix out = arena_matrix(r, rows, columns), *pz = &z, *pdh = &dh, *pout = &out;
  call c = {0};
  ADD_MATRIX(&c, &out, &pout, STATE_OUT, 0);
  ADD_MATRIX(&c, &z, &pz, STATE_IN, 0);
  switch (take_below(r, 3)) {
  case 0:
    corrupt(r, &c);
    CALL_CORRUPTED(&c, recur_activation_forward, (given, pz, pout));
    break;
  case 1:
    corrupt(r, &c);
    CALL_CORRUPTED(&c, recur_activation_slopes, (given, pz, pout));
    break;
  default:
    c.views[1].role = INPUT;
    ADD_MATRIX(&c, &dh, &pdh, STATE_IN, 0);
    corrupt(r, &c);
    CALL_CORRUPTED(&c, recur_activation_backward, (given, pz, pdh, pout));
  }
  REQUIRE(given != NULL || isnan(recur_activation_max_slope(given)));
}

static void error_terms(reader *r) {
  const recur_activation phi = take_activation(r);
  numbers n = take_numbers(r);
  const size_t H = 1 + take_below(r, 5), B = take_below(r, 5), T = 1 + take_below(r, 4);
  size_t t = take_below(r, T);
  gsl_matrix weight = random_matrix(r, &n, H, H), h = random_matrix(r, &n, T * B, H);
  gsl_matrix dh = random_matrix(r, &n, B, H), delta = arena_matrix(r, (t + 1) * B, H);
  gsl_matrix *pw = &weight, *ph = &h, *pdh = &dh, *pdelta = &delta;
  call c = {0};
  ADD_MATRIX(&c, &weight, &pw, INPUT, 0);
  ADD_MATRIX(&c, &h, &ph, INPUT, 0);
  ADD_MATRIX(&c, &dh, &pdh, INPUT, 0);
  ADD_MATRIX(&c, &delta, &pdelta, OUTPUT, 0);
  corrupt(r, &c);
  if (!c.reshaped && take_rarely(r, 8))
    t = t + 1 + take_extreme(r) % (SIZE_MAX - t);
  CALL_CORRUPTED(&c, recur_rnn_error_terms, (pw, &phi, ph, t, pdh, pdelta));
}

static void matrix_initialization(reader *r) {
  const size_t rows = take_below(r, 6), columns = take_below(r, 6);
  gsl_matrix m = arena_matrix(r, rows, columns), *pm = &m;
  const recur_scheme scheme = (recur_scheme)take_byte(r);
  const size_t n = take_rarely(r, 2) ? take_extreme(r) : 1 + take_below(r, 9);
  call c = {0};
  ADD_MATRIX(&c, &m, &pm, FREE_OUTPUT, 0);
  corrupt(r, &c);
  const uint64_t seed = take_word(r);
  const uint32_t stream = take_byte(r);
  CALL_CORRUPTED(&c, recur_matrix_initialize, (scheme % 8, n, seed, stream, pm));
}

typedef struct {
  size_t N, I, O;
  recur_linear_parameters p, dp, *pp, *pdp;
  gsl_matrix x, y, dy, dx, *px, *py, *pdy, *pdx;
  gsl_vector loss, dloss, *ploss, *pdloss;
  gsl_vector_int labels, *plabels;
  recur_softmax_workspace *w;
} head;

static void take_head(reader *r, head *q) {
  const size_t N = take_below(r, 6), I = 1 + take_below(r, 5), O = 1 + take_below(r, 5);
  *q = (head){.N = N, .I = I, .O = O};
  numbers n = take_numbers(r);
  q->p.weight = random_matrix(r, &n, q->O, q->I);
  q->p.bias = random_vector(&n, q->O, 1 + take_below(r, 3));
  q->dp.weight = random_matrix(r, &n, q->O, q->I);
  q->dp.bias = random_vector(&n, q->O, 1 + take_below(r, 3));
  q->x = random_matrix(r, &n, q->N, q->I);
  q->y = random_matrix(r, &n, q->N, q->O);
  q->dy = random_matrix(r, &n, q->N, q->O);
  q->dx = arena_matrix(r, q->N, q->I);
  q->loss = arena_vector(q->N, 1);
  q->dloss = random_vector(&n, q->N, 1);
  int *labels = arena_take(q->N, 1, 1, sizeof(int), 0);
  for (size_t i = 0; i < q->N; i++)
    labels[i] = (int)(i % q->O);
  q->labels = (gsl_vector_int){.size = q->N, .stride = 1, .data = labels};
  q->pp = take_rarely(r, 32) ? NULL : &q->p;
  q->pdp = &q->dp;
  q->px = &q->x, q->py = &q->y, q->pdy = &q->dy, q->pdx = &q->dx;
  q->ploss = &q->loss, q->pdloss = &q->dloss, q->plabels = &q->labels;
}

static void add_parameters(call *c, recur_linear_parameters *p, view_role role) {
  ADD_MATRIX(c, &p->weight, NULL, role, 0);
  ADD_VECTOR(c, &p->bias, NULL, role);
}

/* A workspace of the right size, for one byte in 8 of another size, or NULL. */
static recur_softmax_workspace *take_softmax_workspace(reader *r, const head *q) {
  const unsigned byte = take_byte(r);
  if (byte >= 240)
    return NULL;
  const size_t N = byte >= 224 ? q->N + 1 : q->N, O = byte % 8 == 7 ? q->O + 1 : q->O;
  recur_softmax_workspace *w = recur_softmax_workspace_alloc(N, O);
  REQUIRE(ALLOCATED(w, recur_softmax_workspace_alloc));
  return w;
}

static void add_backward(call *c, head *q) {
  add_parameters(c, &q->p, INPUT);
  add_parameters(c, &q->dp, OUTPUT);
  ADD_MATRIX(c, &q->x, &q->px, INPUT, 0);
  ADD_MATRIX(c, &q->dx, &q->pdx, OUTPUT, 0);
}

static void linear(reader *r) {
  head q;
  take_head(r, &q);
  call c = {0};
  if (take_byte(r) % 2 == 0) {
    add_parameters(&c, &q.p, INPUT);
    ADD_MATRIX(&c, &q.x, &q.px, INPUT, 0);
    ADD_MATRIX(&c, &q.y, &q.py, OUTPUT, 0);
    corrupt(r, &c);
    CALL_CORRUPTED(&c, recur_linear_forward, (q.pp, q.px, q.py));
    return;
  }
  add_backward(&c, &q);
  ADD_MATRIX(&c, &q.dy, &q.pdy, INPUT, 0);
  corrupt(r, &c);
  CALL_CORRUPTED(&c, recur_linear_backward, (q.pp, q.px, q.pdy, q.pdx, q.pdp));
}

static void softmax(reader *r) {
  head q;
  take_head(r, &q);
  call c = {0};
  if (take_byte(r) % 2 == 0) {
    add_parameters(&c, &q.p, INPUT);
    ADD_MATRIX(&c, &q.x, &q.px, INPUT, 0);
    ADD_MATRIX(&c, &q.y, &q.py, OUTPUT, 0);
    corrupt(r, &c);
    CALL_CORRUPTED(&c, recur_softmax_forward, (q.pp, q.px, q.py));
    return;
  }
  add_backward(&c, &q);
  ADD_MATRIX(&c, &q.y, &q.py, INPUT, 0);
  ADD_MATRIX(&c, &q.dy, &q.pdy, INPUT, 0);
  corrupt(r, &c);
  recur_softmax_workspace *w = take_softmax_workspace(r, &q);
  CALL_CORRUPTED(&c, recur_softmax_backward, (q.pp, q.px, q.py, q.pdy, q.pdx, q.pdp, w));
  recur_softmax_workspace_free(w);
}

static void cross_entropy(reader *r) {
  head q;
  take_head(r, &q);
  call c = {0};
  if (take_byte(r) % 2 == 0) {
    add_parameters(&c, &q.p, INPUT);
    ADD_MATRIX(&c, &q.x, &q.px, INPUT, 0);
    ADD_MATRIX(&c, &q.y, &q.py, OUTPUT, 0);
    ADD_VECTOR(&c, &q.labels, &q.plabels, INPUT);
    ADD_VECTOR(&c, &q.loss, &q.ploss, OUTPUT);
    corrupt(r, &c);
    CALL_CORRUPTED(&c, recur_softmax_cross_entropy_forward, (q.pp, q.px, q.plabels, q.py, q.ploss));
    return;
  }
  add_backward(&c, &q);
  ADD_MATRIX(&c, &q.y, &q.py, INPUT, 0);
  ADD_VECTOR(&c, &q.labels, &q.plabels, INPUT);
  ADD_VECTOR(&c, &q.dloss, &q.pdloss, INPUT);
  corrupt(r, &c);
  recur_softmax_workspace *w = take_softmax_workspace(r, &q);
  CALL_CORRUPTED(&c, recur_softmax_cross_entropy_backward,
                 (q.pp, q.px, q.plabels, q.py, q.pdloss, q.pdx, q.pdp, w));
  recur_softmax_workspace_free(w);
}

/* Sizes near the limits of size_t */

static size_t take_any_size(reader *r) {
  return take_byte(r) % 2 == 0 ? take_below(r, 9) : take_extreme(r);
}

static void head_sizes(reader *r) {
  const size_t N = take_any_size(r), I = take_any_size(r), O = take_any_size(r);
  size_t *count = arena_take(1, 1, 1, sizeof *count, 0);
  size_t *const given = take_rarely(r, 16) ? NULL : count;
  if (CALL(recur_softmax_workspace_bytes, (N, O, given)) && *count <= MOST_BYTES) {
    recur_softmax_workspace *w = recur_softmax_workspace_alloc(N, O);
    REQUIRE(ALLOCATED(w, recur_softmax_workspace_alloc));
    recur_softmax_workspace_free(w);
  }
  const bool counted = CALL(recur_linear_parameters_count, (I, O, given));
  numbers n = take_numbers(r);
  gsl_vector theta = random_vector(&n, take_below(r, 80), 1), *ptheta = &theta;
  recur_linear_parameters *p = arena_take(1, 1, 1, sizeof *p, 0);
  call c = {0};
  ADD_VECTOR(&c, &theta, &ptheta, INPUT);
  corrupt(r, &c);
  if (c.moved)
    return;
  if (CALL(recur_linear_parameters_view, (ptheta, I, O, take_rarely(r, 16) ? NULL : p)))
    REQUIRE(counted || given == NULL);
}

/* Changes one field of a network. */
static void corrupt_network(reader *r, recur_network *n) {
  size_t *const sizes[] = {&n->input_size, &n->hidden_size, &n->layers, &n->directions,
                           &n->cell.projection_size};
  double *const options[] = {&n->dropout,      &n->recurrent_dropout, &n->zoneout,
                             &n->cell_zoneout, &n->cell.gate_clamp,   &n->cell.cell_clamp};
  recur_activation *const activations_of[] = {&n->cell.f, &n->cell.g, &n->cell.h};
  const size_t choice = take_below(r, 5);
  const unsigned k = choice < 3 ? take_byte(r) : 0;
  switch (choice) {
  case 0:
    *sizes[k % COUNT(sizes)] = take_extreme(r);
    break;
  case 1:
    *options[k % COUNT(options)] = take_option(r);
    break;
  case 2:
    *activations_of[k % COUNT(activations_of)] = take_activation(r);
    break;
  case 3:
    n->cell.reset = (recur_reset)take_byte(r);
    break;
  default:
    n->cell.kind = (recur_cell_kind)take_byte(r);
  }
}

static recur_initialization take_schemes(reader *r) {
  const unsigned input = take_byte(r), recurrent = take_byte(r);
  return (recur_initialization){.input = input % 6, .recurrent = recurrent % 6};
}

/* A call that accepts a network that measuring refuses would be wrong. */
static void wrong_network(reader *r) {
  recur_network n = take_network(r).network;
  for (size_t k = 1 + take_below(r, 3); k > 0; k--)
    corrupt_network(r, &n);
  const recur_network *const given = take_rarely(r, 32) ? NULL : &n;
  const recur_layout layout = (recur_layout)(take_byte(r) % 6);
  recur_network_sizes sizes;
  recur_parameter_slice slice;
  const recur_initialization initialization = take_schemes(r);
  size_t bytes = 0, slices = 0, count = 0;
  numbers values = take_numbers(r);
  gsl_vector theta = random_vector(&values, take_any_size(r) % 100, 1);
  gsl_vector foreign = random_vector(&values, take_any_size(r) % 100, 1);
  gsl_matrix view_of;
  const bool valid = CALL(recur_network_measure, (given, &sizes));
  const bool counted = CALL(recur_parameters_count, (given, layout, &slices, &count));
  REQUIRE(valid || !counted);
  REQUIRE(CALL(recur_parameters_slice, (given, layout, take_any_size(r), &slice)) <= valid);
  REQUIRE(CALL(recur_network_weights_bytes, (given, &bytes)) <= valid);
  const size_t T = take_any_size(r), B = take_any_size(r), segment = take_any_size(r);
  const recur_mode mode = (recur_mode)(take_byte(r) % 3);
  const bool possible = CALL(recur_network_workspace_bytes, (given, T, B, mode, segment, &bytes));
  REQUIRE(possible <= valid);
  if (!possible || bytes <= MOST_BYTES) {
    recur_network_workspace *w = recur_network_workspace_alloc(given, T, B, mode, segment);
    REQUIRE(ALLOCATED(w, recur_network_workspace_alloc) == possible);
    recur_network_workspace_free(w);
  }
  if (!valid) {
    recur_network_weights *weights = recur_network_weights_alloc(given);
    REQUIRE(!ALLOCATED(weights, recur_network_weights_alloc));
  }
  if (valid && (count > MOST_BYTES || !counted))
    return;
  REQUIRE(CALL(recur_parameters_view, (given, &theta, "weight_hh_l0", &view_of)) <= valid);
  REQUIRE(CALL(recur_parameters_import, (given, layout, &foreign, &theta)) <= valid);
  REQUIRE(CALL(recur_parameters_export, (given, layout, &theta, &foreign)) <= valid);
  REQUIRE(CALL(recur_parameters_initialize, (given, &initialization, &theta)) <= valid);
}

/* Networks */

static void add_states(call *c, problem *q) {
  ADD_MATRIX(c, &q->h0, &q->pass.h0, STATE_IN, 0);
  ADD_MATRIX(c, &q->hT, &q->pass.hT, STATE_OUT, 0);
  if (!q->sizes.cell_state)
    return;
  ADD_MATRIX(c, &q->c0, &q->pass.c0, STATE_IN, 1);
  ADD_MATRIX(c, &q->cT, &q->pass.cT, STATE_OUT, 1);
}

static void add_gradients(call *c, problem *q, gsl_vector **dtheta) {
  recur_network_gradients *g = &q->gradients;
  ADD_MATRIX(c, &q->dy, &g->dy, INPUT, 0);
  ADD_MATRIX(c, &q->dx, &g->dx, OUTPUT, 0);
  ADD_MATRIX(c, &q->dhT, &g->dhT, STATE_IN, 0);
  ADD_MATRIX(c, &q->dh0, &g->dh0, STATE_OUT, 0);
  ADD_MATRIX(c, &q->dh_norms, &g->dh_norms, OUTPUT, 0);
  ADD_VECTOR(c, &q->dtheta, dtheta, OUTPUT);
  if (!q->sizes.cell_state)
    return;
  ADD_MATRIX(c, &q->dcT, &g->dcT, STATE_IN, 1);
  ADD_MATRIX(c, &q->dc0, &g->dc0, STATE_OUT, 1);
}

static void training(reader *r, problem *q, gsl_vector *theta) {
  call c = {0};
  ADD_MATRIX(&c, &q->x, &q->pass.x, INPUT, 0);
  ADD_MATRIX(&c, &q->y, &q->pass.y, OUTPUT, 0);
  ADD_VECTOR(&c, &q->theta, &theta, INPUT);
  add_states(&c, q);
  corrupt(r, &c);
  const recur_network_pass *const pass = take_rarely(r, 32) ? NULL : &q->pass;
  recur_network_workspace *const w = take_rarely(r, 32) ? NULL : q->w;
  CALL_CORRUPTED(&c, recur_network_forward, (theta, pass, w));
}

static void backward(reader *r, problem *q, gsl_vector *theta) {
  if (!run_forward(q))
    return;
  call c = {0};
  ADD_MATRIX(&c, &q->x, &q->pass.x, INPUT, 0);
  ADD_MATRIX(&c, &q->y, &q->pass.y, INPUT, 0);
  ADD_VECTOR(&c, &q->theta, &theta, INPUT);
  add_gradients(&c, q, &q->gradients.dtheta);
  corrupt(r, &c);
  const recur_network_pass *const pass = take_rarely(r, 32) ? NULL : &q->pass;
  const recur_network_gradients *const gradients = take_rarely(r, 32) ? NULL : &q->gradients;
  recur_network_workspace *const w = take_rarely(r, 32) ? NULL : q->w;
  CALL_CORRUPTED(&c, recur_network_backward, (theta, pass, gradients, w));
}

static void inference(reader *r, problem *q) {
  call c = {0};
  ADD_MATRIX(&c, &q->x, &q->pass.x, INPUT, 0);
  ADD_MATRIX(&c, &q->y, &q->pass.y, OUTPUT, 0);
  add_states(&c, q);
  corrupt(r, &c);
  const recur_network_weights *const weights = take_rarely(r, 32) ? NULL : q->weights;
  const recur_network_pass *const pass = take_rarely(r, 32) ? NULL : &q->pass;
  recur_network_workspace *const w = take_rarely(r, 32) ? NULL : q->w;
  CALL_CORRUPTED(&c, recur_network_infer, (weights, pass, w));
}

static void record(reader *r, problem *q) {
  if (q->mode == RECUR_MODE_TRAINING && take_byte(r) % 4 != 3 && !run_forward(q))
    return;
  const size_t H = q->network.hidden_size, TB = q->T * q->B, layer = take_any_size(r) % 4;
  const size_t direction = take_rarely(r, 8) ? take_extreme(r) : take_below(r, 2);
  const size_t choice = take_below(r, 4);
  const size_t columns[] = {q->sizes.gates * H, q->sizes.gates * H, H,
                            q->network.directions * q->sizes.state_size};
  gsl_matrix m = arena_matrix(r, TB, columns[choice]), *pm = &m;
  recur_network_workspace *const w = take_rarely(r, 32) ? NULL : q->w;
  call c = {0};
  ADD_MATRIX(&c, &m, &pm, OUTPUT, 0);
  corrupt(r, &c);
  if (choice == 0)
    CALL_CORRUPTED(&c, recur_network_gates, (w, layer, direction, pm));
  else if (choice == 1)
    CALL_CORRUPTED(&c, recur_network_gate_gradients, (w, layer, direction, pm));
  else if (choice == 2)
    CALL_CORRUPTED(&c, recur_network_cell_states, (w, layer, direction, pm));
  else
    CALL_CORRUPTED(&c, recur_network_layer_outputs, (w, layer, pm));
}

static void packing(reader *r, problem *q) {
  recur_network_weights *weights = recur_network_weights_alloc(&q->network);
  REQUIRE(ALLOCATED(weights, recur_network_weights_alloc));
  gsl_vector *theta = &q->theta;
  call c = {0};
  ADD_VECTOR(&c, &q->theta, &theta, INPUT);
  corrupt(r, &c);
  CALL_CORRUPTED(&c, recur_network_weights_set, (take_rarely(r, 16) ? NULL : weights, theta));
  recur_network_weights_free(weights);
  CALL(recur_network_workspace_set_threads, (take_rarely(r, 2) ? NULL : q->w, NULL));
}

static void networks(reader *r) {
  problem q;
  const unsigned choice = take_byte(r);
  if (!take_problem(r, &q))
    return;
  if (!start(&q)) {
    end(&q);
    return;
  }
  if (choice % 4 == 0)
    packing(r, &q);
  else if (choice % 4 == 1)
    record(r, &q);
  else if (q.mode == RECUR_MODE_INFERENCE)
    inference(r, &q);
  else if (choice % 4 == 2)
    training(r, &q, &q.theta);
  else
    backward(r, &q, &q.theta);
  end(&q);
}

/* Vectors of parameters */
static void parameters(reader *r) {
  const recur_network n = take_network(r).network;
  const recur_layout layout = (recur_layout)(take_byte(r) % 5);
  size_t slices, count = 0, foreign_count = 0;
  if (!CALL(recur_parameters_count, (&n, RECUR_LAYOUT_PYTORCH, &slices, &count)) ||
      !CALL(recur_parameters_count, (&n, layout, &slices, &foreign_count)) ||
      count > MOST_PARAMETERS)
    return;
  numbers values = take_numbers(r);
  const recur_initialization initialization = take_schemes(r);
  gsl_vector theta = random_vector(&values, count, 1), *ptheta = &theta;
  gsl_vector foreign = random_vector(&values, foreign_count, 1), *pforeign = &foreign;
  gsl_matrix slice;
  const size_t choice = take_below(r, 4);
  call c = {0};
  ADD_VECTOR(&c, &theta, &ptheta, choice == 1 || choice == 2 ? INPUT : OUTPUT);
  ADD_VECTOR(&c, &foreign, &pforeign, choice == 1 ? OUTPUT : INPUT);
  if (choice >= 2)
    c.count = 1;
  corrupt(r, &c);
  if (choice == 0) {
    CALL_CORRUPTED(&c, recur_parameters_import, (&n, layout, pforeign, ptheta));
  } else if (choice == 1) {
    CALL_CORRUPTED(&c, recur_parameters_export, (&n, layout, ptheta, pforeign));
  } else if (choice == 2) {
    const char *const name = take_rarely(r, 8) ? NULL : "weight_ih_l0";
    gsl_matrix *const view_of = take_rarely(r, 8) ? NULL : &slice;
    CALL_CORRUPTED(&c, recur_parameters_view, (&n, ptheta, name, view_of));
  } else {
    CALL_CORRUPTED(&c, recur_parameters_initialize,
                   (&n, take_rarely(r, 16) ? NULL : &initialization, ptheta));
  }
}

/* Names and counts that are always refused. */
static void always_refused(reader *r) {
  char name[9] = "";
  for (size_t k = 0; k + 1 < sizeof name; k++)
    name[k] = (char)take_byte(r);
  static const char *const known[] = {"portable", "avx2", "avx512", "neon"};
  for (size_t k = 0; k < COUNT(known); k++)
    if (strcmp(name, known[k]) == 0)
      return;
  arena_close();
  const int status = recur_set_instruction_set(name);
  arena_open();
  REQUIRE(status == GSL_EINVAL);
  check_failure(status, "recur_set_instruction_set");
  const size_t count = take_extreme(r);
  if (count != 1)
    REQUIRE(!ALLOCATED(recur_threads_alloc(count), recur_threads_alloc));
  recur_threads_free(NULL);
  recur_network_workspace_free(NULL);
  recur_network_weights_free(NULL);
  recur_softmax_workspace_free(NULL);
}

static void fuzz(reader *r) {
  static void (*const families[])(reader *) = {
      networks,      networks, networks,      activations, error_terms,   matrix_initialization,
      linear,        softmax,  cross_entropy, head_sizes,  wrong_network, parameters,
      always_refused};
  families[take_below(r, COUNT(families))](r);
}

#include "entry.h"
