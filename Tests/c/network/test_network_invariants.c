/* recur/network.h: what users live by. A missing state or gradient is zero, segments and inference
   change nothing, steps and parts make the whole, a batch is its sequences, lengths in any order,
   instruction sets do not matter, states may be replaced in place, matrices may
   interleave, gradients add up.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "support/network_parts.h"

#include <recur/instruction_set.h>

/* What is NULL is zero, bit for bit. */
static void NAME(test_missing_is_zero)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 4, 3, 0);
  q.batch.lengths = new_lengths(4, 3);
  NAME(new_twin)(&r, &q);
  NAME(note)(&r, "missing states");
  NAME(fill)(q.h0, 0);
  NAME(fill)(q.dhT, 0);
  if (q.cell_state) {
    NAME(fill)(q.c0, 0);
    NAME(fill)(q.dcT, 0);
  }
  r.h0 = r.c0 = r.dhT = r.dcT = NULL;
  NAME(run_both)(&q);
  NAME(run_both)(&r);
  NAME(compare)(&q, &r, BITS);
  NAME(note)(&r, "missing dy");
  NAME(randomize)(q.dhT, 1);
  r.dhT = q.dhT;
  NAME(fill)(q.dy, 0);
  r.dy = NULL;
  NAME(run_both)(&q);
  NAME(run_both)(&r);
  NAME(compare)(&q, &r, BITS);
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

/* Backward reads the parameters that it is given, wherever they are. */
static void NAME(test_other_theta)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 4, 3, 0);
  q.batch.seed = check_random_bits();
  NAME(new_twin)(&r, &q);
  NAME(note)(&r, "another vector");
  NAME(run_both)(&q);
  CHECK(NAME(forward)(&r) == GSL_SUCCESS);
  const MATRIX theta = NAME(column)(r.theta);
  NAME(fill)(&theta, (REAL)NAN);
  r.theta = q.theta;
  CHECK(NAME(backward)(&r) == GSL_SUCCESS);
  NAME(compare)(&q, &r, BITS);
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

/* With segments as without, bit for bit. */
static void NAME(test_segments)(const recur_network *network, size_t T, size_t B, bool ragged) {
  NAME(problem) q;
  NAME(new_problem)(&q, network, T, B, 0);
  q.batch.lengths = ragged ? new_lengths(T, B) : NULL;
  q.batch.seed = check_random_bits();
  const part all = whole_of(T, B);
  NAME(problem) r;
  NAME(new_twin)(&r, &q);
  const MATRIX gradients = NAME(column)(r.dtheta), fresh = NAME(column)(q.dtheta);
  const MATRIX *start = NAME(new_matrix)(q.count, 1, 1);
  NAME(copy_matrix)(&fresh, start);
  NAME(run_both)(&q);
  for (size_t segment = 1; segment <= T + 1; segment++) {
    NAME(end_part)(&r);
    r.segment = segment;
    NAME(copy_matrix)(start, &gradients);
    NAME(allocate)(&r);
    NAME(note)(&r, "with segments");
    NAME(run_both)(&r);
    NAME(compare_part)(&q, &r, &all, BITS);
    NAME(compare_dtheta)(&q, &r, BITS);
  }
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

/* Inference gives what the forward pass of training does, also without the outputs. */
static void NAME(test_inference)(const recur_network *network) {
  for (int ragged = 0; ragged <= 1; ragged++) {
    NAME(problem) q, r;
    NAME(new_problem)(&q, network, 9, 5, 0);
    q.batch.lengths = ragged ? new_lengths(9, 5) : NULL;
    const part all = whole_of(q.T, q.B);
    NAME(new_part)(&r, &q, &all, RECUR_MODE_INFERENCE, 0);
    NAME(note)(&r, "inference");
    CHECK(NAME(forward)(&q) == GSL_SUCCESS && NAME(forward)(&r) == GSL_SUCCESS);
    NAME(compare)(&q, &r, BITS);
    r.y = NULL;
    NAME(fill)(r.hT, 0);
    CHECK(NAME(forward)(&r) == GSL_SUCCESS);
    NAME(compare)(&q, &r, BITS);
    r.hT = NULL;
    CHECK(NAME(forward)(&r) == GSL_SUCCESS);
    NAME(end_part)(&r);
    NAME(end_problem)(&q);
  }
}

static void NAME(test_states_in_place)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 3, 4, 0);
  q.batch.lengths = new_lengths(3, 4);
  NAME(new_twin)(&r, &q);
  NAME(note)(&r, "in place");
  r.hT = r.h0;
  r.cT = r.c0;
  r.dh0 = r.dhT;
  r.dc0 = r.dcT;
  NAME(run_both)(&q);
  NAME(run_both)(&r);
  NAME(compare)(&q, &r, BITS);
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

