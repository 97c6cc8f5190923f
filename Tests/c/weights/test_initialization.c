/* recur/initialization.h: known numbers, bounds and moments, orthogonality, what depends on the
   seed and what does not, and every wrong argument.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/allocations.h"
#include "support/arguments.h"
#include "support/matrices.h"

#include <recur/gru.h>
#include <recur/initialization.h>
#include <recur/lstm.h>
#include <recur/parameters.h>
#include <recur/rnn.h>

#ifndef FLOAT_PASS
static bool counting;
static const uint64_t seed = 0x0123456789abcdef;
static const recur_scheme schemes[] = {RECUR_SCHEME_ZEROS, RECUR_SCHEME_UNIFORM,
                                       RECUR_SCHEME_GLOROT, RECUR_SCHEME_ORTHOGONAL,
                                       RECUR_SCHEME_BLOCK_ORTHOGONAL};

static recur_initialization all_of(recur_scheme scheme) {
  return (recur_initialization){.input = scheme,
                                .recurrent = scheme,
                                .bias = scheme == RECUR_SCHEME_ZEROS ? RECUR_SCHEME_ZEROS
                                                                     : RECUR_SCHEME_UNIFORM,
                                .seed = seed};
}

/* An LSTM with every part there is. */
static recur_network large_lstm(size_t I, size_t H, size_t P) {
  recur_network n = recur_lstm(I, H);
  n.layers = 3;
  n.directions = 2;
  n.cell.peepholes = true;
  n.cell.projection_size = P;
  return n;
}
#endif

static VECTOR NAME(new_theta)(const recur_network *n) {
  size_t parts = 0, numbers = 0;
  CHECK(recur_parameters_count(n, RECUR_LAYOUT_PYTORCH, &parts, &numbers) == GSL_SUCCESS);
  return (VECTOR){.size = numbers, .stride = 1, .data = NAME(new_matrix)(numbers, 1, 1)->data};
}

static VECTOR NAME(initialized)(const recur_network *n, const recur_initialization *how) {
  VECTOR theta = NAME(new_theta)(n);
  CHECK(RECUR(parameters, initialize)(n, how, &theta) == GSL_SUCCESS);
  return theta;
}

static MATRIX NAME(view)(const recur_network *n, VECTOR *theta, const char *name) {
  MATRIX part = {0};
  CHECK(RECUR(parameters, view)(n, theta, name, &part) == GSL_SUCCESS);
  return part;
}

static MATRIX *NAME(new_matrix_of)(recur_scheme scheme, size_t rows, size_t columns,
                                   uint32_t stream) {
  MATRIX *m = NAME(new_padded)(rows, columns);
  CHECK(RECUR(matrix, initialize)(scheme, 4, seed, stream, m) == GSL_SUCCESS);
  return m;
}

/* Computed apart, from Philox's words: words 0 and 1, of which 52 bits count, and 2 and 3. */
static void NAME(test_known_numbers)(void) {
  check_note("%s known numbers", TEXT(REAL));
  const double uniform[] = {0x1.fdd916b82e568p-4, -0x1.ab8a4626395c8p-4, -0x1.cf82f0069ec24p-3,
                            0x1.6b3cdce6a7d28p-4, 0x1.5cb29845560cep-2,  0x1.5698e04a36920p-6};
  const MATRIX *m = NAME(new_matrix_of)(RECUR_SCHEME_UNIFORM, 2, 3, 7);
  for (size_t e = 0; e < 6; e++)
    CHECK(AT(m, e / 3, e % 3) == (REAL)uniform[e]);
  const double network[] = {0x1.688382a997e3cp-3, -0x1.c719f7e3dacf0p-5, 0x1.09a000df80e12p-2};
  recur_network n = recur_rnn(3, 4);
  n.layers = n.directions = 2;
  const recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  VECTOR theta = NAME(initialized)(&n, &how);
  const MATRIX part = NAME(view)(&n, &theta, "weight_hh_l1_reverse");
  for (size_t e = 0; e < 3; e++)
    CHECK(part.data[e] == (REAL)network[e]);
  /* One column is a normal vector over its norm. */
  const wide column[] = {-0.45891216544722324L, 0.3531136231036649L, -0.8152977330908896L};
  CHECK(NAME(is)(NAME(new_matrix_of)(RECUR_SCHEME_ORTHOGONAL, 3, 1, 7), column, 40, 1));
  NAME(free_all)();
}

