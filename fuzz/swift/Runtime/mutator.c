// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Numbers decide what a reader does with a file, and libFuzzer alone seldom changes a whole number.

#include "runtime.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

static const char *const values[] = {
    "-1",
    "0",
    "1",
    "2",
    "3",
    "12",
    "257",
    "16777216",
    "4294967296",
    "4611686018427387904",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "-0.5",
    "0.5",
    "1e-320",
    "1e+19",
    "1e+308",
    "\"inf\"",
    "\"nan\"",
};

static int is_in_number(uint8_t byte) {
  return (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
}

/// Replaces the number at or after a position by a value; returns 0 if there is none, or no space.
static size_t replace_number(uint8_t *data, size_t size, size_t max_size, size_t position,
                             const char *value) {
  size_t begin = position, length = strlen(value);
  while (begin < size && !is_in_number(data[begin]))
    begin++;
  while (begin > 0 && is_in_number(data[begin - 1]))
    begin--;
  size_t end = begin;
  while (end < size && is_in_number(data[end]))
    end++;
  if (begin == end || size - (end - begin) + length > max_size)
    return 0;
  memmove(data + begin + length, data + end, size - end);
  memcpy(data + begin, value, length);
  return size - (end - begin) + length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  if (size > 0 && seed % 4 == 0) {
    const char *value = values[seed / 4 % (sizeof values / sizeof *values)];
    size_t changed = replace_number(data, size, max_size, seed / 128 % size, value);
    if (changed > 0)
      return changed;
  }
  return LLVMFuzzerMutate(data, size, max_size);
}
