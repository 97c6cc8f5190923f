/* Checks of arguments: sizes that would overflow, shapes, overlaps. What fails is described for
   recur_last_error.

   A public function lists its arguments as operands, with the shape each must have, and calls
   rk_check before it writes anything. One mechanism for all of them.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_CHECK_H
#define RK_CHECK_H

#include <recur/error.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum {
  OPERAND_INPUT,
  OPERAND_OUTPUT,
  OPERAND_STATE_IN, /* the k-th may be the same matrix as the k-th that goes out, but not partly so
                     */
  OPERAND_STATE_OUT
} operand_role;

/* A matrix, or a vector as one column. */
typedef struct {
  const char *name;
  operand_role role;
  bool optional;
  bool given;  /* not NULL; of a struct's views, not without data */
  bool vector; /* its size is no dimension of a problem */
  const char *data;
  size_t element; /* bytes of one number */
  size_t size1, size2, tda;
  size_t rows, columns; /* expected */
} operand;

/* GSL_SUCCESS, or the code of the first failure: a required operand is missing, a shape is not the
   expected one, a size is beyond what rk_check_size allows, an output overlaps another operand; or
   rk_check_instruction_set's. */
int rk_check(const char *function, const operand *operands, size_t count);

/* Notes a failure and returns its status. */
__attribute__((format(printf, 4, 5))) int rk_fail(int status, const char *function,
                                                  const char *argument, const char *format, ...);

/* Sums and products of sizes that stay at SIZE_MAX where they would wrap. */
size_t rk_plus(size_t a, size_t b);
size_t rk_times(size_t a, size_t b);

/* As many numbers of that size as fill whole vectors of any instruction set. */
size_t rk_filled(size_t numbers, size_t element);

/* One dimension of a problem: from the minimum to INT_MAX, so that a product of two fits. */
int rk_check_size(const char *function, const char *argument, size_t size, size_t minimum);

/* *bytes = numbers * element, if one array can be so large. */
int rk_check_bytes(const char *function, const char *argument, size_t numbers, size_t element,
                   size_t *bytes);

#define RK_TRY(call)                                                                               \
  do {                                                                                             \
    const int status_ = (call);                                                                    \
    if (status_ != GSL_SUCCESS)                                                                    \
      return status_;                                                                              \
  } while (0)

#define RK_CHECK(operands)                                                                         \
  RK_TRY(rk_check(__func__, operands, sizeof(operands) / sizeof((operands)[0])))

#define RK_REQUIRE_DATA(view)                                                                      \
  RK_TRY((view).data ? GSL_SUCCESS : rk_fail(GSL_EFAULT, __func__, #view, "is NULL"))

#define RK_REQUIRE(pointer)                                                                        \
  RK_TRY((pointer) ? GSL_SUCCESS : rk_fail(GSL_EFAULT, __func__, #pointer, "is NULL"))

#endif
