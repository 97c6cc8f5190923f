/* Sizes near the limits of size_t and INT_MAX, and a check that one was refused.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef SIZES_H
#define SIZES_H

#include "support/check.h"

#include <limits.h>
#include <recur/error.h>

static const size_t beyond_int = (size_t)INT_MAX + 1, two_to_32 = (size_t)1 << 32;
static const size_t untouched = 12345;

/* Checks that a size was refused; resets *count. */
static inline void check_size_refused(int status, size_t *count, const char *argument) {
  check_note("%s expected to be refused", argument);
  CHECK(status == GSL_EINVAL);
  CHECK(*count == untouched);
  CHECK(recur_last_error()->status == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, argument) == 0);
  *count = untouched;
}

#endif