/* Within the bound and near it, mean 0, variance bound^2 / 3, neighbours uncorrelated: to five
   deviations of what independent numbers would give. */
static void NAME(check_uniform)(const MATRIX *m, double bound) {
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
  CHECK(largest <= 1 + EPSILON && largest > 1 - 10 / n);
  CHECK(fabs(sum / n) < 5 * sqrt(1 / (3 * n)));
  CHECK(fabs(squares / n - 1. / 3) < 5 * sqrt(4 / (45 * n)));
  CHECK(fabs(products / n) < 5 / (3 * sqrt(n)));
}

static void NAME(test_uniform)(void) {
  check_note("%s uniform", TEXT(REAL));
  NAME(check_uniform)(NAME(new_matrix_of)(RECUR_SCHEME_UNIFORM, 50, 41, 0), 0.5);
  NAME(check_uniform)(NAME(new_matrix_of)(RECUR_SCHEME_GLOROT, 50, 41, 0), sqrt(6 / 91.));
  recur_network n = large_lstm(50, 100, 40);
  const char *names[] = {"weight_ih_l0",        "weight_hh_l2_reverse", "bias_ih_l1",
                         "bias_hh_l1_reverse",  "weight_hr_l0",         "weight_peephole_l2",
                         "weight_ih_l1_reverse"};
  recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  VECTOR uniform = NAME(initialized)(&n, &how);
  how = all_of(RECUR_SCHEME_GLOROT);
  VECTOR glorot = NAME(initialized)(&n, &how);
  for (size_t k = 0; k < COUNT(names); k++) {
    check_note("%s uniform %s", TEXT(REAL), names[k]);
    MATRIX part = NAME(view)(&n, &uniform, names[k]);
    NAME(check_uniform)(&part, 0.1);
    part = NAME(view)(&n, &glorot, names[k]);
    const bool bias = part.size2 == 1;
    NAME(check_uniform)(&part, bias ? 0.1 : sqrt(6. / (double)(part.size1 + part.size2)));
  }
  NAME(free_all)();
}

/* Q^T Q = 1, or Q Q^T if there are fewer rows. A number of Q goes through at most count
   reflections, each a sum over size and one more subtraction, and is rounded once more for single
   precision. */
static void NAME(check_orthogonal)(const MATRIX *m) {
  const bool flat = m->size1 < m->size2;
  const size_t count = flat ? m->size1 : m->size2, size = flat ? m->size2 : m->size1;
  wide worst = 0;
  for (size_t a = 0; a < count; a++)
    for (size_t b = 0; b <= a; b++) {
      wide product = a == b ? -1 : 0;
      for (size_t i = 0; i < size; i++)
        product += (wide)(flat ? AT(m, a, i) : AT(m, i, a)) * (flat ? AT(m, b, i) : AT(m, i, b));
      if (!(fabsl(product) <= worst))
        worst = fabsl(product);
    }
  const size_t reflections = count * (2 * size + 2);
  CHECK(worst <= check_tolerance(reflections, DBL_EPSILON, 1) + check_tolerance(2, EPSILON, 1));
}

static void NAME(test_orthogonal)(void) {
  static const size_t sizes[] = {1, 2, 3, 5, 15, 16, 17, 31, 33, 50};
  for (size_t i = 0; i < COUNT(sizes); i++)
    for (size_t j = 0; j < COUNT(sizes); j++) {
      check_note("%s orthogonal %zu x %zu", TEXT(REAL), sizes[i], sizes[j]);
      NAME(check_orthogonal)(NAME(new_matrix_of)(RECUR_SCHEME_ORTHOGONAL, sizes[i], sizes[j], 1));
      NAME(free_all)();
    }
}

/* Of parts whose blocks have so many rows. */
static void NAME(check_blocks)(const recur_network *n, VECTOR *theta, const char *name,
                               size_t rows) {
  check_note("%s blocks of %s", TEXT(REAL), name);
  const MATRIX part = NAME(view)(n, theta, name);
  CHECK(part.size1 % rows == 0);
  for (size_t first = 0; first < part.size1; first += rows) {
    const MATRIX block = NAME(rows)(&part, first, rows);
    NAME(check_orthogonal)(&block);
    const MATRIX before = NAME(rows)(&part, 0, rows);
    CHECK(first == 0 || !NAME(equal_bits)(&block, &before));
  }
}

