/* Batches without sequences and sequences without steps. Their matrices have no elements; they may
   have no data and any tda. The sanitizers watch that no pointer moves from NULL.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_problem.h"

#include <limits.h>

/* Replaces a matrix without elements by one without data and with the largest tda. */
static void hollow(gsl_matrix *m) {
  if (m != NULL && (m->size1 == 0 || m->size2 == 0))
    *m = (gsl_matrix){.size1 = m->size1, .size2 = m->size2, .tda = INT_MAX};
}

static void hollow_all(problem *q) {
  const gsl_matrix *all[] = {q->x,   q->h0,  q->c0, q->y,   q->hT,  q->cT,      q->dy,
                             q->dhT, q->dcT, q->dx, q->dh0, q->dc0, q->dh_norms};
  for (size_t k = 0; k < COUNT(all); k++)
    hollow((gsl_matrix *)all[k]);
}

static void read_record(const problem *q) {
  gsl_matrix gates = {.size1 = q->T * q->B, .size2 = q->G * q->H, .tda = INT_MAX};
  gsl_matrix c = {.size1 = q->T * q->B, .size2 = q->H, .tda = INT_MAX};
  gsl_matrix y = {.size1 = q->T * q->B, .size2 = q->D * q->P, .tda = INT_MAX};
  CHECK(recur_network_gates(q->w, 0, 0, &gates) == GSL_SUCCESS);
  CHECK(!q->cell_state || recur_network_cell_states(q->w, 0, 0, &c) == GSL_SUCCESS);
  CHECK(q->L == 1 || recur_network_layer_outputs(q->w, 0, &y) == GSL_SUCCESS);
}

static void test_empty(const recur_network *network, size_t T, size_t B) {
  problem q;
  new_problem(&q, network, T, B, 0);
  q.batch.seed = check_random_bits();
  note(&q, "empty");
  hollow_all(&q);
  CHECK(forward(&q) == GSL_SUCCESS);
  read_record(&q);
  CHECK(backward(&q) == GSL_SUCCESS);
  CHECK(padding_untouched());
  q.mode = RECUR_MODE_INFERENCE;
  recur_network_workspace_free(q.w);
  allocate(&q);
  CHECK(draws_masks(&q) || forward(&q) == GSL_SUCCESS);
  end_problem(&q);
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t L = 1; L <= 2; L++)
      for (size_t D = 1; D <= 2; D++) {
        const recur_network network = network_case(k, 3, 5, L, D);
        const recur_network masked = with_random_options(network, -1);
        test_empty(&network, 0, 0);
        test_empty(&network, 3, 0);
        test_empty(&network, 0, 2);
        test_empty(&masked, 3, 0);
        test_empty(&masked, 0, 2);
      }
  return check_end();
}
