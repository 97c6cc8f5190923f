/* recur/network.h: the parts make up the whole. Segments, a sequence in parts, each sequence of a
   batch alone, lengths in any order and padding do not change the results.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_parts.h"

/* With segments, results are bit-identical to those without. */
static void test_segments(const recur_network *network, size_t T, size_t B, bool ragged) {
  problem q;
  new_problem(&q, network, T, B, 0);
  q.batch.lengths = ragged ? new_lengths(T, B) : NULL;
  q.batch.seed = check_random_bits();
  const part all = whole_of(T, B);
  problem r;
  new_twin(&r, &q);
  const gsl_matrix gradients = as_column(r.dtheta), fresh = as_column(q.dtheta);
  const gsl_matrix *start = new_matrix(q.count, 1, 1);
  copy_matrix(&fresh, start);
  run_both(&q);
  for (size_t segment = 1; segment <= T + 1; segment++) {
    end_part(&r);
    r.segment = segment;
    copy_matrix(start, &gradients);
    allocate(&r);
    note(&r, "with segments");
    run_both(&r);
    compare_part(&q, &r, &all, BITS);
    compare_dtheta(&q, &r, BITS);
  }
  end_part(&r);
  end_problem(&q);
}

/* A sequence in parts, each in its own workspace, is bit-identical to the whole: states are passed
   forward and their gradients backward, and the gradients of the parameters add up. (If lengths
   differ, a part may sum the sequences of a step in another order.) */
static void test_split(const recur_network *network, const size_t *bounds, size_t parts,
                       bool ragged) {
  enum { MOST_PARTS = 5 };
  problem q, r[MOST_PARTS];
  new_problem(&q, network, bounds[parts], 3, 0);
  q.batch.lengths = ragged ? new_lengths(q.T, q.B) : NULL;
  q.batch.seed = check_random_bits();
  part p[MOST_PARTS];
  for (size_t k = 0; k < parts; k++) {
    p[k] = whole_of(q.T, q.B);
    p[k].t0 = bounds[k];
    p[k].t1 = bounds[k + 1];
    new_part(&r[k], &q, &p[k], RECUR_MODE_TRAINING, 0);
    r[k].h0 = k == 0 ? r[k].h0 : r[k - 1].hT;
    r[k].c0 = k == 0 ? r[k].c0 : r[k - 1].cT;
    CHECK(forward(&r[k]) == GSL_SUCCESS);
  }
  run_both(&q);
  for (size_t k = parts; k-- > 0;) {
    r[k].dhT = k + 1 == parts ? r[k].dhT : r[k + 1].dh0;
    r[k].dcT = k + 1 == parts ? r[k].dcT : r[k + 1].dc0;
    r[k].dtheta = &r[0].gradients;
    CHECK(backward(&r[k]) == GSL_SUCCESS);
    note(&r[k], "part of a sequence");
    compare_part(&q, &r[k], &p[k], BITS);
    end_part(&r[k]);
  }
  compare_dtheta(&q, &r[0], ragged ? ROUNDED : BITS);
  end_problem(&q);
}

/* Each sequence of a batch alone, without its padding, is bit-identical. */
static void test_each_alone(const recur_network *network, size_t T, size_t B) {
  problem q, r;
  new_problem(&q, network, T, B, 0);
  const size_t *lengths = q.batch.lengths = new_lengths(q.T, q.B);
  const gsl_matrix *all = new_matrix(q.count, 1, 1);
  gsl_vector sum = {.size = q.count, .stride = 1, .data = all->data};
  const gsl_matrix start = as_column(&q.gradients);
  copy_matrix(&start, all);
  run_both(&q);
  for (size_t b = 0; b < q.B; b++) {
    const part p = {.t1 = lengths[b], .which = &b, .n = 1};
    new_part(&r, &q, &p, RECUR_MODE_TRAINING, 0);
    note(&r, "alone");
    r.batch.lengths = NULL;
    r.dtheta = &sum;
    run_both(&r);
    const part ends = {.t1 = q.T, .which = &b, .n = 1};
    compare_sequences(&q, &r, &p, BITS);
    compare_state(&q, q.hT, &ends, r.hT, BITS);
    compare_state(&q, q.cT, &ends, r.cT, BITS);
    compare_state(&q, q.dh0, &ends, r.dh0, BITS);
    compare_state(&q, q.dc0, &ends, r.dc0, BITS);
    end_part(&r);
  }
  r.gradients = sum;
  compare_dtheta(&q, &r, ROUNDED);
  end_problem(&q);
}