static void NAME(test_orthogonal_networks)(void) {
  const recur_network lstm = large_lstm(9, 7, 3);
  recur_network gru = recur_gru(18, 17);
  gru.layers = gru.directions = 2;
  recur_initialization how = all_of(RECUR_SCHEME_ORTHOGONAL);
  VECTOR theta = NAME(initialized)(&lstm, &how), other = NAME(initialized)(&gru, &how);
  NAME(check_blocks)(&lstm, &theta, "weight_ih_l0", 28);
  NAME(check_blocks)(&lstm, &theta, "weight_ih_l2_reverse", 28);
  NAME(check_blocks)(&lstm, &theta, "weight_hh_l1", 28);
  NAME(check_blocks)(&lstm, &theta, "weight_hr_l2", 3);
  NAME(check_blocks)(&lstm, &theta, "weight_peephole_l0", 3);
  NAME(check_blocks)(&gru, &other, "weight_hh_l0", 51);
  NAME(check_blocks)(&gru, &other, "weight_ih_l1_reverse", 51);
  how = all_of(RECUR_SCHEME_BLOCK_ORTHOGONAL);
  theta = NAME(initialized)(&lstm, &how);
  other = NAME(initialized)(&gru, &how);
  NAME(check_blocks)(&lstm, &theta, "weight_ih_l0", 7);
  NAME(check_blocks)(&lstm, &theta, "weight_ih_l2_reverse", 7);
  NAME(check_blocks)(&lstm, &theta, "weight_hh_l1", 7);
  NAME(check_blocks)(&lstm, &theta, "weight_hr_l2", 3);
  NAME(check_blocks)(&lstm, &theta, "weight_peephole_l0", 1);
  NAME(check_blocks)(&gru, &other, "weight_hh_l0", 17);
  NAME(check_blocks)(&gru, &other, "weight_ih_l1_reverse", 17);
  NAME(free_all)();
}

/* Of the orthogonal matrices of 3 x 3, uniform: each number has mean 0 and mean square 1/3, the
   trace mean 0 and mean square 1, and half of the determinants are 1. (A QR whose signs are as they
   come would fail the last three.) To five deviations; a number's square has variance 4/45, and the
   trace's at most E[trace^4] = 3. */
static void NAME(test_uniform_among_orthogonal)(void) {
  check_note("%s uniform among orthogonal", TEXT(REAL));
  enum { SAMPLES = 4000 };
  double sums[9] = {0}, squares[9] = {0}, trace_sum = 0, trace_squares = 0, determinants = 0;
  for (uint32_t stream = 0; stream < SAMPLES; stream++) {
    REAL q[9];
    MATRIX m = {.size1 = 3, .size2 = 3, .tda = 3, .data = q};
    CHECK(RECUR(matrix, initialize)(RECUR_SCHEME_ORTHOGONAL, 1, seed, stream, &m) == GSL_SUCCESS);
    for (size_t e = 0; e < 9; e++) {
      sums[e] += q[e];
      squares[e] += (double)q[e] * q[e];
    }
    const double trace = (double)q[0] + q[4] + q[8];
    trace_sum += trace;
    trace_squares += trace * trace;
    determinants += (double)q[0] * (q[4] * q[8] - q[5] * q[7]) -
                    (double)q[1] * (q[3] * q[8] - q[5] * q[6]) +
                    (double)q[2] * (q[3] * q[7] - q[4] * q[6]);
  }
  for (size_t e = 0; e < 9; e++) {
    CHECK(fabs(sums[e] / SAMPLES) < 5 * sqrt(1. / 3 / SAMPLES));
    CHECK(fabs(squares[e] / SAMPLES - 1. / 3) < 5 * sqrt(4. / 45 / SAMPLES));
  }
  CHECK(fabs(trace_sum / SAMPLES) < 5 * sqrt(1. / SAMPLES));
  CHECK(fabs(trace_squares / SAMPLES - 1) < 5 * sqrt(3. / SAMPLES));
  CHECK(fabs(determinants / SAMPLES) < 5 * sqrt(1. / SAMPLES));
}

static bool NAME(no_number_in_common)(const VECTOR *a, const VECTOR *b) {
  bool different = true;
  for (size_t i = 0; i < a->size && i < b->size; i++)
    different = different && a->data[i] != b->data[i];
  return different;
}

