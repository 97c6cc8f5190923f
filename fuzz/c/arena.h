/* The memory of the arguments of an input: blocks with guard bytes around them.

   Guards, padding columns and new elements have the byte 0xff: NaN in both precisions, -1 as a
   label and SIZE_MAX as a length, so that an invalid read spoils the result. With AddressSanitizer,
   guards and padding are also poisoned during calls.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef ARENA_H
#define ARENA_H

#include "base/precision.h"
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

enum { ARENA_BYTES = 1 << 23, ARENA_BLOCKS = 128, GUARD_BYTES = 64 };

/* Rows of elements; sizes in bytes. */
typedef struct {
  unsigned char *data;
  size_t rows, columns, distance;
} arena_block;

static _Alignas(64) unsigned char arena[ARENA_BYTES], arena_copy[ARENA_BYTES];
static arena_block arena_blocks[ARENA_BLOCKS];
static size_t arena_used, arena_count;

static inline void arena_reset(void) {
  ASAN_UNPOISON_MEMORY_REGION(arena, arena_used);
  arena_used = arena_count = 0;
}

static inline void *arena_take(size_t rows, size_t columns, size_t distance, size_t element,
                               size_t shift) {
  const size_t bytes = (rows == 0 || columns == 0 ? 0 : (rows - 1) * distance + columns) * element;
  const size_t lead = GUARD_BYTES + shift * element;
  const size_t whole = (lead + bytes + 2 * GUARD_BYTES - 1) / GUARD_BYTES * GUARD_BYTES;
  if (arena_count == ARENA_BLOCKS || whole > ARENA_BYTES - arena_used)
    abort();
  memset(arena + arena_used, 0xff, whole);
  unsigned char *data = arena + arena_used + lead;
  arena_used += whole;
  arena_blocks[arena_count++] =
      (arena_block){data, bytes == 0 ? 0 : rows, columns * element, distance * element};
  return data;
}

/* A matrix whose tda and alignment the input chooses. */
static inline gsl_matrix arena_matrix(reader *r, size_t rows, size_t columns) {
  const unsigned byte = take_byte(r);
  const size_t tda = columns + byte % 4;
  rk_real *data = arena_take(rows, columns, tda, sizeof(rk_real), byte / 4 % 8);
  return (gsl_matrix){.size1 = rows, .size2 = columns, .tda = tda, .data = data};
}

static inline gsl_vector arena_vector(size_t size, size_t stride) {
  rk_real *data = arena_take(size, 1, stride, sizeof(rk_real), 0);
  return (gsl_vector){.size = size, .stride = stride, .data = data};
}

/* The end of block k, the guard after it, and the next block's guard. */
static inline unsigned char *arena_end(size_t k) {
  return k + 1 == arena_count ? arena + arena_used : arena_blocks[k + 1].data;
}

static inline void for_each_gap(void (*visit)(unsigned char *from, unsigned char *to)) {
  if (arena_count > 0)
    visit(arena, arena_blocks[0].data);
  for (size_t k = 0; k < arena_count; k++) {
    const arena_block *b = &arena_blocks[k];
    if (b->rows == 0) {
      visit(b->data, arena_end(k));
      continue;
    }
    for (size_t i = 0; i + 1 < b->rows && b->distance > b->columns; i++)
      visit(b->data + i * b->distance + b->columns, b->data + (i + 1) * b->distance);
    visit(b->data + (b->rows - 1) * b->distance + b->columns, arena_end(k));
  }
}

static inline void poison_gap(unsigned char *from, unsigned char *to) {
  ASAN_POISON_MEMORY_REGION(from, (size_t)(to - from));
}

static bool arena_gaps_intact;

/* All bytes equal the first if each equals the next. */
static inline void check_gap(unsigned char *from, unsigned char *to) {
  const size_t bytes = (size_t)(to - from);
  if (bytes == 0)
    return;
  const bool same = from[0] == 0xff && memcmp(from, from + 1, bytes - 1) == 0;
  arena_gaps_intact = arena_gaps_intact && same;
}

/* Remembers all bytes and poisons the gaps. */
static inline void arena_close(void) {
  memcpy(arena_copy, arena, arena_used);
  for_each_gap(poison_gap);
}

static inline void arena_open(void) {
  ASAN_UNPOISON_MEMORY_REGION(arena, arena_used);
}

static inline bool arena_unchanged(void) {
  return memcmp(arena, arena_copy, arena_used) == 0;
}

static inline bool arena_intact(void) {
  arena_gaps_intact = true;
  for_each_gap(check_gap);
  return arena_gaps_intact;
}

#endif
