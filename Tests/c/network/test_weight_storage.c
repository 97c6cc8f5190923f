/* recur/weight_storage.h: a network whose matrices are stored as halves or bfloat16 has the results
   of a network whose matrices were rounded before, and one with integers has the results of the
   equations, computed in a wider type. For each cell, instruction set and number of vectors in
   a panel, with one row and with many; and the errors of storage.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "base/team.h"
#include "support/network_parts.h"
#include "support/refusal.h"

#include <recur/instruction_set.h>
#include <recur/parameters.h>
#include <stdio.h>

#ifdef RK_FLOAT
static const char *const sets[] = {"avx512vnni", "avx512", "avx2", "neon", "portable"};

/* The nearest number with some significant bits that is a multiple of 2^least, ties to even. */
static float rounded_to(float x, int bits, int least) {
  int exponent;
  frexp(x, &exponent);
  const int unit = exponent - bits < least ? least : exponent - bits;
  return (float)ldexp(nearbyint(ldexp(x, -unit)), unit);
}

static void round_elements(gsl_matrix *m, int bits, int least) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      AT(m, i, j) = rounded_to(AT(m, i, j), bits, least);
}

/* The scale of a row: the maximum / 127, with 16 significant bits. */
static float scale_of(const gsl_matrix *m, size_t i) {
  float maximum = 0;
  int exponent;
  for (size_t j = 0; j < m->size2; j++)
    maximum = fmaxf(maximum, fabsf(AT(m, i, j)));
  const float scale = maximum / 127;
  frexpf(scale, &exponent);
  /* Ties away from zero. */
  return (float)ldexp(floor(ldexp(scale, 16 - exponent) + 0.5), exponent - 16);
}

static void round_to_integers(gsl_matrix *m) {
  for (size_t i = 0; i < m->size1; i++) {
    const float scale = scale_of(m, i);
    for (size_t j = 0; j < m->size2; j++) {
      const float q = nearbyintf(AT(m, i, j) / scale);
      AT(m, i, j) = scale == 0 ? 0 : scale * (float)(int)fminf(fmaxf(q, -127), 127);
    }
  }
}

static void round_matrix(recur_weight_storage storage, gsl_matrix *m) {
  if (storage == RECUR_STORAGE_INT8)
    round_to_integers(m);
  else if (storage == RECUR_STORAGE_HALF)
    round_elements(m, 11, -24);
  else
    round_elements(m, 8, -133);
}

static void round_matrices(const recur_network *network, const gsl_vector *theta) {
  static const char *const kinds[] = {"ih", "hh", "hr"};
  const recur_weight_storage storage = network->weight_storage;
  for (size_t l = 0; l < network->layers; l++)
    for (size_t d = 0; d < network->directions; d++)
      for (size_t k = 0; k < (storage == RECUR_STORAGE_INT8 ? 2 : 3); k++) {
        char name[64];
        gsl_matrix m;
        snprintf(name, sizeof name, "weight_%s_l%zu%s", kinds[k], l, d == 1 ? "_reverse" : "");
        if (recur_parameters_view(network, theta, name, &m) == GSL_SUCCESS)
          round_matrix(storage, &m);
      }
}

/* Numbers of all magnitudes that halves have, subnormal ones and zeros among them; and of bfloat16
   some that are halfway between two, or near its smallest normal number. */
static void spread(recur_weight_storage storage, const gsl_vector *theta) {
  for (size_t k = 0; k < theta->size; k += 5)
    theta->data[k] = (rk_real)ldexp(theta->data[k], -(int)check_random_below(28));
  for (size_t k = 1; k < theta->size && storage == RECUR_STORAGE_BFLOAT16; k += 11) {
    theta->data[k] = rounded_to((float)theta->data[k], 9, -149);
    if (k % 2 == 0)
      theta->data[k] = (rk_real)ldexp(theta->data[k], -126);
  }
}

static void test_rounding(const recur_network *network, const problem *q) {
  gsl_vector ours = contiguous(q->count), theirs = contiguous(q->count);
  memcpy(ours.data, q->theta->data, q->count * sizeof(rk_real));
  memcpy(theirs.data, q->theta->data, q->count * sizeof(rk_real));
  round_matrices(network, &theirs);
  for (size_t twice = 0; twice < 2; twice++) {
    CHECK(recur_parameters_round(network, &ours) == GSL_SUCCESS);
    CHECK(memcmp(ours.data, theirs.data, q->count * sizeof(rk_real)) == 0);
  }
}

