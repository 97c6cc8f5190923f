/* recur/network.h: passes of every cell need at most 64 KiB of stack.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* sysconf under -std=c11 */

#include "base/precision.h"
#include "support/network_parts.h"

#include <pthread.h>
#include <unistd.h>

/* AddressSanitizer adds memory around every variable. */
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
enum { STACK = 1 << 20 };
#else
enum { STACK = 1 << 16 };
#endif

/* 64 KiB, or the smallest stack that the system allows: 128 KiB on arm64. */
static size_t small_stack(void) {
  const long least = sysconf(_SC_THREAD_STACK_MIN);
  return least > STACK ? (size_t)least : STACK;
}

enum { T = 9, B = 17 };

static void *run(void *of_caller) {
  problem *r = of_caller;
  CHECK(forward(r) == GSL_SUCCESS);
  CHECK(backward(r) == GSL_SUCCESS);
  return NULL;
}

/* Runs a call with a small stack. */
static void run_small(const problem *r, void *(*call)(void *)) {
  pthread_attr_t small;
  pthread_t thread;
  note(r, "a small stack");
  pthread_attr_init(&small);
  CHECK(pthread_attr_setstacksize(&small, small_stack()) == 0);
  CHECK(pthread_create(&thread, &small, call, (void *)r) == 0 && pthread_join(thread, NULL) == 0);
  pthread_attr_destroy(&small);
}

static void test_stack(const recur_network *network, size_t segment) {
  problem q, r;
  new_problem(&q, network, T, B, 0);
  q.batch.seed = check_random_bits();
  run_both(&q);
  const part all = whole_of(T, B);
  new_part(&r, &q, &all, RECUR_MODE_TRAINING, segment);
  run_small(&r, run);
  end_part(&r);
  end_problem(&q);
}

#ifdef RK_FLOAT
static void *infer(void *of_caller) {
  CHECK(forward(of_caller) == GSL_SUCCESS);
  return NULL;
}

/* The products of 8-bit weights, for one sequence and for several. */
static void test_integers(size_t batch_size) {
  recur_network network = recur_lstm(200, 100);
  network.weight_storage = RECUR_STORAGE_INT8;
  problem q = describe(&network, T, batch_size);
  q.mode = RECUR_MODE_INFERENCE;
  randomize_arguments(&q);
  settle(&q);
  allocate(&q);
  run_small(&q, infer);
  end_problem(&q);
}
#endif

int main(void) {
  check_begin();
#ifdef RK_FLOAT
  test_integers(1);
  test_integers(B);
#endif
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      const recur_network network = network_case(k, 21, 67, 2, D);
      test_stack(&network, 0);
      if (D == 1)
        test_stack(&network, 3);
    }
  return check_end();
}
