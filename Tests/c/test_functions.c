/* tanh, sigmoid and the other functions of the kernels, in units in the last place, against the C
   library's in a wider type; and the same bits from every instruction set. RECUR_TEST_SLOW=1: all
   numbers of type float, instead of every 997th.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "../../CKernels/isa/kernels.h"

#include "check.h"

#include <float.h>
#include <recur/instruction_set.h>

#ifndef RECUR_FLOAT
enum { NUMBERS = 1 << 14 };
static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};

static long double sigmoid(long double x) {
  const long double e = expl(-fabsl(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

static long double softplus(long double x) {
  return (x > 0 ? x : 0) + log1pl(expl(-fabsl(x)));
}

static long double elu(long double x) {
  return x > 0 ? x : expm1l(x);
}

static long double softsign(long double x) {
  return isinf(x) ? (x > 0 ? 1 : -1) : x / (1 + fabsl(x));
}

static const struct {
  const char *name;
  recur_activation phi;
  long double (*exact)(long double);
  double ulps;
} functions[] = {
    {"tanh", {.function = RECUR_TANH}, tanhl, 2},
    {"sigmoid", {.function = RECUR_SIGMOID}, sigmoid, 2},
    {"elu", {.function = RECUR_ELU, .alpha = 1}, elu, 3},
    {"softplus", {.function = RECUR_SOFTPLUS}, softplus, 3},
    {"softsign", {.function = RECUR_SOFTSIGN}, softsign, 3},
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0] };
#endif

/* How far got is from exact, in units in the last place of REAL there. */
static double KERNEL(ulps, between)(REAL got, long double exact) {
  int exponent;
  if (isnan(exact))
    return isnan(got) ? 0 : INFINITY;
  if (isinf((REAL)exact) || isnan(got))
    return got == (REAL)exact ? 0 : INFINITY;
  frexpl(exact, &exponent);
  if (exponent < LIMIT(MIN_EXP))
    exponent = LIMIT(MIN_EXP);
  return (double)(fabsl(got - exact) / ldexpl(1, exponent - LIMIT(MANT_DIG)));
}

/* Numbers of all kinds, and in double also where the functions bend. */
static REAL KERNEL(sample, at)(uint64_t k, uint64_t step) {
  REAL x;
#ifdef RECUR_FLOAT
  const uint32_t bits = (uint32_t)(k * step);
#else
  const uint64_t bits = check_random_bits();
  if (k % 4 != 0)
    return check_random() * (k % 4 == 1 ? 1 : k % 4 == 2 ? 40 : 800);
  (void)step;
#endif
  memcpy(&x, &bits, sizeof x);
  return x;
}

static void KERNEL(test, accuracy)(size_t f, uint64_t count, uint64_t step) {
  const KERNEL(isa, table) *isa = KERNEL(isa, chosen)();
  static REAL x[NUMBERS], y[NUMBERS];
  double most = 0;
  REAL where = 0;
  for (uint64_t first = 0; first < count; first += NUMBERS) {
    for (uint64_t k = 0; k < NUMBERS; k++)
      x[k] = y[k] = KERNEL(sample, at)(first + k, step);
    isa->values(&functions[f].phi, y, NUMBERS);
    for (size_t k = 0; k < NUMBERS; k++) {
      const double ulps = KERNEL(ulps, between)(y[k], functions[f].exact(x[k]));
      if (ulps > most) {
        most = ulps;
        where = x[k];
      }
    }
  }
  check_note("%s, %s, %zu bytes: %.3f ulp at %a", functions[f].name, isa->name, sizeof(REAL), most,
             (double)where);
  printf("%s\n", check_context);
  CHECK(most <= functions[f].ulps);
}

