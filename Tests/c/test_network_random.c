/* recur/network.h: recurrent dropout. What masks are, read off networks whose states show them; and
   what they depend on. Dropout between layers: see test_network_dropout.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "check.h"
#include "precision.h"

#include "network_parts.h"

#ifndef FLOAT_PASS
/* Whether masks of n numbers agree as often as independent ones of a chance of 1/2 do, within 5
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
#endif

/* A network that adds nothing to its states: U = 1, and nothing else. */
static void NAME(new_copying)(NAME(problem) * q, recur_network network, size_t T, size_t B) {
  network.cell.f.function = RECUR_IDENTITY;
  network.cell.bias = false;
  NAME(new_problem)(q, &network, T, B, 0);
  const MATRIX theta = NAME(column)(&q->parameters);
  NAME(fill)(&theta, 0);
  const size_t H = q->H;
  REAL *next = q->parameters.data;
  for (size_t ld = 0; ld < q->L * q->D; ld++) {
    next += H * (ld < q->D ? q->I : q->D * H);
    for (size_t k = 0; k < H; k++)
      next[k * H + k] = 1;
    next += H * H;
  }
  NAME(fill)(q->h0, 1);
}

static wide *NAME(as_wide)(const MATRIX *m) {
  wide *numbers = wide_new(m->size1 * m->size2);
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      numbers[i * m->size2 + j] = AT(m, i, j);
  return numbers;
}

/* The masks of recurrent dropout: h_1 of a simple network with h_0 = 1. L*D*B x H. */
static const wide *NAME(recurrent_masks_of)(size_t L, size_t D, size_t B, size_t H, double chance,
                                            recur_batch batch) {
  recur_network network = recur_rnn(1, H);
  network.layers = L;
  network.directions = D;
  network.recurrent_dropout = chance;
  NAME(problem) q;
  NAME(new_copying)(&q, network, 1, B);
  q.batch = batch;
  q.batch.lengths = NULL;
  CHECK(NAME(forward)(&q) == GSL_SUCCESS);
  RECUR(network, free)(q.w);
  return NAME(as_wide)(q.hT);
}

