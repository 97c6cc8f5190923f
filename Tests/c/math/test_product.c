/* Products of matrices: every element is bit-identical to one chain of fused multiply-adds, with
   any shape, row strides and instruction set.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "math/product.h"
#include "support/check.h"

#include <recur/instruction_set.h>

static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};
enum { MOST = 1 << 15 };

#ifdef RK_FLOAT
#define one_rounding fmaf
#else
#define one_rounding fma
#endif

static gsl_matrix matrix_random(rk_real *numbers, size_t rows, size_t columns) {
  const size_t tda = columns + check_random_below(3);
  for (size_t k = 0; k < MOST; k++)
    numbers[k] = (rk_real)check_random();
  return (gsl_matrix){.size1 = rows, .size2 = columns, .tda = tda, .data = numbers};
}

static rk_real number_at(const gsl_matrix *m, bool transposed, size_t i, size_t j) {
  return m->data[transposed ? j * m->tda + i : i * m->tda + j];
}

/* c = beta c + op(a) op(b), element by element. */
static void product_plain(const gsl_matrix *a, bool a_transposed, const gsl_matrix *b,
                          bool b_transposed, bool descending, rk_real beta, gsl_matrix *c) {
  const size_t depth = a_transposed ? a->size1 : a->size2;
  for (size_t i = 0; i < c->size1; i++)
    for (size_t j = 0; j < c->size2; j++) {
      rk_real sum = beta == 0 ? 0 : c->data[i * c->tda + j];
      for (size_t n = 0; n < depth; n++) {
        const size_t k = descending ? depth - 1 - n : n;
        sum = one_rounding(number_at(a, a_transposed, i, k), number_at(b, b_transposed, k, j), sum);
      }
      c->data[i * c->tda + j] = sum;
    }
}

static void shape(size_t n, size_t k, size_t m) {
  static rk_real a[MOST], b[MOST], c[MOST], wanted[MOST];
  for (int kind = 0; kind < 6; kind++) {
    const bool a_transposed = kind / 2 == 2, b_transposed = kind / 2 == 0;
    const bool descending = kind == 5;
    const rk_real beta = a_transposed ? 1 : kind % 2;
    const gsl_matrix A = matrix_random(a, a_transposed ? k : n, a_transposed ? n : k);
    const gsl_matrix B = matrix_random(b, b_transposed ? m : k, b_transposed ? k : m);
    gsl_matrix C = matrix_random(c, n, m), W = C;
    W.data = memcpy(wanted, c, sizeof c);
    check_note("%zu x %zu by %zu, kind %d, %s, %zu bytes", n, k, m, kind, recur_instruction_set(),
               sizeof(rk_real));
    product_plain(&A, a_transposed, &B, b_transposed, descending, beta, &W);
    if (b_transposed)
      rk_product_nt(&A, &B, beta, &C);
    else if (a_transposed)
      rk_product_add_tn(&A, &B, descending, &C);
    else
      rk_product_nn(&A, &B, beta, &C);
    CHECK(memcmp(c, wanted, sizeof c) == 0);
  }
}

static void run(void) {
  for (size_t n = 0; n < 4; n++)
    for (size_t k = 0; k < 4; k++)
      for (size_t m = 0; m < 4; m++)
        shape(n, k, m);
  for (int round = 0; round < 40; round++) {
    const size_t n = 1 + check_random_below(40), k = check_random_below(70);
    shape(n, k, 1 + check_random_below(150));
  }
  /* More than one panel on the stack. */
  shape(5, 1100, 9);
}

int main(void) {
  check_begin();
  for (size_t s = 0; s < COUNT(sets); s++)
    if (recur_set_instruction_set(sets[s]) == GSL_SUCCESS) {
      run();
    }
  return check_end();
}
