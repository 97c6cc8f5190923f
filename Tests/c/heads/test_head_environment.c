/* recur/linear.h, recur/softmax.h, recur/activation.h: the rounding mode and the flags of the
   caller neither change results nor are changed, and subnormal numbers count as zero.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/matrices.h"

#include <fenv.h>

enum { N = 5, I = 37, O = 21 };

/* The arguments of all functions: x is N x I, y and dy are N x O. */
typedef struct {
  recur_linear_parameters p, dp;
  gsl_matrix *x, *y, *dy, *dx, *z;
  gsl_vector loss, dloss;
  gsl_vector_int labels;
  recur_softmax_workspace *w;
} arguments;

static int linear_forward(arguments *a) {
  return recur_linear_forward(&a->p, a->x, a->y);
}

static int linear_backward(arguments *a) {
  return recur_linear_backward(&a->p, a->x, a->dy, a->dx, &a->dp);
}

static int softmax_forward(arguments *a) {
  return recur_softmax_forward(&a->p, a->x, a->y);
}

static int softmax_backward(arguments *a) {
  return recur_softmax_backward(&a->p, a->x, a->z, a->dy, a->dx, &a->dp, a->w);
}

static int loss_forward(arguments *a) {
  return recur_softmax_cross_entropy_forward(&a->p, a->x, &a->labels, a->y, &a->loss);
}

static int loss_backward(arguments *a) {
  return recur_softmax_cross_entropy_backward(&a->p, a->x, &a->labels, a->z, &a->dloss, a->dx,
                                              &a->dp, a->w);
}

static const recur_activation phi = {.kind = RECUR_ACTIVATION_SIGMOID};

static int activation_forward(arguments *a) {
  return recur_activation_forward(&phi, a->x, a->dx);
}

static int activation_backward(arguments *a) {
  return recur_activation_backward(&phi, a->dy, a->z, a->y);
}

static int activation_slopes(arguments *a) {
  return recur_activation_slopes(&phi, a->x, a->dx);
}

typedef struct {
  const char *name;
  int (*run)(arguments *a);
} function;

static const function functions[] = {
    {"linear forward", linear_forward},
    {"linear backward", linear_backward},
    {"softmax forward", softmax_forward},
    {"softmax backward", softmax_backward},
    {"loss forward", loss_forward},
    {"loss backward", loss_backward},
    {"activation forward", activation_forward},
    {"activation backward", activation_backward},
    {"activation slopes", activation_slopes},
};

static recur_linear_parameters new_parameters(double scale) {
  recur_linear_parameters p = {.weight = *new_random(O, I, scale), .bias = new_random_vector(O)};
  for (size_t k = 0; k < O; k++)
    p.bias.data[k * p.bias.stride] *= (rk_real)scale;
  return p;
}

/* The inputs are of the given scale; the outputs begin at zero. */
static arguments new_arguments(double scale) {
  static int labels[N] = {3, 0, 20, 7, 7};
  arguments a = {.p = new_parameters(scale),
                 .dp = new_parameters(0),
                 .x = new_random(N, I, scale),
                 .y = new_random(N, O, 0),
                 .dy = new_random(N, O, scale),
                 .dx = new_random(N, I, 0),
                 .z = new_random(N, O, 1),
                 .loss = new_random_vector(N),
                 .dloss = new_random_vector(N),
                 .labels = {.size = N, .stride = 1, .data = labels},
                 .w = recur_softmax_workspace_alloc(N, O)};
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < O; j++)
      AT(a.z, i, j) = (rk_real)fabs((double)AT(a.z, i, j)) / O;
  return a;
}

static void end_arguments(arguments *a) {
  recur_softmax_workspace_free(a->w);
  free_all();
}

/* All outputs of a function, one after another. */
static gsl_matrix *outputs_of(const arguments *a) {
  const gsl_matrix loss = as_column(&a->loss), bias = as_column(&a->dp.bias);
  const gsl_matrix *const all[] = {a->y, a->dx, &a->dp.weight, &bias, &loss};
  size_t count = 0;
  for (size_t k = 0; k < COUNT(all); k++)
    count += all[k]->size1 * all[k]->size2;
  gsl_matrix *m = new_matrix(count, 1, 1);
  size_t n = 0;
  for (size_t k = 0; k < COUNT(all); k++)
    for (size_t i = 0; i < all[k]->size1; i++)
      for (size_t j = 0; j < all[k]->size2; j++)
        AT(m, n++, 0) = AT(all[k], i, j);
  return m;
}

static void test_rounding_mode(const function *f, int mode) {
  gsl_matrix *results[2];
  arguments a[2];
  const uint64_t seed = check_random_state;
  for (size_t k = 0; k < 2; k++) {
    check_random_state = seed;
    a[k] = new_arguments(1);
    if (k == 1)
      fesetround(mode);
    feclearexcept(FE_ALL_EXCEPT);
    const int status = f->run(&a[k]), found = fegetround(), flags = fetestexcept(FE_ALL_EXCEPT);
    fesetenv(FE_DFL_ENV);
    check_note("%s, rounding mode %d", f->name, k == 1 ? mode : FE_TONEAREST);
    CHECK(status == GSL_SUCCESS);
    CHECK(found == (k == 1 ? mode : FE_TONEAREST) && flags == 0);
    results[k] = outputs_of(&a[k]);
  }
  CHECK(equal_bits(results[0], results[1]));
  recur_softmax_workspace_free(a[0].w);
  end_arguments(&a[1]);
}

static void test_subnormals(const function *f) {
  arguments a = new_arguments(RK_REAL_MIN / 4);
  check_note("%s of subnormal numbers", f->name);
  CHECK(f->run(&a) == GSL_SUCCESS);
  const gsl_matrix *outputs = outputs_of(&a);
  for (size_t k = 0; k < outputs->size1; k++)
    CHECK(fpclassify(AT(outputs, k, 0)) != FP_SUBNORMAL);
  end_arguments(&a);
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < COUNT(functions); k++) {
    test_rounding_mode(&functions[k], FE_UPWARD);
    test_rounding_mode(&functions[k], FE_TOWARDZERO);
    test_subnormals(&functions[k]);
  }
  return check_end();
}
