/* Trains a recurrent network to remember: it reads 8 random bits, one per step, and then predicts
   whether the first bit was 1. Build and run it, as C or as C++:

     cc train.c $(pkg-config --cflags --libs recur) -o train && ./train

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <gsl/gsl_blas.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <recur/error.h>
#include <recur/initialization.h>
#include <recur/parameters.h>
#include <recur/rnn.h>
#include <recur/softmax.h>
#include <stdio.h>
#include <stdlib.h>

/* Steps, sequences in a batch, input features, hidden units, classes. */
enum { T = 8, B = 32, I = 1, H = 16, O = 2, BATCHES = 1500 };

/* Functions of Recur return a status, and recur_last_error describes a failure. */
static void must(int status) {
  if (status != GSL_SUCCESS) {
    fprintf(stderr, "%s\n", recur_last_error()->message);
    exit(EXIT_FAILURE);
  }
}

/* Draws random bits, -1 or 1. A batch is one matrix, with step t in rows t*B to t*B + B - 1. */
static void new_batch(const gsl_rng *random, gsl_matrix *x, gsl_vector_int *labels) {
  for (size_t row = 0; row < x->size1; row++)
    gsl_matrix_set(x, row, 0, gsl_rng_uniform(random) < 0.5 ? -1 : 1);
  for (size_t b = 0; b < B; b++)
    gsl_vector_int_set(labels, b, gsl_matrix_get(x, b, 0) > 0);
}

/* One step of gradient descent. The gradient norm is clipped to 1. */
static void descend(gsl_vector *theta, const gsl_vector *gradient, double rate) {
  const double norm = gsl_blas_dnrm2(gradient);
  gsl_blas_daxpy(-rate / fmax(1, norm), gradient, theta);
}

static int count_right(const gsl_matrix *y, const gsl_vector_int *labels) {
  int right = 0;
  for (size_t b = 0; b < B; b++)
    right += (gsl_matrix_get(y, b, 1) > 0.5) == gsl_vector_int_get(labels, b);
  return right;
}

int main(void) {
  gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2); /* with GSL's default seed */

  /* All parameters of a network are in one vector, and all gradients in another. */
  const recur_network network = recur_rnn(I, H);
  const recur_initialization uniform = {
      RECUR_SCHEME_UNIFORM, RECUR_SCHEME_UNIFORM, RECUR_SCHEME_UNIFORM, false, 0, 1 /* seed */};
  size_t parts, count, head_count;
  must(recur_parameters_count(&network, RECUR_LAYOUT_PYTORCH, &parts, &count));
  gsl_vector *theta = gsl_vector_alloc(count), *gradient = gsl_vector_alloc(count);
  must(recur_parameters_initialize(&network, &uniform, theta));

  /* So are those of the output layer, which is a separate layer with named views. */
  recur_linear_parameters head, d_head;
  must(recur_linear_parameters_count(H, O, &head_count));
  gsl_vector *head_theta = gsl_vector_calloc(head_count),
             *head_gradient = gsl_vector_alloc(head_count);
  must(recur_linear_parameters_view(head_theta, H, O, &head));
  must(recur_linear_parameters_view(head_gradient, H, O, &d_head));
  must(recur_matrix_initialize(RECUR_SCHEME_UNIFORM, H, 2, 0, &head.weight));

  gsl_matrix *x = gsl_matrix_alloc(T * B, I), *h = gsl_matrix_alloc(T * B, H);
  gsl_matrix *hT = gsl_matrix_alloc(B, H), *dhT = gsl_matrix_alloc(B, H);
  gsl_matrix *y = gsl_matrix_alloc(B, O);
  gsl_vector *loss = gsl_vector_alloc(B), *dloss = gsl_vector_alloc(B);
  gsl_vector_int *labels = gsl_vector_int_alloc(B);
  recur_network_workspace *work =
      recur_network_workspace_alloc(&network, T, B, RECUR_MODE_TRAINING, 0);
  recur_softmax_workspace *head_work = recur_softmax_workspace_alloc(B, O);
  if (work == NULL || head_work == NULL)
    must(recur_last_error()->status);
  gsl_vector_set_all(dloss, 1.0 / (double)B); /* minimizes the mean loss of the batch */

  int right = 0, asked = 0;
  const recur_network_pass pass = {.x = x, .y = h, .hT = hT};
  const recur_network_gradients gradients = {.dhT = dhT, .dtheta = gradient};
  for (int batch = 1; batch <= BATCHES; batch++) {
    new_batch(random, x, labels);
    must(recur_network_forward(theta, &pass, work));
    must(recur_softmax_cross_entropy_forward(&head, hT, labels, y, loss));
    if (batch % 250 == 0)
      printf("batch %4d  loss %.4f\n", batch, gsl_blas_dasum(loss) / (double)B);
    if (batch > BATCHES - 100) { /* the network has not seen these batches before */
      right += count_right(y, labels);
      asked += B;
    }

    gsl_vector_set_zero(gradient); /* backward adds to these */
    gsl_vector_set_zero(head_gradient);
    must(
        recur_softmax_cross_entropy_backward(&head, hT, labels, y, dloss, dhT, &d_head, head_work));
    must(recur_network_backward(theta, &pass, &gradients, work));
    descend(theta, gradient, 0.1);
    descend(head_theta, head_gradient, 0.1);
  }
  printf("accuracy %.3f\n", (double)right / asked);

  recur_softmax_workspace_free(head_work);
  recur_network_workspace_free(work);
  gsl_vector_int_free(labels);
  gsl_vector *vectors[] = {theta, gradient, head_theta, head_gradient, loss, dloss};
  for (size_t k = 0; k < sizeof vectors / sizeof vectors[0]; k++)
    gsl_vector_free(vectors[k]);
  gsl_matrix *matrices[] = {x, h, hT, dhT, y};
  for (size_t k = 0; k < sizeof matrices / sizeof matrices[0]; k++)
    gsl_matrix_free(matrices[k]);
  gsl_rng_free(random);
  return EXIT_SUCCESS;
}
