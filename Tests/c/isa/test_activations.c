/* Every activation at the ends of the range, and bit-identical with every instruction set.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "isa/function_samples.h"
#include "isa/kernels.h"
#include "support/check.h"

#include <fenv.h>
#include <recur/instruction_set.h>

enum { NUMBERS = 1 << 14, FUNCTIONS = RECUR_ACTIVATION_KINDS, ENDS = 8 };
static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};

/* With ONNX's constants. Zeros have the sign of z if the function is odd, or a product with z. */
static void test_ends(void) {
  const rk_kernels *isa = rk_kernels_in_use();
  const rk_real inf = INFINITY, big = RK_REAL_MAX, least = RK_REAL_TRUE_MIN, zero = -(rk_real)0;
  const rk_real leak = (rk_real)0.01 * big, half = (rk_real)0.5,
                ln2 = (rk_real)0.69314718055994530942;
  const rk_real z[ENDS] = {inf, -inf, big, -big, 0, zero, least, -least};
  const rk_real y[FUNCTIONS][ENDS] = {
      [RECUR_ACTIVATION_TANH] = {1, -1, 1, -1, 0, zero, least, -least},
      [RECUR_ACTIVATION_SIGMOID] = {1, 0, 1, 0, half, half, half, half},
      [RECUR_ACTIVATION_RELU] = {inf, 0, big, 0, 0, 0, least, 0},
      [RECUR_ACTIVATION_IDENTITY] = {inf, -inf, big, -big, 0, zero, least, -least},
      [RECUR_ACTIVATION_AFFINE] = {inf, -inf, big, -big, 0, 0, least, -least},
      [RECUR_ACTIVATION_LEAKY_RELU] = {inf, -inf, big, -leak, 0, zero, least, zero},
      [RECUR_ACTIVATION_THRESHOLDED_RELU] = {inf, 0, big, 0, 0, 0, 0, 0},
      [RECUR_ACTIVATION_SCALED_TANH] = {1, -1, 1, -1, 0, zero, least, -least},
      [RECUR_ACTIVATION_HARD_SIGMOID] = {1, 0, 1, 0, half, half, half, half},
      [RECUR_ACTIVATION_ELU] = {inf, -1, big, -1, 0, 0, least, -least},
      [RECUR_ACTIVATION_SOFTSIGN] = {1, -1, 1, -1, 0, zero, least, -least},
      [RECUR_ACTIVATION_SOFTPLUS] = {inf, 0, big, 0, ln2, ln2, ln2, ln2},
      [RECUR_ACTIVATION_HARD_TANH] = {1, -1, 1, -1, 0, zero, least, -least},
      [RECUR_ACTIVATION_SILU] = {inf, zero, big, zero, 0, zero, 0, zero},
  };
  for (recur_activation_kind f = RECUR_ACTIVATION_TANH; f < RECUR_ACTIVATION_KINDS; f++) {
    const recur_activation phi = recur_activation_default(f);
    rk_real got[ENDS + 1];
    memcpy(got, z, sizeof z);
    got[ENDS] = (rk_real)NAN;
    isa->activation_forward(&phi, got, got, ENDS + 1);
    for (size_t k = 0; k < ENDS; k++) {
      check_note("%s, %zu bytes, function %d of %a: %a", isa->name, sizeof(rk_real), (int)f,
                 (double)z[k], (double)got[k]);
      CHECK(memcmp(&got[k], &y[f][k], sizeof *got) == 0);
    }
    CHECK(isnan(got[ENDS]));
  }
}

/* At its threshold, a thresholded ReLU is 0; just above, it is the identity. */
static void test_threshold(void) {
  const recur_activation phi = recur_activation_default(RECUR_ACTIVATION_THRESHOLDED_RELU);
  const rk_real z[] = {1, 1 + RK_REAL_EPSILON}, y[] = {0, 1 + RK_REAL_EPSILON};
  rk_real h[COUNT(z)];
  rk_kernels_in_use()->activation_forward(&phi, z, h, COUNT(z));
  CHECK(memcmp(h, y, sizeof h) == 0);
}

/* With alpha = 0, a scaled tanh is flat: its gradient is 0 instead of 0 / 0. */
static void test_flat(void) {
  const recur_activation phi = {RECUR_ACTIVATION_SCALED_TANH, 0, 1.2};
  const rk_real z[] = {-3, 0, 2}, dh[] = {1, -2, 3}, zeros[COUNT(z)] = {0};
  rk_real h[COUNT(z)], dz[COUNT(z)];
  rk_kernels_in_use()->activation_forward(&phi, z, h, COUNT(z));
  rk_kernels_in_use()->activation_gradient(&phi, h, dh, dz, COUNT(z));
  check_note("%s, flat", rk_kernels_in_use()->name);
  CHECK(memcmp(dz, zeros, sizeof dz) == 0);
}

