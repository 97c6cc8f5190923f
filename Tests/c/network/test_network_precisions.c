/* recur/network.h: single precision has the results of double precision, up to rounding. The
   problem of double precision is run again in matrices of float.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/network_masks.h"
#include "support/network_problem.h"

/* Rounds a matrix to values that both precisions represent, and returns a copy. */
static gsl_matrix_float *rounded(const gsl_matrix *m) {
  if (m == NULL)
    return NULL;
  gsl_matrix_float *copy = gsl_matrix_float_alloc(m->size1, m->size2);
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      AT(m, i, j) = AT(copy, i, j) = (float)AT(m, i, j);
  return copy;
}

static gsl_vector_float as_vector(const gsl_matrix_float *m) {
  return (gsl_vector_float){.size = m->size1, .stride = 1, .data = m->data};
}

typedef struct {
  gsl_matrix_float *theta, *dtheta, *x, *h0, *c0, *y, *hT, *cT;
  gsl_matrix_float *dy, *dhT, *dcT, *dx, *dh0, *dc0, *dh_norms;
} twin;

static twin new_twin(const problem *q) {
  const gsl_matrix theta = as_column(&q->parameters), dtheta = as_column(&q->gradients);
  return (twin){.theta = rounded(&theta),
                .dtheta = rounded(&dtheta),
                .x = rounded(q->x),
                .h0 = rounded(q->h0),
                .c0 = rounded(q->c0),
                .y = rounded(q->y),
                .hT = rounded(q->hT),
                .cT = rounded(q->cT),
                .dy = rounded(q->dy),
                .dhT = rounded(q->dhT),
                .dcT = rounded(q->dcT),
                .dx = rounded(q->dx),
                .dh0 = rounded(q->dh0),
                .dc0 = rounded(q->dc0),
                .dh_norms = rounded(q->dh_norms)};
}

static void free_twin(const twin *r) {
  gsl_matrix_float *const all[] = {r->theta, r->dtheta, r->x,   r->h0,  r->c0,
                                   r->y,     r->hT,     r->cT,  r->dy,  r->dhT,
                                   r->dcT,   r->dx,     r->dh0, r->dc0, r->dh_norms};
  for (size_t k = 0; k < COUNT(all); k++)
    gsl_matrix_float_free(all[k]);
}

static void run_twin(const problem *q, const twin *r) {
  recur_network_float_workspace *w =
      recur_network_float_workspace_alloc(&q->network, q->T, q->B, RECUR_MODE_TRAINING, 0);
  const gsl_vector_float theta = as_vector(r->theta);
  gsl_vector_float dtheta = as_vector(r->dtheta);
  const recur_network_float_pass pass = {
      .x = r->x, .batch = &q->batch, .h0 = r->h0, .c0 = r->c0, .y = r->y, .hT = r->hT, .cT = r->cT};
  const recur_network_float_gradients gradients = {.dy = r->dy,
                                                   .dhT = r->dhT,
                                                   .dcT = r->dcT,
                                                   .dx = r->dx,
                                                   .dh0 = r->dh0,
                                                   .dc0 = r->dc0,
                                                   .dtheta = &dtheta,
                                                   .dh_norms = r->dh_norms};
  CHECK(recur_network_float_forward(&theta, &pass, w) == GSL_SUCCESS);
  CHECK(recur_network_float_backward(&theta, &pass, &gradients, w) == GSL_SUCCESS);
  recur_network_float_workspace_free(w);
}

static void compare(const gsl_matrix *a, const gsl_matrix_float *b, size_t n, wide magnitude) {
  wide worst = 0;
  for (size_t i = 0; a != NULL && i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++) {
      const wide difference = fabsl((wide)AT(a, i, j) - AT(b, i, j));
      if (!(difference <= worst))
        worst = difference;
    }
  CHECK(worst <= check_tolerance(n, FLT_EPSILON, magnitude));
}

static void test_twins(const recur_network *network) {
  problem q;
  new_problem(&q, network, 5, 4, 0);
  q.batch.lengths = new_lengths(5, 4);
  q.batch.seed = check_random_bits();
  const twin r = new_twin(&q);
  run_both(&q);
  run_twin(&q, &r);
  const gsl_matrix dtheta = as_column(&q.gradients);
  const gsl_matrix *const a[] = {&dtheta, q.y, q.hT, q.cT, q.dx, q.dh0, q.dc0, q.dh_norms};
  const gsl_matrix_float *const b[] = {r.dtheta, r.y, r.hT, r.cT, r.dx, r.dh0, r.dc0, r.dh_norms};
  for (size_t k = 0; k < COUNT(a); k++)
    compare(a[k], b[k], q.B * operations(&q), magnitude_of(&q));
  free_twin(&r);
  end_problem(&q);
}

/* Both precisions have the same masks. */
static void test_masks(void) {
  const recur_network network = masks_network(2, 9, 0.3);
  problem q;
  new_problem(&q, &network, 6, 5, 0);
  q.batch.seed = 17;
  q.h0 = NULL;
  set_masks_parameters(&network, &q.parameters);
  const twin r = new_twin(&q);
  run_both(&q);
  run_twin(&q, &r);
  check_note("masks");
  for (size_t i = 0; i < q.y->size1; i++)
    for (size_t j = 0; j < q.y->size2; j++)
      CHECK((AT(q.y, i, j) == 0) == (AT(r.y, i, j) == 0));
  free_twin(&r);
  end_problem(&q);
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < NETWORK_CASES; k++)
    for (size_t D = 1; D <= 2; D++) {
      const recur_network network = with_random_options(network_case(k, 3, 4, 2, D), -1);
      test_twins(&network);
    }
  test_masks();
  return check_end();
}
