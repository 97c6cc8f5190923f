/* recur/network.h: dropout. Masks depend on the seed, the layer, the unit, the step and the
   sequence, and on nothing else.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/network_parts.h"

#ifndef FLOAT_PASS
/* Where a mask begins: in longer sequences, and in a larger batch. */
static wide *new_masks(size_t T, size_t B, size_t width) {
  return wide_new(T * B * width);
}

static size_t same_numbers(const wide *a, const wide *b, size_t n) {
  size_t same = 0;
  for (size_t k = 0; k < n; k++)
    same += a[k] == b[k];
  return same;
}
#endif

static NAME(problem)
    NAME(dropping)(double dropout, size_t T, size_t B, size_t width, uint64_t seed) {
  recur_network network = recur_rnn(1, width);
  network.layers = 4;
  network.dropout = dropout;
  NAME(problem) q = NAME(describe)(&network, T, B);
  q.batch.seed = seed;
  return q;
}

static const wide *NAME(masks_of)(const NAME(problem) * q, size_t layer) {
  wide *masks = new_masks(q->T, q->B, q->P);
  NAME(read_masks)(q, layer, masks);
  return masks;
}

/* Every number is 0 or 1 / (1 - chance), as often as it should be, within 5 standard deviations. */
static void NAME(test_rate)(void) {
  static const double chances[] = {0.1, 0.25, 0.5, 0.9, 0.999};
  for (size_t k = 0; k < COUNT(chances); k++) {
    const double chance = chances[k];
    const NAME(problem) q = NAME(dropping)(chance, 20, 50, 30, check_random_bits());
    check_note("%s rate %g", TEXT(REAL), chance);
    const wide *masks = NAME(masks_of)(&q, 1);
    const size_t n = q.T * q.B * q.P;
    size_t dropped = 0, scaled = 0;
    for (size_t i = 0; i < n; i++) {
      dropped += masks[i] == 0;
      scaled += masks[i] == (REAL)(1 / (1 - chance));
    }
    CHECK(dropped + scaled == n);
    CHECK(fabs((double)dropped - chance * (double)n) <=
          5 * sqrt(chance * (1 - chance) * (double)n));
    NAME(free_all)();
  }
}

/* The same seed gives the same masks. Another seed (in either half), layer, step, sequence or unit
   gives others, which agree as often as independent ones do. */
static void NAME(test_what_masks_depend_on)(void) {
  const size_t T = 8, B = 8, width = 16, n = T * B * width;
  const uint64_t seed = check_random_bits();
  NAME(problem) q = NAME(dropping)(0.5, T, B, width, seed);
  const wide *masks = NAME(masks_of)(&q, 0);
  check_note("%s the same seed", TEXT(REAL));
  CHECK(same_numbers(masks, NAME(masks_of)(&q, 0), n) == n);
  const wide *others[5] = {NAME(masks_of)(&q, 1), NAME(masks_of)(&q, 2)};
  q.batch.seed = seed + 1;
  others[2] = NAME(masks_of)(&q, 0);
  q.batch.seed = seed ^ (uint64_t)1 << 32;
  others[3] = NAME(masks_of)(&q, 0);
  q.batch.seed = seed ^ (uint64_t)1 << 63;
  others[4] = NAME(masks_of)(&q, 0);
  const double spread = 5 * sqrt((double)n / 4);
  for (size_t k = 0; k < COUNT(others); k++) {
    check_note("%s other masks %zu", TEXT(REAL), k);
    CHECK(fabs((double)same_numbers(masks, others[k], n) - (double)n / 2) <= spread);
  }
  const size_t shifts[] = {1, 4, width, B * width};
  for (size_t k = 0; k < COUNT(shifts); k++) {
    check_note("%s masks %zu apart", TEXT(REAL), shifts[k]);
    const size_t m = n - shifts[k];
    CHECK(fabs((double)same_numbers(masks, masks + shifts[k], m) - (double)m / 2) <= spread);
  }
  NAME(free_all)();
}

