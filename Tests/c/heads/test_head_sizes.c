/* Sizes of the parameters of recur/linear.h and the workspaces of recur/softmax.h, near the limits
   of size_t and INT_MAX.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/sizes.h"

#include <recur/linear.h>
#include <recur/softmax.h>

static void test_linear_size(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  size_t count = untouched;
  for (size_t k = 0; k < COUNT(wrong); k++) {
    const size_t n = wrong[k];
    check_size_refused(recur_linear_parameters_count(n, 1, &count), &count, "input_size");
    check_size_refused(recur_linear_parameters_count(1, n, &count), &count, "output_size");
  }
  CHECK(recur_linear_parameters_count(two_to_32, two_to_32, &count) == GSL_EINVAL);
  CHECK(recur_linear_parameters_count(INT_MAX, INT_MAX, &count) == GSL_EINVAL);
  /* 2^61 elements: the bytes wrap to 0. */
  CHECK(recur_linear_parameters_count(INT_MAX, 1 << 30, &count) == GSL_EINVAL);
  CHECK(count == untouched);
  CHECK(recur_linear_parameters_count(1, 1, NULL) == GSL_EFAULT);
  CHECK(recur_linear_parameters_count(1, INT_MAX, &count) == GSL_SUCCESS);
  CHECK(count == 2 * (size_t)INT_MAX);
}

static void test_linear_view(void) {
  check_note("parameters_view");
  rk_real numbers[40] = {0};
  gsl_vector theta = {.size = 8, .stride = 1, .data = numbers};
  recur_linear_parameters l = {0}, l_before = l;
  CHECK(recur_linear_parameters_view(NULL, 3, 2, &l) == GSL_EFAULT);
  CHECK(recur_linear_parameters_view(&theta, 3, 2, NULL) == GSL_EFAULT);
  CHECK(recur_linear_parameters_view(&theta, 3, 0, &l) == GSL_EINVAL);
  CHECK(recur_linear_parameters_view(&theta, SIZE_MAX, 2, &l) == GSL_EINVAL);
  for (size_t size = 0; size < 20; size++) {
    theta.size = size;
    if (size == 8)
      continue;
    CHECK(recur_linear_parameters_view(&theta, 3, 2, &l) == GSL_EBADLEN);
    CHECK(recur_last_error()->found[0] == size);
  }
  theta.stride = 2;
  theta.size = 8;
  CHECK(recur_linear_parameters_view(&theta, 3, 2, &l) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "theta") == 0);
  CHECK(memcmp(&l, &l_before, sizeof l) == 0);
}

static void test_softmax_workspace(void) {
  const size_t wrong[] = {0, beyond_int, two_to_32, SIZE_MAX};
  size_t bytes = untouched;
  for (size_t k = 0; k < COUNT(wrong); k++) {
    check_size_refused(recur_softmax_workspace_bytes(1, wrong[k], &bytes), &bytes, "O");
    CHECK(recur_softmax_workspace_alloc(1, wrong[k]) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
    if (wrong[k] == 0)
      continue;
    check_size_refused(recur_softmax_workspace_bytes(wrong[k], 1, &bytes), &bytes, "rows");
    CHECK(recur_softmax_workspace_alloc(wrong[k], 1) == NULL);
    CHECK(recur_last_error()->status == GSL_EINVAL);
  }
  CHECK(recur_softmax_workspace_bytes(1, 1, NULL) == GSL_EFAULT);
  CHECK(recur_softmax_workspace_bytes(0, 1, &bytes) == GSL_SUCCESS);
  /* 2^31 * 2^31 elements of 2 or more bytes are more than an object can have. */
  bytes = untouched;
  check_size_refused(recur_softmax_workspace_bytes(INT_MAX, INT_MAX, &bytes), &bytes, "rows * O");
}

int main(void) {
  check_begin();
  test_linear_size();
  test_linear_view();
  test_softmax_workspace();
  return check_end();
}