static VECTOR NAME(as_vector)(const MATRIX *m) {
  CHECK(m->tda == m->size2);
  return (VECTOR){.size = m->size1 * m->size2, .stride = 1, .data = m->data};
}

/* Same seed, same numbers; another seed, in either half, others. */
static void NAME(test_seeds)(void) {
  const recur_network n = large_lstm(5, 4, 3);
  for (size_t k = 1; k < COUNT(schemes); k++) {
    check_note("%s seeds, scheme %zu", TEXT(REAL), k);
    recur_initialization how = all_of(schemes[k]);
    const VECTOR first = NAME(initialized)(&n, &how), second = NAME(initialized)(&n, &how);
    CHECK(memcmp(first.data, second.data, first.size * sizeof(REAL)) == 0);
    how.seed ^= 1;
    const VECTOR low = NAME(initialized)(&n, &how);
    how.seed ^= (uint64_t)1 << 40;
    const VECTOR high = NAME(initialized)(&n, &how);
    CHECK(NAME(no_number_in_common)(&first, &low));
    CHECK(NAME(no_number_in_common)(&low, &high));
    NAME(free_all)();
  }
}

/* No part of a network has the numbers of another, nor of a matrix alone. */
static void NAME(test_streams)(void) {
  recur_network n = large_lstm(4, 4, 2);
  n.cell.projection_size = 0;
  const recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  VECTOR theta = NAME(initialized)(&n, &how);
  size_t parts, numbers;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_PYTORCH, &parts, &numbers) == GSL_SUCCESS);
  for (size_t a = 0; a < parts; a++)
    for (size_t b = 0; b < a; b++) {
      check_note("%s streams of parts %zu and %zu", TEXT(REAL), a, b);
      recur_parameter_slice p[2];
      recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, a, &p[0]);
      recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, b, &p[1]);
      const MATRIX x = NAME(view)(&n, &theta, p[0].name), y = NAME(view)(&n, &theta, p[1].name);
      const VECTOR u = NAME(as_vector)(&x), v = NAME(as_vector)(&y);
      CHECK(NAME(no_number_in_common)(&u, &v));
    }
  for (uint32_t stream = 0; stream < 6; stream++) {
    check_note("%s stream %u", TEXT(REAL), (unsigned)stream);
    MATRIX *m = NAME(new_matrix)(3, 4, 4), *next = NAME(new_matrix)(3, 4, 4);
    CHECK(RECUR(matrix, initialize)(RECUR_SCHEME_UNIFORM, 4, seed, stream, m) == GSL_SUCCESS);
    CHECK(RECUR(matrix, initialize)(RECUR_SCHEME_UNIFORM, 4, seed, stream + 1, next) ==
          GSL_SUCCESS);
    const VECTOR u = NAME(as_vector)(m), v = NAME(as_vector)(next);
    CHECK(NAME(no_number_in_common)(&u, &v));
    for (size_t k = 0; k < parts; k++) {
      recur_parameter_slice p;
      recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, k, &p);
      const MATRIX x = NAME(view)(&n, &theta, p.name);
      const VECTOR w = NAME(as_vector)(&x);
      CHECK(NAME(no_number_in_common)(&u, &w));
    }
  }
  NAME(free_all)();
}

/* A part does not depend on which others there are. */
static void NAME(test_parts_alone)(void) {
  check_note("%s parts alone", TEXT(REAL));
  recur_network n = large_lstm(5, 4, 0), bare = n;
  bare.cell.bias = bare.cell.peepholes = false;
  recur_initialization how = all_of(RECUR_SCHEME_GLOROT);
  how.recurrent = RECUR_SCHEME_ORTHOGONAL;
  VECTOR theta = NAME(initialized)(&n, &how), other = NAME(initialized)(&bare, &how);
  const char *names[] = {"weight_ih_l0", "weight_hh_l2", "weight_hh_l1_reverse"};
  for (size_t k = 0; k < COUNT(names); k++) {
    const MATRIX a = NAME(view)(&n, &theta, names[k]), b = NAME(view)(&bare, &other, names[k]);
    CHECK(NAME(equal_bits)(&a, &b));
  }
  NAME(free_all)();
}

