/* recur_rnn_error_terms: compared with its recursion, and with backpropagation, which contains the
   same recursion.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/network_problem.h"
#include "support/refusal.h"

/* W_hh of a network of one layer. */
static gsl_matrix weight_hh(const problem *q) {
  return (gsl_matrix){
      .size1 = q->H, .size2 = q->H, .tda = q->H, .data = q->parameters.data + q->H * q->I};
}

/* phi'(z), where phi(z) = h */
static wide slope(const recur_activation *phi, wide h) {
  return phi->kind == RECUR_ACTIVATION_TANH ? 1 - h * h : h > 0 ? 1 : phi->alpha;
}

/* delta_{t,k} for one t, by the recursion, from the problem's h. */
static wide *naive_error_terms(const problem *q, size_t t, const gsl_matrix *dh_t,
                               wide *magnitude) {
  const size_t B = q->B, H = q->H;
  const gsl_matrix W = weight_hh(q);
  wide *delta = wide_new((t + 1) * B * H);
  for (size_t step = t + 1; step-- > 0;)
    for (size_t b = 0; b < B; b++)
      for (size_t k = 0; k < H; k++) {
        const size_t row = step * B + b;
        wide dh = step == t ? AT(dh_t, b, k) : 0;
        for (size_t j = 0; step < t && j < H; j++)
          dh += AT(&W, j, k) * delta[(row + B) * H + j];
        delta[row * H + k] = dh * slope(&q->network.cell.f, AT(q->y, row, k));
        check_see(magnitude, dh);
      }
  return delta;
}

/* Summed over t, the error terms are the dz of backpropagation, and give its gradients by equations
   6.39 to 6.41 of the book that recur/rnn.h cites. */
static void check_sums(const problem *q, const wide *dz_sums, wide magnitude) {
  const size_t B = q->B, I = q->I, H = q->H, n = q->T * operations(q);
  wide *dtheta = wide_new(q->count), *dW_ih = dtheta, *dW_hh = dW_ih + H * I;
  wide *db_ih = dW_hh + H * H, *db_hh = db_ih + H;
  for (size_t row = 0; row < q->T * B; row++)
    for (size_t j = 0; j < H; j++) {
      const wide dz = dz_sums[row * H + j];
      db_ih[j] += dz;
      db_hh[j] += dz;
      for (size_t i = 0; i < I; i++)
        dW_ih[j * I + i] += dz * AT(q->x, row, i);
      for (size_t k = 0; k < H; k++)
        dW_hh[j * H + k] += dz * (row < B ? AT(q->h0, row, k) : AT(q->y, row - B, k));
      check_see(&magnitude, dz);
    }
  const gsl_matrix all = as_column(&q->gradients);
  CHECK(grew_by(&all, 1, dtheta, n, magnitude));
}

static void test_error_terms(size_t T, size_t B, recur_activation phi) {
  recur_network network = recur_rnn(2, 3);
  network.cell.f = phi;
  problem q;
  new_problem(&q, &network, T, B, 0);
  q.dhT = NULL;
  CHECK(forward(&q) == GSL_SUCCESS);
  const gsl_matrix W = weight_hh(&q);
  wide *sums = wide_new(T * B * q.H), magnitude = 1;
  for (size_t t = 0; t < T; t++) {
    const gsl_matrix dh_t = rows_of(q.dy, t * B, B);
    gsl_matrix *delta = new_padded((t + 1) * B, q.H);
    remember();
    CHECK(recur_rnn_error_terms(&W, &phi, q.y, t, &dh_t, delta) == GSL_SUCCESS);
    CHECK(untouched(q.y) && untouched(q.dy) && untouched(&W));
    const wide *expected = naive_error_terms(&q, t, &dh_t, &magnitude);
    CHECK(is_near(delta, expected, (t + 1) * (q.H + 8), magnitude));
    for (size_t i = 0; i < (t + 1) * B * q.H; i++)
      sums[i] += AT(delta, i / q.H, i % q.H);
  }
  remember();
  CHECK(backward(&q) == GSL_SUCCESS);
  check_sums(&q, sums, magnitude);
  end_problem(&q);
}

static void test_wrong_error_terms(void) {
  gsl_matrix *W = new_random(3, 3, 1), *h = new_random(6, 3, 1), *dh = new_random(2, 3, 1),
             *delta = new_padded(4, 3);
  const recur_activation phi = {.kind = RECUR_ACTIVATION_TANH},
                         none = {.kind = (recur_activation_kind)99},
                         folded = {RECUR_ACTIVATION_ELU, -1, 0};
  const char *const function = TEXT(recur_rnn_error_terms);
  static const size_t beyond[] = {3, 4, SIZE_MAX};
  remember();
  for (size_t k = 0; k < COUNT(beyond); k++)
    check_refusal(recur_rnn_error_terms(W, &phi, h, beyond[k], dh, delta), GSL_EINVAL, function,
                  "t");
  check_refusal(recur_rnn_error_terms(W, NULL, h, 1, dh, delta), GSL_EFAULT, function, "phi");
  check_refusal(recur_rnn_error_terms(W, &none, h, 1, dh, delta), GSL_EINVAL, function, "phi");
  check_refusal(recur_rnn_error_terms(W, &folded, h, 1, dh, delta), GSL_EUNIMPL, function, "phi");
  W->size1 = 0;
  check_refusal(recur_rnn_error_terms(W, &phi, h, 1, dh, delta), GSL_EINVAL, function, "H");
  W->size1 = SIZE_MAX;
  check_refusal(recur_rnn_error_terms(W, &phi, h, 1, dh, delta), GSL_EINVAL, function, "H");
  free_all();
}

int main(void) {
  static const recur_activation functions[] = {{RECUR_ACTIVATION_TANH, 0, 0},
                                               {RECUR_ACTIVATION_RELU, 0, 0},
                                               {RECUR_ACTIVATION_LEAKY_RELU, 0.3, 0}};
  check_begin();
  for (size_t k = 0; k < COUNT(functions); k++)
    for (size_t T = 1; T <= 5; T++)
      for (size_t B = 0; B <= 3; B++)
        test_error_terms(T, B, functions[k]);
  test_wrong_error_terms();
  return check_end();
}