/* Chunks of steps, parts of a batch and fewer units have the masks of the whole; also at the ends
   of what can be counted. */
static void NAME(test_parts_of_masks)(uint64_t first_step, uint64_t first_sequence) {
  const size_t T = 5, B = 6, width = 7;
  NAME(problem) q = NAME(dropping)(0.4, T, B, width, check_random_bits());
  q.batch.first_step = first_step;
  q.batch.first_sequence = first_sequence;
  check_note("%s parts of masks", TEXT(REAL));
  const wide *all = NAME(masks_of)(&q, 1);
  NAME(problem) r = NAME(dropping)(0.4, 2, 3, 5, q.batch.seed);
  r.batch.first_step = first_step + 3;
  r.batch.first_sequence = first_sequence + 2;
  const wide *some = NAME(masks_of)(&r, 1);
  for (size_t t = 0; t < r.T; t++)
    for (size_t b = 0; b < r.B; b++)
      for (size_t k = 0; k < r.P; k++)
        CHECK(some[(t * r.B + b) * r.P + k] == all[((t + 3) * B + b + 2) * width + k]);
  NAME(free_all)();
}

/* Sequences of a batch, two at a time, in networks that have them: outputs and gradients. */
static void NAME(test_parts_of_a_batch)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 4, 6, 0);
  q.batch = (recur_batch){.lengths = new_lengths(4, 6),
                          .seed = check_random_bits(),
                          .first_step = 100,
                          .first_sequence = 1000};
  NAME(run_both)(&q);
  for (size_t first = 0; first < 6; first += 2) {
    const size_t which[] = {first, first + 1};
    const part p = {.t1 = 4, .which = which, .n = 2};
    NAME(new_part)(&r, &q, &p, RECUR_MODE_TRAINING, 0);
    NAME(note)(&r, "part of a batch");
    NAME(run_both)(&r);
    NAME(compare_part)(&q, &r, &p, BITS);
    NAME(end_part)(&r);
  }
  NAME(end_problem)(&q);
}

/* Inference drops nothing, and neither does training at a rate of 0; nor is the last layer's
   output or the input dropped. */
static void NAME(test_where)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 4, 3, 0);
  const part all = whole_of(4, 3);
  NAME(new_part)(&r, &q, &all, RECUR_MODE_INFERENCE, 0);
  NAME(problem) s = r;
  s.weights = NULL;
  s.network.dropout = 0;
  s.pass = RECUR_MODE_TRAINING;
  s.y = NAME(new_padded)(12, q.D * q.P);
  NAME(allocate)(&s);
  NAME(note)(&r, "no dropout");
  CHECK(NAME(forward)(&r) == GSL_SUCCESS && NAME(forward)(&s) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(r.y, s.y));
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  CHECK(!NAME(equal_bits)(q.y, r.y));
  NAME(end_part)(&s);
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

static void NAME(run)(void) {
  NAME(test_rate)();
  NAME(test_what_masks_depend_on)();
  const uint64_t largest = UINT32_MAX - 100;
  NAME(test_parts_of_masks)(0, 0);
  NAME(test_parts_of_masks)(largest, 7);
  NAME(test_parts_of_masks)(12345, largest);
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      recur_network network = network_case(k, 3, 4, 3, D);
      network.dropout = 0.5;
      NAME(test_parts_of_a_batch)(&network);
      NAME(test_where)(&network);
    }
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network_dropout.c"

/* Both precisions have the same masks. */
static void test_both_precisions(void) {
  const size_t n = 6 * 5 * 9;
  const double_problem q = double_dropping(0.3, 6, 5, 9, 17);
  const float_problem r = float_dropping(0.3, 6, 5, 9, 17);
  const wide *masks = double_masks_of(&q, 2), *others = float_masks_of(&r, 2);
  check_note("both precisions");
  for (size_t k = 0; k < n; k++)
    CHECK((masks[k] == 0) == (others[k] == 0));
  double_free_all();
  float_free_all();
}

int main(void) {
  check_begin();
  double_run();
  float_run();
  test_both_precisions();
  return check_end();
}
#endif
