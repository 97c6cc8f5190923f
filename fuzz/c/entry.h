/* The entry of a fuzz target, which the target includes at its end. It is compiled for both
   precisions.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef ENTRY_H
#define ENTRY_H

#include "target.h"

void fuzz_float(reader *r);

#ifdef RK_FLOAT
void fuzz_float(reader *r) {
  arena_reset();
  fuzz(r);
  arena_reset();
}
#else
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_double(reader *r) {
  arena_reset();
  fuzz(r);
  arena_reset();
}

/* The number after the last one chooses the best instruction set. So does that of a set which the
   processor does not support. */
static void select_instruction_set(size_t number) {
  static size_t current = SIZE_MAX;
  if (number == current)
    return;
  if (number == COUNT(instruction_sets) ||
      recur_set_instruction_set(instruction_sets[number]) != GSL_SUCCESS)
    REQUIRE(recur_set_instruction_set(NULL) == GSL_SUCCESS);
  current = number;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  reader r = {data, data + size};
  const unsigned choice = take_byte(&r);
  select_instruction_set(choice / 2 % (COUNT(instruction_sets) + 1));
  if (choice % 2 == 0)
    fuzz_double(&r);
  else
    fuzz_float(&r);
  return 0;
}
#endif

#endif
