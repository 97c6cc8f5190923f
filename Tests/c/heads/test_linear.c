/* recur/linear.h: every small shape and combination of optional arguments, compared with plain
   loops, and every wrong argument.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "heads/linear_problem.h"
#include "support/arguments.h"

static int forward(void *layer) {
  const linear_layer *q = layer;
  return recur_linear_forward(&q->p, q->x, q->y);
}

static int backward(void *layer) {
  const linear_layer *q = layer;
  return recur_linear_backward(&q->p, q->x, q->dy, q->dx, q->dp);
}

static void check_shape(size_t N, size_t I, size_t O, int absent) {
  check_note("N=%zu I=%zu O=%zu absent=%d", N, I, O, absent);
  linear_layer q = new_layer(N, I, O, absent);
  q.dp = absent & NO_DP ? NULL : &q.gradients;
  wide *y = wide_new(N * O), *dy = wide_new(N * O);
  const wide magnitude = naive_layer(&q, y);
  remember();
  CHECK(forward(&q) == GSL_SUCCESS);
  CHECK(is_near(q.y, y, layer_operations(&q), magnitude));
  CHECK(layer_inputs_untouched(&q));
  for (size_t n = 0; n < N; n++)
    for (size_t o = 0; o < O; o++)
      dy[n * O + o] = AT(q.dy, n, o);
  CHECK(backward(&q) == GSL_SUCCESS);
  check_gradients(&q, dy, 1, layer_operations(&q), 0);
  CHECK(backward(&q) == GSL_SUCCESS);
  check_gradients(&q, dy, 2, layer_operations(&q), 0);
  CHECK(layer_inputs_untouched(&q));
  free_all();
}

static void test_all_shapes(void) {
  static const size_t rows[] = {0, 1, 2, 5, 9}, widths[] = {1, 2, 3, 8, 9};
  for (size_t n = 0; n < COUNT(rows); n++)
    for (size_t i = 0; i < COUNT(widths); i++)
      for (size_t o = 0; o < COUNT(widths); o++)
        for (int absent = 0; absent <= NOTHING_OPTIONAL; absent++)
          check_shape(rows[n], widths[i], widths[o], absent);
}

static void test_parameters_view(void) {
  check_note("parameters_view");
  const size_t I = 3, O = 2;
  size_t count = 0;
  CHECK(recur_linear_parameters_count(I, O, &count) == GSL_SUCCESS && count == O * I + O);
  gsl_vector theta = {.size = count, .stride = 1, .data = new_matrix(count, 1, 1)->data};
  recur_linear_parameters p;
  remember();
  CHECK(recur_linear_parameters_view(&theta, I, O, &p) == GSL_SUCCESS);
  CHECK(p.weight.data == theta.data && p.bias.data == theta.data + O * I);
  CHECK(p.weight.size1 == O && p.weight.size2 == I && p.weight.tda == I);
  CHECK(p.bias.size == O && p.bias.stride == 1 && !p.bias.owner && !p.weight.owner);
  CHECK(nothing_touched());
  free_all();
}

static void test_nan(void) {
  check_note("NaN");
  linear_layer q = new_layer(3, 2, 4, 0);
  q.dp = &q.gradients;
  AT(q.x, 1, 0) = (rk_real)NAN;
  AT(q.x, 2, 1) = (rk_real)INFINITY;
  CHECK(forward(&q) == GSL_SUCCESS);
  for (size_t o = 0; o < 4; o++)
    CHECK(!isnan(AT(q.y, 0, o)) && isnan(AT(q.y, 1, o)) && isinf(AT(q.y, 2, o)));
  CHECK(backward(&q) == GSL_SUCCESS);
  CHECK(isnan(AT(&q.dp->weight, 3, 0)) && isinf(AT(&q.dp->weight, 3, 1)));
  CHECK(!isnan(q.dp->bias.data[0]) && !isnan(AT(q.dx, 1, 0)));
  free_all();
}

/* Outputs and inputs that are columns of one matrix. */
static void test_interleaved(void) {
  check_note("interleaved");
  linear_layer q = new_layer(3, 2, 4, 0);
  const gsl_matrix *parent = new_matrix(3, 6, 6);
  gsl_matrix y = *parent, x = *parent;
  y.size2 = 4;
  x.size2 = 2;
  x.data += 4;
  copy_matrix(q.x, &x);
  wide *expected = wide_new(12);
  const wide magnitude = naive_layer(&q, expected);
  CHECK(recur_linear_forward(&q.p, &x, &y) == GSL_SUCCESS);
  CHECK(is_near(&y, expected, layer_operations(&q), magnitude));
  free_all();
}

static tested_function tested(const char *function, int (*call)(void *), linear_layer *q) {
  return (tested_function){
      .function = function,
      .call = call,
      .problem = q,
      .remember = remember,
      .nothing_touched = nothing_touched,
      .count = 4,
      .arguments = {MATRIX_ARGUMENT("p->weight", &q->p.weight, NULL,
                                    REQUIRED | ANY_ROWS | ANY_COLUMNS),
                    VECTOR_ARGUMENT("p->bias", &q->p.bias, NULL, 0),
                    MATRIX_ARGUMENT("x", q->x, &q->x, REQUIRED | ANY_ROWS)},
  };
}

static void test_wrong_arguments(void) {
  linear_layer q = new_layer(3, 2, 4, 0);
  q.dp = &q.gradients;
  tested_function f = tested(TEXT(recur_linear_forward), forward, &q);
  f.arguments[3] = (argument)MATRIX_ARGUMENT("y", q.y, &q.y, REQUIRED | OUTPUT);
  refuse_everything_wrong(&f);
  tested_function g = tested(TEXT(recur_linear_backward), backward, &q);
  g.arguments[3] = (argument)MATRIX_ARGUMENT("dy", q.dy, &q.dy, REQUIRED);
  g.arguments[4] = (argument)MATRIX_ARGUMENT("dx", q.dx, &q.dx, OUTPUT);
  g.arguments[5] = (argument)MATRIX_ARGUMENT("dp->weight", &q.dp->weight, NULL, OUTPUT);
  g.arguments[6] = (argument)VECTOR_ARGUMENT("dp->bias", &q.dp->bias, NULL, OUTPUT);
  g.count = 7;
  refuse_everything_wrong(&g);
  const tested_function both[] = {f, g};
  for (size_t k = 0; k < 2; k++) {
    q.p.weight.size2 = 0;
    refused(&both[k], GSL_EINVAL, "input_size");
    q.p.weight.size2 = (size_t)INT_MAX + 1;
    refused(&both[k], GSL_EINVAL, "input_size");
    q.p.weight.size2 = q.I;
    q.p.weight.size1 = 0;
    refused(&both[k], GSL_EINVAL, "output_size");
    q.p.weight.size1 = SIZE_MAX;
    refused(&both[k], GSL_EINVAL, "output_size");
    q.p.weight.size1 = q.O;
    q.x->size1 = (size_t)INT_MAX + 1;
    refused(&both[k], GSL_EINVAL, "x");
    q.x->size1 = q.N;
  }
  CHECK(recur_linear_forward(NULL, q.x, q.y) == GSL_EFAULT);
  CHECK(recur_linear_backward(NULL, q.x, q.dy, q.dx, q.dp) == GSL_EFAULT);
  CHECK(nothing_touched());
  free_all();
}

int main(void) {
  check_begin();
  test_all_shapes();
  test_parameters_view();
  test_nan();
  test_interleaved();
  test_wrong_arguments();
  return check_end();
}
