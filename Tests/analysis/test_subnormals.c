/* No function that computes reads a subnormal number, on any thread: the x86 flag of denormal
   operands stays clear within each call. The rounding mode of the caller has no effect and remains.
   The library must be compiled with environment_hook.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "base/team.h"
#include "environment_hook.h"
#include "support/initializations.h"
#include "support/network_parts.h"

enum {
  DENORMAL_OPERAND = 2,
  ROUNDING = 0x6000,
  SUBNORMALS_ARE_ZERO = 0x8040,
  DEFAULT = 0x1f80,
  ROUND_UP = 0x4000
};

_Atomic unsigned flags_seen;

static const rk_real tiny_weight = RK_REAL_MIN / 100; /* about 1e-40 in single precision */

/* Between begin_call and end_call, the test itself must not compute with subnormal numbers. */
static void begin_call(const char *what) {
  check_note("%s, %zu bytes", what, sizeof(rk_real));
  flags_seen = 0;
  _mm_setcsr(DEFAULT | ROUND_UP);
}

static void end_call(int status) {
  const unsigned after = _mm_getcsr();
  _mm_setcsr(DEFAULT);
  CHECK(status == GSL_SUCCESS);
  CHECK(after == (DEFAULT | ROUND_UP));
  CHECK(!(flags_seen & ROUNDING));
  CHECK((flags_seen & SUBNORMALS_ARE_ZERO) == SUBNORMALS_ARE_ZERO);
  CHECK(!(flags_seen & DENORMAL_OPERAND));
}

static void see_thread(const rk_thread *thread, void *context) {
  unsigned *registers = context;
  registers[thread->rank] = _mm_getcsr();
}

/* The flags of a thread remain from pass to pass. */
static void check_threads(recur_threads *threads) {
  const size_t count = recur_threads_count(threads);
  unsigned registers[64] = {0};
  rk_team_run(threads, count, see_thread, registers);
  for (size_t rank = 1; rank < count; rank++) {
    check_note("thread %zu of %zu, %zu bytes", rank, count, sizeof(rk_real));
    CHECK((registers[rank] & SUBNORMALS_ARE_ZERO) == SUBNORMALS_ARE_ZERO);
    CHECK(!(registers[rank] & DENORMAL_OPERAND));
  }
}

static void scale_parameters(problem *q, rk_real factor) {
  for (size_t k = 0; k < q->count; k++)
    q->parameters.data[k] *= factor;
}

static void run_pass(problem *q, const char *what, recur_threads *threads) {
  CHECK(recur_network_workspace_set_threads(q->w, threads) == GSL_SUCCESS);
  begin_call(what);
  const int status = forward(q);
  end_call(status ? status : backward(q));
}

/* The gradient of the last output decays over all steps. */
static void test_decaying_gradients(size_t k, recur_threads *threads) {
  enum { T = 200, B = 8 };
  const recur_network network = with_random_options(network_case(k, 32, 128, 1, 1), -1);
  problem q;
  new_problem(&q, &network, T, B, 0);
  scale_parameters(&q, (rk_real)0.25);
  const gsl_matrix before_last = rows_of(q.dy, 0, (T - 1) * B);
  fill(&before_last, 0);
  fill(q.dhT, 0);
  if (q.dcT != NULL)
    fill(q.dcT, 0);
  run_pass(&q, "decaying gradients", threads);
  end_problem(&q);
}

static void test_subnormal_weights(size_t k, recur_threads *threads) {
  const recur_network network = network_case(k, 32, 128, 1, 1);
  problem q;
  new_problem(&q, &network, 9, 8, 0);
  const gsl_matrix theta = as_column(&q.parameters);
  fill(&theta, tiny_weight);
  run_pass(&q, "subnormal weights", threads);
  end_problem(&q);
}

/* Without input, the state decays. */
static void test_silence(size_t k, recur_threads *threads, size_t T, size_t B, size_t calls) {
  recur_network network = network_case(k, 2, 5, 1, 1);
  network.cell.bias = false;
  problem q;
  new_problem(&q, &network, T, B, 0);
  recur_network_workspace_free(q.w);
  q.mode = RECUR_MODE_INFERENCE;
  allocate(&q);
  scale_parameters(&q, (rk_real)0.25);
  fill(q.x, 0);
  CHECK(recur_network_workspace_set_threads(q.w, threads) == GSL_SUCCESS);
  CHECK(recur_network_weights_set(q.weights, q.theta) == GSL_SUCCESS);
  const recur_network_pass pass = {.x = q.x,
                                   .h0 = q.h0,
                                   .c0 = q.c0,
                                   .y = q.y,
                                   .hT = (gsl_matrix *)q.h0,
                                   .cT = (gsl_matrix *)q.c0};
  int status = GSL_SUCCESS;
  begin_call("silence");
  for (size_t t = 0; t < calls && status == GSL_SUCCESS; t++)
    status = recur_network_infer(q.weights, &pass, q.w);
  end_call(status);
  end_problem(&q);
}

