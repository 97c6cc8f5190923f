/* recur/network.h: invariants. A missing state or gradient is zero, inference has the results of
   training, states may be updated in place, matrices may interleave, and gradients add up.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_parts.h"

/* NULL has the same results as zeros, bit for bit. */
static void test_missing_is_zero(const recur_network *network) {
  problem q, r;
  new_problem(&q, network, 4, 3, 0);
  q.batch.lengths = new_lengths(4, 3);
  new_twin(&r, &q);
  note(&r, "missing states");
  fill(q.h0, 0);
  fill(q.dhT, 0);
  if (q.cell_state) {
    fill(q.c0, 0);
    fill(q.dcT, 0);
  }
  r.h0 = r.c0 = r.dhT = r.dcT = NULL;
  run_both(&q);
  run_both(&r);
  compare(&q, &r, BITS);
  note(&r, "missing dy");
  randomize(q.dhT, 1);
  r.dhT = q.dhT;
  fill(q.dy, 0);
  r.dy = NULL;
  run_both(&q);
  run_both(&r);
  compare(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
}

/* Backward reads the parameters that are passed to it, at any address. */
static void test_other_theta(const recur_network *network) {
  problem q, r;
  new_problem(&q, network, 4, 3, 0);
  q.batch.seed = check_random_bits();
  new_twin(&r, &q);
  note(&r, "another vector");
  run_both(&q);
  CHECK(forward(&r) == GSL_SUCCESS);
  const gsl_matrix theta = as_column(r.theta);
  fill(&theta, (rk_real)NAN);
  r.theta = q.theta;
  CHECK(backward(&r) == GSL_SUCCESS);
  compare(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
}

/* Inference has the results of the forward pass of training, also without y. */
static void test_inference(const recur_network *network) {
  for (int ragged = 0; ragged <= 1; ragged++) {
    problem q, r;
    new_problem(&q, network, 9, 5, 0);
    q.batch.lengths = ragged ? new_lengths(9, 5) : NULL;
    const part all = whole_of(q.T, q.B);
    new_part(&r, &q, &all, RECUR_MODE_INFERENCE, 0);
    note(&r, "inference");
    CHECK(forward(&q) == GSL_SUCCESS && forward(&r) == GSL_SUCCESS);
    compare(&q, &r, BITS);
    r.y = NULL;
    fill(r.hT, 0);
    CHECK(forward(&r) == GSL_SUCCESS);
    compare(&q, &r, BITS);
    r.hT = NULL;
    CHECK(forward(&r) == GSL_SUCCESS);
    end_part(&r);
    end_problem(&q);
  }
}

static void test_states_in_place(const recur_network *network) {
  problem q, r;
  new_problem(&q, network, 3, 4, 0);
  q.batch.lengths = new_lengths(3, 4);
  new_twin(&r, &q);
  note(&r, "in place");
  r.hT = r.h0;
  r.cT = r.c0;
  r.dh0 = r.dhT;
  r.dc0 = r.dcT;
  run_both(&q);
  run_both(&r);
  compare(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
}

/* After two passes, gradients of parameters have been added twice; all others are as after one. */
static void test_gradients_add_up(const recur_network *network) {
  problem q, r;
  new_problem(&q, network, 4, 3, 0);
  new_twin(&r, &q);
  note(&r, "twice");
  remember();
  run_both(&q);
  run_both(&r);
  run_both(&r);
  const part all = whole_of(q.T, q.B);
  compare_part(&q, &r, &all, BITS);
  const gsl_matrix dtheta = as_column(r.dtheta);
  wide *added = wide_new(q.count);
  for (size_t k = 0; k < q.count; k++)
    added[k] = q.gradients.data[k] - (wide)remembered(&q.gradients.data[k]);
  CHECK(grew_by(&dtheta, 2, added, operations(&q), magnitude_of(&q)));
  end_part(&r);
  end_problem(&q);
}

/* Returns the next columns of a parent matrix. */
static gsl_matrix *next_columns(const gsl_matrix *parent, size_t *used, const gsl_matrix *like) {
  if (like == NULL)
    return NULL;
  gsl_matrix *m = new_matrix(0, like->size2, like->size2);
  *m = *parent;
  m->data += *used;
  m->size2 = like->size2;
  *used += like->size2;
  copy_matrix(like, m);
  return m;
}

/* Inputs and outputs may be columns of one matrix. */
static void test_interleaved(const recur_network *network) {
  problem q, r;
  new_problem(&q, network, 3, 2, 0);
  new_twin(&r, &q);
  note(&r, "interleaved");
  const size_t width = 2 * (q.I + q.D * q.P), state_width = 4 * (q.P + q.H);
  const gsl_matrix *rows = new_matrix(q.T * q.B, width, width);
  const gsl_matrix *states = new_matrix(q.states, state_width, state_width);
  gsl_matrix **const sequences[] = {&r.y, &r.x, &r.dx, &r.dy};
  gsl_matrix **const ends[] = {&r.hT, &r.h0, &r.cT, &r.c0, &r.dh0, &r.dcT, &r.dc0, &r.dhT};
  size_t used = 0, state_used = 0;
  for (size_t k = 0; k < COUNT(sequences); k++)
    *sequences[k] = next_columns(rows, &used, *sequences[k]);
  for (size_t k = 0; k < COUNT(ends); k++)
    *ends[k] = next_columns(states, &state_used, *ends[k]);
  run_both(&q);
  run_both(&r);
  compare(&q, &r, BITS);
  end_part(&r);
  end_problem(&q);
}

/* Without steps, states and their gradients are copied, including NaN. Without sequences, nothing
   is computed. */
static void test_nothing_to_do(const recur_network *network) {
  problem q;
  new_problem(&q, network, 0, 2, 0);
  AT(q.h0, 1, 0) = (rk_real)NAN;
  AT(q.dhT, 0, 1) = (rk_real)-INFINITY;
  const gsl_matrix dtheta = as_column(&q.gradients);
  remember();
  run_both(&q);
  CHECK(equal_bits(q.hT, q.h0) && equal_bits(q.dh0, q.dhT));
  if (q.cell_state)
    CHECK(equal_bits(q.cT, q.c0) && equal_bits(q.dc0, q.dcT));
  CHECK(untouched(&dtheta));
  q.h0 = q.dhT = NULL;
  run_both(&q);
  gsl_matrix *zero = new_padded(q.states, q.P);
  fill(zero, 0);
  CHECK(equal_bits(q.hT, zero) && equal_bits(q.dh0, zero));
  end_problem(&q);
  for (size_t T = 0; T <= 2; T++) {
    new_problem(&q, network, T, 0, 0);
    remember();
    run_both(&q);
    CHECK(nothing_touched());
    end_problem(&q);
  }
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      const recur_network network = network_case(k, 3, 4, 2, D);
      const recur_network random = with_random_options(network, -1);
      test_missing_is_zero(&network);
      test_missing_is_zero(&random);
      test_other_theta(&network);
      test_inference(&network);
      test_states_in_place(&network);
      test_gradients_add_up(&network);
      test_interleaved(&network);
      test_nothing_to_do(&network);
    }
  return check_end();
}