/* Gains are 1 whatever the schemes are, and change no other part. */
static void NAME(test_gains)(void) {
  for (size_t k = 0; k < COUNT(schemes); k++) {
    check_note("%s gains, scheme %d", TEXT(REAL), (int)schemes[k]);
    recur_network n = large_lstm(5, 4, 3), plain = n;
    n.cell.layer_norm = true;
    const recur_initialization how = all_of(schemes[k]);
    VECTOR theta = NAME(initialized)(&n, &how), other = NAME(initialized)(&plain, &how);
    const char *gains[] = {"weight_ln_ih_l0", "weight_ln_hh_l1_reverse", "weight_ln_ih_l2"};
    const char *names[] = {"weight_ih_l2", "bias_hh_l1_reverse", "weight_peephole_l2_reverse"};
    for (size_t i = 0; i < COUNT(gains); i++) {
      const MATRIX gain = NAME(view)(&n, &theta, gains[i]);
      for (size_t e = 0; e < gain.size1; e++)
        CHECK(gain.data[e] == 1);
      const MATRIX a = NAME(view)(&n, &theta, names[i]), b = NAME(view)(&plain, &other, names[i]);
      CHECK(NAME(equal_bits)(&a, &b));
    }
    NAME(free_all)();
  }
}

/* Which scheme is whose. */
static void NAME(test_schemes_of_parts)(void) {
  check_note("%s schemes of parts", TEXT(REAL));
  const recur_network n = large_lstm(5, 4, 3);
  const char *names[] = {"weight_ih_l1", "weight_hr_l1", "weight_peephole_l1",
                         "weight_hh_l1", "bias_ih_l1",   "bias_hh_l1"};
  for (int which = 0; which < 3; which++) {
    recur_initialization how = all_of(RECUR_SCHEME_ZEROS);
    *(which == 0 ? &how.input : which == 1 ? &how.recurrent : &how.bias) = RECUR_SCHEME_UNIFORM;
    VECTOR theta = NAME(initialized)(&n, &how);
    for (int k = 0; k < 6; k++) {
      const MATRIX part = NAME(view)(&n, &theta, names[k]);
      const bool filled = which == (k < 3 ? 0 : k == 3 ? 1 : 2);
      for (size_t e = 0; e < part.size1 * part.size2; e++)
        CHECK(filled ? part.data[e] != 0 : NAME(same_bits)(part.data[e], 0));
    }
  }
  NAME(free_all)();
}

static void NAME(test_forget_bias)(void) {
  check_note("%s forget bias", TEXT(REAL));
  const recur_network n = large_lstm(5, 3, 0);
  recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  VECTOR plain = NAME(initialized)(&n, &how);
  how.set_forget_bias = true;
  how.forget_bias = 1.1;
  VECTOR theta = NAME(initialized)(&n, &how);
  const char *suffixes[] = {"l0", "l0_reverse", "l1", "l1_reverse", "l2", "l2_reverse"};
  size_t differences = 0;
  for (size_t i = 0; i < theta.size; i++)
    differences += theta.data[i] != plain.data[i];
  CHECK(differences == 6 * 6);
  for (size_t k = 0; k < 6; k++) {
    char name[48];
    snprintf(name, sizeof name, "bias_ih_%s", suffixes[k]);
    const MATRIX ih = NAME(view)(&n, &theta, name);
    snprintf(name, sizeof name, "bias_hh_%s", suffixes[k]);
    const MATRIX hh = NAME(view)(&n, &theta, name);
    for (size_t j = 3; j < 6; j++)
      CHECK(ih.data[j] == (REAL)1.1 && NAME(same_bits)(hh.data[j], 0));
  }
  how.forget_bias = 0;
  theta = NAME(initialized)(&n, &how);
  CHECK(NAME(view)(&n, &theta, "bias_ih_l0").data[3] == 0);
  NAME(free_all)();
}

/* Wrong arguments */

typedef struct {
  recur_network network;
  recur_initialization how, *how_pointer;
  VECTOR theta, *theta_pointer;
  recur_scheme scheme;
  size_t n;
  MATRIX *m;
} NAME(call);

static int NAME(initialize)(void *call) {
  const NAME(call) *c = call;
  return RECUR(parameters, initialize)(&c->network, c->how_pointer, c->theta_pointer);
}

static int NAME(initialize_matrix)(void *call) {
  const NAME(call) *c = call;
  return RECUR(matrix, initialize)(c->scheme, c->n, seed, 0, c->m);
}

static tested_function NAME(tested)(const char *function, int (*call)(void *), NAME(call) * c) {
  return (tested_function){.function = function,
                           .call = call,
                           .problem = c,
                           .remember = NAME(remember),
                           .nothing_touched = NAME(nothing_touched),
                           .count = 1};
}

