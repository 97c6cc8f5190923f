/* Allocations, and errors if memory runs out. If allocations cannot be counted (see allocations.h),
   their absence is not checked.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef MEMORY_CHECK_H
#define MEMORY_CHECK_H

#include "support/allocations.h"
#include "support/check.h"

#include <malloc.h>
#include <recur/error.h>

static bool counting;
static size_t count_before;

static inline void start_counting(const char *what) {
  check_note("%s", what);
  count_before = allocation_count;
}

static inline void nothing_allocated(int status) {
  const size_t count = allocation_count - count_before;
  CHECK(status == GSL_SUCCESS);
  CHECK(!counting || count == 0);
}

/* malloc_usable_size is exact under valgrind and AddressSanitizer, allocation_size elsewhere. */
static inline void check_allocated(void *workspace, size_t bytes) {
  CHECK(workspace != NULL);
  CHECK((counting ? allocation_size : malloc_usable_size(workspace)) == bytes);
  CHECK(malloc_usable_size(workspace) >= bytes);
}

static inline void check_no_memory(const void *workspace, const char *function) {
  check_note("%s", function);
  CHECK(workspace == NULL);
  CHECK(recur_last_error()->status == GSL_ENOMEM);
  CHECK(strcmp(recur_last_error()->function, function) == 0);
  CHECK(strstr(recur_last_error()->message, "bytes") != NULL);
}

static inline void start_memory_check(void) {
  counting = counting_works();
  if (!counting)
    printf("skipped: checks that require counted allocations\n");
}

#endif
