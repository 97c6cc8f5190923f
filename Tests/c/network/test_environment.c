/* The floating-point environment of the caller: rounding mode, traps and flags neither change
   results nor are changed by a pass, with any number of threads; and no pass computes with
   subnormal numbers.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* feenableexcept */
#include "base/precision.h"
#include "base/team.h"
#include "support/network_parts.h"

#include <fenv.h>
#include <recur/threads.h>

enum { T = 9, B = 17, STEPS = 20000 };

/* A pass of r with `count` threads, which are started in the environment of the caller. */
static void run_with_threads(problem *r, size_t count) {
  recur_threads *threads = rk_team_alloc("test", count);
  CHECK(recur_network_workspace_set_threads(r->w, threads) == GSL_SUCCESS);
  run_both(r);
  CHECK(recur_network_workspace_set_threads(r->w, NULL) == GSL_SUCCESS);
  recur_threads_free(threads);
}

static void restore_defaults(void) {
  fesetenv(FE_DFL_ENV);
}

static void test_rounding_mode(const recur_network *network, int mode) {
  problem q, r;
  new_problem(&q, network, T, B, 0);
  const gsl_matrix fresh = as_column(&q.gradients), *start = new_matrix(q.count, 1, 1);
  copy_matrix(&fresh, start);
  run_both(&q);
  for (size_t count = 1; count <= 4; count++) {
    new_twin(&r, &q);
    const gsl_matrix gradients = as_column(&r.gradients);
    copy_matrix(start, &gradients);
    note(&r, "rounding mode");
    fesetround(mode);
    run_with_threads(&r, count);
    const int found = fegetround();
    restore_defaults();
    CHECK(found == mode);
    compare(&q, &r, BITS);
    end_part(&r);
  }
  end_problem(&q);
}

/* Numbers so large that a pass overflows, and infinite ones, raise flags: no trap, and no flag is
   left. A flag of the caller stays. */
static void test_traps_and_flags(const recur_network *network, rk_real scale) {
  for (size_t count = 1; count <= 2; count++) {
    problem q;
    new_problem(&q, network, T, B, 0);
    note(&q, "traps");
    for (size_t row = 0; row < q.x->size1; row++)
      AT(q.x, row, 0) *= scale;
    feclearexcept(FE_ALL_EXCEPT);
#ifdef __GLIBC__
    feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW | FE_UNDERFLOW);
#endif
    run_with_threads(&q, count);
    CHECK(fetestexcept(FE_ALL_EXCEPT) == 0);
    restore_defaults();
    feraiseexcept(FE_UNDERFLOW);
    const int raised = fetestexcept(FE_ALL_EXCEPT);
    CHECK(forward(&q) == GSL_SUCCESS);
    CHECK(fetestexcept(FE_ALL_EXCEPT) == raised);
    restore_defaults();
    end_problem(&q);
  }
}

static bool has_subnormal(const gsl_matrix *m) {
  for (size_t i = 0; m != NULL && i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      if (fpclassify(AT(m, i, j)) == FP_SUBNORMAL)
        return true;
  return false;
}

/* A gradient at the last of many steps decays until it is zero. */
static void test_decaying_gradients(const recur_network *network) {
  problem q;
  new_problem(&q, network, sizeof(rk_real) == sizeof(double) ? 2000 : 300, 3, 0);
  note(&q, "decaying gradients");
  fill(q.dy, 0);
  for (size_t k = 0; k < q.count; k++)
    q.parameters.data[k] *= (rk_real)0.25;
  run_both(&q);
  CHECK(!has_subnormal(q.dx));
  CHECK(!has_subnormal(q.dh_norms));
  CHECK(!has_subnormal(q.dh0));
  end_problem(&q);
}

/* Without input and biases, the state decays; it ends at zero instead of just above. */
static void test_silent_stream(recur_network network) {
  network.cell.bias = false;
  problem q;
  new_problem(&q, &network, 1, 1, 0);
  q.mode = RECUR_MODE_INFERENCE;
  recur_network_workspace_free(q.w);
  allocate(&q);
  note(&q, "silent stream");
  fill(q.x, 0);
  q.hT = (gsl_matrix *)q.h0;
  q.cT = (gsl_matrix *)q.c0;
  for (size_t k = 0; k < q.count; k++)
    q.parameters.data[k] *= (rk_real)0.25;
  CHECK(recur_network_weights_set(q.weights, q.theta) == GSL_SUCCESS);
  const recur_network_pass pass = {
      .x = q.x, .h0 = q.h0, .c0 = q.c0, .y = q.y, .hT = q.hT, .cT = q.cT};
  int status = GSL_SUCCESS;
  for (size_t t = 0; t < STEPS && status == GSL_SUCCESS; t++)
    status = recur_network_infer(q.weights, &pass, q.w);
  CHECK(status == GSL_SUCCESS);
  CHECK(!has_subnormal(q.h0));
  CHECK(q.c0 == NULL || !has_subnormal(q.c0));
  end_problem(&q);
}

/* Subnormal weights count as zero. */
static void test_subnormal_weights(const recur_network *network) {
  problem q, r;
  new_problem(&q, network, T, 2, 0);
  note(&q, "subnormal weights");
  for (size_t k = 0; k < q.count; k++)
    q.parameters.data[k] = RK_REAL_MIN / 2;
  new_twin(&r, &q);
  const gsl_matrix before = as_column(&q.gradients), after = as_column(&r.gradients);
  copy_matrix(&before, &after);
  const gsl_matrix theta = as_column(&r.parameters);
  fill(&theta, 0);
  run_both(&q);
  run_both(&r);
  compare(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
}

static void halve(size_t rank, size_t size, void *halves) {
  volatile rk_real smallest = RK_REAL_MIN;
  (void)size;
  ((rk_real *)halves)[rank] = smallest / 2;
}

/* The program's own function computes in the library's environment on every thread, too. */
static void test_threads_call(void) {
  rk_real halves[3] = {1, 1, 1};
  recur_threads *threads = rk_team_alloc("test", 3);
  fesetround(FE_UPWARD);
  recur_threads_call(threads, halve, halves);
  const int found = fegetround();
  restore_defaults();
  CHECK(found == FE_UPWARD && halves[0] == 0 && halves[1] == 0 && halves[2] == 0);
  recur_threads_free(threads);
}

int main(void) {
  check_begin();
  test_threads_call();
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    const recur_network network = network_case(k, 21, 67, 2, 1);
    test_rounding_mode(&network, FE_UPWARD);
    test_rounding_mode(&network, FE_TOWARDZERO);
    test_traps_and_flags(&network, 1);
    test_traps_and_flags(&network, RK_REAL_MAX);
    const recur_network small = network_case(k, 2, 5, 1, 1);
    test_decaying_gradients(&small);
    test_silent_stream(small);
    test_subnormal_weights(&small);
  }
  return check_end();
}
