/* recur/network.h: recurrent dropout and zoneout: the values of the masks, read from networks whose
   states show them, and what they depend on. For dropout between layers, see
   test_network_dropout.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_parts.h"
#include "support/problem_oracle.h"

typedef enum { RECURRENT, ZONEOUT, CELL_ZONEOUT } option;

/* Whether masks of n elements agree as often as independent masks of probability 1/2, within 5
   standard deviations. */
static bool independent(const wide *a, const wide *b, size_t n) {
  size_t same = 0;
  for (size_t k = 0; k < n; k++)
    same += a[k] == b[k];
  return fabs((double)same - (double)n / 2) <= 5 * sqrt((double)n / 4);
}

static bool same_masks(const wide *a, const wide *b, size_t n) {
  return memcmp(a, b, n * sizeof *a) == 0;
}

/* A network that copies its states: U = 1, and all other parameters 0. */
static void new_copying(problem *q, recur_network network, size_t T, size_t B) {
  network.cell.f.kind = RECUR_ACTIVATION_IDENTITY;
  network.cell.bias = false;
  new_problem(q, &network, T, B, 0);
  const gsl_matrix theta = as_column(&q->parameters);
  fill(&theta, 0);
  const size_t H = q->H;
  rk_real *next = q->parameters.data;
  for (size_t ld = 0; ld < q->L * q->D; ld++) {
    next += H * (ld < q->D ? q->I : q->D * H);
    for (size_t k = 0; k < H; k++)
      next[k * H + k] = 1;
    next += H * H;
  }
  fill(q->h0, 1);
}

static wide *as_wide(const gsl_matrix *m) {
  wide *numbers = wide_new(m->size1 * m->size2);
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      numbers[i * m->size2 + j] = AT(m, i, j);
  return numbers;
}

/* The masks of recurrent dropout: h_1 of a simple network with h_0 = 1. L*D*B x H. */
static const wide *recurrent_masks_of(size_t L, size_t D, size_t B, size_t H, double probability,
                                      recur_batch batch) {
  recur_network network = recur_rnn(1, H);
  network.layers = L;
  network.directions = D;
  network.recurrent_dropout = probability;
  problem q;
  new_copying(&q, network, 1, B);
  q.batch = batch;
  q.batch.lengths = NULL;
  CHECK(forward(&q) == GSL_SUCCESS);
  recur_network_workspace_free(q.w);
  return as_wide(q.hT);
}

/* The masks of zoneout, for h or c. In an LSTM whose parameters are 0, h~ = o o tanh(c~) and c~ = c
   / 2. So with h_0 = 1 and c_0 = 2, h_1 is 1 or less than 1, and c_1 is 2 or 1. */
static const wide *zoneout_of(bool of_c, size_t L, size_t D, size_t B, size_t H, double probability,
                              recur_batch batch) {
  recur_network network = recur_lstm(1, H);
  network.layers = L;
  network.directions = D;
  *(of_c ? &network.cell_zoneout : &network.zoneout) = probability;
  problem q;
  new_problem(&q, &network, 1, B, 0);
  const gsl_matrix theta = as_column(&q.parameters);
  fill(&theta, 0);
  fill(q.h0, 1);
  fill(q.c0, 2);
  q.batch = batch;
  q.batch.lengths = NULL;
  CHECK(forward(&q) == GSL_SUCCESS);
  recur_network_workspace_free(q.w);
  wide *d = as_wide(of_c ? q.cT : q.hT);
  for (size_t i = 0; i < L * D * B * H; i++)
    d[i] = of_c ? d[i] - 1 : d[i] == 1;
  return d;
}

/* The masks of one option: 0 where recurrent dropout hits, 1 where zoneout hits. */
static const wide *masks_of(option of, size_t L, size_t D, size_t B, size_t H, double probability,
                            recur_batch batch) {
  return of == RECURRENT ? recurrent_masks_of(L, D, B, H, probability, batch)
                         : zoneout_of(of == CELL_ZONEOUT, L, D, B, H, probability, batch);
}

