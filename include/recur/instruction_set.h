/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The instruction set that the library computes with.
 *
 * The library uses the instruction set that the environment variable RECUR_INSTRUCTION_SET names,
 * or else the best one that the processor supports. The choice affects speed only: results are
 * bit-identical with every instruction set. These functions are for tests and benchmarks.
 *
 * The library reads the variable at the first computation. If the value is unknown or the processor
 * does not support it, every function that computes fails until recur_set_instruction_set()
 * succeeds.
 */

#ifndef RECUR_INSTRUCTION_SET_H
#define RECUR_INSTRUCTION_SET_H

#include <recur/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the name of the instruction set in use.
 *
 * May be called from any thread.
 *
 * @return "avx512vnni", "avx512", "avx2", "neon" or "portable", a static string; NULL, with a
 *   description in recur_last_error(), if RECUR_INSTRUCTION_SET is unknown or not supported.
 */
const char *recur_instruction_set(void);

/** Selects the instruction set for all threads.
 *
 * The weights and workspaces of networks keep the instruction set that is in use when they are
 * allocated. All other computations use the set that is in use when they are called. May be called
 * from any thread.
 *
 * @param name  "avx512vnni", "avx512", "avx2", "neon" or "portable"; NULL for the value of
 *   RECUR_INSTRUCTION_SET, or the best one if the variable is not set
 * @return GSL_SUCCESS; GSL_EINVAL if the name or the value of the variable is unknown; GSL_EUNIMPL
 *   if the processor does not support the instruction set.
 */
RECUR_MUST_USE int recur_set_instruction_set(const char *name);

#ifdef __cplusplus
}
#endif

#endif
