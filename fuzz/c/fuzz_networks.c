/* Networks: passes of any cell with random sizes, options, batches and views, forward and backward.
   Each input also chooses an invariant, whose results must be bit-identical to those of the pass.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "problem.h"

/* Checks of one pass */

static bool past_end(const problem *q, size_t row) {
  const recur_batch *batch = q->pass.batch;
  return batch != NULL && batch->lengths != NULL && row / q->B >= batch->lengths[row % q->B];
}

/* Past the end of a sequence, outputs are 0. */
static void check_padding(const problem *q, const gsl_matrix *m) {
  for (size_t i = 0; m != NULL && i < m->size1; i++)
    for (size_t j = 0; past_end(q, i) && j < m->size2; j++)
      REQUIRE(m->data[i * m->tda + j] == 0);
}

/* Bounded numbers have finite results unless factors of many steps multiply. */
static void check_finite(const problem *q) {
  const bool short_enough = q->T * q->network.layers <= 8 && !q->network.cell.layer_normalization;
  if (!q->bounded || !short_enough)
    return;
  const gsl_matrix *const all[] = {q->pass.y,       q->pass.hT,       q->pass.cT,
                                   q->gradients.dx, q->gradients.dh0, q->gradients.dc0};
  const size_t outputs = q->mode == RECUR_MODE_TRAINING ? COUNT(all) : 3;
  for (size_t k = 0; k < outputs; k++)
    REQUIRE(all[k] == NULL || all_finite(all[k]));
}

/* Copies of the record between the forward and the backward pass, and after it. */
static void read_record(reader *r, problem *q, bool after) {
  const size_t layer = take_below(r, q->network.layers + 1);
  const size_t direction = take_below(r, q->network.directions + 1);
  const bool inside = layer < q->network.layers && direction < q->network.directions;
  const size_t TB = q->T * q->B, H = q->network.hidden_size, columns = q->sizes.gates * H;
  const bool stored = inside && (q->segment == 0 || q->segment >= q->T);
  gsl_matrix gates = arena_matrix(r, TB, columns), c = arena_matrix(r, TB, H);
  gsl_matrix y = arena_matrix(r, TB, q->network.directions * q->sizes.state_size);
  REQUIRE(CALL(recur_network_gates, (q->w, layer, direction, &gates)) == (stored && !after));
  REQUIRE(CALL(recur_network_gate_gradients, (q->w, layer, direction, &gates)) ==
          (stored && after));
  REQUIRE(CALL(recur_network_cell_states, (q->w, layer, direction, &c)) ==
          (stored && q->sizes.cell_state));
  const bool output = CALL(recur_network_layer_outputs, (q->w, layer, &y));
  REQUIRE(!output || layer + 1 < q->network.layers);
  if (stored) {
    check_padding(q, &gates);
    check_padding(q, q->sizes.cell_state ? &c : NULL);
  }
}

/* A pass with copies of its record. A second backward pass is refused. */
static bool run_recorded(reader *r, problem *q) {
  if (!run_forward(q))
    return false;
  read_record(r, q, false);
  REQUIRE(CALL(recur_network_backward, (&q->theta, &q->pass, &q->gradients, q->w)));
  read_record(r, q, true);
  REQUIRE(!CALL(recur_network_backward, (&q->theta, &q->pass, &q->gradients, q->w)));
  return true;
}

static bool run_checked(reader *r, problem *q, bool recorded) {
  if (!(recorded && q->mode == RECUR_MODE_TRAINING ? run_recorded(r, q) : run(q)))
    return false;
  check_padding(q, q->pass.y);
  if (q->mode == RECUR_MODE_TRAINING)
    check_padding(q, q->gradients.dx);
  check_finite(q);
  return true;
}

/* Invariants: functions that take another problem from q before q runs, and then run both */

static part whole_of(const problem *q) {
  return (part){.t1 = q->T, .n = q->B};
}

static void run_alike(problem *q, problem *other) {
  const part all = whole_of(q);
  if (!run(q))
    return;
  if (!start(other))
    return;
  REQUIRE(run(other));
  compare_forward(q, other, &all);
  if (q->mode == RECUR_MODE_TRAINING && other->mode == RECUR_MODE_TRAINING) {
    compare_backward(q, other, &all);
    compare_parameters(q, other);
  }
  end(other);
}

/* In the same workspace again, with other views, and with states in place. */
static void again_in_place(reader *r, problem *q) {
  const part all = whole_of(q);
  problem other;
  take_part(r, q, &all, q->mode, q->segment, &other);
  if (!run(q))
    return;
  other.w = q->w;
  other.weights = q->weights;
  if (other.pass.h0 != NULL && other.pass.hT != NULL)
    other.pass.hT = &other.h0;
  if (other.pass.c0 != NULL && other.pass.cT != NULL)
    other.pass.cT = &other.c0;
  if (other.gradients.dhT != NULL && other.gradients.dh0 != NULL)
    other.gradients.dh0 = &other.dhT;
  if (other.gradients.dcT != NULL && other.gradients.dc0 != NULL)
    other.gradients.dc0 = &other.dcT;
  REQUIRE(run(&other));
  compare_forward(q, &other, &all);
  if (q->mode == RECUR_MODE_TRAINING) {
    compare_backward(q, &other, &all);
    compare_parameters(q, &other);
  }
}

