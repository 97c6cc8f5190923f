/* Argument checks: sizes that would overflow, shapes and overlaps. A failed check sets the
   description that recur_last_error returns.

   Every public function lists its arguments as operands with their expected shapes, and calls
   rk_check before it writes to any output.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_CHECK_H
#define RK_CHECK_H

#include <recur/error.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum {
  OPERAND_INPUT,
  OPERAND_OUTPUT,
  OPERAND_STATE_IN, /* the k-th may be the same matrix as the k-th OPERAND_STATE_OUT */
  OPERAND_STATE_OUT
} operand_role;

/* A matrix, or a vector as one column. */
typedef struct {
  const char *name;
  operand_role role;
  bool optional;
  bool given;  /* not NULL; for a view in a struct: has data */
  bool vector; /* may have more than INT_MAX elements */
  const char *data;
  size_t element; /* bytes per element */
  size_t size1, size2, tda;
  size_t rows, columns; /* expected */
} operand;

/* Returns the code of the first failure: no supported instruction set, a missing operand, a wrong
   shape, a size that rk_check_size rejects, or an output that overlaps another operand. */
int rk_check(const char *function, const operand *operands, size_t count);

/* Records a failure and returns its status. */
__attribute__((format(printf, 4, 5))) int rk_fail(int status, const char *function,
                                                  const char *argument, const char *format, ...);

/* Saturating sum and product: SIZE_MAX on overflow. */
size_t rk_plus(size_t a, size_t b);
size_t rk_times(size_t a, size_t b);

/* Rows are padded to a multiple of this number of bytes, the size of the widest vector. */
enum { RK_ROW_BYTES = 64 };

/* The number of elements rounded up to whole vectors of any instruction set; saturating. */
size_t rk_filled(size_t numbers, size_t element);

/* Whether a number other than 0 is below the minimum normal number of type float, so that
   computations may read it as 0. The answer is the same in any floating-point environment. */
bool rk_is_subnormal(double number);

/* Checks a dimension: from the minimum to INT_MAX, so that a product of two cannot overflow. */
int rk_check_size(const char *function, const char *argument, size_t size, size_t minimum);

/* *bytes = numbers * element; fails if that is more than PTRDIFF_MAX. */
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
  do {                                                                                             \
    if ((view).data == NULL)                                                                       \
      return rk_fail(GSL_EFAULT, __func__, #view, "is NULL");                                      \
  } while (0)

/* For checks that several public functions share: `function` is the name of the public one. */
#define RK_REQUIRE_FOR(function, pointer)                                                          \
  do {                                                                                             \
    if ((pointer) == NULL)                                                                         \
      return rk_fail(GSL_EFAULT, function, #pointer, "is NULL");                                   \
  } while (0)
#define RK_REQUIRE(pointer) RK_REQUIRE_FOR(__func__, pointer)

#endif