/* A sequence in parts, each in its own workspace, is the whole to the bit: states are carried
   forward and their gradients backward, and the gradients of the parameters add up. (Where lengths
   differ, a part may sum a step's sequences in another order.) */
static void NAME(test_split)(const recur_network *network, const size_t *bounds, size_t parts,
                             bool ragged) {
  enum { MOST_PARTS = 5 };
  NAME(problem) q, r[MOST_PARTS];
  NAME(new_problem)(&q, network, bounds[parts], 3, 0);
  q.batch.lengths = ragged ? new_lengths(q.T, q.B) : NULL;
  q.batch.seed = check_random_bits();
  part p[MOST_PARTS];
  for (size_t k = 0; k < parts; k++) {
    p[k] = whole_of(q.T, q.B);
    p[k].t0 = bounds[k];
    p[k].t1 = bounds[k + 1];
    NAME(new_part)(&r[k], &q, &p[k], RECUR_MODE_TRAINING, 0);
    r[k].h0 = k == 0 ? r[k].h0 : r[k - 1].hT;
    r[k].c0 = k == 0 ? r[k].c0 : r[k - 1].cT;
    CHECK(NAME(forward)(&r[k]) == GSL_SUCCESS);
  }
  NAME(run_both)(&q);
  for (size_t k = parts; k-- > 0;) {
    r[k].dhT = k + 1 == parts ? r[k].dhT : r[k + 1].dh0;
    r[k].dcT = k + 1 == parts ? r[k].dcT : r[k + 1].dc0;
    r[k].dtheta = &r[0].gradients;
    CHECK(NAME(backward)(&r[k]) == GSL_SUCCESS);
    NAME(note)(&r[k], "part of a sequence");
    NAME(compare_part)(&q, &r[k], &p[k], BITS);
    NAME(end_part)(&r[k]);
  }
  NAME(compare_dtheta)(&q, &r[0], ragged ? ROUNDED : BITS);
  NAME(end_problem)(&q);
}

/* Each sequence of a batch alone, without its padding, gives the same bits. */
static void NAME(test_each_alone)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 5, 4, 0);
  const size_t *lengths = q.batch.lengths = new_lengths(q.T, q.B);
  const MATRIX *all = NAME(new_matrix)(q.count, 1, 1);
  VECTOR sum = {.size = q.count, .stride = 1, .data = all->data};
  const MATRIX start = NAME(column)(&q.gradients);
  NAME(copy_matrix)(&start, all);
  NAME(run_both)(&q);
  for (size_t b = 0; b < q.B; b++) {
    const part p = {.t1 = lengths[b], .which = &b, .n = 1};
    NAME(new_part)(&r, &q, &p, RECUR_MODE_TRAINING, 0);
    NAME(note)(&r, "alone");
    r.batch.lengths = NULL;
    r.dtheta = &sum;
    NAME(run_both)(&r);
    const part ends = {.t1 = q.T, .which = &b, .n = 1};
    NAME(compare_sequences)(&q, &r, &p, BITS);
    NAME(compare_state)(&q, q.hT, &ends, r.hT, BITS);
    NAME(compare_state)(&q, q.cT, &ends, r.cT, BITS);
    NAME(compare_state)(&q, q.dh0, &ends, r.dh0, BITS);
    NAME(compare_state)(&q, q.dc0, &ends, r.dc0, BITS);
    NAME(end_part)(&r);
  }
  r.gradients = sum;
  NAME(compare_dtheta)(&q, &r, ROUNDED);
  NAME(end_problem)(&q);
}

/* Whether the rows of a sequence past its end hold 0. */
static bool NAME(padding_is_zero)(const NAME(problem) * q, const MATRIX *m) {
  bool zero = true;
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      if (i / q->B >= q->batch.lengths[i % q->B])
        zero = zero && NAME(same_bits)(AT(m, i, j), 0);
  return zero;
}

static void NAME(spoil_padding)(const NAME(problem) * q, const MATRIX *m) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      if (i / q->B >= q->batch.lengths[i % q->B])
        AT(m, i, j) = (REAL)NAN;
}

