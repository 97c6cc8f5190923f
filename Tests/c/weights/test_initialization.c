/* recur/initialization.h: known values, bounds and moments, and the scheme of each slice. For
   orthogonal matrices, see math/test_orthogonal.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/initializations.h"

#include <recur/rnn.h>

/* Computed separately from Philox's words: the upper 52 bits of words 0 and 1, and of words 2 and
   3. */
static void test_known_numbers(void) {
  check_note("known numbers");
  const double uniform[] = {0x1.fdd916b82e568p-4, -0x1.ab8a4626395c8p-4, -0x1.cf82f0069ec24p-3,
                            0x1.6b3cdce6a7d28p-4, 0x1.5cb29845560cep-2,  0x1.5698e04a36920p-6};
  const gsl_matrix *m = new_matrix_of(RECUR_SCHEME_UNIFORM, 2, 3, 7);
  for (size_t e = 0; e < 6; e++)
    CHECK(AT(m, e / 3, e % 3) == (rk_real)uniform[e]);
  const double network[] = {0x1.688382a997e3cp-3, -0x1.c719f7e3dacf0p-5, 0x1.09a000df80e12p-2};
  recur_network n = recur_rnn(3, 4);
  n.layers = n.directions = 2;
  const recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  gsl_vector theta = initialized(&n, &how);
  const gsl_matrix slice = view(&n, &theta, "weight_hh_l1_reverse");
  for (size_t e = 0; e < 3; e++)
    CHECK(slice.data[e] == (rk_real)network[e]);
  /* One column is a normal vector divided by its norm. */
  const wide column[] = {-0.45891216544722324L, 0.3531136231036649L, -0.8152977330908896L};
  CHECK(is_near(new_matrix_of(RECUR_SCHEME_ORTHOGONAL, 3, 1, 7), column, 40, 1));
  free_all();
}

/* Values reach the bound but do not exceed it. Mean 0, variance bound^2 / 3 and uncorrelated
   neighbors, within five standard deviations of independent values. */
static void check_uniform(const gsl_matrix *m, double bound) {
  const double n = (double)(m->size1 * m->size2);
  double sum = 0, squares = 0, products = 0, largest = 0, previous = 0;
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++) {
      const double u = AT(m, i, j) / bound;
      sum += u;
      squares += u * u;
      products += u * previous;
      largest = fmax(largest, fabs(u));
      previous = u;
    }
  CHECK(largest <= 1 + RK_REAL_EPSILON && largest > 1 - 10 / n);
  CHECK(fabs(sum / n) < 5 * sqrt(1 / (3 * n)));
  CHECK(fabs(squares / n - 1. / 3) < 5 * sqrt(4 / (45 * n)));
  CHECK(fabs(products / n) < 5 / (3 * sqrt(n)));
}

static void test_uniform(void) {
  check_note("uniform");
  check_uniform(new_matrix_of(RECUR_SCHEME_UNIFORM, 50, 41, 0), 0.5);
  check_uniform(new_matrix_of(RECUR_SCHEME_GLOROT, 50, 41, 0), sqrt(6 / 91.));
  recur_network n = large_lstm(50, 100, 40);
  const char *names[] = {"weight_ih_l0",        "weight_hh_l2_reverse", "bias_ih_l1",
                         "bias_hh_l1_reverse",  "weight_hr_l0",         "weight_peephole_l2",
                         "weight_ih_l1_reverse"};
  recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  gsl_vector uniform = initialized(&n, &how);
  how = all_of(RECUR_SCHEME_GLOROT);
  gsl_vector glorot = initialized(&n, &how);
  for (size_t k = 0; k < COUNT(names); k++) {
    check_note("uniform %s", names[k]);
    gsl_matrix slice = view(&n, &uniform, names[k]);
    check_uniform(&slice, 0.1);
    slice = view(&n, &glorot, names[k]);
    const bool bias = slice.size2 == 1;
    check_uniform(&slice, bias ? 0.1 : sqrt(6. / (double)(slice.size1 + slice.size2)));
  }
  free_all();
}

