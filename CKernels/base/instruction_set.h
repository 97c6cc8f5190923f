/* Which instruction set is in use: see recur/instruction_set.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_INSTRUCTION_SET_H
#define RK_INSTRUCTION_SET_H

/* The best first. */
typedef enum { RK_AVX512, RK_AVX2, RK_NEON, RK_PORTABLE, RK_INSTRUCTION_SETS } rk_instruction_set;

/* Whether this processor has the instruction set that the environment asks for. */
int rk_check_instruction_set(const char *function);

/* The one in use, once rk_check_instruction_set has found one. */
rk_instruction_set rk_instruction_set_in_use(void);

#endif
