/* The instruction set in use: see recur/instruction_set.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_INSTRUCTION_SET_H
#define RK_INSTRUCTION_SET_H

/* In order of preference. */
typedef enum {
  RK_AVX512_VNNI,
  RK_AVX512,
  RK_AVX2,
  RK_NEON,
  RK_PORTABLE,
  RK_INSTRUCTION_SETS
} rk_instruction_set;

/* Chooses an instruction set from the environment variable, unless one is already in use. */
int rk_check_instruction_set(const char *function);

/* The instruction set in use, once rk_check_instruction_set has succeeded. */
rk_instruction_set rk_instruction_set_in_use(void);

#endif
