/* The choice of an instruction set: see recur/instruction_set.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/instruction_set.h"

#include "base/check.h"

#include <recur/instruction_set.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[RK_INSTRUCTION_SETS] = {"avx512vnni", "avx512", "avx2", "neon",
                                                       "portable"};

static bool present(rk_instruction_set set) {
  switch (set) {
#ifdef __x86_64__
  case RK_AVX512_VNNI:
    return present(RK_AVX512) && __builtin_cpu_supports("avx512vnni");
  case RK_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("fma");
  case RK_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("f16c");
#endif
#ifdef __aarch64__
  case RK_NEON:
    return true;
#endif
  default:
    return set == RK_PORTABLE;
  }
}

static const char variable[] = "RECUR_INSTRUCTION_SET";

static atomic_int in_use = RK_INSTRUCTION_SETS; /* RK_INSTRUCTION_SETS: none chosen yet */

/* Chooses the set of that name, or, if name is NULL, the best one. Messages name the argument. */
static int choose(const char *function, const char *argument, const char *name) {
  rk_instruction_set set = 0;
  while (set < RK_INSTRUCTION_SETS &&
         (name == NULL ? !present(set) : strcmp(name, names[set]) != 0))
    set++;
  if (set == RK_INSTRUCTION_SETS)
    return rk_fail(GSL_EINVAL, function, argument,
                   "is \"%s\", expected \"avx512vnni\", \"avx512\", \"avx2\", \"neon\" or "
                   "\"portable\"",
                   name);
  if (!present(set))
    return rk_fail(GSL_EUNIMPL, function, argument,
                   "is \"%s\", which this processor does not support", name);
  atomic_store(&in_use, set);
  return GSL_SUCCESS;
}

int rk_check_instruction_set(const char *function) {
  if (atomic_load(&in_use) != RK_INSTRUCTION_SETS)
    return GSL_SUCCESS;
  return choose(function, variable, getenv(variable));
}

const char *recur_instruction_set(void) {
  return rk_check_instruction_set(__func__) == GSL_SUCCESS ? names[atomic_load(&in_use)] : NULL;
}

int recur_set_instruction_set(const char *name) {
  return name == NULL ? choose(__func__, variable, getenv(variable))
                      : choose(__func__, "name", name);
}

rk_instruction_set rk_instruction_set_in_use(void) {
  return (rk_instruction_set)atomic_load(&in_use);
}
