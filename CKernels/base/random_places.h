/* The second word of a random counter. (The others are the unit, the sequence and the step.)

   Masks count up from 0: a purpose (network/mask.h) in the upper 3 bits, the place of a layer or
   direction in the lower 29. Initial parameters (math/generator.h) count down from UINT32_MAX. So
   no two uses of one seed share random words.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_RANDOM_PLACES_H
#define RK_RANDOM_PLACES_H

/* The number of layers and directions that masks distinguish. */
enum { RK_RANDOM_PLACES = 1 << 29 };

#endif
