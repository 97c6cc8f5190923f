/* recur/error.h: the description of the last failure, one per thread.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/check.h"
#include "support/check.h"

#include <pthread.h>
#include <recur/error.h>
#include <recur/linear.h>

static int fail(size_t input_size) {
  size_t count;
  return recur_linear_parameters_count(input_size, 0, &count);
}

static void test_nothing_failed_yet(void) {
  const recur_error *e = recur_last_error();
  CHECK(e != NULL && e->status == GSL_SUCCESS);
  CHECK(e->expected[0] == 0 && e->found[1] == 0 && e->message[0] == 0);
}

static void test_kept_until_the_next_failure(void) {
  CHECK(fail(1) == GSL_EINVAL);
  const recur_error first = *recur_last_error();
  CHECK(first.status == GSL_EINVAL && strcmp(first.argument, "output_size") == 0);
  CHECK(strcmp(first.function, "recur_linear_parameters_count") == 0);
  CHECK(strcmp(first.message,
               "recur_linear_parameters_count: output_size is 0, expected at least 1") == 0);
  size_t count;
  CHECK(recur_linear_parameters_count(2, 3, &count) == GSL_SUCCESS);
  CHECK(memcmp(&first, recur_last_error(), sizeof first) == 0);
  CHECK(recur_linear_parameters_count(2, 3, NULL) == GSL_EFAULT);
  CHECK(recur_last_error()->status == GSL_EFAULT);
  CHECK(strcmp(recur_last_error()->argument, "count") == 0);
}

/* The sizes of one failure do not remain in the next. */
static void test_sizes_are_not_left_behind(void) {
  double numbers[4] = {0};
  gsl_vector theta = {.size = 4, .stride = 1, .data = numbers};
  recur_linear_parameters p;
  CHECK(recur_linear_parameters_view(&theta, 2, 3, &p) == GSL_EBADLEN);
  CHECK(recur_last_error()->expected[0] == 9 && recur_last_error()->found[0] == 4);
  CHECK(recur_last_error()->expected[1] == 1 && recur_last_error()->found[1] == 1);
  CHECK(fail(1) == GSL_EINVAL);
  CHECK(recur_last_error()->expected[0] == 0 && recur_last_error()->found[0] == 0);
}

/* A message that is too long is cut, with its end. */
static void test_longest_message(void) {
  char text[300];
  for (size_t length = 240; length < sizeof text; length++) {
    memset(text, 'x', length);
    text[length] = 0;
    CHECK(rk_fail(GSL_EINVAL, "f", "a", "%s", text) == GSL_EINVAL);
    const size_t whole = strlen("f: a ") + length;
    check_note("a message of %zu bytes", whole);
    CHECK(strlen(recur_last_error()->message) == (whole < 255 ? whole : 255));
  }
}

/* The description of another library, whose message may lack its end. */
static void test_set_by_another_library(void) {
  recur_error error = {.status = GSL_EFAILED, .function = "open", .argument = "path", .found = {7}};
  memset(error.message, 'x', sizeof error.message);
  CHECK(recur_set_last_error(&error) == GSL_EFAILED);
  const recur_error *e = recur_last_error();
  CHECK(e->status == GSL_EFAILED && e->found[0] == 7 && strlen(e->message) == 255);
  CHECK(strcmp(e->function, "open") == 0 && strcmp(e->argument, "path") == 0);
  CHECK(recur_set_last_error(recur_last_error()) == GSL_EFAILED);
  CHECK(recur_set_last_error(NULL) == GSL_EFAULT);
  CHECK(strcmp(recur_last_error()->message, "recur_set_last_error: error is NULL") == 0);
}

static void *other_thread(void *of_main) {
  test_nothing_failed_yet();
  CHECK(recur_last_error() != of_main);
  CHECK(fail(0) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "input_size") == 0);
  return NULL;
}

static void test_one_per_thread(void) {
  CHECK(fail(1) == GSL_EINVAL);
  const recur_error *mine = recur_last_error(), before = *mine;
  pthread_t thread;
  if (CHECK(pthread_create(&thread, NULL, other_thread, (void *)mine) == 0))
    pthread_join(thread, NULL);
  CHECK(recur_last_error() == mine && memcmp(mine, &before, sizeof before) == 0);
}

int main(void) {
  check_begin();
  test_nothing_failed_yet();
  test_kept_until_the_next_failure();
  test_sizes_are_not_left_behind();
  test_longest_message();
  test_set_by_another_library();
  test_one_per_thread();
  return check_end();
}
