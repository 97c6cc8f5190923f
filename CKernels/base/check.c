/* Argument checks, and the description of the last failure.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/check.h"

#include "base/instruction_set.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The last error of each thread. No result depends on it. */
static _Thread_local recur_error last_error;

const recur_error *recur_last_error(void) {
  return &last_error;
}

int recur_set_last_error(const recur_error *error) {
  RK_REQUIRE(error);
  last_error = *error;
  last_error.message[sizeof last_error.message - 1] = 0;
  return error->status;
}

int rk_fail(int status, const char *function, const char *argument, const char *format, ...) {
  last_error = (recur_error){.status = status, .function = function, .argument = argument};
  const size_t room = sizeof last_error.message;
  /* %.80s leaves room for the reason. */
  const int used = snprintf(last_error.message, room, "%.80s: %.80s ", function, argument);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(last_error.message + used, room - (size_t)used, format, arguments);
  va_end(arguments);
  return status;
}

size_t rk_plus(size_t a, size_t b) {
  size_t sum;
  return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

size_t rk_times(size_t a, size_t b) {
  size_t product;
  return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

size_t rk_filled(size_t numbers, size_t element) {
  const size_t lanes = RK_ROW_BYTES / element, rest = numbers % lanes;
  return rest == 0 ? numbers : rk_plus(numbers, lanes - rest);
}

bool rk_is_subnormal(double number) {
  /* Comparisons of numbers depend on the environment, comparisons of magnitudes' bits do not. */
  const double magnitude = fabs(number), least = FLT_MIN;
  uint64_t bits, bits_of_least;
  memcpy(&bits, &magnitude, sizeof bits);
  memcpy(&bits_of_least, &least, sizeof bits_of_least);
  return bits != 0 && bits < bits_of_least;
}

int rk_check_size(const char *function, const char *argument, size_t size, size_t minimum) {
  if (size < minimum)
    return rk_fail(GSL_EINVAL, function, argument, "is %zu, expected at least %zu", size, minimum);
  if (size > INT_MAX)
    return rk_fail(GSL_EINVAL, function, argument, "is %zu, expected at most %d", size, INT_MAX);
  return GSL_SUCCESS;
}

int rk_check_bytes(const char *function, const char *argument, size_t numbers, size_t element,
                   size_t *bytes) {
  *bytes = rk_times(numbers, element);
  if (*bytes > PTRDIFF_MAX)
    return rk_fail(GSL_EINVAL, function, argument, "is too large, expected at most %td bytes",
                   PTRDIFF_MAX);
  return GSL_SUCCESS;
}

static bool is_empty(const operand *o) {
  return o->size1 == 0 || o->size2 == 0;
}

static int check_shape(const char *function, const operand *o) {
  if (!o->given) {
    if (o->optional)
      return GSL_SUCCESS;
    return rk_fail(GSL_EFAULT, function, o->name, "is NULL");
  }
  if (o->size1 != o->rows || o->size2 != o->columns) {
    const int status = rk_fail(GSL_EBADLEN, function, o->name, "is %zu x %zu, expected %zu x %zu",
                               o->size1, o->size2, o->rows, o->columns);
    last_error.expected[0] = o->rows;
    last_error.expected[1] = o->columns;
    last_error.found[0] = o->size1;
    last_error.found[1] = o->size2;
    return status;
  }
  if (is_empty(o))
    return GSL_SUCCESS;
  if (o->data == NULL)
    return rk_fail(GSL_EFAULT, function, o->name, "has no data");
  if (!o->vector)
    RK_TRY(rk_check_size(function, o->name, o->size1, 0));
  RK_TRY(rk_check_size(function, o->name, o->size2, 0));
  if (o->tda < o->size2 || o->tda > INT_MAX)
    return rk_fail(GSL_EINVAL, function, o->name, "has a tda or stride of %zu, expected %zu to %d",
                   o->tda, o->size2, INT_MAX);
  size_t bytes;
  return rk_check_bytes(function, o->name, rk_times(o->size1, o->tda), o->element, &bytes);
}

static uintptr_t end_of(const operand *o) {
  return (uintptr_t)o->data + ((o->size1 - 1) * o->tda + o->size2) * o->element;
}

/* Whether two operands share an element. The test is exact for interleaved operands with the same
   tda, such as column ranges of one matrix. With different tda, any common memory range counts. */
static bool overlap(const operand *a, const operand *b) {
  if (is_empty(a) || is_empty(b))
    return false;
  if ((uintptr_t)b->data < (uintptr_t)a->data) {
    const operand *swapped = a;
    a = b;
    b = swapped;
  }
  if ((uintptr_t)b->data >= end_of(a))
    return false;
  const size_t row_bytes = a->tda * a->element;
  if (a->tda != b->tda || a->element != b->element)
    return true;
  const size_t column = ((uintptr_t)b->data - (uintptr_t)a->data) % row_bytes;
  const bool starts_within = column < a->size2 * a->element;
  const bool wraps_into = column + b->size2 * b->element > row_bytes;
  return starts_within || wraps_into;
}

static bool is_output(const operand *o) {
  return o->role == OPERAND_OUTPUT || o->role == OPERAND_STATE_OUT;
}

/* The index of operand k among the states of its role: 0 for h, 1 for c. */
static size_t state_number(const operand *operands, size_t k) {
  size_t number = 0;
  for (size_t before = 0; before < k; before++)
    number += operands[before].role == operands[k].role;
  return number;
}

/* Whether output `out` and operand `in` are the final and the initial matrix of one state, at the
   same address. */
static bool may_coincide(const operand *operands, size_t out, size_t in) {
  const operand *a = &operands[out], *b = &operands[in];
  return a->role == OPERAND_STATE_OUT && b->role == OPERAND_STATE_IN && a->data == b->data &&
         (a->tda == b->tda || a->size1 == 1) &&
         state_number(operands, out) == state_number(operands, in);
}

int rk_check(const char *function, const operand *operands, size_t count) {
  RK_TRY(rk_check_instruction_set(function));
  for (size_t i = 0; i < count; i++)
    RK_TRY(check_shape(function, &operands[i]));
  for (size_t i = 0; i < count; i++) {
    if (!is_output(&operands[i]))
      continue;
    for (size_t j = 0; j < count; j++) {
      const bool seen = j < i && is_output(&operands[j]);
      if (j == i || seen || !overlap(&operands[i], &operands[j]))
        continue;
      if (!may_coincide(operands, i, j))
        return rk_fail(GSL_EINVAL, function, operands[i].name, "overlaps %s", operands[j].name);
    }
  }
  return GSL_SUCCESS;
}
