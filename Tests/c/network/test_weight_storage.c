/* recur/weight_storage.h: a network whose matrices are stored as halves has the results of a
   network whose matrices were rounded to halves before. For each cell, instruction set and number
   of vectors in a panel, with one row and with many; and the errors of storage.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_parts.h"
#include "support/refusal.h"

#include <recur/instruction_set.h>
#include <recur/parameters.h>
#include <stdio.h>

#ifdef RK_FLOAT
/* The nearest number with 11 significant bits that is a multiple of 2^-24, ties to even. */
static double rounded_to_half(double x) {
  int exponent;
  frexp(x, &exponent);
  const int unit = exponent - 11 < -24 ? -24 : exponent - 11;
  return ldexp(nearbyint(ldexp(x, -unit)), unit);
}

static void round_slice(const recur_network *network, const gsl_vector *theta, const char *name) {
  gsl_matrix m;
  if (recur_parameters_view(network, theta, name, &m) != GSL_SUCCESS)
    return;
  for (size_t i = 0; i < m.size1; i++)
    for (size_t j = 0; j < m.size2; j++)
      AT(&m, i, j) = (rk_real)rounded_to_half(AT(&m, i, j));
}

static void round_matrices(const recur_network *network, const gsl_vector *theta) {
  static const char *const kinds[] = {"ih", "hh", "hr"};
  for (size_t l = 0; l < network->layers; l++)
    for (size_t d = 0; d < network->directions; d++)
      for (size_t k = 0; k < COUNT(kinds); k++) {
        char name[64];
        snprintf(name, sizeof name, "weight_%s_l%zu%s", kinds[k], l, d == 1 ? "_reverse" : "");
        round_slice(network, theta, name);
      }
}

/* Numbers of all magnitudes that halves have, subnormal ones and zeros among them. */
static void spread(const gsl_vector *theta) {
  for (size_t k = 0; k < theta->size; k += 5)
    theta->data[k] = (rk_real)ldexp(theta->data[k], -(int)check_random_below(28));
}

static void test_halves(const recur_network *network, size_t T, size_t B, const char *set) {
  problem q, r;
  new_problem(&q, network, T, B, 0);
  q.batch.lengths = new_lengths(T, B);
  spread(q.theta);
  problem stored = q;
  stored.network.weight_storage = RECUR_STORAGE_HALF;
  const part all = whole_of(T, B);
  new_part(&r, &stored, &all, RECUR_MODE_INFERENCE, 0);
  note(&r, set);
  round_matrices(network, q.theta);
  const gsl_vector rounded = contiguous(q.count);
  memcpy(rounded.data, r.theta->data, q.count * sizeof(rk_real));
  CHECK(recur_parameters_round(&r.network, (gsl_vector *)&rounded) == GSL_SUCCESS);
  CHECK(memcmp(rounded.data, q.theta->data, q.count * sizeof(rk_real)) == 0);
  CHECK(forward(&q) == GSL_SUCCESS);
  CHECK(forward(&r) == GSL_SUCCESS);
  compare(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
}

static void test_sizes(size_t k, const char *set) {
  static const size_t inputs[] = {2, 7}, units[] = {3, 20, 37, 52}, batches[] = {1, 9};
  for (size_t i = 0; i < COUNT(inputs); i++)
    for (size_t h = 0; h < COUNT(units); h++)
      for (size_t b = 0; b < COUNT(batches); b++) {
        const recur_network network = network_case(k, inputs[i], units[h], 2, 2);
        test_halves(&network, 4, batches[b], set);
      }
}

static void test_all(const char *set) {
  for (size_t k = 0; k < NETWORK_CASES; k++)
    test_sizes(k, set);
  const recur_network gru = recur_gru(300, 300), lstm = recur_lstm(520, 520);
  test_halves(&gru, 3, 7, set);
  test_halves(&lstm, 3, 1, set);
}

/* The largest number that is rounded to a half, and the next one. */
static void test_limit(void) {
  recur_network network = recur_gru(1, 1);
  network.weight_storage = RECUR_STORAGE_HALF;
  problem q = describe(&network, 1, 1);
  q.mode = RECUR_MODE_INFERENCE;
  randomize_arguments(&q);
  settle(&q);
  allocate(&q);
  static const rk_real fitting[] = {65504, -65504, 65519.99f};
  static const rk_real excessive[] = {65520, -65520, INFINITY, NAN};
  for (size_t k = 0; k < COUNT(fitting); k++) {
    q.theta->data[3] = fitting[k];
    CHECK(recur_network_weights_set(q.weights, q.theta) == GSL_SUCCESS);
  }
  for (size_t k = 0; k < COUNT(excessive); k++) {
    q.theta->data[3] = excessive[k];
    remember();
    check_refusal(recur_network_weights_set(q.weights, q.theta), GSL_EINVAL,
                  TEXT(recur_network_weights_set), "theta");
    CHECK(strstr(recur_last_error()->message, "weight_hh_l0") != NULL);
    check_refusal(recur_parameters_round(&network, q.theta), GSL_EINVAL,
                  TEXT(recur_parameters_round), "theta");
  }
  end_problem(&q);
}

/* Halves of LSTM 64 -> 64 need half the bytes, apart from biases and the description. */
static void test_bytes(void) {
  recur_network network = recur_lstm(64, 64);
  size_t full, half;
  CHECK(recur_network_weights_bytes(&network, &full) == GSL_SUCCESS);
  network.weight_storage = RECUR_STORAGE_HALF;
  CHECK(recur_network_weights_bytes(&network, &half) == GSL_SUCCESS);
  CHECK(full - half == 2 * 4 * 64 * (64 + 64));
}
#endif

static void test_refusals(void) {
  recur_network network = recur_lstm(3, 4);
  size_t bytes;
  network.weight_storage = RECUR_STORAGE_HALF;
  check_refusal(
      recur_network_workspace_bytes(&network, 1, 1, RECUR_MODE_TRAINING, 0, &bytes), GSL_EUNIMPL,
      TEXT(recur_network_workspace_bytes), "network->weight_storage");
#ifndef RK_FLOAT
  gsl_vector theta = contiguous(4);
  remember();
  check_refusal(recur_parameters_round(&network, &theta), GSL_EUNIMPL, TEXT(recur_parameters_round),
                "network->weight_storage");
  check_refusal(recur_network_weights_bytes(&network, &bytes), GSL_EUNIMPL,
                TEXT(recur_network_weights_bytes), "network->weight_storage");
#endif
  network.weight_storage = (recur_weight_storage)2;
  check_refusal(recur_network_weights_bytes(&network, &bytes), GSL_EINVAL,
                TEXT(recur_network_weights_bytes), "network->weight_storage");
}

int main(void) {
  check_begin();
#ifdef RK_FLOAT
  static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};
  for (size_t s = 0; s < COUNT(sets); s++)
    if (recur_set_instruction_set(sets[s]) == GSL_SUCCESS)
      test_all(sets[s]);
  CHECK(recur_set_instruction_set(NULL) == GSL_SUCCESS);
  test_limit();
  test_bytes();
#endif
  test_refusals();
  return check_end();
}
