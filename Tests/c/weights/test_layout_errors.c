/* recur/parameters.h: every wrong argument of conversions and views.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/arguments.h"
#include "weights/layout_networks.h"

typedef struct {
  recur_network network;
  recur_layout layout;
  gsl_vector theta, foreign, *theta_pointer, *foreign_pointer;
} conversion_call;

static int call_import(void *conversion) {
  const conversion_call *c = conversion;
  return recur_parameters_import(&c->network, c->layout, c->foreign_pointer, c->theta_pointer);
}

static int call_export(void *conversion) {
  const conversion_call *c = conversion;
  return recur_parameters_export(&c->network, c->layout, c->theta_pointer, c->foreign_pointer);
}

static void refuse_conversion(const char *function, int (*call)(void *), int theta_flags,
                              int foreign_flags) {
  conversion_call c = {.network = make(RECUR_CELL_GRU, 3, 2, 0), .layout = RECUR_LAYOUT_ONEDNN};
  c.theta = new_theta(&c.network, RECUR_LAYOUT_PYTORCH);
  c.foreign = new_theta(&c.network, c.layout);
  c.theta_pointer = &c.theta;
  c.foreign_pointer = &c.foreign;
  fill_bits(&c.theta);
  fill_bits(&c.foreign);
  const tested_function f = {
      .function = function,
      .call = call,
      .problem = &c,
      .remember = remember,
      .nothing_touched = nothing_touched,
      .count = 2,
      .arguments = {
          VECTOR_ARGUMENT("theta", &c.theta, &c.theta_pointer, REQUIRED | theta_flags),
          VECTOR_ARGUMENT("foreign", &c.foreign, &c.foreign_pointer, REQUIRED | foreign_flags)}};
  refuse_everything_wrong(&f);
  for (size_t k = 0; k < 2; k++) {
    *f.arguments[k].apart = 2;
    refused(&f, GSL_EINVAL, f.arguments[k].name);
    *f.arguments[k].apart = 1;
    char *data = pointer_at(f.arguments[k].data);
    set_pointer(f.arguments[k].data, NULL);
    refused(&f, GSL_EFAULT, f.arguments[k].name);
    set_pointer(f.arguments[k].data, data);
  }
  c.layout = (recur_layout)4;
  refused(&f, GSL_EINVAL, "layout");
  c.layout = (recur_layout)-1;
  refused(&f, GSL_EINVAL, "layout");
  c.network.directions = 3;
  refused(&f, GSL_EINVAL, "network->directions");
  free_all();
}

static void test_wrong_conversions(void) {
  refuse_conversion(TEXT(recur_parameters_import), call_import, OUTPUT, 0);
  refuse_conversion(TEXT(recur_parameters_export), call_export, 0, OUTPUT);
  check_note("without a network");
  gsl_vector v = {.size = 1, .stride = 1, .data = new_matrix(1, 1, 1)->data};
  CHECK(recur_parameters_import(NULL, RECUR_LAYOUT_ONNX, &v, &v) == GSL_EFAULT);
  CHECK(recur_parameters_export(NULL, RECUR_LAYOUT_ONNX, &v, &v) == GSL_EFAULT);
  free_all();
}

static void test_wrong_views(void) {
  const recur_network n = make(RECUR_CELL_RNN, 3, 2, NO_BIAS);
  gsl_vector theta = new_theta(&n, RECUR_LAYOUT_PYTORCH);
  gsl_matrix view = {.size1 = 7}, *slice = &view;
  const char *wrong[] = {"",           "weight_ih",     "weight_ih_l1", "weight_ih_l0_reverse",
                         "bias_ih_l0", "weight_ih_l0 ", "W_l0"};
  for (size_t k = 0; k < COUNT(wrong); k++) {
    check_note("view of %s", wrong[k]);
    CHECK(recur_parameters_view(&n, &theta, wrong[k], slice) == GSL_EINVAL);
    CHECK(strcmp(recur_last_error()->argument, "name") == 0);
  }
  CHECK(recur_parameters_view(NULL, &theta, "weight_ih_l0", slice) == GSL_EFAULT);
  CHECK(recur_parameters_view(&n, NULL, "weight_ih_l0", slice) == GSL_EFAULT);
  CHECK(recur_parameters_view(&n, &theta, NULL, slice) == GSL_EFAULT);
  CHECK(recur_parameters_view(&n, &theta, "weight_ih_l0", NULL) == GSL_EFAULT);
  theta.stride = 2;
  CHECK(recur_parameters_view(&n, &theta, "weight_ih_l0", slice) == GSL_EINVAL);
  theta.stride = 1;
  theta.size--;
  CHECK(recur_parameters_view(&n, &theta, "weight_ih_l0", slice) == GSL_EBADLEN);
  CHECK(view.size1 == 7 && view.data == NULL);
  free_all();
}

int main(void) {
  check_begin();
  test_wrong_conversions();
  test_wrong_views();
  return check_end();
}