static size_t bits_differ(const rk_real *a, const rk_real *b) {
  size_t differ = 0;
  for (size_t k = 0; k < NUMBERS; k++)
    differ += memcmp(&a[k], &b[k], sizeof *a) != 0 && !(isnan(a[k]) && isnan(b[k]));
  return differ;
}

/* Results of the instruction set in use, in runs of all lengths. */
typedef struct {
  rk_real h[NUMBERS];  /* values */
  rk_real dz[NUMBERS]; /* gradients from values */
  rk_real db[NUMBERS]; /* gradients from inputs */
} results;

static void activation_run(const recur_activation *phi, const rk_real *z, const rk_real *dh,
                           results *r) {
  const rk_kernels *isa = rk_kernels_in_use();
  memcpy(r->h, z, sizeof r->h);
  for (size_t k = 0, n = 1; k < NUMBERS; k += n, n = n % 37 + 1) {
    const size_t part = n < NUMBERS - k ? n : NUMBERS - k;
    isa->activation_forward(phi, r->h + k, r->h + k, part);
    isa->activation_gradient(phi, r->h + k, dh + k, r->dz + k, part);
    isa->activation_backward(phi, z + k, dh + k, r->db + k, part);
  }
}

static void test_same_bits(const recur_activation *phi) {
  static rk_real z[NUMBERS], dh[NUMBERS];
  static results r[2];
  for (size_t k = 0; k < NUMBERS; k++) {
    z[k] = sample_at(k);
    dh[k] = sample_at(check_random_below(8));
  }
  CHECK(recur_set_instruction_set("portable") == GSL_SUCCESS);
  activation_run(phi, z, dh, &r[0]);
  for (size_t s = 0; s < COUNT(sets); s++) {
    if (recur_set_instruction_set(sets[s]) != GSL_SUCCESS)
      continue;
    check_note("function %d, %s, %zu bytes", (int)phi->kind, sets[s], sizeof(rk_real));
    activation_run(phi, z, dh, &r[1]);
    CHECK(bits_differ(r[0].h, r[1].h) == 0);
    CHECK(bits_differ(r[0].dz, r[1].dz) == 0);
    CHECK(bits_differ(r[0].db, r[1].db) == 0);
  }
  CHECK(recur_set_instruction_set(NULL) == GSL_SUCCESS);
}

/* Finite input raises neither the flag of division by zero nor that of invalid operations, also in
   lanes whose result is discarded. */
static void test_flags(const recur_activation *phi) {
  static rk_real z[NUMBERS], dh[NUMBERS];
  static results r;
  for (size_t k = 0; k < NUMBERS; k++) {
    const rk_real sample = sample_at(k);
    z[k] = isfinite(sample) ? sample : 0;
    dh[k] = 1;
  }
  check_note("flags of %s, function %d", rk_kernels_in_use()->name, (int)phi->kind);
  feclearexcept(FE_ALL_EXCEPT);
  activation_run(phi, z, dh, &r);
  CHECK(fetestexcept(FE_DIVBYZERO | FE_INVALID) == 0);
}

static void run(void) {
  for (size_t s = 0; s < COUNT(sets); s++)
    if (recur_set_instruction_set(sets[s]) == GSL_SUCCESS) {
      test_ends();
      test_threshold();
      test_flat();
      for (recur_activation_kind f = RECUR_ACTIVATION_TANH; f < RECUR_ACTIVATION_KINDS; f++) {
        const recur_activation phi = recur_activation_default(f);
        test_flags(&phi);
      }
    }
  for (recur_activation_kind f = RECUR_ACTIVATION_TANH; f < RECUR_ACTIVATION_KINDS; f++) {
    const recur_activation phi = recur_activation_default(f);
    test_same_bits(&phi);
  }
  const recur_activation scaled = {RECUR_ACTIVATION_SCALED_TANH, 0.9, 1.2},
                         elu = {RECUR_ACTIVATION_ELU, 0.7, 0};
  test_same_bits(&scaled);
  test_same_bits(&elu);
}

int main(void) {
  check_begin();
  run();
  return check_end();
}
