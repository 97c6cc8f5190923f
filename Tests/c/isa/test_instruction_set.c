/* recur/instruction_set.h: the environment variable, which is read at the first computation. For
   the results of the sets, see test_same_bits.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _POSIX_C_SOURCE 200112L /* setenv */

#include "support/check.h"

#include <recur/error.h>
#include <recur/instruction_set.h>
#include <recur/linear.h>
#include <recur/rnn.h>

static const char variable[] = "RECUR_INSTRUCTION_SET";

/* An instruction set of another kind of processor. */
#ifdef __x86_64__
static const char absent[] = "neon";
#else
static const char absent[] = "avx2";
#endif

static void check_refusal(int status, int expected, const char *function, const char *argument,
                          const char *name) {
  check_note("%s with %s", function, name);
  const recur_error *e = recur_last_error();
  CHECK(status == expected && e->status == expected);
  CHECK(strcmp(e->function, function) == 0 && strcmp(e->argument, argument) == 0);
  CHECK(strstr(e->message, argument) != NULL && strstr(e->message, name) != NULL);
  CHECK(strstr(e->message, ", which") != NULL || strstr(e->message, ", expected") != NULL);
}

/* Every computation is refused, and writes nothing. */
static void test_variable(const char *name, int status) {
  CHECK(setenv(variable, name, 1) == 0);
  const recur_network network = recur_rnn(2, 3);
  size_t bytes = 7;
  check_refusal(recur_network_workspace_bytes(&network, 3, 2, RECUR_MODE_TRAINING, 0, &bytes),
                status, "recur_network_workspace_bytes", variable, name);
  CHECK(bytes == 7);
  CHECK(recur_network_float_workspace_alloc(&network, 3, 2, RECUR_MODE_INFERENCE, 0) == NULL);
  check_refusal(status, status, "recur_network_float_workspace_alloc", variable, name);
  CHECK(recur_network_weights_alloc(&network) == NULL);
  check_refusal(status, status, "recur_network_weights_alloc", variable, name);

  double numbers[3] = {1, 2, 3};
  const recur_linear_parameters p = {.weight = gsl_matrix_view_array(numbers, 1, 1).matrix};
  const gsl_matrix x = gsl_matrix_view_array(numbers + 1, 1, 1).matrix;
  gsl_matrix y = gsl_matrix_view_array(numbers + 2, 1, 1).matrix;
  check_refusal(recur_linear_forward(&p, &x, &y), status, "recur_linear_forward", variable, name);
  CHECK(numbers[2] == 3);

  CHECK(recur_instruction_set() == NULL);
  check_refusal(status, status, "recur_instruction_set", variable, name);
  check_refusal(recur_set_instruction_set(NULL), status, "recur_set_instruction_set", variable,
                name);
  check_refusal(recur_set_instruction_set("sse9"), GSL_EINVAL, "recur_set_instruction_set", "name",
                "sse9");
}

static void test_choice(void) {
  check_note("a choice in spite of the variable");
  CHECK(recur_set_instruction_set("portable") == GSL_SUCCESS);
  CHECK(recur_set_instruction_set(NULL) == GSL_EUNIMPL);
  CHECK(recur_set_instruction_set(absent) == GSL_EUNIMPL);
  CHECK(strcmp(recur_instruction_set(), "portable") == 0);
  const recur_network network = recur_rnn(2, 3);
  size_t bytes;
  CHECK(recur_network_workspace_bytes(&network, 3, 2, RECUR_MODE_TRAINING, 0, &bytes) ==
        GSL_SUCCESS);

  check_note("NULL");
  CHECK(unsetenv(variable) == 0 && recur_set_instruction_set(NULL) == GSL_SUCCESS);
  const char *const best = recur_instruction_set();
  CHECK(setenv(variable, "portable", 1) == 0 && recur_set_instruction_set(NULL) == GSL_SUCCESS);
  CHECK(strcmp(recur_instruction_set(), "portable") == 0);
  CHECK(setenv(variable, best, 1) == 0 && recur_set_instruction_set(NULL) == GSL_SUCCESS);
  CHECK(strcmp(recur_instruction_set(), best) == 0);
}

int main(void) {
  check_begin();
  test_variable("sse9", GSL_EINVAL);
  test_variable("", GSL_EINVAL);
  test_variable(absent, GSL_EUNIMPL);
  test_choice();
  return check_end();
}
