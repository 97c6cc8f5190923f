/* The input values of all libraries: SplitMix64, uniform from -scale to scale.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <stddef.h>
#include <stdint.h>

void uniform_double(double *out, size_t count, uint64_t seed, double scale);
void uniform_float(float *out, size_t count, uint64_t seed, double scale);

static double number(uint64_t seed, uint64_t index) {
  uint64_t z = seed * UINT64_C(0xd1342543de82ef95) + (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1;
}

void uniform_double(double *out, size_t count, uint64_t seed, double scale) {
  for (size_t k = 0; k < count; k++)
    out[k] = scale * number(seed, k);
}

void uniform_float(float *out, size_t count, uint64_t seed, double scale) {
  for (size_t k = 0; k < count; k++)
    out[k] = (float)(scale * number(seed, k));
}
