/* Reads sizes, choices and numbers from the bytes of an input. Past its end, every byte is 0, so
   that the inputs of each target can be short: 0 is the usual choice everywhere.

   A call with its arguments, an initializer list and an assignment each read at most once, except
   for the parts of ?: in sequence: C does not specify the order of their parts, and an input must
   mean the same with every compiler.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef READER_H
#define READER_H

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint8_t *at, *end;
} reader;

static inline unsigned take_byte(reader *r) {
  return r->at < r->end ? *r->at++ : 0;
}

/* 0 to count - 1; count is at most 256. */
static inline size_t take_below(reader *r, size_t count) {
  return take_byte(r) % count;
}

/* True for one byte in `rarity`. */
static inline bool take_rarely(reader *r, unsigned rarity) {
  return take_byte(r) % rarity == rarity - 1;
}

/* 1 to 8, for one byte in 16 up to 40: past the vectors and tiles of every instruction set. */
static inline size_t take_size(reader *r) {
  const unsigned byte = take_byte(r);
  return byte < 240 ? 1 + byte % 8 : 10 + 2 * (byte - 240);
}

/* A size at a limit of an integer type. */
static inline size_t take_extreme(reader *r) {
  static const size_t extremes[] = {0,
                                    1,
                                    (size_t)INT_MAX,
                                    (size_t)INT_MAX + 1,
                                    (size_t)UINT32_MAX,
                                    (size_t)1 << 32,
                                    (size_t)1 << 61,
                                    (size_t)PTRDIFF_MAX,
                                    (size_t)PTRDIFF_MAX + 1,
                                    SIZE_MAX / 8,
                                    SIZE_MAX - 1,
                                    SIZE_MAX};
  return extremes[take_below(r, sizeof extremes / sizeof extremes[0])];
}

static inline uint64_t take_word(reader *r) {
  uint64_t word = 0;
  for (int k = 0; k < 8; k++)
    word = word << 8 | take_byte(r);
  return word;
}

/* An option that must be finite: mostly an ordinary number. */
static inline double take_option(reader *r) {
  static const double odd[] = {0,    -1,   1,        2,         1e-300, 1e300,
                               -0.0, 1e38, INFINITY, -INFINITY, NAN,    5e-324};
  const unsigned byte = take_byte(r);
  return byte < 192 ? byte / 32.0 - 2 : odd[byte % (sizeof odd / sizeof odd[0])];
}

#endif