/* Values at the ends, and the signs of zeros. */
static void KERNEL(test, exact)(void) {
  const KERNEL(isa, table) *isa = KERNEL(isa, chosen)();
  const REAL least = LIMIT(TRUE_MIN), big = LIMIT(MAX);
  const struct {
    recur_function function;
    REAL x, y;
  } cases[] = {
      {RECUR_TANH, INFINITY, 1},
      {RECUR_TANH, -INFINITY, -1},
      {RECUR_TANH, big, 1},
      {RECUR_TANH, -big, -1},
      {RECUR_TANH, 0, 0},
      {RECUR_TANH, -(REAL)0, -(REAL)0},
      {RECUR_TANH, least, least},
      {RECUR_TANH, -least, -least},
      {RECUR_SIGMOID, INFINITY, 1},
      {RECUR_SIGMOID, -INFINITY, 0},
      {RECUR_SIGMOID, big, 1},
      {RECUR_SIGMOID, -big, 0},
      {RECUR_SIGMOID, 0, (REAL)0.5},
      {RECUR_SOFTPLUS, INFINITY, INFINITY},
      {RECUR_SOFTPLUS, -INFINITY, 0},
      {RECUR_SOFTSIGN, INFINITY, 1},
      {RECUR_SOFTSIGN, -INFINITY, -1},
      {RECUR_TANH, (REAL)NAN, (REAL)NAN},
      {RECUR_SIGMOID, (REAL)NAN, (REAL)NAN},
      {RECUR_SOFTPLUS, (REAL)NAN, (REAL)NAN},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    const recur_activation phi = {.function = cases[k].function};
    REAL y = cases[k].x;
    isa->values(&phi, &y, 1);
    check_note("function %d of %a: %a", phi.function, (double)cases[k].x, (double)y);
    CHECK(isnan(cases[k].y) ? isnan(y) : memcmp(&y, &cases[k].y, sizeof y) == 0);
  }
}

/* The same numbers through every instruction set of this processor, at every offset of a tail. */
static void KERNEL(test, same_bits)(void) {
  static REAL x[NUMBERS], first[NUMBERS], y[NUMBERS];
  for (size_t k = 0; k < NUMBERS; k++)
    x[k] = KERNEL(sample, at)(k, 262139);
  for (recur_function f = RECUR_TANH; f <= RECUR_SOFTPLUS; f++) {
    recur_activation phi = recur_activation_default(f);
    recur_set_instruction_set("portable");
    memcpy(first, x, sizeof x);
    KERNEL(isa, chosen)()->values(&phi, first, NUMBERS);
    for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
      if (recur_set_instruction_set(sets[s]) != GSL_SUCCESS)
        continue;
      check_note("function %d, %s, %zu bytes", f, sets[s], sizeof(REAL));
      memcpy(y, x, sizeof x);
      for (size_t k = 0, n = 1; k < NUMBERS; k += n, n = n % 37 + 1)
        KERNEL(isa, chosen)()->values(&phi, y + k, n < NUMBERS - k ? n : NUMBERS - k);
      size_t differ = 0;
      for (size_t k = 0; k < NUMBERS; k++)
        differ += !(isnan(y[k]) && isnan(first[k])) && memcmp(&y[k], &first[k], sizeof *y) != 0;
      CHECK(differ == 0);
    }
  }
  recur_set_instruction_set(NULL);
}

static void KERNEL(test, run)(bool slow) {
  const uint64_t all = (uint64_t)1 << 32, step = slow ? 1 : 997;
  for (size_t f = 0; f < FUNCTIONS; f++)
    KERNEL(test, accuracy)(f, sizeof(REAL) == 8 ? all / 997 : all / step, step);
  KERNEL(test, exact)();
  KERNEL(test, same_bits)();
}

#ifndef RECUR_FLOAT
#include "../../CKernels/switch_to_float.h"

#include "test_functions.c"

int main(void) {
  check_begin();
  const bool slow = getenv("RECUR_TEST_SLOW") != NULL;
  rk_test_run(slow);
  rk_test_float_run(slow);
  return check_end();
}
#endif