/* Inputs past the end of a sequence do not matter, whatever they are; outputs there are 0. */
static void NAME(test_padding)(const recur_network *network, size_t segment) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 5, 16, segment);
  q.batch.lengths = new_lengths(q.T, q.B);
  NAME(new_twin)(&r, &q);
  NAME(note)(&r, "padding");
  NAME(spoil_padding)(&q, r.x);
  NAME(spoil_padding)(&q, r.dy);
  NAME(run_both)(&q);
  NAME(run_both)(&r);
  NAME(compare)(&q, &r, BITS);
  CHECK(NAME(padding_is_zero)(&q, q.y) && NAME(padding_is_zero)(&q, q.dx));
  for (size_t i = 0; i < q.dh_norms->size1; i++)
    for (size_t b = 0; b < q.B; b++)
      CHECK(i % q.T < q.batch.lengths[b] || AT(q.dh_norms, i, b) == 0);
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

/* The same sequences in the order of their lengths, and lengths that are all T. */
static void NAME(test_order)(const recur_network *network) {
  static const size_t lengths[] = {2, 4, 0, 4, 1}, sorted[] = {1, 3, 0, 4, 2}, full[] = {4, 4, 4};
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 4, 5, 0);
  q.batch.lengths = lengths;
  const part p = {.t1 = 4, .which = sorted, .n = 5};
  NAME(new_part)(&r, &q, &p, RECUR_MODE_TRAINING, 0);
  NAME(note)(&r, "sorted");
  NAME(run_both)(&q);
  NAME(run_both)(&r);
  NAME(compare_part)(&q, &r, &p, BITS);
  NAME(compare_dtheta)(&q, &r, BITS);
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
  NAME(new_problem)(&q, network, 4, 3, 0);
  NAME(new_twin)(&r, &q);
  r.batch.lengths = full;
  NAME(run_both)(&q);
  NAME(run_both)(&r);
  NAME(compare)(&q, &r, BITS);
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

/* After two passes, gradients of parameters are added twice, and the others as after one. */
static void NAME(test_gradients_add_up)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 4, 3, 0);
  NAME(new_twin)(&r, &q);
  NAME(note)(&r, "twice");
  NAME(remember)();
  NAME(run_both)(&q);
  NAME(run_both)(&r);
  NAME(run_both)(&r);
  const part all = whole_of(q.T, q.B);
  NAME(compare_part)(&q, &r, &all, BITS);
  const MATRIX dtheta = NAME(column)(r.dtheta);
  wide *added = wide_new(q.count);
  for (size_t k = 0; k < q.count; k++)
    added[k] = q.gradients.data[k] - (wide)NAME(before)(&q.gradients.data[k]);
  CHECK(NAME(grew_by)(&dtheta, 2, added, NAME(operations)(&q), NAME(largest)(&q)));
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

/* The next columns of a parent matrix. */
static MATRIX *NAME(columns)(const MATRIX *parent, size_t *used, const MATRIX *like) {
  if (like == NULL)
    return NULL;
  MATRIX *m = NAME(new_matrix)(0, like->size2, like->size2);
  *m = *parent;
  m->data += *used;
  m->size2 = like->size2;
  *used += like->size2;
  NAME(copy_matrix)(like, m);
  return m;
}

/* Inputs and outputs may be columns of one matrix. */
static void NAME(test_interleaved)(const recur_network *network) {
  NAME(problem) q, r;
  NAME(new_problem)(&q, network, 3, 2, 0);
  NAME(new_twin)(&r, &q);
  NAME(note)(&r, "interleaved");
  const size_t width = 2 * (q.I + q.D * q.P), state_width = 4 * (q.P + q.H);
  const MATRIX *rows = NAME(new_matrix)(q.T * q.B, width, width);
  const MATRIX *states = NAME(new_matrix)(q.states, state_width, state_width);
  MATRIX **const sequences[] = {&r.y, &r.x, &r.dx, &r.dy};
  MATRIX **const ends[] = {&r.hT, &r.h0, &r.cT, &r.c0, &r.dh0, &r.dcT, &r.dc0, &r.dhT};
  size_t used = 0, state_used = 0;
  for (size_t k = 0; k < COUNT(sequences); k++)
    *sequences[k] = NAME(columns)(rows, &used, *sequences[k]);
  for (size_t k = 0; k < COUNT(ends); k++)
    *ends[k] = NAME(columns)(states, &state_used, *ends[k]);
  NAME(run_both)(&q);
  NAME(run_both)(&r);
  NAME(compare)(&q, &r, BITS);
  NAME(end_part)(&r);
  NAME(end_problem)(&q);
}

