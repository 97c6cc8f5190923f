/* Memory of weights and workspaces: see memory.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* madvise under -std=c11 */

#include "base/memory.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>

#ifdef __linux__
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20, LEAST_BYTES = 2 * HUGE_PAGE };

/* The pages of the rest remain small, so that a caller gets no more memory than requested. */
static void *allocate(size_t bytes) {
  if (bytes < LEAST_BYTES)
    return aligned_alloc(RK_ROW_BYTES, bytes);
  void *memory = aligned_alloc(HUGE_PAGE, bytes);
  if (memory != NULL)
    madvise(memory, bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
  return memory;
}
#else
static void *allocate(size_t bytes) {
  return aligned_alloc(RK_ROW_BYTES, bytes);
}
#endif

void *rk_allocate(const char *function, const char *what, size_t bytes) {
  void *memory = allocate(bytes);
  if (memory == NULL)
    rk_fail(GSL_ENOMEM, function, what, "of %zu bytes cannot be allocated", bytes);
  return memory;
}
