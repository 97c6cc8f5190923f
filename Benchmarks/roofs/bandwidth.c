/* Reads a buffer from start to end, a given number of times, into sums that stay in registers.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <stdint.h>

#include "roofs.h"

#define DEFINE_READ(name, isa, vector_bytes)                                                       \
  isa void name(const void *buffer, size_t bytes, long passes) {                                   \
    typedef uint64_t vector __attribute__((vector_size(vector_bytes)));                            \
    enum { SUMS = 8 };                                                                             \
    vector sum[SUMS] = {{0}};                                                                      \
    const vector *const end = (const vector *)buffer + bytes / sizeof(vector);                     \
    for (long pass = 0; pass < passes; pass++)                                                     \
      for (const vector *next = buffer; next < end; next += SUMS)                                  \
        for (int k = 0; k < SUMS; k++)                                                             \
          sum[k] += next[k];                                                                       \
    for (int k = 1; k < SUMS; k++)                                                                 \
      sum[0] += sum[k];                                                                            \
    __asm__ volatile("" : : "m"(sum[0]));                                                          \
  }

#ifdef __x86_64__
DEFINE_READ(roofs_read_avx512, AVX512, 64)
DEFINE_READ(roofs_read_avx2, AVX2, 32)
#endif
DEFINE_READ(roofs_read_any, , 16)
