/* tanh, sigmoid and the other functions of the kernels, in units in the last place, against the C
   library's in a wider type; and the same bits from every instruction set.

   RECUR_TEST_SLOW=NAME: of that function alone, all numbers of type float, and more of double.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "isa/kernels.h"

#include "check.h"

#include <float.h>
#include <recur/instruction_set.h>

#ifndef RECUR_FLOAT
enum { NUMBERS = 1 << 14 };
static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};

#define WIDER long double
#define WIDER_LIBM(name) name##l
#define EXACT(name) exact_##name
#else
#undef WIDER
#undef WIDER_LIBM
#undef EXACT
#define WIDER double
#define WIDER_LIBM(name) name
#define EXACT(name) exact_float_##name
#endif

#include "function_samples.h"

static WIDER EXACT(sigmoid)(WIDER x) {
  const WIDER e = WIDER_LIBM(exp)(-WIDER_LIBM(fabs)(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

static WIDER EXACT(softplus)(WIDER x) {
  return (x > 0 ? x : 0) + WIDER_LIBM(log1p)(WIDER_LIBM(exp)(-WIDER_LIBM(fabs)(x)));
}

static WIDER EXACT(elu)(WIDER x) {
  return x > 0 ? x : WIDER_LIBM(expm1)(x);
}

static WIDER EXACT(softsign)(WIDER x) {
  return isinf(x) ? (x > 0 ? 1 : -1) : x / (1 + WIDER_LIBM(fabs)(x));
}

/* exp is tested where the sigmoid is nothing else: 1 + exp(x) is 1 below -40. */
static const struct {
  const char *name;
  recur_activation phi;
  WIDER (*exact)(WIDER);
  REAL highest; /* argument */
  REAL least, most;
  double ulps;
} KERNEL(functions, of)[] = {
    {"tanh", {.function = RECUR_TANH}, WIDER_LIBM(tanh), INFINITY, -1, 1, 2},
    {"sigmoid", {.function = RECUR_SIGMOID}, EXACT(sigmoid), INFINITY, 0, 1, 2},
    {"exp", {.function = RECUR_SIGMOID}, WIDER_LIBM(exp), -40, 0, 1, 2},
    {"elu", {.function = RECUR_ELU, .alpha = 1}, EXACT(elu), INFINITY, -1, INFINITY, 3},
    {"softplus", {.function = RECUR_SOFTPLUS}, EXACT(softplus), INFINITY, 0, INFINITY, 3},
    {"softsign", {.function = RECUR_SOFTSIGN}, EXACT(softsign), INFINITY, -1, 1, 3},
};
#define FUNCTION KERNEL(functions, of)[f]

/* How far got is from exact, in units in the last place of REAL there; 0 if nothing is nearer. */
static double KERNEL(ulps, between)(REAL got, WIDER exact) {
  int exponent;
  if (got == (REAL)exact || (isnan(exact) && isnan(got)))
    return 0;
  if (isinf((REAL)exact) || isnan(exact) || isnan(got))
    return INFINITY;
  WIDER_LIBM(frexp)(exact, &exponent);
  if (exponent < LIMIT(MIN_EXP))
    exponent = LIMIT(MIN_EXP);
  return (double)WIDER_LIBM(ldexp)(WIDER_LIBM(fabs)(got - exact), LIMIT(MANT_DIG) - exponent);
}

/* Under valgrind long double has the precision of double, and nothing can be measured with it. */
static bool KERNEL(wider, is_wider)(void) {
  volatile WIDER sum = 1;
  sum += LIMIT(EPSILON) / 4;
  return sum != 1;
}

typedef struct {
  double ulps;
  REAL at;
  size_t differ; /* numbers that are not the same from all instruction sets */
} KERNEL(worst, found);

/* Portable code is slow where fused multiply-adds are calls: of all numbers it has a part. */
static void KERNEL(compare, sets)(const recur_activation *phi, const REAL *x, const REAL *y,
                                  bool portable, KERNEL(worst, found) * worst) {
  static REAL other[NUMBERS];
  for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
    if (strcmp(sets[s], "portable") == 0 && !portable)
      continue;
    if (recur_set_instruction_set(sets[s]) != GSL_SUCCESS)
      continue;
    memcpy(other, x, sizeof other);
    KERNEL(isa, chosen)()->values(phi, other, NUMBERS);
    if (memcmp(other, y, sizeof other) == 0)
      continue;
    for (size_t k = 0; k < NUMBERS; k++)
      worst->differ +=
          memcmp(&other[k], &y[k], sizeof *y) != 0 && !(isnan(other[k]) && isnan(y[k]));
  }
  recur_set_instruction_set(NULL);
}

/* `count` numbers: each step-th bit pattern, or, if step is 0, samples. */
static void KERNEL(test, numbers)(size_t f, uint64_t count, uint64_t step,
                                  KERNEL(worst, found) * worst) {
  static REAL x[NUMBERS], y[NUMBERS];
  for (uint64_t first = 0; first < count; first += NUMBERS) {
    for (uint64_t k = 0; k < NUMBERS; k++) {
      const REAL at =
          step == 0 ? KERNEL(sample, at)(first + k) : KERNEL(number, of_bits)((first + k) * step);
      x[k] = y[k] = at > FUNCTION.highest ? FUNCTION.highest : at;
    }
    KERNEL(isa, chosen)()->values(&FUNCTION.phi, y, NUMBERS);
    KERNEL(compare, sets)(&FUNCTION.phi, x, y, step != 1 || first / NUMBERS % 16 == 0, worst);
    for (size_t k = 0; k < NUMBERS; k++) {
      const bool outside = y[k] < FUNCTION.least || y[k] > FUNCTION.most;
      const double ulps = outside ? INFINITY : KERNEL(ulps, between)(y[k], FUNCTION.exact(x[k]));
      if (ulps > worst->ulps) {
        worst->ulps = ulps;
        worst->at = x[k];
      }
    }
  }
}

static void KERNEL(test, function)(size_t f, bool slow) {
  KERNEL(worst, found) worst = {0};
  KERNEL(test, numbers)(f, UINT64_C(1) << (slow ? 26 : 20), 0, &worst);
  if (sizeof(REAL) == sizeof(float)) {
    const uint64_t step = slow ? 1 : 4099, all = UINT64_C(1) << 32;
    KERNEL(test, numbers)(f, all / step, step, &worst);
  }
  check_note("%s %s %.3f ulp at %a", FUNCTION.name, sizeof(REAL) == 8 ? "double" : "float",
             worst.ulps, (double)worst.at);
  printf("%s\n", check_context);
  CHECK(worst.ulps <= FUNCTION.ulps || !KERNEL(wider, is_wider)());
  CHECK(worst.differ == 0);
}

static void KERNEL(test, run)(const char *slow) {
  const size_t passed = check_passed;
  for (size_t f = 0; f < sizeof KERNEL(functions, of) / sizeof KERNEL(functions, of)[0]; f++)
    if (slow == NULL || strcmp(slow, FUNCTION.name) == 0)
      KERNEL(test, function)(f, slow != NULL);
  check_note("RECUR_TEST_SLOW is the name of a function");
  CHECK(check_passed > passed);
}

#ifndef RECUR_FLOAT
#include "base/switch_to_float.h"

#include "test_functions.c"

int main(void) {
  check_begin();
  const char *slow = getenv("RECUR_TEST_SLOW");
  rk_test_run(slow);
  rk_test_float_run(slow);
  return check_end();
}
#endif
