/* recur/initialization.h: known numbers, bounds and moments, orthogonality, what depends on the
   seed and what does not, and every wrong argument.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/allocations.h"
#include "support/arguments.h"
#include "support/check.h"
#include "support/matrices.h"

#include <recur/gru.h>
#include <recur/initialization.h>
#include <recur/lstm.h>
#include <recur/parameters.h>
#include <recur/rnn.h>

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

static gsl_vector new_theta(const recur_network *n) {
  size_t parts = 0, numbers = 0;
  CHECK(recur_parameters_count(n, RECUR_LAYOUT_PYTORCH, &parts, &numbers) == GSL_SUCCESS);
  return (gsl_vector){.size = numbers, .stride = 1, .data = new_matrix(numbers, 1, 1)->data};
}

static gsl_vector initialized(const recur_network *n, const recur_initialization *how) {
  gsl_vector theta = new_theta(n);
  CHECK(recur_parameters_initialize(n, how, &theta) == GSL_SUCCESS);
  return theta;
}

static gsl_matrix view(const recur_network *n, gsl_vector *theta, const char *name) {
  gsl_matrix part = {0};
  CHECK(recur_parameters_view(n, theta, name, &part) == GSL_SUCCESS);
  return part;
}

static gsl_matrix *new_matrix_of(recur_scheme scheme, size_t rows, size_t columns,
                                 uint32_t stream) {
  gsl_matrix *m = new_padded(rows, columns);
  CHECK(recur_matrix_initialize(scheme, 4, seed, stream, m) == GSL_SUCCESS);
  return m;
}

/* Computed apart, from Philox's words: words 0 and 1, of which 52 bits count, and 2 and 3. */
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
  const gsl_matrix part = view(&n, &theta, "weight_hh_l1_reverse");
  for (size_t e = 0; e < 3; e++)
    CHECK(part.data[e] == (rk_real)network[e]);
  /* One column is a normal vector over its norm. */
  const wide column[] = {-0.45891216544722324L, 0.3531136231036649L, -0.8152977330908896L};
  CHECK(is_near(new_matrix_of(RECUR_SCHEME_ORTHOGONAL, 3, 1, 7), column, 40, 1));
  free_all();
}

/* Within the bound and near it, mean 0, variance bound^2 / 3, neighbours uncorrelated: to five
   deviations of what independent numbers would give. */
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
    gsl_matrix part = view(&n, &uniform, names[k]);
    check_uniform(&part, 0.1);
    part = view(&n, &glorot, names[k]);
    const bool bias = part.size2 == 1;
    check_uniform(&part, bias ? 0.1 : sqrt(6. / (double)(part.size1 + part.size2)));
  }
  free_all();
}

/* Q^T Q = 1, or Q Q^T if there are fewer rows. A number of Q goes through at most count
   reflections, each a sum over size and one more subtraction, and is rounded once more for single
   precision. */
static void check_orthogonal(const gsl_matrix *m) {
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
  CHECK(worst <=
        check_tolerance(reflections, DBL_EPSILON, 1) + check_tolerance(2, RK_REAL_EPSILON, 1));
}

static void test_orthogonal(void) {
  static const size_t sizes[] = {1, 2, 3, 5, 15, 16, 17, 31, 33, 50};
  for (size_t i = 0; i < COUNT(sizes); i++)
    for (size_t j = 0; j < COUNT(sizes); j++) {
      check_note("orthogonal %zu x %zu", sizes[i], sizes[j]);
      check_orthogonal(new_matrix_of(RECUR_SCHEME_ORTHOGONAL, sizes[i], sizes[j], 1));
      free_all();
    }
}

/* Of parts whose blocks have so many rows. */
static void check_blocks(const recur_network *n, gsl_vector *theta, const char *name, size_t rows) {
  check_note("blocks of %s", name);
  const gsl_matrix part = view(n, theta, name);
  CHECK(part.size1 % rows == 0);
  for (size_t first = 0; first < part.size1; first += rows) {
    const gsl_matrix block = rows_of(&part, first, rows);
    check_orthogonal(&block);
    const gsl_matrix before = rows_of(&part, 0, rows);
    CHECK(first == 0 || !equal_bits(&block, &before));
  }
}

