/* How the second word of a random counter is shared out (the first, third and fourth are the unit,
   the sequence and the step). Masks have the lower end: a purpose (network/mask.h) above 29 bits
   for the place of a layer or direction. New parameters (math/generator.h) have the upper end,
   counted down. So no two uses of a seed share a number.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_RANDOM_PLACES_H
#define RK_RANDOM_PLACES_H

/* How many layers and directions masks can tell apart. */
enum { RK_RANDOM_PLACES = 1 << 29 };

#endif