/* Every number is 0 or 1 / (1 - chance), as often as it should be, within 5 standard deviations. */
static void NAME(test_rate)(void) {
  static const double chances[] = {0.1, 0.25, 0.5, 0.9};
  for (size_t k = 0; k < COUNT(chances); k++) {
    const double chance = chances[k];
    const recur_batch batch = {.seed = check_random_bits()};
    check_note("%s rate %g", TEXT(REAL), chance);
    const size_t n = 3 * 2 * 50 * 30;
    const wide *masks = NAME(recurrent_masks_of)(3, 2, 50, 30, chance, batch);
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

/* The seed (in either half), the layer, the direction, the sequence and the unit, and nothing else:
   neither the step, nor where the batch begins. */
static void NAME(test_what_masks_depend_on)(void) {
  const size_t L = 3, D = 2, B = 8, H = 64, n = L * D * B * H;
  recur_batch batch = {.seed = check_random_bits()};
  const wide *masks = NAME(recurrent_masks_of)(L, D, B, H, 0.5, batch);
  recur_batch other = batch;
  check_note("%s the same masks", TEXT(REAL));
  other.first_step = 77;
  CHECK(same_masks(masks, NAME(recurrent_masks_of)(L, D, B, H, 0.5, other), n));
  const wide *fewer = NAME(recurrent_masks_of)(L, D, B, H - 3, 0.5, batch);
  for (size_t i = 0; i < L * D * B; i++)
    CHECK(same_masks(masks + i * H, fewer + i * (H - 3), H - 3));
  other.first_sequence = 2;
  const wide *later = NAME(recurrent_masks_of)(L, D, B - 2, H, 0.5, other);
  for (size_t ld = 0; ld < L * D; ld++)
    CHECK(same_masks(masks + (ld * B + 2) * H, later + ld * (B - 2) * H, (B - 2) * H));
  check_note("%s other masks", TEXT(REAL));
  other = batch;
  other.seed += 1;
  CHECK(independent(masks, NAME(recurrent_masks_of)(L, D, B, H, 0.5, other), n));
  other.seed = batch.seed ^ (uint64_t)1 << 40;
  CHECK(independent(masks, NAME(recurrent_masks_of)(L, D, B, H, 0.5, other), n));
  const size_t shifts[] = {1, 4, H, B * H, D * B * H};
  for (size_t k = 0; k < COUNT(shifts); k++) {
    check_note("%s masks %zu apart", TEXT(REAL), shifts[k]);
    CHECK(independent(masks, masks + shifts[k], n - shifts[k]));
  }
  NAME(free_all)();
}

/* A layer's masks for dropout and for recurrent dropout have nothing in common. */
static void NAME(test_dropout_is_apart)(void) {
  const size_t B = 50, H = 16;
  recur_network network = recur_rnn(1, H);
  network.layers = 2;
  network.dropout = 0.5;
  NAME(problem) q = NAME(describe)(&network, 1, B);
  q.batch.seed = check_random_bits();
  wide *masks = wide_new(B * H);
  NAME(read_masks)(&q, 0, masks);
  check_note("%s dropout beside recurrent dropout", TEXT(REAL));
  CHECK(independent(masks, NAME(recurrent_masks_of)(1, 1, B, H, 0.5, q.batch), B * H));
  NAME(free_all)();
}

/* At every step the same: a simple network multiplies its state by m, a residual one, which
   carries h itself on, by 1 + m. In the reverse direction too, and with lengths. */
static void NAME(test_masks_last)(void) {
  const size_t T = 6, B = 4, H = 5;
  for (int residual = 0; residual <= 1; residual++) {
    recur_network network = residual ? recur_residual(1, H) : recur_rnn(1, H);
    network.directions = 2;
    network.recurrent_dropout = 0.5;
    NAME(problem) q;
    NAME(new_copying)(&q, network, T, B);
    q.batch = (recur_batch){.seed = check_random_bits(), .lengths = new_lengths(T, B)};
    NAME(note)(&q, "masks last");
    CHECK(NAME(forward)(&q) == GSL_SUCCESS);
    const wide *masks = NAME(recurrent_masks_of)(1, 2, B, H, 0.5, q.batch);
    for (size_t t = 0; t < T; t++)
      for (size_t b = 0; b < B; b++)
        for (size_t d = 0; d < 2 && t < q.batch.lengths[b]; d++) {
          const size_t steps = d == 0 ? t + 1 : q.batch.lengths[b] - t;
          for (size_t k = 0; k < H; k++)
            CHECK(AT(q.y, t * B + b, d * H + k) ==
                  powl(residual + masks[(d * B + b) * H + k], (wide)steps));
        }
    NAME(end_problem)(&q);
  }
}

/* Inference is without, and training with it is not. */
static void NAME(test_inference)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 4, 3, 0);
  q.batch.seed = check_random_bits();
  const part all = whole_of(4, 3);
  NAME(new_part)(&r, &q, &all, RECUR_INFERENCE, 0);
  CHECK(NAME(forward)(&q) == GSL_SUCCESS && NAME(forward)(&r) == GSL_SUCCESS);
  NAME(note)(&r, "inference");
  CHECK(!NAME(equal_bits)(q.y, r.y));
  const MATRIX *y = r.y;
  NAME(end_part)(&r);
  r.network.recurrent_dropout = 0;
  r.y = NAME(new_padded)(12, q.D * q.P);
  NAME(allocate)(&r);
  CHECK(NAME(forward)(&r) == GSL_SUCCESS);
  CHECK(NAME(equal_bits)(y, r.y));
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

static void NAME(run)(void) {
  NAME(test_rate)();
  NAME(test_what_masks_depend_on)();
  NAME(test_dropout_is_apart)();
  NAME(test_masks_last)();
  for (size_t k = 0; k < NETWORK_CASES; k++) {
    recur_network network = network_case(k, 3, 4, 2, 2);
    network.recurrent_dropout = 0.5;
    NAME(test_inference)(&network);
  }
}

#ifndef FLOAT_PASS
#include "switch_to_float.h"

#include "test_network_random.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
