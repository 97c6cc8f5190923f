/* Memory of weights and workspaces: see memory.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* madvise under -std=c11 */

#include "base/memory.h"

#include <gsl/gsl_errno.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef __linux__
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20, LEAST_BYTES = 2 * HUGE_PAGE };

/* Asks for huge pages where a whole one lies within the memory. */
static void use_huge_pages(char *memory, size_t bytes) {
  const size_t before = (HUGE_PAGE - (uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
  if (bytes >= LEAST_BYTES)
    madvise(memory + before, (bytes - before) / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
}
#else
static void use_huge_pages(char *memory, size_t bytes) {
  (void)memory, (void)bytes;
}
#endif

void *rk_allocate(const char *function, const char *what, size_t bytes) {
  void *memory = aligned_alloc(RK_ROW_BYTES, bytes);
  if (memory == NULL)
    rk_fail(GSL_ENOMEM, function, what, "of %zu bytes cannot be allocated", bytes);
  else
    use_huge_pages(memory, bytes);
  return memory;
}
