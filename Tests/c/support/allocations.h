/* Counts the allocations of the program and the library by replacing malloc and related functions.
   If they are already replaced (AddressSanitizer, MemorySanitizer, valgrind), nothing is counted,
   and counting_works returns false.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

/* The number of allocations, the size of the last one, and whether to refuse all of them, or one by
   its number, from 1. */
static atomic_size_t allocation_count, allocation_size, allocation_refused;
static atomic_bool allocation_fails;

static inline bool count_allocation(size_t size) {
  allocation_size = size;
  return ++allocation_count != allocation_refused && !allocation_fails;
}

#ifdef SANITIZED
/* Make the sanitizers return NULL, instead of aborting, if an allocation fails. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
  return "allocator_may_return_null=1";
}

const char *__msan_default_options(void);
const char *__msan_default_options(void) {
  return "allocator_may_return_null=1";
}
#else
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
int posix_memalign(void **memory, size_t alignment, size_t size);

/* The linker's symbols for the start of the program and the end of its code. */
extern const char __executable_start[], etext[];

static bool may_allocate(size_t size, const void *caller) {
  const uintptr_t at = (uintptr_t)caller;
  if (at < (uintptr_t)__executable_start || at >= (uintptr_t)etext)
    return true;
  return count_allocation(size);
}

#define CALLER __builtin_return_address(0)
/* Not inlined, so that the return address is that of its caller. */
#define STANDS_IN __attribute__((noinline))

STANDS_IN void *malloc(size_t size) {
  return may_allocate(size, CALLER) ? __libc_malloc(size) : NULL;
}

STANDS_IN void *calloc(size_t count, size_t size) {
  return may_allocate(count * size, CALLER) ? __libc_calloc(count, size) : NULL;
}

STANDS_IN void *realloc(void *old, size_t size) {
  return may_allocate(size, CALLER) ? __libc_realloc(old, size) : NULL;
}

STANDS_IN void *memalign(size_t alignment, size_t size) {
  return may_allocate(size, CALLER) ? __libc_memalign(alignment, size) : NULL;
}

STANDS_IN void *aligned_alloc(size_t alignment, size_t size) {
  return may_allocate(size, CALLER) ? __libc_memalign(alignment, size) : NULL;
}

STANDS_IN int posix_memalign(void **memory, size_t alignment, size_t size) {
  *memory = may_allocate(size, CALLER) ? __libc_memalign(alignment, size) : NULL;
  return *memory ? 0 : ENOMEM;
}
#endif

static bool counting_works(void) {
  const size_t before = allocation_count;
  void *volatile memory = malloc(1);
  free(memory);
  return allocation_count != before;
}

#endif