static void test_orthogonal_networks(void) {
  const recur_network lstm = large_lstm(9, 7, 3);
  recur_network gru = recur_gru(18, 17);
  gru.layers = gru.directions = 2;
  recur_initialization how = all_of(RECUR_SCHEME_ORTHOGONAL);
  gsl_vector theta = initialized(&lstm, &how), other = initialized(&gru, &how);
  check_blocks(&lstm, &theta, "weight_ih_l0", 28);
  check_blocks(&lstm, &theta, "weight_ih_l2_reverse", 28);
  check_blocks(&lstm, &theta, "weight_hh_l1", 28);
  check_blocks(&lstm, &theta, "weight_hr_l2", 3);
  check_blocks(&lstm, &theta, "weight_peephole_l0", 3);
  check_blocks(&gru, &other, "weight_hh_l0", 51);
  check_blocks(&gru, &other, "weight_ih_l1_reverse", 51);
  how = all_of(RECUR_SCHEME_BLOCK_ORTHOGONAL);
  theta = initialized(&lstm, &how);
  other = initialized(&gru, &how);
  check_blocks(&lstm, &theta, "weight_ih_l0", 7);
  check_blocks(&lstm, &theta, "weight_ih_l2_reverse", 7);
  check_blocks(&lstm, &theta, "weight_hh_l1", 7);
  check_blocks(&lstm, &theta, "weight_hr_l2", 3);
  check_blocks(&lstm, &theta, "weight_peephole_l0", 1);
  check_blocks(&gru, &other, "weight_hh_l0", 17);
  check_blocks(&gru, &other, "weight_ih_l1_reverse", 17);
  free_all();
}

/* Of the orthogonal matrices of 3 x 3, uniform: each number has mean 0 and mean square 1/3, the
   trace mean 0 and mean square 1, and half of the determinants are 1. (A QR whose signs are as they
   come would fail the last three.) To five deviations; a number's square has variance 4/45, and the
   trace's at most E[trace^4] = 3. */
static void test_uniform_among_orthogonal(void) {
  check_note("uniform among orthogonal");
  enum { SAMPLES = 4000 };
  double sums[9] = {0}, squares[9] = {0}, trace_sum = 0, trace_squares = 0, determinants = 0;
  for (uint32_t stream = 0; stream < SAMPLES; stream++) {
    rk_real q[9];
    gsl_matrix m = {.size1 = 3, .size2 = 3, .tda = 3, .data = q};
    CHECK(recur_matrix_initialize(RECUR_SCHEME_ORTHOGONAL, 1, seed, stream, &m) == GSL_SUCCESS);
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

static bool no_number_in_common(const gsl_vector *a, const gsl_vector *b) {
  bool different = true;
  for (size_t i = 0; i < a->size && i < b->size; i++)
    different = different && a->data[i] != b->data[i];
  return different;
}

static gsl_vector as_vector(const gsl_matrix *m) {
  CHECK(m->tda == m->size2);
  return (gsl_vector){.size = m->size1 * m->size2, .stride = 1, .data = m->data};
}

/* Same seed, same numbers; another seed, in either half, others. */
static void test_seeds(void) {
  const recur_network n = large_lstm(5, 4, 3);
  for (size_t k = 1; k < COUNT(schemes); k++) {
    check_note("seeds, scheme %zu", k);
    recur_initialization how = all_of(schemes[k]);
    const gsl_vector first = initialized(&n, &how), second = initialized(&n, &how);
    CHECK(memcmp(first.data, second.data, first.size * sizeof(rk_real)) == 0);
    how.seed ^= 1;
    const gsl_vector low = initialized(&n, &how);
    how.seed ^= (uint64_t)1 << 40;
    const gsl_vector high = initialized(&n, &how);
    CHECK(no_number_in_common(&first, &low));
    CHECK(no_number_in_common(&low, &high));
    free_all();
  }
}

/* No part of a network has the numbers of another, nor of a matrix alone. */
static void test_streams(void) {
  recur_network n = large_lstm(4, 4, 2);
  n.cell.projection_size = 0;
  const recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  gsl_vector theta = initialized(&n, &how);
  size_t parts, numbers;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_PYTORCH, &parts, &numbers) == GSL_SUCCESS);
  for (size_t a = 0; a < parts; a++)
    for (size_t b = 0; b < a; b++) {
      check_note("streams of parts %zu and %zu", a, b);
      recur_parameter_slice p[2];
      recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, a, &p[0]);
      recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, b, &p[1]);
      const gsl_matrix x = view(&n, &theta, p[0].name), y = view(&n, &theta, p[1].name);
      const gsl_vector u = as_vector(&x), v = as_vector(&y);
      CHECK(no_number_in_common(&u, &v));
    }
  for (uint32_t stream = 0; stream < 6; stream++) {
    check_note("stream %u", (unsigned)stream);
    gsl_matrix *m = new_matrix(3, 4, 4), *next = new_matrix(3, 4, 4);
    CHECK(recur_matrix_initialize(RECUR_SCHEME_UNIFORM, 4, seed, stream, m) == GSL_SUCCESS);
    CHECK(recur_matrix_initialize(RECUR_SCHEME_UNIFORM, 4, seed, stream + 1, next) == GSL_SUCCESS);
    const gsl_vector u = as_vector(m), v = as_vector(next);
    CHECK(no_number_in_common(&u, &v));
    for (size_t k = 0; k < parts; k++) {
      recur_parameter_slice p;
      recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, k, &p);
      const gsl_matrix x = view(&n, &theta, p.name);
      const gsl_vector w = as_vector(&x);
      CHECK(no_number_in_common(&u, &w));
    }
  }
  free_all();
}

