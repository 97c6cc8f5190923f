/* Included before each source of the library: a public function that computes leaves the flags that
   it found on its way out in flags_seen, before it restores the environment of its caller.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef ENVIRONMENT_HOOK_H
#define ENVIRONMENT_HOOK_H

#include "base/environment.h"

/* The registers of all calls combined. Defined by the test. */
extern _Atomic unsigned flags_seen;

static inline void environment_leave_and_see(const rk_environment *found) {
  flags_seen |= _mm_getcsr();
  rk_environment_leave(found);
}

#undef RK_COMPUTES
#define RK_COMPUTES                                                                                \
  __attribute__((cleanup(environment_leave_and_see), unused))                                      \
  const rk_environment environment_found = rk_environment_enter()

#endif
