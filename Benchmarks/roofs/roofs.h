/* The limits of a core: the two kinds of work that are measured.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef ROOFS_H
#define ROOFS_H

#include <stddef.h>

/* The functions of one instruction set. */
typedef struct {
  int (*supported)(void);
  double (*fma_float)(long rounds);  /* returns the number of operations */
  double (*fma_double)(long rounds); /* likewise */
  void (*read)(const void *buffer, size_t bytes, long passes); /* bytes: a multiple of READ_BLOCK */
} roofs_variant;

enum { READ_BLOCK = 1024 };

/* The last one has supported = NULL. */
extern const roofs_variant roofs_variants[];

double roofs_fma_avx512_float(long rounds);
double roofs_fma_avx512_double(long rounds);
double roofs_fma_avx2_float(long rounds);
double roofs_fma_avx2_double(long rounds);
double roofs_fma_any_float(long rounds);
double roofs_fma_any_double(long rounds);

void roofs_read_avx512(const void *buffer, size_t bytes, long passes);
void roofs_read_avx2(const void *buffer, size_t bytes, long passes);
void roofs_read_any(const void *buffer, size_t bytes, long passes);

/* The target attributes of each instruction set, in addition to the baseline. */
#ifdef __x86_64__
#define AVX512 __attribute__((target("avx512f,avx512vl,fma")))
#define AVX2 __attribute__((target("avx2,fma")))
#endif

#endif
