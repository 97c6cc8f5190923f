/* The choice of an instruction set: see recur/instruction_set.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "check.h"
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

/* SETS if there is none of that name, or if there is no name. */
static instruction_set named(const char *name) {
  instruction_set set = 0;
  while (set < SETS && (name == NULL || strcmp(name, names[set]) != 0))
    set++;
  return set;
}

static instruction_set best(void) {
  instruction_set set = named(getenv("RECUR_INSTRUCTION_SET"));
  if (set < SETS && present(set))
    return set;
  for (set = 0; !present(set);)
    set++;
  return set;
}

static atomic_int in_use = SETS; /* SETS: not yet chosen */

static instruction_set chosen(void) {
  int set = atomic_load(&in_use);
  if (set == SETS) {
    set = best();
    atomic_store(&in_use, set);
  }
  return set;
}

const char *recur_instruction_set(void) {
  return names[chosen()];
}

int recur_set_instruction_set(const char *name) {
  const instruction_set set = name == NULL ? best() : named(name);
  if (set == SETS)
    return rk_fail(GSL_EINVAL, __func__, "name",
                   "is \"%s\", expected \"avx512\", \"avx2\", \"neon\" or \"portable\"", name);
  if (!present(set))
    return rk_fail(GSL_EUNIMPL, __func__, "name", "is \"%s\", which this processor does not have",
                   name);
  atomic_store(&in_use, set);
  return GSL_SUCCESS;
}
#endif

const KERNEL(isa, table) * KERNEL(isa, chosen)(void) {
  switch (chosen()) {
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
#include "switch_to_float.h"

#include "instruction_set.c"
#endif
