/* The floating-point environment of a computation: rounding to nearest, no traps, and subnormal
   numbers (those below the smallest normal one) read and written as zero. Decaying gradients and
   states would otherwise end in subnormal numbers, which are 10 to 200 times slower on some
   processors. A thread of a team always has this environment; a public function that computes has
   it until it returns, and then restores what it found, flags included.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ENVIRONMENT_H
#define RK_ENVIRONMENT_H

#if defined __x86_64__
#include <xmmintrin.h>

typedef unsigned rk_environment;

static inline rk_environment rk_environment_enter(void) {
  enum { TRAPS_MASKED = 0x1f80, FLUSH_TO_ZERO = 0x8000, SUBNORMALS_ARE_ZERO = 0x40 };
  const rk_environment found = _mm_getcsr();
  _mm_setcsr(TRAPS_MASKED | FLUSH_TO_ZERO | SUBNORMALS_ARE_ZERO);
  return found;
}

static inline void rk_environment_leave(const rk_environment *found) {
  _mm_setcsr(*found);
}

#elif defined __aarch64__
#include <stdint.h>

typedef struct {
  uint64_t control, status;
} rk_environment;

static inline rk_environment rk_environment_enter(void) {
  rk_environment found;
  const uint64_t flush_to_zero = UINT64_C(1) << 24;
  __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(found.control), "=r"(found.status));
  __asm__ volatile("msr fpcr, %0" : : "r"(flush_to_zero) : "memory");
  return found;
}

static inline void rk_environment_leave(const rk_environment *found) {
  __asm__ volatile("msr fpcr, %0\n\tmsr fpsr, %1"
                   :
                   : "r"(found->control), "r"(found->status)
                   : "memory");
}

#else
#include <fenv.h>

typedef fenv_t rk_environment;

/* C has no name for flushing: here subnormal numbers remain. */
static inline rk_environment rk_environment_enter(void) {
  rk_environment found;
  feholdexcept(&found);
  fesetround(FE_TONEAREST);
  return found;
}

static inline void rk_environment_leave(const rk_environment *found) {
  fesetenv(found);
}
#endif

/* At the top of a public function that computes. */
#define RK_COMPUTES                                                                                \
  __attribute__((cleanup(rk_environment_leave), unused)) const rk_environment environment_found =  \
      rk_environment_enter()

#endif
