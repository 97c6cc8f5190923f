/* recur_activation_forward, _backward and _slopes: matrices with and without padding, in place and
   not, compared with one element at a time; and every wrong argument.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "isa/kernels.h"
#include "support/arguments.h"
#include "support/matrices.h"

#include <recur/activation.h>

typedef struct {
  recur_activation phi;
  gsl_matrix *z, *dh, *result; /* h, dz or slopes */
} problem;

static int forward(void *p) {
  const problem *q = p;
  return recur_activation_forward(&q->phi, q->z, q->result);
}

static int backward(void *p) {
  const problem *q = p;
  return recur_activation_backward(&q->phi, q->z, q->dh, q->result);
}

/* The slopes of the values in z. */
static int slopes(void *p) {
  const problem *q = p;
  return recur_activation_slopes(&q->phi, q->z, q->result);
}

static int (*const functions[])(void *) = {forward, backward, slopes};

static rk_real expected(const problem *q, size_t function, size_t i, size_t j) {
  const rk_kernels *isa = rk_kernels_in_use();
  const rk_real z = AT(q->z, i, j), dh = AT(q->dh, i, j), one = 1;
  rk_real result;
  if (function == 0)
    isa->activation_forward(&q->phi, &z, &result, 1);
  else if (function == 1)
    isa->activation_backward(&q->phi, &z, &dh, &result, 1);
  else
    isa->activation_gradient(&q->phi, &z, &one, &result, 1);
  return result;
}

static problem new_problem(recur_activation_kind kind, size_t rows, size_t columns) {
  return (problem){.phi = recur_activation_default(kind),
                   .z = new_random(rows, columns, 2),
                   .dh = new_random(rows, columns, 1),
                   .result = new_matrix(rows, columns, columns + 5)};
}

static void test_values(size_t function, size_t rows, size_t columns, bool in_place) {
  problem q = new_problem(RECUR_ACTIVATION_SOFTSIGN, rows, columns);
  const gsl_matrix *wanted = new_padded(rows, columns);
  check_note("function %zu, %zu x %zu, in place %d", function, rows, columns, in_place);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      AT(wanted, i, j) = expected(&q, function, i, j);
  if (in_place)
    q.result = function == 1 ? q.dh : q.z;
  CHECK(functions[function](&q) == GSL_SUCCESS);
  CHECK(equal_bits(q.result, wanted));
  CHECK(padding_untouched());
  free_all();
}

/* Rows without elements may have no data and any tda. */
static void test_no_columns(size_t function) {
  problem q = new_problem(RECUR_ACTIVATION_TANH, 3, 0);
  gsl_matrix *const all[] = {q.z, q.dh, q.result};
  for (size_t k = 0; k < COUNT(all); k++)
    *all[k] = (gsl_matrix){.size1 = 3, .tda = SIZE_MAX / 2};
  check_note("function %zu without columns", function);
  CHECK(functions[function](&q) == GSL_SUCCESS);
  free_all();
}

static void test_arguments(void) {
  static const char *const names[] = {TEXT(recur_activation_forward),
                                      TEXT(recur_activation_backward),
                                      TEXT(recur_activation_slopes)};
  static const char *const results[] = {"h", "dz", "slopes"};
  problem q = new_problem(RECUR_ACTIVATION_TANH, 3, 4);
  for (size_t k = 0; k < COUNT(functions); k++) {
    tested_function f = {names[k], functions[k], &q, remember, nothing_touched, 2, {{0}}};
    const int state = k == 1 ? 0 : STATE_IN;
    f.arguments[0] = (argument)MATRIX_ARGUMENT(k == 2 ? "h" : "z", q.z, &q.z,
                                               REQUIRED | ANY_ROWS | ANY_COLUMNS | state);
    f.arguments[1] =
        (argument)MATRIX_ARGUMENT(results[k], q.result, &q.result, REQUIRED | STATE_OUT);
    if (k == 1)
      f.arguments[f.count++] = (argument)MATRIX_ARGUMENT("dh", q.dh, &q.dh, REQUIRED | STATE_IN);
    refuse_everything_wrong(&f);
    q.phi.kind = RECUR_ACTIVATION_KINDS;
    refused(&f, GSL_EINVAL, "phi");
    q.phi = recur_activation_default(RECUR_ACTIVATION_TANH);
  }
  free_all();
}

int main(void) {
  check_begin();
  for (size_t function = 0; function < COUNT(functions); function++) {
    for (size_t columns = 1; columns <= 200; columns = 2 * columns + 1)
      for (size_t rows = 1; rows <= 3; rows++) {
        test_values(function, rows, columns, false);
        test_values(function, rows, columns, true);
      }
    test_no_columns(function);
  }
  test_arguments();
  return check_end();
}