/* Gains are 1 with any schemes, and do not affect other slices. */
static void test_gains(void) {
  for (size_t k = 0; k < COUNT(schemes); k++) {
    check_note("gains, scheme %d", (int)schemes[k]);
    recur_network n = large_lstm(5, 4, 3), plain = n;
    n.cell.layer_normalization = true;
    const recur_initialization how = all_of(schemes[k]);
    gsl_vector theta = initialized(&n, &how), other = initialized(&plain, &how);
    const char *gains[] = {"weight_ln_ih_l0", "weight_ln_hh_l1_reverse", "weight_ln_ih_l2"};
    const char *names[] = {"weight_ih_l2", "bias_hh_l1_reverse", "weight_peephole_l2_reverse"};
    for (size_t i = 0; i < COUNT(gains); i++) {
      const gsl_matrix gain = view(&n, &theta, gains[i]);
      for (size_t e = 0; e < gain.size1; e++)
        CHECK(gain.data[e] == 1);
      const gsl_matrix a = view(&n, &theta, names[i]), b = view(&plain, &other, names[i]);
      CHECK(equal_bits(&a, &b));
    }
    free_all();
  }
}

/* The scheme of each slice. */
static void test_schemes_of_slices(void) {
  check_note("schemes of slices");
  const recur_network n = large_lstm(5, 4, 3);
  const char *names[] = {"weight_ih_l1", "weight_hr_l1", "weight_peephole_l1",
                         "weight_hh_l1", "bias_ih_l1",   "bias_hh_l1"};
  for (int which = 0; which < 3; which++) {
    recur_initialization how = all_of(RECUR_SCHEME_ZEROS);
    *(which == 0 ? &how.input : which == 1 ? &how.recurrent : &how.bias) = RECUR_SCHEME_UNIFORM;
    gsl_vector theta = initialized(&n, &how);
    for (int k = 0; k < 6; k++) {
      const gsl_matrix slice = view(&n, &theta, names[k]);
      const bool filled = which == (k < 3 ? 0 : k == 3 ? 1 : 2);
      for (size_t e = 0; e < slice.size1 * slice.size2; e++)
        CHECK(filled ? slice.data[e] != 0 : same_bits(slice.data[e], 0));
    }
  }
  free_all();
}

static void test_forget_gate_bias(void) {
  check_note("forget bias");
  const recur_network n = large_lstm(5, 3, 0);
  recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  gsl_vector plain = initialized(&n, &how);
  how.set_forget_gate_bias = true;
  how.forget_gate_bias = 1.1;
  gsl_vector theta = initialized(&n, &how);
  const char *suffixes[] = {"l0", "l0_reverse", "l1", "l1_reverse", "l2", "l2_reverse"};
  size_t differences = 0;
  for (size_t i = 0; i < theta.size; i++)
    differences += theta.data[i] != plain.data[i];
  CHECK(differences == 6 * 6);
  for (size_t k = 0; k < 6; k++) {
    char name[48];
    snprintf(name, sizeof name, "bias_ih_%s", suffixes[k]);
    const gsl_matrix ih = view(&n, &theta, name);
    snprintf(name, sizeof name, "bias_hh_%s", suffixes[k]);
    const gsl_matrix hh = view(&n, &theta, name);
    for (size_t j = 3; j < 6; j++)
      CHECK(ih.data[j] == (rk_real)1.1 && same_bits(hh.data[j], 0));
  }
  how.forget_gate_bias = 0;
  theta = initialized(&n, &how);
  CHECK(view(&n, &theta, "bias_ih_l0").data[3] == 0);
  free_all();
}

/* A forget bias that only double precision can represent. */
static void test_large_forget_gate_bias(void) {
  check_note("large forget bias");
  const recur_network n = recur_lstm(1, 1);
  const recur_initialization how = {.set_forget_gate_bias = true, .forget_gate_bias = 1e39};
  gsl_vector theta = new_theta(&n);
  const int expected = how.forget_gate_bias > RK_REAL_MAX ? GSL_EINVAL : GSL_SUCCESS;
  CHECK(recur_parameters_initialize(&n, &how, &theta) == expected);
  free_all();
}

int main(void) {
  check_begin();
  test_known_numbers();
  test_uniform();
  test_gains();
  test_schemes_of_slices();
  test_forget_gate_bias();
  test_large_forget_gate_bias();
  return check_end();
}
