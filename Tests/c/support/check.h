/* Support for the C tests: CHECK and its counts, seeded random numbers, and the tolerance of
   comparisons.

   A test program calls check_begin, uses CHECK, and returns check_end.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef CHECK_H
#define CHECK_H

#include <gsl/gsl_errno.h>
#include <math.h>
#include <recur/error.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The name of a function in the precision under test: TEXT(recur_network_forward) is
   "recur_network_float_forward" if base/precision.h renames it. */
#define TEXT(name) TEXT_OF(name)
#define TEXT_OF(name) #name

#ifdef RK_FLOAT
#define CHECK_FAILED "failed in float"
#else
#define CHECK_FAILED "failed"
#endif

static size_t check_passed, check_failed;
static char check_context[300];
static uint64_t check_random_state;

#define CHECK(condition) check_that((condition), __FILE__, __LINE__, #condition)

static inline bool check_that(bool holds, const char *file, int line, const char *text) {
  enum { MOST_SHOWN = 20 };
  if (holds)
    check_passed++;
  else if (++check_failed <= MOST_SHOWN)
    fprintf(stderr, "%s:%d: " CHECK_FAILED ": %s [%s]\n", file, line, text, check_context);
  return holds;
}

/* Describes the current test; printed with the failures that follow. */
__attribute__((format(printf, 1, 2))) static inline void check_note(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(check_context, sizeof check_context, format, arguments);
  va_end(arguments);
}

/* Whether the message goes on after the function and the argument. */
static inline bool gives_reason(const recur_error *e) {
  const size_t names = strlen(e->function) + strlen(": ") + strlen(e->argument) + strlen(" ");
  return strlen(e->message) > names;
}

/* The tolerance of all comparisons: n is the number of rounded operations for one output, and
   magnitude is the largest absolute value of the summed terms and of the compared values. */
static inline long double check_tolerance(size_t n, long double epsilon, long double magnitude) {
  return 2 * (long double)n * epsilon * magnitude;
}

/* Updates the largest absolute value. NaN is ignored, because it fails its comparison anyway. */
static inline void check_see(long double *magnitude, long double value) {
  if (fabsl(value) > *magnitude)
    *magnitude = fabsl(value);
}

/* splitmix64 */
static inline uint64_t check_random_bits(void) {
  uint64_t z = check_random_state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

static inline size_t check_random_below(size_t n) {
  return (size_t)(check_random_bits() % n);
}

/* In (-1, 1), but never 0. */
static inline double check_random(void) {
  return ((double)(check_random_bits() >> 12) + 0.5) / 0x1p51 - 1;
}

static void check_abort(const char *reason, const char *file, int line, int status) {
  fprintf(stderr, "GSL's error handler was called: %s, %s:%d, %d\n", reason, file, line, status);
  abort();
}

static inline void check_begin(void) {
  const char *seed = getenv("RECUR_TEST_SEED");
  check_random_state = seed ? strtoull(seed, NULL, 10) : 2026;
  printf("seed %llu (RECUR_TEST_SEED sets it)\n", (unsigned long long)check_random_state);
  gsl_set_error_handler(check_abort);
}

static inline int check_end(void) {
  check_note("at the end");
  CHECK(gsl_set_error_handler(NULL) == check_abort);
  printf("%zu passed, %zu failed\n", check_passed, check_failed);
  return check_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