static void test_networks(size_t count) {
  enum { STEPS = 20000 };
  recur_threads *threads = count == 1 ? NULL : rk_team_alloc("test", count);
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    test_decaying_gradients(k, threads);
    test_subnormal_weights(k, threads);
    if (count == 1)
      test_silence(k, threads, 1, 1, STEPS);
    else
      test_silence(k, threads, STEPS, count, 1);
  }
  check_threads(threads);
  recur_threads_free(threads);
}

static gsl_matrix *new_filled(size_t rows, size_t columns, rk_real value) {
  gsl_matrix *m = new_padded(rows, columns);
  fill(m, value);
  return m;
}

static recur_linear_parameters new_parameters(size_t O, size_t I, rk_real value) {
  return (recur_linear_parameters){
      .weight = *new_filled(O, I, value),
      .bias = {.size = O, .stride = 1, .data = new_filled(1, O, value)->data}};
}

/* Operands that are subnormal, or whose products are. */
static void test_heads(rk_real value) {
  enum { N = 5, I = 7, O = 6 };
  const recur_linear_parameters p = new_parameters(O, I, value), dp = new_parameters(O, I, value);
  gsl_matrix *x = new_filled(N, I, value), *y = new_filled(N, O, value), *dx = new_padded(N, I);
  gsl_matrix *dy = new_filled(N, O, value);
  gsl_vector loss = {.size = N, .stride = 1, .data = new_filled(1, N, value)->data};
  static int of_class[N] = {0, 5, 2, 2, 1};
  const gsl_vector_int labels = {.size = N, .stride = 1, .data = of_class};
  recur_softmax_workspace *w = recur_softmax_workspace_alloc(N, O);
  begin_call("linear");
  int status = recur_linear_forward(&p, x, y);
  end_call(status | recur_linear_backward(&p, x, dy, dx, &dp));
  begin_call("softmax");
  status = recur_softmax_forward(&p, x, y);
  end_call(status | recur_softmax_backward(&p, x, y, dy, dx, &dp, w));
  begin_call("cross-entropy");
  status = recur_softmax_cross_entropy_backward(&p, x, &labels, y, &loss, dx, &dp, w);
  end_call(status | recur_softmax_cross_entropy_forward(&p, x, &labels, y, &loss));
  recur_softmax_workspace_free(w);
  free_all();
}

static void test_matrices(rk_real value) {
  gsl_matrix *z = new_filled(3, 9, value), *dh = new_filled(3, 9, value), *h = new_padded(3, 9);
  for (recur_activation_kind f = RECUR_ACTIVATION_TANH; f < RECUR_ACTIVATION_KINDS; f++) {
    const recur_activation phi = recur_activation_default(f);
    begin_call("activation");
    int status = recur_activation_forward(&phi, z, h);
    status |= isnan(recur_activation_max_slope(&phi));
    status |= recur_activation_backward(&phi, z, dh, h);
    if (f != RECUR_ACTIVATION_SILU)
      status |= recur_activation_slopes(&phi, z, h);
    end_call(status);
  }
  const recur_activation phi = recur_activation_default(RECUR_ACTIVATION_TANH);
  const gsl_matrix *W = new_filled(9, 9, value), *dh_t = new_filled(1, 9, value);
  begin_call("error terms");
  end_call(recur_rnn_error_terms(W, &phi, z, 2, dh_t, h));
  free_all();
}

static void test_parameters(rk_real value) {
  const recur_network n = recur_lstm(3, 4);
  for (size_t k = 0; k < COUNT(schemes); k++) {
    const recur_initialization how = all_of(schemes[k]);
    gsl_vector theta = new_theta(&n);
    gsl_matrix *m = new_padded(5, 6);
    begin_call("initialization");
    int status = recur_parameters_initialize(&n, &how, &theta);
    if (schemes[k] != RECUR_SCHEME_BLOCK_ORTHOGONAL)
      status |= recur_matrix_initialize(schemes[k], 3, seed, 0, m);
    end_call(status);
  }
  size_t slices = 0, count = 0;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_KERAS, &slices, &count) == GSL_SUCCESS);
  gsl_vector theta = new_theta(&n), foreign = contiguous(count);
  const gsl_matrix all = as_column(&theta);
  fill(&all, value);
  begin_call("layouts");
  const int status = recur_parameters_export(&n, RECUR_LAYOUT_KERAS, &theta, &foreign);
  end_call(status | recur_parameters_import(&n, RECUR_LAYOUT_KERAS, &foreign, &theta));
  free_all();
}

int main(void) {
  check_begin();
  const rk_real values[] = {tiny_weight, rk_sqrt(RK_REAL_MIN) / 8};
  for (size_t k = 0; k < COUNT(values); k++) {
    test_heads(values[k]);
    test_matrices(values[k]);
    test_parameters(values[k]);
  }
  test_networks(1);
  test_networks(4);
  return check_end();
}
