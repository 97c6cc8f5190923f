/* The choice of an instruction set: see recur/instruction_set.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/check.h"
#include "isa/kernels.h"

#include <recur/instruction_set.h>

#ifndef RECUR_FLOAT
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The best first. */
typedef enum { AVX512, AVX2, NEON, PORTABLE, SETS } instruction_set;
static const char *const names[SETS] = {"avx512", "avx2", "neon", "portable"};

static bool present(instruction_set set) {
  switch (set) {
#ifdef __x86_64__
  case AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("fma");
  case AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
#ifdef __aarch64__
  case NEON:
    return true;
#endif
  default:
    return set == PORTABLE;
  }
}

static const char variable[] = "RECUR_INSTRUCTION_SET";

static atomic_int in_use = SETS; /* SETS: not yet chosen */

/* The one of that name, or, without a name, the best; argument is what had the name. */
static int choose(const char *function, const char *argument, const char *name) {
  instruction_set set = 0;
  while (set < SETS && (name == NULL ? !present(set) : strcmp(name, names[set]) != 0))
    set++;
  if (set == SETS)
    return rk_fail(GSL_EINVAL, function, argument,
                   "is \"%s\", expected \"avx512\", \"avx2\", \"neon\" or \"portable\"", name);
  if (!present(set))
    return rk_fail(GSL_EUNIMPL, function, argument, "is \"%s\", which this processor does not have",
                   name);
  atomic_store(&in_use, set);
  return GSL_SUCCESS;
}

int rk_check_instruction_set(const char *function) {
  if (atomic_load(&in_use) != SETS)
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
#endif

const KERNEL(isa, table) * KERNEL(isa, chosen)(void) {
  switch (atomic_load(&in_use)) {
#ifdef __x86_64__
  case AVX512:
    return &KERNEL(avx512, table);
  case AVX2:
    return &KERNEL(avx2, table);
#endif
#ifdef __aarch64__
  case NEON:
    return &KERNEL(neon, table);
#endif
  default:
    return &KERNEL(portable, table);
  }
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "instruction_set.c"
#endif
