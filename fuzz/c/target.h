/* A fuzz target: it defines `static void fuzz(reader *r)`, after which it includes entry.h. The
   first byte of an input chooses the precision and the instruction set.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef TARGET_H
#define TARGET_H

#include "arena.h"

#include <recur/error.h>
#include <recur/instruction_set.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Those that the processor does not support are refused. */
static const char *const instruction_sets[] = {"portable", "avx2", "avx512", "avx512vnni", "neon"};

/* The name of a function in the precision of the target. */
#define TEXT(name) TEXT_OF(name)
#define TEXT_OF(name) #name

#define REQUIRE(condition) require((condition), #condition, __FILE__, __LINE__)

/* Whether the last CALL was refused: the reason may explain what is not true. */
static bool refused;

static inline void require(bool holds, const char *text, const char *file, int line) {
  if (holds)
    return;
  fprintf(stderr, "%s:%d: not true: %s\n", file, line, text);
  if (refused)
    fprintf(stderr, "the last call was refused: %s\n", recur_last_error()->message);
  abort();
}

/* A refused call has a documented code and a description, and has written nothing. */
static inline void check_failure(int status, const char *function) {
  const recur_error *e = recur_last_error();
  REQUIRE(status == GSL_EFAULT || status == GSL_EBADLEN || status == GSL_EINVAL ||
          status == GSL_EUNIMPL || status == GSL_ENOMEM);
  REQUIRE(e->status == status);
  REQUIRE(strcmp(e->function, function) == 0);
  REQUIRE(e->argument != NULL && strstr(e->message, e->argument) != NULL);
  REQUIRE(strncmp(e->message, function, strlen(function)) == 0);
  REQUIRE(arena_unchanged());
}

static inline bool check_call(int status, const char *function) {
  arena_open();
  refused = status != GSL_SUCCESS;
  if (refused)
    check_failure(status, function);
  REQUIRE(arena_intact());
  return status == GSL_SUCCESS;
}

/* Calls a function that returns a status; whether it succeeded. */
#define CALL(function, arguments) (arena_close(), check_call(function arguments, TEXT(function)))

/* Checks a function that returns a pointer; whether it succeeded. */
static inline bool check_pointer(const void *pointer, const char *function) {
  refused = pointer == NULL;
  if (refused)
    REQUIRE(recur_last_error()->status != GSL_SUCCESS &&
            strcmp(recur_last_error()->function, function) == 0);
  return pointer != NULL;
}

#define ALLOCATED(pointer, function) check_pointer(pointer, TEXT(function))

#endif
