/* The kernels of the instruction set in use: see recur/instruction_set.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "isa/kernels.h"

#include "base/instruction_set.h"

const rk_kernels *rk_kernels_in_use(void) {
  switch (rk_instruction_set_in_use()) {
#ifdef __x86_64__
  case RK_AVX512_VNNI:
    return &rk_kernels_avx512vnni;
  case RK_AVX512:
    return &rk_kernels_avx512;
  case RK_AVX2:
    return &rk_kernels_avx2;
#endif
#ifdef __aarch64__
  case RK_NEON:
    return &rk_kernels_neon;
#endif
  default:
    return &rk_kernels_portable;
  }
}
