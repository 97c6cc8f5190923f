/* Fused multiply-adds in registers. There are more accumulators than a core has additions in flight
   (latency times units), so that no addition waits for the previous one.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "roofs.h"

#define DEFINE_FMA(name, isa, scalar, bytes, accumulators)                                         \
  isa double name(long rounds) {                                                                   \
    typedef scalar vector __attribute__((vector_size(bytes)));                                     \
    vector sum[accumulators];                                                                      \
    for (int k = 0; k < accumulators; k++)                                                         \
      sum[k] = (vector){0} + (scalar)(k + 1);                                                      \
    const vector factor = (vector){0} + (scalar)0.75, term = (vector){0} + (scalar)0.125;          \
    for (long round = 0; round < rounds; round++)                                                  \
      for (int k = 0; k < accumulators; k++)                                                       \
        sum[k] = sum[k] * factor + term;                                                           \
    vector total = sum[0];                                                                         \
    for (int k = 1; k < accumulators; k++)                                                         \
      total += sum[k];                                                                             \
    __asm__ volatile("" : : "m"(total));                                                           \
    return 2.0 * accumulators * (bytes / sizeof(scalar)) * rounds;                                 \
  }

#ifdef __x86_64__
DEFINE_FMA(roofs_fma_avx512_float, AVX512, float, 64, 16)
DEFINE_FMA(roofs_fma_avx512_double, AVX512, double, 64, 16)
DEFINE_FMA(roofs_fma_avx2_float, AVX2, float, 32, 12)
DEFINE_FMA(roofs_fma_avx2_double, AVX2, double, 32, 12)
enum { BASELINE_ACCUMULATORS = 12 };
#else
enum { BASELINE_ACCUMULATORS = 16 };
#endif
DEFINE_FMA(roofs_fma_any_float, , float, 16, BASELINE_ACCUMULATORS)
DEFINE_FMA(roofs_fma_any_double, , double, 16, BASELINE_ACCUMULATORS)