/* Every element has one of two values, with the right frequency, within 5 standard deviations. */
static void test_rate(option of) {
  static const double probabilities[] = {0.1, 0.25, 0.5, 0.9};
  for (size_t k = 0; k < COUNT(probabilities); k++) {
    const double probability = probabilities[k];
    const recur_batch batch = {.seed = check_random_bits()};
    check_note("probability %g of %d, seed %llu", probability, (int)of,
               (unsigned long long)batch.seed);
    const size_t n = 3 * 2 * 50 * 30;
    const wide *masks = masks_of(of, 3, 2, 50, 30, probability, batch);
    const wide hit = of == RECURRENT ? 0 : 1,
               other = of == RECURRENT ? (rk_real)(1 / (1 - probability)) : 0;
    size_t hits = 0, others = 0;
    for (size_t i = 0; i < n; i++) {
      hits += masks[i] == hit;
      others += masks[i] == other;
    }
    CHECK(hits + others == n);
    CHECK(fabs((double)hits - probability * (double)n) <=
          5 * sqrt(probability * (1 - probability) * (double)n));
    free_all();
  }
}

/* Masks depend on the seed (both halves), the layer, the direction, the sequence and the unit only;
   those of zoneout also on the step. */
static void test_what_masks_depend_on(option of) {
  const size_t L = 3, D = 2, B = 8, H = 38, n = L * D * B * H;
  const recur_batch batch = {.seed = check_random_bits()};
  const wide *masks = masks_of(of, L, D, B, H, 0.5, batch);
  recur_batch other = batch;
  check_note("the same masks of %d", (int)of);
  const wide *fewer = masks_of(of, L, D, B, H - 3, 0.5, batch);
  for (size_t i = 0; i < L * D * B; i++)
    CHECK(same_masks(masks + i * H, fewer + i * (H - 3), H - 3));
  other.first_sequence = 2;
  const wide *later = masks_of(of, L, D, B - 2, H, 0.5, other);
  for (size_t ld = 0; ld < L * D; ld++)
    CHECK(same_masks(masks + (ld * B + 2) * H, later + ld * (B - 2) * H, (B - 2) * H));
  other = batch;
  other.first_step = 77;
  const wide *next = masks_of(of, L, D, B, H, 0.5, other);
  CHECK(of == RECURRENT ? same_masks(masks, next, n) : independent(masks, next, n));
  check_note("other masks of %d", (int)of);
  other = batch;
  other.seed += 1;
  CHECK(independent(masks, masks_of(of, L, D, B, H, 0.5, other), n));
  other.seed = batch.seed ^ (uint64_t)1 << 40;
  CHECK(independent(masks, masks_of(of, L, D, B, H, 0.5, other), n));
  const size_t shifts[] = {1, 4, H, B * H, D * B * H};
  for (size_t k = 0; k < COUNT(shifts); k++) {
    check_note("masks of %d, %zu apart", (int)of, shifts[k]);
    CHECK(independent(masks, masks + shifts[k], n - shifts[k]));
  }
  free_all();
}

/* The masks of the options of one layer are independent. */
static void test_options_are_apart(void) {
  const size_t B = 50, H = 16;
  recur_network network = recur_rnn(1, H);
  network.layers = 2;
  network.dropout = 0.5;
  problem q = describe(&network, 1, B);
  q.batch.seed = check_random_bits();
  wide *dropout = wide_new(B * H);
  read_masks(&q, 0, dropout);
  const wide *masks[] = {dropout, masks_of(RECURRENT, 1, 1, B, H, 0.5, q.batch),
                         masks_of(ZONEOUT, 1, 1, B, H, 0.5, q.batch),
                         masks_of(CELL_ZONEOUT, 1, 1, B, H, 0.5, q.batch)};
  for (size_t i = 0; i < COUNT(masks); i++)
    for (size_t j = 0; j < i; j++) {
      check_note("masks %zu and %zu", i, j);
      size_t both = 0;
      for (size_t k = 0; k < B * H; k++)
        both += (masks[i][k] == 0) == (masks[j][k] == 0);
      CHECK(fabs((double)both - (double)(B * H) / 2) <= 5 * sqrt((double)(B * H) / 4));
    }
  free_all();
}

