/* tanh, sigmoid and the other functions of the kernels: errors in units in the last place, relative
   to the C library's functions in a wider type; and bit-identical results with every instruction
   set.

   RECUR_TEST_SLOW=NAME tests this function only, with all values of float, and with more of double.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "isa/function_samples.h"
#include "isa/kernels.h"
#include "support/check.h"

#include <recur/instruction_set.h>

enum { NUMBERS = 1 << 14 };
static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};

/* The wider type of the comparisons, and its functions. */
#ifdef RK_FLOAT
typedef double wider;
#define wider_exp exp
#define wider_expm1 expm1
#define wider_fabs fabs
#define wider_frexp frexp
#define wider_ldexp ldexp
#define wider_log1p log1p
#define wider_tanh tanh
#else
typedef long double wider;
#define wider_exp expl
#define wider_expm1 expm1l
#define wider_fabs fabsl
#define wider_frexp frexpl
#define wider_ldexp ldexpl
#define wider_log1p log1pl
#define wider_tanh tanhl
#endif

static wider exact_sigmoid(wider x) {
  const wider e = wider_exp(-wider_fabs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

static wider exact_softplus(wider x) {
  return (x > 0 ? x : 0) + wider_log1p(wider_exp(-wider_fabs(x)));
}

static wider exact_silu(wider x) {
  return isinf(x) && x < 0 ? -0.0L : x * exact_sigmoid(x);
}

static wider exact_elu(wider x) {
  return x > 0 ? x : wider_expm1(x);
}

static wider exact_softsign(wider x) {
  return isinf(x) ? (x > 0 ? 1 : -1) : x / (1 + wider_fabs(x));
}

/* exp is tested where the sigmoid equals it: 1 + exp(x) is 1 below -40. */
static const struct {
  const char *name;
  recur_activation phi;
  wider (*exact)(wider);
  rk_real highest; /* argument */
  rk_real least, most;
  double ulps;
} functions_of[] = {
    {"tanh", {.kind = RECUR_ACTIVATION_TANH}, wider_tanh, INFINITY, -1, 1, 2},
    {"sigmoid", {.kind = RECUR_ACTIVATION_SIGMOID}, exact_sigmoid, INFINITY, 0, 1, 2},
    {"exp", {.kind = RECUR_ACTIVATION_SIGMOID}, wider_exp, -40, 0, 1, 2},
    {"elu", {.kind = RECUR_ACTIVATION_ELU, .alpha = 1}, exact_elu, INFINITY, -1, INFINITY, 3},
    {"softplus", {.kind = RECUR_ACTIVATION_SOFTPLUS}, exact_softplus, INFINITY, 0, INFINITY, 3},
    {"silu", {.kind = RECUR_ACTIVATION_SILU}, exact_silu, INFINITY, (rk_real)-0.27847, INFINITY, 4},
    {"softsign", {.kind = RECUR_ACTIVATION_SOFTSIGN}, exact_softsign, INFINITY, -1, 1, 3},
};
#define FUNCTION functions_of[f]

/* The distance from got to exact, in units in the last place of rk_real; 0 if got is the nearest
   value. */
static double ulps_between(rk_real got, wider exact) {
  int exponent;
  if (got == (rk_real)exact || (isnan(exact) && isnan(got)))
    return 0;
  if (isinf((rk_real)exact) || isnan(exact) || isnan(got))
    return INFINITY;
  wider_frexp(exact, &exponent);
  if (exponent < RK_REAL_MIN_EXP)
    exponent = RK_REAL_MIN_EXP;
  return (double)wider_ldexp(wider_fabs(got - exact), RK_REAL_MANT_DIG - exponent);
}

/* Under valgrind, long double has the precision of double, so that it cannot measure errors. */
static bool wider_is_wider(void) {
  volatile wider sum = 1;
  sum += RK_REAL_EPSILON / 4;
  return sum != 1;
}

typedef struct {
  double ulps;
  rk_real at;
  size_t differ; /* results that differ between instruction sets */
} worst_found;

/* Portable code is slow where a fused multiply-add is a call, so it is tested with a part of the
   numbers. */
static void compare_sets(const recur_activation *phi, const rk_real *x, const rk_real *y,
                         bool portable, worst_found *worst) {
  static rk_real other[NUMBERS];
  for (size_t s = 0; s < COUNT(sets); s++) {
    if (strcmp(sets[s], "portable") == 0 && !portable)
      continue;
    if (recur_set_instruction_set(sets[s]) != GSL_SUCCESS)
      continue;
    memcpy(other, x, sizeof other);
    rk_kernels_in_use()->activation_forward(phi, other, other, NUMBERS);
    if (memcmp(other, y, sizeof other) == 0)
      continue;
    for (size_t k = 0; k < NUMBERS; k++)
      worst->differ +=
          memcmp(&other[k], &y[k], sizeof *y) != 0 && !(isnan(other[k]) && isnan(y[k]));
  }
  CHECK(recur_set_instruction_set(NULL) == GSL_SUCCESS);
}

/* Tests `count` numbers: every step-th bit pattern, or samples if step is 0. */
static void numbers(size_t f, uint64_t count, uint64_t step, worst_found *worst) {
  static rk_real x[NUMBERS], y[NUMBERS];
  for (uint64_t first = 0; first < count; first += NUMBERS) {
    for (uint64_t k = 0; k < NUMBERS; k++) {
      const rk_real at =
          step == 0 ? sample_at(first + k) : number_of_bits((real_bits)((first + k) * step));
      x[k] = y[k] = at > FUNCTION.highest ? FUNCTION.highest : at;
    }
    rk_kernels_in_use()->activation_forward(&FUNCTION.phi, y, y, NUMBERS);
    compare_sets(&FUNCTION.phi, x, y, step != 1 || first / NUMBERS % 16 == 0, worst);
    for (size_t k = 0; k < NUMBERS; k++) {
      const bool outside = y[k] < FUNCTION.least || y[k] > FUNCTION.most;
      const double ulps = outside ? INFINITY : ulps_between(y[k], FUNCTION.exact(x[k]));
      if (ulps > worst->ulps) {
        worst->ulps = ulps;
        worst->at = x[k];
      }
    }
  }
}

static void function(size_t f, bool slow) {
  worst_found worst = {0};
  numbers(f, UINT64_C(1) << (slow ? 26 : 20), 0, &worst);
  if (sizeof(rk_real) == sizeof(float)) {
    const uint64_t step = slow ? 1 : 4099, all = UINT64_C(1) << 32;
    numbers(f, all / step, step, &worst);
  }
  check_note("%s %s %.3f ulp at %a", FUNCTION.name, sizeof(rk_real) == 8 ? "double" : "float",
             worst.ulps, (double)worst.at);
  printf("%s\n", check_context);
  CHECK(worst.ulps <= FUNCTION.ulps || !wider_is_wider());
  CHECK(worst.differ == 0);
}

static void run(const char *slow) {
  const size_t passed = check_passed;
  for (size_t f = 0; f < COUNT(functions_of); f++)
    if (slow == NULL || strcmp(slow, FUNCTION.name) == 0)
      function(f, slow != NULL);
  check_note("RECUR_TEST_SLOW is the name of a function");
  CHECK(check_passed > passed);
}

int main(void) {
  check_begin();
  const char *slow = getenv("RECUR_TEST_SLOW");
  run(slow);
  return check_end();
}