/* A part does not depend on which others there are. */
static void test_parts_alone(void) {
  check_note("parts alone");
  recur_network n = large_lstm(5, 4, 0), bare = n;
  bare.cell.bias = bare.cell.peepholes = false;
  recur_initialization how = all_of(RECUR_SCHEME_GLOROT);
  how.recurrent = RECUR_SCHEME_ORTHOGONAL;
  gsl_vector theta = initialized(&n, &how), other = initialized(&bare, &how);
  const char *names[] = {"weight_ih_l0", "weight_hh_l2", "weight_hh_l1_reverse"};
  for (size_t k = 0; k < COUNT(names); k++) {
    const gsl_matrix a = view(&n, &theta, names[k]), b = view(&bare, &other, names[k]);
    CHECK(equal_bits(&a, &b));
  }
  free_all();
}

/* Gains are 1 whatever the schemes are, and change no other part. */
static void test_gains(void) {
  for (size_t k = 0; k < COUNT(schemes); k++) {
    check_note("gains, scheme %d", (int)schemes[k]);
    recur_network n = large_lstm(5, 4, 3), plain = n;
    n.cell.layer_norm = true;
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

/* Which scheme is whose. */
static void test_schemes_of_parts(void) {
  check_note("schemes of parts");
  const recur_network n = large_lstm(5, 4, 3);
  const char *names[] = {"weight_ih_l1", "weight_hr_l1", "weight_peephole_l1",
                         "weight_hh_l1", "bias_ih_l1",   "bias_hh_l1"};
  for (int which = 0; which < 3; which++) {
    recur_initialization how = all_of(RECUR_SCHEME_ZEROS);
    *(which == 0 ? &how.input : which == 1 ? &how.recurrent : &how.bias) = RECUR_SCHEME_UNIFORM;
    gsl_vector theta = initialized(&n, &how);
    for (int k = 0; k < 6; k++) {
      const gsl_matrix part = view(&n, &theta, names[k]);
      const bool filled = which == (k < 3 ? 0 : k == 3 ? 1 : 2);
      for (size_t e = 0; e < part.size1 * part.size2; e++)
        CHECK(filled ? part.data[e] != 0 : same_bits(part.data[e], 0));
    }
  }
  free_all();
}

static void test_forget_bias(void) {
  check_note("forget bias");
  const recur_network n = large_lstm(5, 3, 0);
  recur_initialization how = all_of(RECUR_SCHEME_UNIFORM);
  gsl_vector plain = initialized(&n, &how);
  how.set_forget_bias = true;
  how.forget_bias = 1.1;
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
  how.forget_bias = 0;
  theta = initialized(&n, &how);
  CHECK(view(&n, &theta, "bias_ih_l0").data[3] == 0);
  free_all();
}

/* Wrong arguments */

typedef struct {
  recur_network network;
  recur_initialization how, *how_pointer;
  gsl_vector theta, *theta_pointer;
  recur_scheme scheme;
  size_t n;
  gsl_matrix *m;
} initialization_call;

static int initialize(void *call) {
  const initialization_call *c = call;
  return recur_parameters_initialize(&c->network, c->how_pointer, c->theta_pointer);
}

static int initialize_matrix(void *call) {
  const initialization_call *c = call;
  return recur_matrix_initialize(c->scheme, c->n, seed, 0, c->m);
}

static tested_function tested(const char *function, int (*call)(void *), initialization_call *c) {
  return (tested_function){.function = function,
                           .call = call,
                           .problem = c,
                           .remember = remember,
                           .nothing_touched = nothing_touched,
                           .count = 1};
}

static void test_wrong_initializations(void) {
  initialization_call c = {.network = recur_lstm(3, 2), .how = all_of(RECUR_SCHEME_ORTHOGONAL)};
  c.theta = new_theta(&c.network);
  c.theta_pointer = &c.theta;
  c.how_pointer = &c.how;
  tested_function f = tested(TEXT(recur_parameters_initialize), initialize, &c);
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
  CHECK(recur_parameters_initialize(NULL, &c.how, &c.theta) == GSL_EFAULT);
  free_all();
}

static void test_no_forget_gate(void) {
  recur_network without[] = {recur_rnn(3, 2), recur_gru(3, 2), recur_lstm(3, 2), recur_lstm(3, 2)};
  without[2].cell.bias = false;
  without[3].cell.coupled = true;
  for (size_t k = 0; k < COUNT(without); k++) {
    initialization_call c = {.network = without[k], .how = {.set_forget_bias = true}};
    c.theta = new_theta(&c.network);
    c.theta_pointer = &c.theta;
    c.how_pointer = &c.how;
    const tested_function f = tested(TEXT(recur_parameters_initialize), initialize, &c);
    refused(&f, GSL_EINVAL, "initialization->set_forget_bias");
  }
  free_all();
}

static void test_wrong_matrices(void) {
  initialization_call c = {.scheme = RECUR_SCHEME_ORTHOGONAL, .n = 1, .m = new_matrix(3, 4, 5)};
  tested_function f = tested(TEXT(recur_matrix_initialize), initialize_matrix, &c);
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
  free_all();
  for (size_t k = 0; k < 4; k++) {
    check_note("empty matrix, scheme %zu", k);
    gsl_matrix empty = {.size1 = k % 2 * 3, .size2 = 0, .tda = 0, .data = NULL};
    CHECK(recur_matrix_initialize(schemes[k], 1, seed, 0, &empty) == GSL_SUCCESS);
  }
}

/* Nothing is written when there is no memory, and none is needed but for what is orthogonal. */
static void test_memory(void) {
  if (!counting)
    return;
  initialization_call c = {.network = recur_gru(3, 2), .n = 1, .m = new_matrix(3, 4, 5)};
  c.theta = new_theta(&c.network);
  c.theta_pointer = &c.theta;
  c.how_pointer = &c.how;
  int (*const calls[])(void *) = {initialize, initialize_matrix};
  for (size_t k = 0; k < COUNT(schemes); k++)
    for (int which = 0; which < 2; which++) {
      if (which == 1 && schemes[k] == RECUR_SCHEME_BLOCK_ORTHOGONAL)
        continue;
      check_note("memory, scheme %zu, function %d", k, which);
      c.how = all_of(schemes[k]);
      c.scheme = schemes[k];
      remember();
      allocation_fails = true;
      const int status = calls[which](&c);
      allocation_fails = false;
      CHECK(status == (k < 3 ? GSL_SUCCESS : GSL_ENOMEM));
      CHECK(nothing_touched() == (k >= 3));
    }
  free_all();
}

/* A forget bias that only double precision can say. */
static void test_large_forget_bias(void) {
  check_note("large forget bias");
  const recur_network n = recur_lstm(1, 1);
  const recur_initialization how = {.set_forget_bias = true, .forget_bias = 1e39};
  gsl_vector theta = new_theta(&n);
  const int expected = how.forget_bias > RK_REAL_MAX ? GSL_EINVAL : GSL_SUCCESS;
  CHECK(recur_parameters_initialize(&n, &how, &theta) == expected);
  free_all();
}

int main(void) {
  check_begin();
  counting = counting_works();
  if (!counting)
    printf("skipped: what happens without memory, which cannot be tried here\n");
  test_known_numbers();
  test_uniform();
  test_orthogonal();
  test_orthogonal_networks();
  test_uniform_among_orthogonal();
  test_seeds();
  test_streams();
  test_parts_alone();
  test_gains();
  test_schemes_of_parts();
  test_forget_bias();
  test_wrong_initializations();
  test_no_forget_gate();
  test_wrong_matrices();
  test_memory();
  test_large_forget_bias();
  return check_end();
}
