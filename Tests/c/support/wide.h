/* Expected values in a wider type than the one under test.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef WIDE_H
#define WIDE_H

#include <stdlib.h>

typedef long double wide;

enum { MOST_WIDE_ARRAYS = 256 };
static wide *wide_arrays[MOST_WIDE_ARRAYS];
static size_t wide_count;

/* Allocates n zeros, which wide_free_all frees. */
static inline wide *wide_new(size_t n) {
  if (wide_count == MOST_WIDE_ARRAYS)
    abort();
  return wide_arrays[wide_count++] = calloc(n + 1, sizeof(wide));
}

static inline void wide_free_all(void) {
  for (size_t k = 0; k < wide_count; k++)
    free(wide_arrays[k]);
  wide_count = 0;
}

#endif
