/* recur/environment.h: a mean that decays is zero before it becomes
   subnormal.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/environment.h>
#include <stdio.h>

static void decay(void *context) {
  volatile float *mean = context;
  for (int step = 0; step < 2000; step++)
    *mean *= 0.95f;
}

int main(void) {
  float subnormal = 1, flushed = 1;
  decay(&subnormal);
  recur_environment_call(decay, &flushed);
  puts(subnormal > 0 ? "the smallest number remains" : "zero");
  puts(flushed > 0 ? "the smallest number remains" : "zero");
}

/* prints:
the smallest number remains
zero
*/