static void test_narrow(recur_weight_storage storage, const recur_network *full, size_t T, size_t B,
                        const char *set) {
  problem q, r;
  recur_network narrow = *full;
  narrow.weight_storage = storage;
  new_problem(&q, full, T, B, 0);
  q.batch.lengths = new_lengths(T, B);
  spread(storage, q.theta);
  test_rounding(&narrow, &q);
  problem stored = q;
  stored.network = narrow;
  const part all = whole_of(T, B);
  new_part(&r, &stored, &all, RECUR_MODE_INFERENCE, 0);
  note(&r, set);
  round_matrices(&narrow, q.theta);
  CHECK(forward(&q) == GSL_SUCCESS);
  CHECK(forward(&r) == GSL_SUCCESS);
  compare(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
}

/* A network of integers in inference, with the set in use. */
static void new_integers(problem *q, const recur_network *full, size_t T, size_t B) {
  recur_network network = *full;
  network.weight_storage = RECUR_STORAGE_INT8;
  *q = describe(&network, T, B);
  q->mode = RECUR_MODE_INFERENCE;
  randomize_arguments(q);
  settle(q);
  allocate(q);
}

/* All instruction sets, and each sequence alone, have the bits of the portable set. */
static void test_integer_bits(const recur_network *network, size_t T, size_t B, const char *set) {
  problem q, r;
  CHECK(recur_set_instruction_set("portable") == GSL_SUCCESS);
  new_integers(&q, network, T, B);
  q.batch.lengths = new_lengths(T, B);
  test_rounding(&q.network, &q);
  CHECK(forward(&q) == GSL_SUCCESS);
  CHECK(recur_set_instruction_set(set) == GSL_SUCCESS);
  for (size_t b = 0; b <= B; b += B) {
    const part one = {.t1 = T, .which = &b, .n = 1}, all = whole_of(T, B);
    const part *p = b < B ? &one : &all;
    new_part(&r, &q, p, RECUR_MODE_INFERENCE, 0);
    note(&r, set);
    CHECK(forward(&r) == GSL_SUCCESS);
    compare_part(&q, &r, p, BITS);
    end_part(&r);
  }
  end_problem(&q);
}

/* Threads divide the sequences of a batch, and the units of a single sequence. */
static void test_threads(recur_weight_storage storage, size_t B, const char *set) {
  problem q, r;
  recur_network network = recur_lstm(70, 300);
  network.weight_storage = storage;
  CHECK(recur_set_instruction_set(set) == GSL_SUCCESS);
  q = describe(&network, 5, B);
  q.mode = RECUR_MODE_INFERENCE;
  randomize_arguments(&q);
  settle(&q);
  allocate(&q);
  CHECK(forward(&q) == GSL_SUCCESS);
  const part all = whole_of(5, B);
  recur_threads *threads = rk_team_alloc("test", 3);
  new_part(&r, &q, &all, RECUR_MODE_INFERENCE, 0);
  note(&r, set);
  CHECK(recur_network_workspace_set_threads(r.w, threads) == GSL_SUCCESS);
  CHECK(forward(&r) == GSL_SUCCESS);
  compare(&q, &r, BITS);
  end_part(&r);
  recur_threads_free(threads);
  end_problem(&q);
}

/* The integers of a row, and their scale. */
static float quantize(const rk_real *a, size_t n, int *q) {
  float maximum = 0;
  for (size_t k = 0; k < n; k++)
    maximum = fmaxf(maximum, fabsf(a[k]));
  const float inverse = maximum < 0x1p-96f ? 0 : 127 / maximum;
  for (size_t k = 0; k < n; k++)
    q[k] = (int)nearbyint((double)a[k] * inverse);
  return maximum < 0x1p-96f ? 0 : maximum / 127;
}

/* sum + W a for row i of W, in integers. */
static float integer_product(const gsl_matrix *w, size_t i, const int *q, float scale, float sum) {
  long long products = 0;
  const float row = scale_of(w, i);
  for (size_t k = 0; row != 0 && k < w->size2; k++)
    products += (long long)fminf(fmaxf(nearbyintf(AT(w, i, k) / row), -127), 127) * q[k];
  return fmaf((float)products, row * scale, sum);
}

/* h = W_ih x + W_hh h0 + b, one step of the identity. */
static void test_integer_values(size_t I, size_t H, double size, const char *set) {
  recur_network network = recur_rnn(I, H);
  network.cell.f.kind = RECUR_ACTIVATION_IDENTITY;
  problem p;
  int *x = calloc(I, sizeof *x), *h = calloc(H, sizeof *h);
  CHECK(recur_set_instruction_set(set) == GSL_SUCCESS);
  new_integers(&p, &network, 1, 3);
  randomize(p.x, size);
  note(&p, set);
  CHECK(forward(&p) == GSL_SUCCESS);
  gsl_matrix ih, hh, b_ih, b_hh;
  CHECK(recur_parameters_view(&p.network, p.theta, "weight_ih_l0", &ih) == GSL_SUCCESS);
  CHECK(recur_parameters_view(&p.network, p.theta, "weight_hh_l0", &hh) == GSL_SUCCESS);
  CHECK(recur_parameters_view(&p.network, p.theta, "bias_ih_l0", &b_ih) == GSL_SUCCESS);
  CHECK(recur_parameters_view(&p.network, p.theta, "bias_hh_l0", &b_hh) == GSL_SUCCESS);
  for (size_t b = 0; b < 3; b++) {
    const float of_x = quantize(&AT(p.x, b, 0), I, x), of_h = quantize(&AT(p.h0, b, 0), H, h);
    for (size_t i = 0; i < H; i++) {
      const float sum = integer_product(&ih, i, x, of_x, AT(&b_ih, i, 0) + AT(&b_hh, i, 0));
      CHECK(AT(p.y, b, i) == integer_product(&hh, i, h, of_h, sum));
    }
  }
  free(x);
  free(h);
  end_problem(&p);
}

/* Extreme weights and inputs reach the largest sums, of both signs. */
static void test_largest_sums(int sign, const char *set) {
  enum { I = 8192, H = 128 };
  recur_network network = recur_rnn(I, H);
  network.cell.f.kind = RECUR_ACTIVATION_IDENTITY;
  problem p;
  CHECK(recur_set_instruction_set(set) == GSL_SUCCESS);
  new_integers(&p, &network, 1, 5);
  note(&p, set);
  for (size_t k = 0; k < p.count; k++)
    p.theta->data[k] = k < H * I ? 127 : 0;
  for (size_t b = 0; b < 5; b++)
    for (size_t k = 0; k < I; k++)
      AT(p.x, b, k) = sign * 127.0F;
  CHECK(forward(&p) == GSL_SUCCESS);
  for (size_t b = 0; b < 5; b++)
    for (size_t i = 0; i < H; i++)
      CHECK(AT(p.y, b, i) == (float)(sign * 127.0 * 127 * I));
  end_problem(&p);
}

/* A row that is not finite makes its own sequence NaN, and zeros have no scale. */
static void test_special_states(const char *set) {
  const recur_network network = recur_rnn(3, 128);
  problem p;
  CHECK(recur_set_instruction_set(set) == GSL_SUCCESS);
  new_integers(&p, &network, 2, 4);
  note(&p, set);
  AT(p.x, 0, 1) = INFINITY;
  AT(p.x, 1, 2) = NAN;
  for (size_t j = 0; j < 3; j++)
    AT(p.x, 2, j) = 0;
  CHECK(forward(&p) == GSL_SUCCESS);
  for (size_t j = 0; j < 128; j++) {
    CHECK(isnan(AT(p.y, 0, j)) && isnan(AT(p.y, 1, j)));
    CHECK(isnan(AT(p.hT, 0, j)) && isfinite(AT(p.hT, 2, j)) && isfinite(AT(p.hT, 3, j)));
  }
  end_problem(&p);
}

/* Each place of a state that is not finite is found. */
static void test_places_of_special_states(const char *set) {
  const recur_network network = recur_rnn(3, 133);
  static const float numbers[] = {INFINITY, -INFINITY, NAN};
  problem p;
  CHECK(recur_set_instruction_set(set) == GSL_SUCCESS);
  new_integers(&p, &network, 1, 2);
  note(&p, set);
  for (size_t k = 0; k < 133; k++) {
    const float h = AT(p.h0, 1, k);
    AT(p.h0, 1, k) = numbers[k % COUNT(numbers)];
    CHECK(forward(&p) == GSL_SUCCESS);
    CHECK(isfinite(AT(p.y, 0, k)) && isnan(AT(p.y, 1, 0)) && isnan(AT(p.y, 1, 132)));
    AT(p.h0, 1, k) = h;
  }
  end_problem(&p);
}

/* More rows than are computed at a time. */
static void test_many_rows(const char *set) {
  const recur_network deep = recur_rnn(5000, 128), flat = recur_rnn(2, 128);
  test_integer_bits(&deep, 2, 7, set);
  test_integer_bits(&flat, 2, 131, set);
}

/* The smallest sizes that are supported, and one, two or three vectors more: each for some cases of
   every cell. */
static void test_cell(size_t k, const char *set) {
  static const size_t inputs[] = {2, 7}, more[] = {0, 3, 21, 37};
  const size_t I = inputs[k % 2], L = 1 + k % 3 / 2, D = 1 + k % 2, own = more[k % 4];
  const recur_network large = network_case(k, I, (k < 5 ? 256 : 210) + own, L, D);
  const recur_network small = network_case(k, I, 128 + own, L, D);
  CHECK(recur_set_instruction_set(set) == GSL_SUCCESS);
  const size_t batches[] = {1, 2 + k % 8};
  for (size_t b = 0; b < COUNT(batches); b++) {
    test_narrow(RECUR_STORAGE_HALF, &large, 2, batches[b], set);
    test_narrow(RECUR_STORAGE_BFLOAT16, &small, 2, batches[b], set);
  }
  test_integer_bits(&small, 2, 3, set);
}

static void test_set(const char *set) {
  for (size_t k = 0; k < NETWORK_CASES; k++)
    test_cell(k, set);
  test_integer_values(1, 128, 1, set);
  test_integer_values(5, 131, 1e-30, set);
  test_integer_values(33, 160, 1e10, set);
  test_integer_values(7, 517, 1e-3, set);
  test_largest_sums(1, set);
  test_largest_sums(-1, set);
  test_special_states(set);
  test_places_of_special_states(set);
  test_many_rows(set);
  for (size_t B = 1; B <= 9; B += 4) {
    test_threads(RECUR_STORAGE_HALF, B, set);
    test_threads(RECUR_STORAGE_BFLOAT16, B, set);
    test_threads(RECUR_STORAGE_INT8, B, set);
  }
}

/* The largest number that is rounded to a half, and the next one. */
static void test_limit(recur_weight_storage storage, rk_real fitting, rk_real excessive,
                       const char *reason) {
  recur_network network = recur_gru(1, 148);
  network.weight_storage = storage;
  network.directions = 2;
  problem q = describe(&network, 1, 1);
  q.mode = RECUR_MODE_INFERENCE;
  randomize_arguments(&q);
  settle(&q);
  allocate(&q);
  const gsl_vector *theta = q.theta;
  gsl_matrix m;
  CHECK(recur_parameters_view(&network, theta, "weight_hh_l0_reverse", &m) == GSL_SUCCESS);
  rk_real *element = &AT(&m, 2, 7);
  for (rk_real sign = -1; sign <= 1; sign += 2) {
    *element = sign * fitting;
    CHECK(recur_network_weights_set(q.weights, q.theta) == GSL_SUCCESS);
    *element = sign * excessive;
    remember();
    check_refusal(recur_network_weights_set(q.weights, q.theta), GSL_EINVAL,
                  TEXT(recur_network_weights_set), "theta");
    CHECK(strstr(recur_last_error()->message, "weight_hh_l0_reverse") != NULL);
    CHECK(strstr(recur_last_error()->message, reason) != NULL);
    check_refusal(recur_parameters_round(&network, q.theta), GSL_EINVAL,
                  TEXT(recur_parameters_round), "theta");
  }
  end_problem(&q);
}

/* Halves and bfloat16 of LSTM 64 -> 128 need half the bytes, apart from biases and the description;
   integers a quarter, and 8 bytes a row. */
static void test_bytes(void) {
  recur_network network = recur_lstm(64, 128);
  size_t full, half, bfloat16, quarter;
  CHECK(recur_network_weights_bytes(&network, &full) == GSL_SUCCESS);
  network.weight_storage = RECUR_STORAGE_HALF;
  CHECK(recur_network_weights_bytes(&network, &half) == GSL_SUCCESS);
  network.weight_storage = RECUR_STORAGE_BFLOAT16;
  CHECK(recur_network_weights_bytes(&network, &bfloat16) == GSL_SUCCESS);
  network.weight_storage = RECUR_STORAGE_INT8;
  CHECK(recur_network_weights_bytes(&network, &quarter) == GSL_SUCCESS);
  CHECK(half == bfloat16);
  CHECK(full - half == 2 * 4 * 128 * (64 + 128));
  CHECK(half - quarter == 4 * 128 * (64 + 128) - 2 * 8 * 4 * 128);
}

/* W_hr needs half the bytes, too. */
static void test_projection_bytes(void) {
  recur_network network = recur_lstm(64, 256);
  network.cell.projection_size = 64;
  size_t full, bytes;
  CHECK(recur_network_weights_bytes(&network, &full) == GSL_SUCCESS);
  for (size_t k = RECUR_STORAGE_HALF; k <= RECUR_STORAGE_BFLOAT16; k++) {
    network.weight_storage = (recur_weight_storage)k;
    CHECK(recur_network_weights_bytes(&network, &bytes) == GSL_SUCCESS);
    CHECK(full - bytes == 2 * (4 * 256 * (64 + 64) + 64 * 256));
  }
}

static void refuse(recur_network network, recur_weight_storage storage, const char *reason) {
  size_t bytes;
  network.weight_storage = storage;
  check_refusal(recur_network_weights_bytes(&network, &bytes), GSL_EINVAL,
                TEXT(recur_network_weights_bytes), "network->weight_storage");
  CHECK(strstr(recur_last_error()->message, reason) != NULL);
}

static void test_sizes(void) {
  size_t bytes;
  recur_network network = recur_rnn(1, 128);
  network.weight_storage = RECUR_STORAGE_INT8;
  CHECK(recur_network_weights_bytes(&network, &bytes) == GSL_SUCCESS);
  refuse(recur_rnn(1, 127), RECUR_STORAGE_INT8, "full for a W_hh of 16129 elements, fewer than");
  network = recur_lstm(1, 128);
  network.weight_storage = RECUR_STORAGE_HALF;
  CHECK(recur_network_weights_bytes(&network, &bytes) == GSL_SUCCESS);
  refuse(recur_lstm(1, 127), RECUR_STORAGE_HALF, "fewer than 65536");
  network = recur_gru(1, 74);
  network.weight_storage = RECUR_STORAGE_BFLOAT16;
  CHECK(recur_network_weights_bytes(&network, &bytes) == GSL_SUCCESS);
  refuse(recur_gru(1, 73), RECUR_STORAGE_BFLOAT16, "fewer than 16384");
  network = recur_rnn(8192, 128);
  network.weight_storage = RECUR_STORAGE_INT8;
  CHECK(recur_network_weights_bytes(&network, &bytes) == GSL_SUCCESS);
  refuse(recur_rnn(8193, 128), RECUR_STORAGE_INT8, "8193 inputs or units, more than 8192");
  refuse(recur_rnn(1, 8193), RECUR_STORAGE_INT8, "8193 inputs or units, more than 8192");
  network = recur_rnn(1, 4097);
  network.layers = network.directions = 2;
  refuse(network, RECUR_STORAGE_INT8, "8194 inputs or units, more than 8192");
}
#endif

static void test_refusals(void) {
  recur_network network = recur_lstm(3, 128);
  size_t bytes;
  network.weight_storage = RECUR_STORAGE_HALF;
  check_refusal(recur_network_workspace_bytes(&network, 1, 1, RECUR_MODE_TRAINING, 0, &bytes),
                GSL_EUNIMPL, TEXT(recur_network_workspace_bytes), "network->weight_storage");
#ifndef RK_FLOAT
  gsl_vector theta = contiguous(4);
  remember();
  check_refusal(recur_parameters_round(&network, &theta), GSL_EUNIMPL, TEXT(recur_parameters_round),
                "network->weight_storage");
  check_refusal(recur_network_weights_bytes(&network, &bytes), GSL_EUNIMPL,
                TEXT(recur_network_weights_bytes), "network->weight_storage");
#endif
  network.weight_storage = (recur_weight_storage)4;
  check_refusal(recur_network_weights_bytes(&network, &bytes), GSL_EINVAL,
                TEXT(recur_network_weights_bytes), "network->weight_storage");
}

int main(void) {
  check_begin();
#ifdef RK_FLOAT
  for (size_t s = 0; s < COUNT(sets); s++)
    if (recur_set_instruction_set(sets[s]) == GSL_SUCCESS)
      test_set(sets[s]);
  CHECK(recur_set_instruction_set(NULL) == GSL_SUCCESS);
  test_limit(RECUR_STORAGE_HALF, 65519.99f, 65520, "65520, the limit of halves");
  test_limit(RECUR_STORAGE_BFLOAT16, 0x1.fefffep127f, 0x1.ffp127f,
             "3.39617e38, the limit of bfloat16");
  test_limit(RECUR_STORAGE_INT8, FLT_MAX, INFINITY, "is not finite");
  test_bytes();
  test_projection_bytes();
  test_sizes();
#endif
  test_refusals();
  return check_end();
}