static void NAME(test_wrong_initializations)(void) {
  NAME(call) c = {.network = recur_lstm(3, 2), .how = all_of(RECUR_SCHEME_ORTHOGONAL)};
  c.theta = NAME(new_theta)(&c.network);
  c.theta_pointer = &c.theta;
  c.how_pointer = &c.how;
  tested_function f = NAME(tested)(TEXT(RECUR(parameters, initialize)), NAME(initialize), &c);
  f.arguments[0] =
      (argument)VECTOR_ARGUMENT("theta", &c.theta, &c.theta_pointer, REQUIRED | OUTPUT);
  refuse_everything_wrong(&f);
  c.theta.stride = 2;
  refused(&f, GSL_EINVAL, "theta");
  c.theta.stride = 1;
  c.how_pointer = NULL;
  refused(&f, GSL_EFAULT, "initialization");
  c.how_pointer = &c.how;
  const struct {
    const char *name;
    recur_initialization how;
  } wrong[] = {
      {"initialization->input", {.input = (recur_scheme)5}},
      {"initialization->input", {.input = (recur_scheme)-1}},
      {"initialization->recurrent", {.recurrent = (recur_scheme)5}},
      {"initialization->bias", {.bias = RECUR_SCHEME_GLOROT}},
      {"initialization->bias", {.bias = RECUR_SCHEME_ORTHOGONAL}},
      {"initialization->bias", {.bias = RECUR_SCHEME_BLOCK_ORTHOGONAL}},
      {"initialization->bias", {.bias = (recur_scheme)5}},
      {"initialization->forget_bias", {.forget_bias = 1}},
      {"initialization->forget_bias", {.forget_bias = NAN}},
      {"initialization->forget_bias", {.set_forget_bias = true, .forget_bias = NAN}},
      {"initialization->forget_bias", {.set_forget_bias = true, .forget_bias = -INFINITY}},
  };
  for (size_t k = 0; k < COUNT(wrong); k++) {
    c.how = wrong[k].how;
    refused(&f, GSL_EINVAL, wrong[k].name);
  }
  c.how = (recur_initialization){.bias = RECUR_SCHEME_BLOCK_ORTHOGONAL};
  refused(&f, GSL_EINVAL, "initialization->bias");
  CHECK(strstr(recur_last_error()->message, "is block orthogonal, expected zeros or uniform"));
  c.how = all_of(RECUR_SCHEME_ORTHOGONAL);
  c.network.hidden_size = 0;
  refused(&f, GSL_EINVAL, "network->hidden_size");
  c.network.hidden_size = SIZE_MAX;
  refused(&f, GSL_EINVAL, "network->hidden_size");
  CHECK(RECUR(parameters, initialize)(NULL, &c.how, &c.theta) == GSL_EFAULT);
  NAME(free_all)();
}

static void NAME(test_no_forget_gate)(void) {
  recur_network without[] = {recur_rnn(3, 2), recur_gru(3, 2), recur_lstm(3, 2), recur_lstm(3, 2)};
  without[2].cell.bias = false;
  without[3].cell.coupled = true;
  for (size_t k = 0; k < COUNT(without); k++) {
    NAME(call) c = {.network = without[k], .how = {.set_forget_bias = true}};
    c.theta = NAME(new_theta)(&c.network);
    c.theta_pointer = &c.theta;
    c.how_pointer = &c.how;
    const tested_function f =
        NAME(tested)(TEXT(RECUR(parameters, initialize)), NAME(initialize), &c);
    refused(&f, GSL_EINVAL, "initialization->set_forget_bias");
  }
  NAME(free_all)();
}

