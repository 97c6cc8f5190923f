/* recur/network.h: dropout. Masks depend on the seed, the layer, the unit, the step and the
   sequence only.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_masks.h"
#include "support/network_parts.h"

static wide *new_masks(size_t T, size_t B, size_t width) {
  return wide_new(T * B * width);
}

static size_t same_numbers(const wide *a, const wide *b, size_t n) {
  size_t same = 0;
  for (size_t k = 0; k < n; k++)
    same += a[k] == b[k];
  return same;
}

static problem dropping(double dropout, size_t T, size_t B, size_t width, uint64_t seed) {
  recur_network network = recur_rnn(1, width);
  network.layers = 4;
  network.dropout = dropout;
  problem q = describe(&network, T, B);
  q.batch.seed = seed;
  return q;
}

static const wide *masks_of(const problem *q, size_t layer) {
  wide *masks = new_masks(q->T, q->B, q->P);
  read_masks(q, layer, masks);
  return masks;
}

/* Every element is 0 or 1 / (1 - probability), with the right frequency, within 5 standard
   deviations. */
static void test_rate(void) {
  static const double probabilities[] = {0.1, 0.25, 0.5, 0.9, 0.999};
  for (size_t k = 0; k < COUNT(probabilities); k++) {
    const double probability = probabilities[k];
    const problem q = dropping(probability, 20, 50, 30, check_random_bits());
    check_note("rate %g", probability);
    const wide *masks = masks_of(&q, 1);
    const size_t n = q.T * q.B * q.P;
    size_t dropped = 0, scaled = 0;
    for (size_t i = 0; i < n; i++) {
      dropped += masks[i] == 0;
      scaled += masks[i] == (rk_real)(1 / (1 - probability));
    }
    CHECK(dropped + scaled == n);
    CHECK(fabs((double)dropped - probability * (double)n) <=
          5 * sqrt(probability * (1 - probability) * (double)n));
    free_all();
  }
}

/* The same seed gives the same masks. Another seed (in either half), layer, step, sequence or unit
   gives different ones, which agree as often as independent masks do. */
static void test_what_masks_depend_on(void) {
  const size_t T = 8, B = 8, width = 16, n = T * B * width;
  const uint64_t seed = check_random_bits();
  problem q = dropping(0.5, T, B, width, seed);
  const wide *masks = masks_of(&q, 0);
  check_note("the same seed");
  CHECK(same_numbers(masks, masks_of(&q, 0), n) == n);
  const wide *others[5] = {masks_of(&q, 1), masks_of(&q, 2)};
  q.batch.seed = seed + 1;
  others[2] = masks_of(&q, 0);
  q.batch.seed = seed ^ (uint64_t)1 << 32;
  others[3] = masks_of(&q, 0);
  q.batch.seed = seed ^ (uint64_t)1 << 63;
  others[4] = masks_of(&q, 0);
  const double spread = 5 * sqrt((double)n / 4);
  for (size_t k = 0; k < COUNT(others); k++) {
    check_note("other masks %zu", k);
    CHECK(fabs((double)same_numbers(masks, others[k], n) - (double)n / 2) <= spread);
  }
  const size_t shifts[] = {1, 4, width, B * width};
  for (size_t k = 0; k < COUNT(shifts); k++) {
    check_note("masks %zu apart", shifts[k]);
    const size_t m = n - shifts[k];
    CHECK(fabs((double)same_numbers(masks, masks + shifts[k], m) - (double)m / 2) <= spread);
  }
  free_all();
}

/* Chunks of steps, parts of a batch and fewer units have the masks of the whole, also for the
   largest numbers of steps and sequences. */
static void test_parts_of_masks(uint64_t first_step, uint64_t first_sequence) {
  const size_t T = 5, B = 6, width = 7;
  problem q = dropping(0.4, T, B, width, check_random_bits());
  q.batch.first_step = first_step;
  q.batch.first_sequence = first_sequence;
  check_note("parts of masks");
  const wide *all = masks_of(&q, 1);
  problem r = dropping(0.4, 2, 3, 5, q.batch.seed);
  r.batch.first_step = first_step + 3;
  r.batch.first_sequence = first_sequence + 2;
  const wide *some = masks_of(&r, 1);
  for (size_t t = 0; t < r.T; t++)
    for (size_t b = 0; b < r.B; b++)
      for (size_t k = 0; k < r.P; k++)
        CHECK(some[(t * r.B + b) * r.P + k] == all[((t + 3) * B + b + 2) * width + k]);
  free_all();
}

/* The sequences of a batch, two at a time: the outputs and gradients are those of the whole
   batch. */
static void test_parts_of_a_batch(const recur_network *network) {
  problem q, r;
  new_problem(&q, network, 4, 6, 0);
  q.batch = (recur_batch){.lengths = new_lengths(4, 6),
                          .seed = check_random_bits(),
                          .first_step = 100,
                          .first_sequence = 1000};
  run_both(&q);
  for (size_t first = 0; first < 6; first += 2) {
    const size_t which[] = {first, first + 1};
    const part p = {.t1 = 4, .which = which, .n = 2};
    new_part(&r, &q, &p, RECUR_MODE_TRAINING, 0);
    note(&r, "part of a batch");
    run_both(&r);
    compare_part(&q, &r, &p, BITS);
    end_part(&r);
  }
  end_problem(&q);
}

/* Neither inference nor training with probability 0 drops anything. The input and the last layer's
   output are never dropped. */
static void test_where(const recur_network *network) {
  problem q, r;
  new_problem(&q, network, 4, 3, 0);
  const part all = whole_of(4, 3);
  new_part(&r, &q, &all, RECUR_MODE_INFERENCE, 0);
  problem s = r;
  s.weights = NULL;
  s.network.dropout = 0;
  s.mode = RECUR_MODE_TRAINING;
  s.y = new_padded(12, q.D * q.P);
  allocate(&s);
  note(&r, "no dropout");
  CHECK(forward(&r) == GSL_SUCCESS && forward(&s) == GSL_SUCCESS);
  CHECK(equal_bits(r.y, s.y));
  CHECK(forward(&q) == GSL_SUCCESS);
  CHECK(!equal_bits(q.y, r.y));
  end_part(&s);
  end_part(&r);
  end_problem(&q);
}

int main(void) {
  check_begin();
  test_rate();
  test_what_masks_depend_on();
  const uint64_t largest = UINT32_MAX - 100;
  test_parts_of_masks(0, 0);
  test_parts_of_masks(largest, 7);
  test_parts_of_masks(12345, largest);
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      recur_network network = network_case(k, 3, 4, 3, D);
      network.dropout = 0.5;
      test_parts_of_a_batch(&network);
      test_where(&network);
    }
  return check_end();
}