/* No steps: states and their gradients are copied, NaN and all. No sequences: nothing at all. */
static void NAME(test_nothing_to_do)(const recur_network *network) {
  NAME(problem) q;
  NAME(new_problem)(&q, network, 0, 2, 0);
  AT(q.h0, 1, 0) = (REAL)NAN;
  AT(q.dhT, 0, 1) = (REAL)-INFINITY;
  const MATRIX dtheta = NAME(column)(&q.gradients);
  NAME(remember)();
  NAME(run_both)(&q);
  CHECK(NAME(equal_bits)(q.hT, q.h0) && NAME(equal_bits)(q.dh0, q.dhT));
  if (q.cell_state)
    CHECK(NAME(equal_bits)(q.cT, q.c0) && NAME(equal_bits)(q.dc0, q.dcT));
  CHECK(NAME(untouched)(&dtheta));
  q.h0 = q.dhT = NULL;
  NAME(run_both)(&q);
  MATRIX *zero = NAME(new_padded)(q.states, q.P);
  NAME(fill)(zero, 0);
  CHECK(NAME(equal_bits)(q.hT, zero) && NAME(equal_bits)(q.dh0, zero));
  NAME(end_problem)(&q);
  for (size_t T = 0; T <= 2; T++) {
    NAME(new_problem)(&q, network, T, 0, 0);
    NAME(remember)();
    NAME(run_both)(&q);
    CHECK(NAME(nothing_touched)());
    NAME(end_problem)(&q);
  }
}

/* Every instruction set of this processor gives the same bits. */
static void NAME(test_instruction_sets)(const recur_network *network, size_t T, size_t B) {
  static const char *const sets[] = {"avx512", "avx2", "neon"};
  for (size_t k = 0; k < COUNT(sets); k++) {
    NAME(problem) q, r;
    if (recur_set_instruction_set(sets[k]) != GSL_SUCCESS)
      continue;
    NAME(new_problem)(&q, network, T, B, 0);
    q.batch.seed = check_random_bits();
    recur_set_instruction_set("portable");
    NAME(new_twin)(&r, &q);
    NAME(note)(&r, sets[k]);
    NAME(run_both)(&r);
    recur_set_instruction_set(sets[k]);
    NAME(run_both)(&q);
    NAME(compare)(&q, &r, BITS);
    NAME(end_part)(&r);
    NAME(end_problem)(&q);
  }
  recur_set_instruction_set(NULL);
}

static void NAME(test_cell)(size_t k) {
  static const size_t steps[] = {0, 1, 2, 3, 4}, uneven[] = {0, 2, 5};
  for (size_t L = 1; L <= 3; L++) {
    const recur_network network = with_random_options(network_case(k, 3, 4, L, 1), -1);
    NAME(test_segments)(&network, 5, 16, false);
    NAME(test_segments)(&network, 9, 5, true);
    NAME(test_split)(&network, steps, 4, false);
    NAME(test_split)(&network, uneven, 2, true);
    NAME(test_padding)(&network, 2);
  }
  for (size_t D = 1; D <= 2; D++) {
    const recur_network network = network_case(k, 3, 4, 2, D);
    NAME(test_missing_is_zero)(&network);
    NAME(test_other_theta)(&network);
    NAME(test_inference)(&network);
    NAME(test_states_in_place)(&network);
    NAME(test_order)(&network);
    NAME(test_gradients_add_up)(&network);
    NAME(test_interleaved)(&network);
    NAME(test_nothing_to_do)(&network);
    const recur_network random = with_random_options(network, -1);
    const recur_network large = with_random_options(network_case(k, 21, 67, 2, D), -1);
    NAME(test_instruction_sets)(&random, 3, 5);
    NAME(test_instruction_sets)(&large, 4, 9);
    NAME(test_missing_is_zero)(&random);
    NAME(test_each_alone)(&network);
    NAME(test_each_alone)(&random);
    NAME(test_padding)(&random, 0);
  }
}

static void NAME(run)(void) {
  for (size_t k = 0; k < NETWORK_CASES; k++)
    NAME(test_cell)(k);
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_network_invariants.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