/* With another instruction set, and other segments. */
static void other_set(reader *r, problem *q) {
  const part all = whole_of(q);
  const char *const before = recur_instruction_set();
  const size_t set = take_below(r, COUNT(instruction_sets));
  const bool segments = q->mode == RECUR_MODE_TRAINING && q->network.directions == 1;
  problem other;
  take_part(r, q, &all, q->mode, segments ? take_below(r, q->T + 2) : 0, &other);
  if (recur_set_instruction_set(instruction_sets[set]) == GSL_SUCCESS)
    run_alike(q, &other);
  REQUIRE(recur_set_instruction_set(before) == GSL_SUCCESS);
}

/* Training and inference, without masks. */
static void other_mode(reader *r, problem *q) {
  const part all = whole_of(q);
  problem other;
  if (draws_masks(&q->network))
    return;
  const recur_mode mode =
      q->mode == RECUR_MODE_TRAINING ? RECUR_MODE_INFERENCE : RECUR_MODE_TRAINING;
  take_part(r, q, &all, mode, 0, &other);
  if (run(q) && start(&other)) {
    REQUIRE(run_forward(&other));
    compare_forward(q, &other, &all);
  }
  end(&other);
}

/* NULL instead of a batch is a batch of full lengths. */
static void full_lengths(reader *r, problem *q) {
  const part all = whole_of(q);
  if (q->mode == RECUR_MODE_TRAINING && draws_masks(&q->network))
    return;
  q->pass.batch = NULL;
  problem other;
  take_part(r, q, &all, q->mode, q->segment, &other);
  other.batch = (recur_batch){.lengths = other.lengths, .seed = take_byte(r)};
  for (size_t b = 0; b < q->B; b++)
    other.lengths[b] = q->T;
  other.pass.batch = &other.batch;
  run_alike(q, &other);
}

/* One sequence alone. */
static void alone(reader *r, problem *q) {
  if (q->B == 0 || batch_is_wrong(q))
    return;
  const part one = {.t1 = q->T, .b0 = take_below(r, q->B), .n = 1};
  problem other;
  take_part(r, q, &one, q->mode, q->segment, &other);
  if (run(q) && start(&other)) {
    REQUIRE(run(&other));
    compare_forward(q, &other, &one);
    if (q->mode == RECUR_MODE_TRAINING)
      compare_backward(q, &other, &one);
  }
  end(&other);
}

/* The gradients of the second part's initial states are those of the first part's final states. */
static void run_chunks(problem *q, problem chunks[2], const part parts[2]) {
  chunks[1].pass.h0 = chunks[0].pass.hT = &chunks[0].hT;
  if (q->sizes.cell_state)
    chunks[1].pass.c0 = chunks[0].pass.cT = &chunks[0].cT;
  for (size_t k = 0; k < 2; k++) {
    REQUIRE(run_forward(&chunks[k]));
    compare_forward(q, &chunks[k], &parts[k]);
  }
  if (q->mode == RECUR_MODE_INFERENCE)
    return;
  chunks[0].gradients.dhT = chunks[1].gradients.dh0 = &chunks[1].dh0;
  if (q->sizes.cell_state)
    chunks[0].gradients.dcT = chunks[1].gradients.dc0 = &chunks[1].dc0;
  if (chunks[1].gradients.dtheta != NULL)
    chunks[1].gradients.dtheta = &chunks[0].dtheta;
  for (size_t k = 2; k-- > 0;) {
    problem *c = &chunks[k];
    REQUIRE(CALL(recur_network_backward, (&c->theta, &c->pass, &c->gradients, c->w)));
    compare_backward(q, c, &parts[k]);
  }
  /* With lengths, a part may sum the sequences of a step in another order. */
  if (q->pass.batch == NULL || q->pass.batch->lengths == NULL)
    compare_parameters(q, &chunks[0]);
}

/* A sequence in two chunks. */
static void two_chunks(reader *r, problem *q) {
  const size_t middle = take_below(r, q->T + 1);
  const part parts[2] = {{.t1 = middle, .n = q->B}, {.t0 = middle, .t1 = q->T, .n = q->B}};
  problem chunks[2];
  if (q->network.directions == 2 || batch_is_wrong(q))
    return;
  for (size_t k = 0; k < 2; k++)
    take_part(r, q, &parts[k], q->mode, 0, &chunks[k]);
  if (run(q) && start(&chunks[0]) && start(&chunks[1]))
    run_chunks(q, chunks, parts);
  end(&chunks[0]);
  end(&chunks[1]);
}

static void fuzz(reader *r) {
  static void (*const invariants[])(reader *, problem *) = {again_in_place, other_set, other_mode,
                                                            full_lengths,   alone,     two_chunks};
  problem q;
  if (!take_problem(r, &q))
    return;
  const unsigned byte = take_byte(r);
  if (start(&q)) {
    if (byte % 2 == 0)
      run_checked(r, &q, byte % 4 == 0);
    else
      invariants[byte / 2 % COUNT(invariants)](r, &q);
  }
  end(&q);
}

#include "entry.h"
