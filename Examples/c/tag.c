/* Trains a bidirectional GRU of two layers: it reads sequences of 2 to 10 random bits, and predicts
   at every step whether the first bit of the sequence equals the last. Batches mix sequences of
   different lengths. Build and run it, as C or as C++:

     cc tag.c $(pkg-config --cflags --libs recur) -o tag && ./tag

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <gsl/gsl_blas.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <recur/error.h>
#include <recur/gru.h>
#include <recur/initialization.h>
#include <recur/parameters.h>
#include <recur/softmax.h>
#include <stdio.h>
#include <stdlib.h>

/* Maximum number of steps, sequences in a batch, input features, hidden units, directions,
   classes. */
enum { T = 10, B = 32, I = 1, H = 12, D = 2, O = 2, BATCHES = 600 };

static void must(int status) {
  if (status != GSL_SUCCESS) {
    fprintf(stderr, "%s\n", recur_last_error()->message);
    exit(EXIT_FAILURE);
  }
}

/* Row t*B + b is step t of sequence b. dloss has the weights of the mean loss over all steps: 0
   past the end of a sequence. */
static void new_batch(const gsl_rng *random, gsl_matrix *x, size_t *lengths, gsl_vector_int *labels,
                      gsl_vector *weights) {
  size_t steps = 0;
  for (size_t row = 0; row < T * B; row++)
    gsl_matrix_set(x, row, 0, gsl_rng_uniform(random) < 0.5 ? -1 : 1);
  for (size_t b = 0; b < B; b++)
    steps += lengths[b] = 2 + gsl_rng_uniform_int(random, T - 1);
  for (size_t row = 0; row < T * B; row++) {
    const size_t t = row / B, b = row % B, last = (lengths[b] - 1) * B + b;
    gsl_vector_int_set(labels, row, gsl_matrix_get(x, b, 0) == gsl_matrix_get(x, last, 0));
    gsl_vector_set(weights, row, t < lengths[b] ? 1.0 / (double)steps : 0);
  }
}

/* One update of Adam (Kingma and Ba 2015). */
static void adam(gsl_vector *theta, const gsl_vector *g, gsl_vector *m, gsl_vector *v, int step) {
  const double rate = 0.01 * sqrt(1 - pow(0.999, step)) / (1 - pow(0.9, step));
  for (size_t k = 0; k < theta->size; k++) {
    double *mk = gsl_vector_ptr(m, k), *vk = gsl_vector_ptr(v, k);
    const double gk = gsl_vector_get(g, k);
    *mk += 0.1 * (gk - *mk);
    *vk += 0.001 * (gk * gk - *vk);
    *gsl_vector_ptr(theta, k) -= rate * *mk / (sqrt(*vk) + 1e-8);
  }
}

static double accuracy(const gsl_matrix *y, const gsl_vector_int *labels,
                       const gsl_vector *weights) {
  double right = 0;
  for (size_t row = 0; row < T * B; row++)
    if ((gsl_matrix_get(y, row, 1) > 0.5) == gsl_vector_int_get(labels, row))
      right += gsl_vector_get(weights, row);
  return right;
}

int main(void) {
  gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2); /* with GSL's default seed */

  recur_network network = recur_gru(I, H);
  network.layers = 2;
  network.directions = D;
  size_t parts, count, head_count;
  must(recur_parameters_count(&network, RECUR_LAYOUT_PYTORCH, &parts, &count));
  must(recur_linear_parameters_count(D * H, O, &head_count));
  for (size_t k = 0; k < parts; k++) {
    recur_parameter_slice part;
    must(recur_parameters_slice(&network, RECUR_LAYOUT_PYTORCH, k, &part));
    printf("%-20s %2zu x %2zu\n", part.name, part.rows, part.columns);
  }

  /* The parameters of the network and of the output layer are in one vector for Adam. */
  const size_t all = count + head_count;
  gsl_vector *theta = gsl_vector_calloc(all), *gradient = gsl_vector_calloc(all);
  gsl_vector *m = gsl_vector_calloc(all), *v = gsl_vector_calloc(all);
  gsl_vector_view net = gsl_vector_subvector(theta, 0, count);
  gsl_vector_view d_net = gsl_vector_subvector(gradient, 0, count);
  gsl_vector_view last = gsl_vector_subvector(theta, count, head_count);
  gsl_vector_view d_last = gsl_vector_subvector(gradient, count, head_count);
  const recur_initialization orthogonal = {RECUR_SCHEME_GLOROT,
                                           RECUR_SCHEME_BLOCK_ORTHOGONAL,
                                           RECUR_SCHEME_ZEROS,
                                           false,
                                           0,
                                           1 /* seed */};
  recur_linear_parameters head, d_head;
  must(recur_linear_parameters_view(&last.vector, D * H, O, &head));
  must(recur_linear_parameters_view(&d_last.vector, D * H, O, &d_head));
  must(recur_parameters_initialize(&network, &orthogonal, &net.vector));
  must(recur_matrix_initialize(RECUR_SCHEME_GLOROT, D * H, 2, 0, &head.weight));

  gsl_matrix *x = gsl_matrix_alloc(T * B, I), *h = gsl_matrix_alloc(T * B, D * H);
  gsl_matrix *dh = gsl_matrix_alloc(T * B, D * H), *y = gsl_matrix_alloc(T * B, O);
  gsl_vector *loss = gsl_vector_alloc(T * B), *weights = gsl_vector_alloc(T * B);
  gsl_vector_int *labels = gsl_vector_int_alloc(T * B);
  size_t lengths[B];
  recur_network_workspace *work =
      recur_network_workspace_alloc(&network, T, B, RECUR_MODE_TRAINING, 0);
  recur_softmax_workspace *head_work = recur_softmax_workspace_alloc(T * B, O);
  if (work == NULL || head_work == NULL)
    must(recur_last_error()->status);

  double recent = 0;
  for (int batch = 1; batch <= BATCHES; batch++) {
    double mean;
    const recur_batch given = {lengths, 0, 0, 0};
    new_batch(random, x, lengths, labels, weights);
    const recur_network_pass pass = {.x = x, .batch = &given, .y = h};
    must(recur_network_forward(&net.vector, &pass, work));
    must(recur_softmax_cross_entropy_forward(&head, h, labels, y, loss));
    gsl_blas_ddot(loss, weights, &mean);
    recent += accuracy(y, labels, weights) / 100;
    if (batch % 100 == 0) {
      printf("batch %3d  loss %.4f  accuracy of the last 100 %.3f\n", batch, mean, recent);
      recent = 0;
    }
    gsl_vector_set_zero(gradient); /* backward adds to the gradient */
    must(
        recur_softmax_cross_entropy_backward(&head, h, labels, y, weights, dh, &d_head, head_work));
    const recur_network_gradients gradients = {.dy = dh, .dtheta = &d_net.vector};
    must(recur_network_backward(&net.vector, &pass, &gradients, work));
    adam(theta, gradient, m, v, batch);
  }

  recur_softmax_workspace_free(head_work);
  recur_network_workspace_free(work);
  gsl_vector_int_free(labels);
  gsl_vector *vectors[] = {theta, gradient, m, v, loss, weights};
  for (size_t k = 0; k < sizeof vectors / sizeof vectors[0]; k++)
    gsl_vector_free(vectors[k]);
  gsl_matrix *matrices[] = {x, h, dh, y};
  for (size_t k = 0; k < sizeof matrices / sizeof matrices[0]; k++)
    gsl_matrix_free(matrices[k]);
  gsl_rng_free(random);
  return EXIT_SUCCESS;
}