/* Whether the rows past the end of each sequence are 0. */
static bool padding_is_zero(const problem *q, const gsl_matrix *m) {
  bool zero = true;
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      if (i / q->B >= q->batch.lengths[i % q->B])
        zero = zero && same_bits(AT(m, i, j), 0);
  return zero;
}

static void spoil_padding(const problem *q, const gsl_matrix *m) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      if (i / q->B >= q->batch.lengths[i % q->B])
        AT(m, i, j) = (rk_real)NAN;
}

/* Inputs past the end of a sequence have no effect; outputs there are 0. */
static void test_padding(const recur_network *network, size_t segment) {
  problem q, r;
  new_problem(&q, network, 5, 16, segment);
  q.batch.lengths = new_lengths(q.T, q.B);
  new_twin(&r, &q);
  note(&r, "padding");
  spoil_padding(&q, r.x);
  spoil_padding(&q, r.dy);
  run_both(&q);
  run_both(&r);
  compare(&q, &r, BITS);
  CHECK(padding_is_zero(&q, q.y) && padding_is_zero(&q, q.dx));
  for (size_t i = 0; i < q.dh_norms->size1; i++)
    for (size_t b = 0; b < q.B; b++)
      CHECK(i % q.T < q.batch.lengths[b] || AT(q.dh_norms, i, b) == 0);
  end_part(&r);
  end_problem(&q);
}

/* The same sequences sorted by length, and lengths that are all T. */
static void test_order(const recur_network *network) {
  static const size_t lengths[] = {2, 4, 0, 4, 1}, sorted[] = {1, 3, 0, 4, 2}, full[] = {4, 4, 4};
  problem q, r;
  new_problem(&q, network, 4, 5, 0);
  q.batch.lengths = lengths;
  const part p = {.t1 = 4, .which = sorted, .n = 5};
  new_part(&r, &q, &p, RECUR_MODE_TRAINING, 0);
  note(&r, "sorted");
  run_both(&q);
  run_both(&r);
  compare_part(&q, &r, &p, BITS);
  compare_dtheta(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
  new_problem(&q, network, 4, 3, 0);
  new_twin(&r, &q);
  r.batch.lengths = full;
  run_both(&q);
  run_both(&r);
  compare(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
}

static void test_cell(size_t k) {
  static const size_t steps[] = {0, 1, 2, 3, 4}, uneven[] = {0, 2, 5};
  for (size_t L = 1; L <= 3; L++) {
    const recur_network network = with_random_options(network_case(k, 3, 4, L, 1), -1);
    test_segments(&network, 5, 16, false);
    test_segments(&network, 9, 5, true);
    test_split(&network, steps, 4, false);
    test_split(&network, uneven, 2, true);
    test_padding(&network, 2);
  }
  for (size_t D = 1; D <= 2; D++) {
    const recur_network network = network_case(k, 3, 4, 2, D);
    const recur_network random = with_random_options(network, -1);
    test_order(&network);
    test_each_alone(&network, 5, 4);
    test_each_alone(&random, 5, 4);
    test_padding(&random, 0);
  }
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < NETWORK_CASES; k++)
    test_cell(k);
  /* So many steps that each direction has several blocks. */
  for (size_t k = 5; k < NETWORK_CASES; k++) {
    const recur_network network = network_case(k, 3, 4, 2, 2);
    test_each_alone(&network, 600, 4);
  }
  return check_end();
}
