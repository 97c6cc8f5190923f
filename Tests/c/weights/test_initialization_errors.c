/* recur/initialization.h: every wrong argument, and lack of memory.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/arguments.h"
#include "support/initializations.h"
#include "support/memory_check.h"

#include <recur/gru.h>
#include <recur/rnn.h>

typedef struct {
  recur_network network;
  recur_initialization how, *how_pointer;
  gsl_vector theta, *theta_pointer;
  recur_scheme scheme;
  size_t n;
  gsl_matrix *m;
} initialization_call;

static int initialize(void *call) {
  const initialization_call *c = call;
  return recur_parameters_initialize(&c->network, c->how_pointer, c->theta_pointer);
}

static int initialize_matrix(void *call) {
  const initialization_call *c = call;
  return recur_matrix_initialize(c->scheme, c->n, seed, 0, c->m);
}

static tested_function tested(const char *function, int (*call)(void *), initialization_call *c) {
  return (tested_function){.function = function,
                           .call = call,
                           .problem = c,
                           .remember = remember,
                           .nothing_touched = nothing_touched,
                           .count = 1};
}

static void test_wrong_initializations(void) {
  initialization_call c = {.network = recur_lstm(3, 2), .how = all_of(RECUR_SCHEME_ORTHOGONAL)};
  c.theta = new_theta(&c.network);
  c.theta_pointer = &c.theta;
  c.how_pointer = &c.how;
  tested_function f = tested(TEXT(recur_parameters_initialize), initialize, &c);
  f.arguments[0] =
      (argument)VECTOR_ARGUMENT("theta", &c.theta, &c.theta_pointer, REQUIRED | OUTPUT);
  refuse_everything_wrong(&f);
  c.theta.stride = 2;
  refused(&f, GSL_EINVAL, "theta");
  c.theta.stride = 1;
  c.how_pointer = NULL;
  refused(&f, GSL_EFAULT, "initialization");
  c.how_pointer = &c.how;
  const struct {
    const char *name;
    recur_initialization how;
  } wrong[] = {
      {"initialization->input", {.input = (recur_scheme)5}},
      {"initialization->input", {.input = (recur_scheme)-1}},
      {"initialization->recurrent", {.recurrent = (recur_scheme)5}},
      {"initialization->bias", {.bias = RECUR_SCHEME_GLOROT}},
      {"initialization->bias", {.bias = RECUR_SCHEME_ORTHOGONAL}},
      {"initialization->bias", {.bias = RECUR_SCHEME_BLOCK_ORTHOGONAL}},
      {"initialization->bias", {.bias = (recur_scheme)5}},
      {"initialization->forget_gate_bias", {.forget_gate_bias = 1}},
      {"initialization->forget_gate_bias", {.forget_gate_bias = NAN}},
      {"initialization->forget_gate_bias", {.set_forget_gate_bias = true, .forget_gate_bias = NAN}},
      {"initialization->forget_gate_bias",
       {.set_forget_gate_bias = true, .forget_gate_bias = -INFINITY}},
  };
  for (size_t k = 0; k < COUNT(wrong); k++) {
    c.how = wrong[k].how;
    refused(&f, GSL_EINVAL, wrong[k].name);
  }
  c.how = (recur_initialization){.bias = RECUR_SCHEME_BLOCK_ORTHOGONAL};
  refused(&f, GSL_EINVAL, "initialization->bias");
  CHECK(strstr(recur_last_error()->message, "is block orthogonal, expected zeros or uniform"));
  c.how = all_of(RECUR_SCHEME_ORTHOGONAL);
  c.network.hidden_size = 0;
  refused(&f, GSL_EINVAL, "network->hidden_size");
  c.network.hidden_size = SIZE_MAX;
  refused(&f, GSL_EINVAL, "network->hidden_size");
  CHECK(recur_parameters_initialize(NULL, &c.how, &c.theta) == GSL_EFAULT);
  free_all();
}

static void test_no_forget_gate(void) {
  recur_network without[] = {recur_rnn(3, 2), recur_gru(3, 2), recur_lstm(3, 2), recur_lstm(3, 2)};
  without[2].cell.bias = false;
  without[3].cell.coupled_gates = true;
  for (size_t k = 0; k < COUNT(without); k++) {
    initialization_call c = {.network = without[k], .how = {.set_forget_gate_bias = true}};
    c.theta = new_theta(&c.network);
    c.theta_pointer = &c.theta;
    c.how_pointer = &c.how;
    const tested_function f = tested(TEXT(recur_parameters_initialize), initialize, &c);
    refused(&f, GSL_EINVAL, "initialization->set_forget_gate_bias");
  }
  free_all();
}

static void test_wrong_matrices(void) {
  initialization_call c = {.scheme = RECUR_SCHEME_ORTHOGONAL, .n = 1, .m = new_matrix(3, 4, 5)};
  tested_function f = tested(TEXT(recur_matrix_initialize), initialize_matrix, &c);
  f.arguments[0] =
      (argument)MATRIX_ARGUMENT("m", c.m, &c.m, REQUIRED | OUTPUT | ANY_ROWS | ANY_COLUMNS);
  refuse_everything_wrong(&f);
  c.m->size1 = (size_t)INT_MAX + 1;
  refused(&f, GSL_EINVAL, "m");
  c.m->size1 = 3;
  const recur_scheme wrong[] = {RECUR_SCHEME_BLOCK_ORTHOGONAL, (recur_scheme)5, (recur_scheme)-1};
  for (size_t k = 0; k < COUNT(wrong); k++) {
    c.scheme = wrong[k];
    refused(&f, GSL_EINVAL, "scheme");
  }
  c.scheme = RECUR_SCHEME_UNIFORM;
  c.n = 0;
  refused(&f, GSL_EINVAL, "n");
  free_all();
  for (size_t k = 0; k < 4; k++) {
    check_note("empty matrix, scheme %zu", k);
    gsl_matrix empty = {.size1 = k % 2 * 3, .size2 = 0, .tda = 0, .data = NULL};
    CHECK(recur_matrix_initialize(schemes[k], 1, seed, 0, &empty) == GSL_SUCCESS);
  }
}

/* Without memory nothing is written. Only orthogonal schemes need memory. */
static void test_memory(void) {
  if (!counting)
    return;
  initialization_call c = {.network = recur_gru(3, 2), .n = 1, .m = new_matrix(3, 4, 5)};
  c.theta = new_theta(&c.network);
  c.theta_pointer = &c.theta;
  c.how_pointer = &c.how;
  int (*const calls[])(void *) = {initialize, initialize_matrix};
  for (size_t k = 0; k < COUNT(schemes); k++)
    for (int which = 0; which < 2; which++) {
      if (which == 1 && schemes[k] == RECUR_SCHEME_BLOCK_ORTHOGONAL)
        continue;
      check_note("memory, scheme %zu, function %d", k, which);
      c.how = all_of(schemes[k]);
      c.scheme = schemes[k];
      remember();
      allocation_fails = true;
      const int status = calls[which](&c);
      allocation_fails = false;
      CHECK(status == (k < 3 ? GSL_SUCCESS : GSL_ENOMEM));
      CHECK(nothing_touched() == (k >= 3));
    }
  free_all();
}

/* A matrix that fits into the address space, but not its scratch. */
static void test_scratch(void) {
  initialization_call c = {.scheme = RECUR_SCHEME_ORTHOGONAL, .n = 1, .m = new_matrix(1, 1, 1)};
  c.m->size1 = INT_MAX;
  c.m->size2 = c.m->tda = PTRDIFF_MAX / sizeof(rk_real) / INT_MAX;
  const tested_function f = tested(TEXT(recur_matrix_initialize), initialize_matrix, &c);
  refused(&f, GSL_ENOMEM, "scratch");
  free_all();
}

int main(void) {
  check_begin();
  start_memory_check();
  test_wrong_initializations();
  test_no_forget_gate();
  test_wrong_matrices();
  test_memory();
  test_scratch();
  return check_end();
}
