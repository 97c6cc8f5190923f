/* Which instruction set the library computes with. It takes the one that the environment variable
   RECUR_INSTRUCTION_SET names, or else the best that the processor has. Results are the same to the
   bit whichever it is; so this is for tests and for measuring.

   The variable is read when something is first computed. Where it names none that there is,
   whatever computes fails, and says so, until recur_set_instruction_set has chosen one.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_INSTRUCTION_SET_H
#define RECUR_INSTRUCTION_SET_H

#include <recur/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "avx512", "avx2", "neon" or "portable"; NULL where the variable names none that there is. */
const char *recur_instruction_set(void);

/* For all weights and workspaces made from now on, and all products of gradients, in all threads;
   NULL: the variable's, or else the best.
   GSL_EINVAL for a name that is none of these, GSL_EUNIMPL for what the processor does not have. */
RECUR_MUST_USE int recur_set_instruction_set(const char *name);

#ifdef __cplusplus
}
#endif

#endif
