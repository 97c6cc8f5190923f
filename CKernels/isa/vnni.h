/* dot_panel() of isa/dot.h with AVX-512 VNNI.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ISA_VNNI_H
#define RK_ISA_VNNI_H

#include <stddef.h>
#include <stdint.h>

void rk_dot_panel_vnni(size_t N, size_t rows, size_t quads, const void *panel, const int8_t *q,
                       size_t q_row, int32_t *sums);

#endif
