/* Functions of matrices, activations and random numbers: views of any tda and alignment, outputs in
   place, values of any range.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "numbers.h"
#include "options.h"
#include "target.h"

#include <recur/environment.h>
#include <recur/random.h>
#include <recur/version.h>

/* An output of the shape of m: m itself, or another matrix. */
static gsl_matrix output_for(reader *r, const gsl_matrix *m) {
  return take_rarely(r, 4) ? *m : arena_matrix(r, m->size1, m->size2);
}

/* Constants and slopes may be too large for the precision. */
static void check_slope(const recur_activation *phi, const gsl_matrix *z, const gsl_matrix *dz) {
  const double steepest = recur_activation_max_slope(phi);
  const double largest = fmax(steepest, fmax(fabs(phi->alpha), fabs(phi->beta)));
  REQUIRE(steepest >= 0);
  if (largest > RK_REAL_MAX / 2)
    return;
  for (size_t i = 0; i < z->size1; i++)
    for (size_t j = 0; j < z->size2; j++)
      if (isfinite(z->data[i * z->tda + j]))
        REQUIRE(fabs((double)dz->data[i * dz->tda + j]) <= steepest * (1 + 16 * RK_REAL_EPSILON));
}

/* Forward, and backward from a gradient of 1, which returns slopes. */
static void activations(reader *r) {
  const recur_activation phi = take_activation(r);
  numbers n = take_numbers(r);
  const size_t rows = take_size(r) - 1, columns = take_size(r);
  const gsl_matrix z = random_matrix(r, &n, rows, columns);
  gsl_matrix dh = arena_matrix(r, rows, columns);
  numbers one = {.state = 1, .scale = 0};
  fill(&dh, &one);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      dh.data[i * dh.tda + j] = 1;
  gsl_matrix dz = output_for(r, &dh);
  const bool valid = CALL(recur_activation_backward, (&phi, &z, &dh, &dz));
  REQUIRE(valid == !isnan(recur_activation_max_slope(&phi)));
  if (valid)
    check_slope(&phi, &z, &dz);
  gsl_matrix h = output_for(r, &z);
  REQUIRE(CALL(recur_activation_forward, (&phi, &z, &h)) == valid);
  gsl_matrix slopes = output_for(r, &h);
  if (CALL(recur_activation_slopes, (&phi, &h, &slopes)))
    REQUIRE(valid);
}

typedef struct {
  recur_scheme scheme;
  size_t n;
  uint64_t seed;
  uint32_t stream;
  gsl_matrix *m;
} initialization;

static void initialize_again(void *context) {
  const initialization *i = context;
  REQUIRE(CALL(recur_matrix_initialize, (i->scheme, i->n, i->seed, i->stream, i->m)));
}

/* The same seed and stream in another view, and in the library's environment, must give the same
   numbers. */
static void initializations(reader *r) {
  const recur_scheme scheme = (recur_scheme)take_below(r, 6);
  const size_t n = take_rarely(r, 16) ? take_extreme(r) : take_size(r);
  const uint64_t seed = take_word(r);
  const uint32_t stream = (uint32_t)take_byte(r);
  const size_t rows = take_size(r) - 1, columns = take_size(r) - 1;
  gsl_matrix a = arena_matrix(r, rows, columns), b = arena_matrix(r, rows, columns);
  if (!CALL(recur_matrix_initialize, (scheme, n, seed, stream, &a)))
    return;
  recur_environment_call(initialize_again, &(initialization){scheme, n, seed, stream, &b});
  REQUIRE(same_numbers(&a, &b) && all_finite(&a));
}

static void error_terms(reader *r) {
  const recur_activation phi = take_activation(r);
  numbers n = take_numbers(r);
  const size_t H = take_size(r), B = take_size(r), T = take_size(r);
  const size_t t = take_rarely(r, 8) ? take_extreme(r) : take_below(r, T);
  const size_t terms = t < T ? t + 1 : 1;
  const gsl_matrix weight = random_matrix(r, &n, H, H), h = random_matrix(r, &n, T * B, H);
  const gsl_matrix dh = random_matrix(r, &n, B, H);
  gsl_matrix delta = arena_matrix(r, terms * B, H);
  if (CALL(recur_rnn_error_terms, (&weight, &phi, &h, t, &dh, &delta)))
    REQUIRE(t < T);
}

static void random_words(reader *r) {
  uint32_t counter[4], key[2], first[4], second[4];
  for (int k = 0; k < 4; k++)
    counter[k] = (uint32_t)take_word(r);
  for (int k = 0; k < 2; k++)
    key[k] = (uint32_t)take_word(r);
  recur_random_philox(counter, key, first);
  recur_random_philox(counter, key, second);
  REQUIRE(memcmp(first, second, sizeof first) == 0);
  REQUIRE(strcmp(recur_version(), RECUR_VERSION) == 0);
  REQUIRE(recur_instruction_set() != NULL);
}

static void defaults(reader *r) {
  const recur_activation phi = recur_activation_default((recur_activation_kind)take_byte(r));
  const bool known = (unsigned)phi.kind < RECUR_ACTIVATION_KINDS;
  REQUIRE(isnan(recur_activation_max_slope(&phi)) == !known);
}

static void fuzz(reader *r) {
  static void (*const families[])(reader *) = {activations, activations,  initializations,
                                               error_terms, random_words, defaults};
  families[take_below(r, COUNT(families))](r);
}

#include "entry.h"