static void NAME(test_wrong_matrices)(void) {
  NAME(call) c = {.scheme = RECUR_SCHEME_ORTHOGONAL, .n = 1, .m = NAME(new_matrix)(3, 4, 5)};
  tested_function f = NAME(tested)(TEXT(RECUR(matrix, initialize)), NAME(initialize_matrix), &c);
  f.arguments[0] =
      (argument)MATRIX_ARGUMENT("m", c.m, &c.m, REQUIRED | OUTPUT | ANY_ROWS | ANY_COLUMNS);
  refuse_everything_wrong(&f);
  c.m->size1 = (size_t)INT_MAX + 1;
  refused(&f, GSL_EINVAL, "m");
  c.m->size1 = 3;
  const recur_scheme wrong[] = {RECUR_SCHEME_BLOCK_ORTHOGONAL, (recur_scheme)5, (recur_scheme)-1};
  for (size_t k = 0; k < COUNT(wrong); k++) {
    c.scheme = wrong[k];
    refused(&f, GSL_EINVAL, "scheme");
  }
  c.scheme = RECUR_SCHEME_UNIFORM;
  c.n = 0;
  refused(&f, GSL_EINVAL, "n");
  NAME(free_all)();
  for (size_t k = 0; k < 4; k++) {
    check_note("%s empty matrix, scheme %zu", TEXT(REAL), k);
    MATRIX empty = {.size1 = k % 2 * 3, .size2 = 0, .tda = 0, .data = NULL};
    CHECK(RECUR(matrix, initialize)(schemes[k], 1, seed, 0, &empty) == GSL_SUCCESS);
  }
}

/* Nothing is written when there is no memory, and none is needed but for what is orthogonal. */
static void NAME(test_memory)(void) {
  if (!counting)
    return;
  NAME(call) c = {.network = recur_gru(3, 2), .n = 1, .m = NAME(new_matrix)(3, 4, 5)};
  c.theta = NAME(new_theta)(&c.network);
  c.theta_pointer = &c.theta;
  c.how_pointer = &c.how;
  int (*const calls[])(void *) = {NAME(initialize), NAME(initialize_matrix)};
  for (size_t k = 0; k < COUNT(schemes); k++)
    for (int which = 0; which < 2; which++) {
      if (which == 1 && schemes[k] == RECUR_SCHEME_BLOCK_ORTHOGONAL)
        continue;
      check_note("%s memory, scheme %zu, function %d", TEXT(REAL), k, which);
      c.how = all_of(schemes[k]);
      c.scheme = schemes[k];
      NAME(remember)();
      allocation_fails = true;
      const int status = calls[which](&c);
      allocation_fails = false;
      CHECK(status == (k < 3 ? GSL_SUCCESS : GSL_ENOMEM));
      CHECK(NAME(nothing_touched)() == (k >= 3));
    }
  NAME(free_all)();
}

static void NAME(run)(void) {
  NAME(test_known_numbers)();
  NAME(test_uniform)();
  NAME(test_orthogonal)();
  NAME(test_orthogonal_networks)();
  NAME(test_uniform_among_orthogonal)();
  NAME(test_seeds)();
  NAME(test_streams)();
  NAME(test_parts_alone)();
  NAME(test_gains)();
  NAME(test_schemes_of_parts)();
  NAME(test_forget_bias)();
  NAME(test_wrong_initializations)();
  NAME(test_no_forget_gate)();
  NAME(test_wrong_matrices)();
  NAME(test_memory)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_initialization.c"

/* Single precision is double precision, rounded. */
static void test_rounded(void) {
  const recur_network n = large_lstm(5, 4, 3);
  for (size_t k = 0; k < COUNT(schemes); k++) {
    check_note("rounded, scheme %zu", k);
    const recur_initialization how = all_of(schemes[k]);
    const gsl_vector theta = double_initialized(&n, &how);
    const gsl_vector_float rounded = float_initialized(&n, &how);
    bool same = true;
    for (size_t i = 0; i < theta.size; i++)
      same = same && rounded.data[i] == (float)theta.data[i];
    CHECK(same);
  }
  double_free_all();
  float_free_all();
}

/* A forget bias that only double precision can say. */
static void test_large_forget_bias(void) {
  check_note("large forget bias");
  const recur_network n = recur_lstm(1, 1);
  const recur_initialization how = {.set_forget_bias = true, .forget_bias = 1e39};
  gsl_vector theta = double_new_theta(&n);
  gsl_vector_float narrow = float_new_theta(&n);
  CHECK(recur_parameters_initialize(&n, &how, &theta) == GSL_SUCCESS);
  CHECK(recur_parameters_float_initialize(&n, &how, &narrow) == GSL_EINVAL);
  double_free_all();
  float_free_all();
}

int main(void) {
  check_begin();
  counting = counting_works();
  if (!counting)
    printf("skipped: what happens without memory, which cannot be tried here\n");
  double_run();
  float_run();
  test_rounded();
  test_large_forget_bias();
  return check_end();
}
#endif