/* The masks of recurrent dropout are the same at every step: a simple network multiplies its state
   by m, a residual one, which adds h itself, by 1 + m. Also in the reverse direction, and with
   lengths. */
static void test_masks_last(void) {
  const size_t T = 6, B = 4, H = 5;
  for (int residual = 0; residual <= 1; residual++) {
    recur_network network = residual ? recur_residual(1, H) : recur_rnn(1, H);
    network.directions = 2;
    network.recurrent_dropout = 0.5;
    problem q;
    new_copying(&q, network, T, B);
    q.batch = (recur_batch){.seed = check_random_bits(), .lengths = new_lengths(T, B)};
    note(&q, "masks last");
    CHECK(forward(&q) == GSL_SUCCESS);
    const wide *masks = recurrent_masks_of(1, 2, B, H, 0.5, q.batch);
    for (size_t t = 0; t < T; t++)
      for (size_t b = 0; b < B; b++)
        for (size_t d = 0; d < 2 && t < q.batch.lengths[b]; d++) {
          const size_t steps = d == 0 ? t + 1 : q.batch.lengths[b] - t;
          for (size_t k = 0; k < H; k++)
            CHECK(AT(q.y, t * B + b, d * H + k) ==
                  powl(residual + masks[(d * B + b) * H + k], (wide)steps));
        }
    end_problem(&q);
  }
}

/* A unit that zones out keeps its value bit for bit, for any result of the cell. */
static void test_zoneout_keeps(recur_network network) {
  network.layers = 1;
  problem q;
  new_problem(&q, &network, 1, 4, 0);
  q.batch.seed = check_random_bits();
  const wide *d = zoneout_masks(&q, 5, network.zoneout, q.P);
  fill(q.x, (rk_real)NAN);
  note(&q, "zoneout keeps");
  CHECK(forward(&q) == GSL_SUCCESS);
  for (size_t i = 0; i < q.states; i++)
    for (size_t k = 0; k < q.P; k++)
      CHECK(d[i * q.P + k] == 1 ? same_bits(AT(q.hT, i, k), AT(q.h0, i, k))
                                : isnan(AT(q.hT, i, k)));
  end_problem(&q);
}

/* Inference has no masks: recurrent dropout is off, and zoneout mixes with its probability. */
static void test_inference(const recur_network *network) {
  problem q;
  new_problem(&q, network, 5, 3, 0);
  q.batch.seed = check_random_bits();
  q.batch.lengths = new_lengths(5, 3);
  note(&q, "training");
  CHECK(forward(&q) == GSL_SUCCESS);
  gsl_matrix *y = q.y;
  recur_network_workspace_free(q.w);
  q.mode = RECUR_MODE_INFERENCE;
  q.y = new_padded(y->size1, y->size2);
  allocate(&q);
  note(&q, "inference");
  oracle o = oracle_of(&q);
  oracle_forward(&o);
  CHECK(forward(&q) == GSL_SUCCESS);
  CHECK(!equal_bits(y, q.y));
  CHECK(holds(&q, q.y, oracle_y(&o), o.magnitude));
  CHECK(holds(&q, q.hT, o.hT, o.magnitude));
  if (q.cell_state)
    CHECK(holds(&q, q.cT, o.cT, o.magnitude));
  end_problem(&q);
}

int main(void) {
  check_begin();
  for (option of = RECURRENT; of <= CELL_ZONEOUT; of++) {
    test_rate(of);
    test_what_masks_depend_on(of);
  }
  test_options_are_apart();
  test_masks_last();
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (int options = 2; options < RANDOM_OPTIONS; options *= 2) {
      const recur_network network = with_random_options(network_case(k, 3, 4, 2, 2), options);
      if (network.recurrent_dropout + network.zoneout + network.cell_zoneout > 0)
        test_inference(&network);
      if (network.zoneout > 0)
        test_zoneout_keeps(network);
    }
  return check_end();
}
