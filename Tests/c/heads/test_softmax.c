/* recur/softmax.h: every small shape compared with plain loops, gradients from dy and from labels,
   and the cases that need a fused softmax and logarithm: large logits, and losses near 0.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "heads/linear_problem.h"

#include <recur/softmax.h>

/* Labels with a stride. The values between them are not valid labels. */
static gsl_vector_int new_labels(size_t rows, size_t O, size_t stride) {
  gsl_vector_int labels = {.size = rows, .stride = stride};
  labels.data = malloc((rows * stride + 1) * sizeof(int));
  for (size_t i = 0; i < rows * stride; i++)
    labels.data[i] = i % stride ? -1 : (int)check_random_below(O);
  return labels;
}

/* A linear layer with x = h, labels and losses. */
typedef struct {
  linear_layer layer;
  gsl_vector_int labels;
  gsl_vector loss, dloss;
  recur_softmax_workspace *w;
} head;

static head new_head(size_t N, size_t H, size_t O, int absent) {
  check_note("N=%zu H=%zu O=%zu absent=%d", N, H, O, absent);
  return (head){.layer = new_layer(N, H, O, absent),
                .labels = new_labels(N, O, 1 + check_random_below(3)),
                .loss = new_vector(N),
                .dloss = new_random_vector(N),
                .w = recur_softmax_workspace_alloc(N, O)};
}

static void end_head(head *s) {
  free(s->labels.data);
  recur_softmax_workspace_free(s->w);
  free_all();
}

static size_t label_of(const head *s, size_t i) {
  return (size_t)s->labels.data[i * s->labels.stride];
}

static int forward(const head *s) {
  return recur_softmax_forward(&s->layer.p, s->layer.x, s->layer.y);
}

static int backward(const head *s) {
  const linear_layer *q = &s->layer;
  return recur_softmax_backward(&q->p, q->x, q->y, q->dy, q->dx, q->dp, s->w);
}

static int loss_forward(head *s) {
  return recur_softmax_cross_entropy_forward(&s->layer.p, s->layer.x, &s->labels, s->layer.y,
                                             &s->loss);
}

static int loss_backward(const head *s) {
  const linear_layer *q = &s->layer;
  return recur_softmax_cross_entropy_backward(&q->p, q->x, &s->labels, q->y, &s->dloss, q->dx,
                                              q->dp, s->w);
}

/* Replaces the logits y by their softmax; each loss is log sum exp - z_label. */
static void naive_softmax(const head *s, wide *y, wide *loss) {
  for (size_t n = 0; n < s->layer.N; n++) {
    wide *row = y + n * s->layer.O, sum = 0;
    const wide z = row[label_of(s, n)];
    for (size_t o = 0; o < s->layer.O; o++)
      sum += row[o] = expl(row[o]);
    for (size_t o = 0; o < s->layer.O; o++)
      row[o] /= sum;
    loss[n] = logl(sum) - z;
  }
}

static void check_forward(head *s) {
  const size_t n = layer_operations(&s->layer);
  const gsl_matrix got = as_column(&s->loss);
  wide *y = wide_new(s->layer.N * s->layer.O), *loss = wide_new(s->layer.N);
  /* The absolute error of a logit is the relative error of its exponential. */
  const wide magnitude = 1 + naive_layer(&s->layer, y);
  naive_softmax(s, y, loss);
  CHECK(forward(s) == GSL_SUCCESS);
  CHECK(is_near(s->layer.y, y, n, magnitude));
  fill(s->layer.y, (rk_real)NAN);
  CHECK(loss_forward(s) == GSL_SUCCESS);
  CHECK(is_near(s->layer.y, y, n, magnitude));
  CHECK(is_near(&got, loss, n, magnitude));
}

/* Runs both backward functions twice, from the problem's y. */
static void check_backward(head *s) {
  linear_layer *q = &s->layer;
  const size_t operations = 2 * layer_operations(q);
  wide *dz = wide_new(q->N * q->O);
  for (size_t n = 0; n < q->N; n++) {
    wide mean = 0;
    for (size_t o = 0; o < q->O; o++)
      mean += (wide)AT(q->y, n, o) * AT(q->dy, n, o);
    for (size_t o = 0; o < q->O; o++)
      dz[n * q->O + o] = AT(q->y, n, o) * (AT(q->dy, n, o) - mean);
  }
  remember();
  for (unsigned times = 1; times <= 2; times++) {
    CHECK(backward(s) == GSL_SUCCESS);
    check_gradients(q, dz, times, operations, 1); /* y, dy, 1 and dloss are at most 1 */
  }
  CHECK(layer_inputs_untouched(q) && untouched(q->y));
  for (size_t n = 0; n < q->N; n++)
    for (size_t o = 0; o < q->O; o++)
      dz[n * q->O + o] = ((wide)AT(q->y, n, o) - (o == label_of(s, n) ? 1 : 0)) *
                         s->dloss.data[n * s->dloss.stride];
  if (q->dx != NULL)
    fill(q->dx, (rk_real)NAN);
  remember();
  for (unsigned times = 1; times <= 2; times++) {
    CHECK(loss_backward(s) == GSL_SUCCESS);
    check_gradients(q, dz, times, operations, 1);
  }
  CHECK(layer_inputs_untouched(q) && untouched(q->y));
}

static void check_shape(size_t N, size_t H, size_t O, int absent) {
  head s = new_head(N, H, O, absent);
  s.layer.dp = absent & NO_DP ? NULL : &s.layer.gradients;
  check_forward(&s);
  check_backward(&s);
  end_head(&s);
}

static void test_all_shapes(void) {
  static const size_t rows[] = {0, 1, 2, 5}, widths[] = {1, 2, 3, 8, 9};
  for (size_t n = 0; n < COUNT(rows); n++)
    for (size_t h = 0; h < COUNT(widths); h++)
      for (size_t o = 0; o < COUNT(widths); o++)
        for (int absent = 0; absent <= NOTHING_OPTIONAL; absent += absent < 8 ? 1 : 3)
          check_shape(rows[n], widths[h], widths[o], absent);
}

/* A head with given logits: H = 1, h = 1, no bias. */
static head head_of(const rk_real *logits, size_t O, int label) {
  head s = new_head(1, 1, O, NO_BIAS);
  AT(s.layer.x, 0, 0) = 1;
  for (size_t o = 0; o < O; o++)
    AT(&s.layer.p.weight, o, 0) = logits[o];
  s.labels.data[0] = label;
  s.dloss.data[0] = 1;
  return s;
}

/* The largest logit is at every place. */
static void test_large_logits(void) {
  const rk_real logits[] = {-1000, 1000, 0};
  const rk_real losses[] = {2000, 0, 1000}, dz[3][3] = {{-1, 1, 0}, {0, 0, 0}, {0, 1, -1}};
  for (size_t turn = 0; turn < 3; turn++)
    for (size_t label = 0; label < 3; label++) {
      rk_real turned[3];
      for (size_t o = 0; o < 3; o++)
        turned[(o + turn) % 3] = logits[o];
      head s = head_of(turned, 3, (int)((label + turn) % 3));
      s.layer.dp = &s.layer.gradients;
      fill(&s.layer.dp->weight, 0);
      CHECK(loss_forward(&s) == GSL_SUCCESS);
      CHECK(s.loss.data[0] == losses[label]);
      CHECK(loss_backward(&s) == GSL_SUCCESS);
      for (size_t o = 0; o < 3; o++) {
        CHECK(AT(s.layer.y, 0, (o + turn) % 3) == (o == 1));
        CHECK(AT(&s.layer.dp->weight, (o + turn) % 3, 0) == dz[label][o]);
      }
      end_head(&s);
    }
}

/* If the right class is almost certain, the loss and the gradient keep their digits. */
static void test_small_losses(void) {
  for (rk_real gap = 1; gap < 80; gap += (rk_real)4.5) {
    const rk_real logits[] = {gap, 0};
    head s = head_of(logits, 2, 0);
    const wide loss = log1pl(expl(-gap)), dz = expl(-gap) / (1 + expl(-gap));
    CHECK(loss_forward(&s) == GSL_SUCCESS);
    CHECK(fabsl(s.loss.data[0] - loss) <= check_tolerance(4, RK_REAL_EPSILON, loss));
    s.layer.dp = &s.layer.gradients;
    fill(&s.layer.dp->weight, 0);
    CHECK(loss_backward(&s) == GSL_SUCCESS);
    CHECK(fabsl(AT(&s.layer.dp->weight, 0, 0) + dz) <= check_tolerance(6, RK_REAL_EPSILON, dz));
    CHECK(fabsl(AT(&s.layer.dp->weight, 1, 0) - dz) <= check_tolerance(6, RK_REAL_EPSILON, dz));
    end_head(&s);
  }
}

/* Any logit, or several, may be the largest. */
static void test_equal_logits(void) {
  const rk_real logits[] = {-7, 3, 3, 3};
  head s = head_of(logits, 4, 3);
  const wide rest = expl(-10);
  CHECK(loss_forward(&s) == GSL_SUCCESS);
  CHECK(fabsl(s.loss.data[0] - logl(3 + rest)) <= check_tolerance(8, RK_REAL_EPSILON, 2));
  for (size_t o = 1; o < 4; o++)
    CHECK(fabsl(AT(s.layer.y, 0, o) - 1 / (3 + rest)) <= check_tolerance(8, RK_REAL_EPSILON, 1));
  end_head(&s);
}

static void test_not_finite(void) {
  const rk_real minus_infinity = (rk_real)-INFINITY, hopeless[] = {0, minus_infinity};
  head s = head_of(hopeless, 2, 1);
  CHECK(loss_forward(&s) == GSL_SUCCESS);
  CHECK(isinf(s.loss.data[0]) && s.loss.data[0] > 0);
  CHECK(AT(s.layer.y, 0, 0) == 1 && AT(s.layer.y, 0, 1) == 0);
  end_head(&s);
  for (size_t place = 0; place < 3; place++) {
    rk_real logits[] = {1, 2, 3};
    logits[place] = (rk_real)NAN;
    s = head_of(logits, 3, 0);
    CHECK(loss_forward(&s) == GSL_SUCCESS);
    CHECK(isnan(s.loss.data[0]));
    CHECK(isnan(AT(s.layer.y, 0, 0)) && isnan(AT(s.layer.y, 0, 1)) && isnan(AT(s.layer.y, 0, 2)));
    end_head(&s);
  }
}

/* The gradients from labels equal those from the corresponding dy. */
static void test_both_ways(void) {
  head s = new_head(5, 4, 3, 0);
  linear_layer *q = &s.layer;
  CHECK(loss_forward(&s) == GSL_SUCCESS);
  fill(q->dy, 0);
  wide *dh = wide_new(5 * 4), magnitude = 1;
  for (size_t n = 0; n < 5; n++) {
    const size_t label = label_of(&s, n);
    AT(q->dy, n, label) = -s.dloss.data[n * s.dloss.stride] / AT(q->y, n, label);
    check_see(&magnitude, AT(q->dy, n, label));
  }
  CHECK(backward(&s) == GSL_SUCCESS);
  for (size_t n = 0; n < 5; n++)
    for (size_t k = 0; k < 4; k++)
      dh[n * 4 + k] = AT(q->dx, n, k);
  CHECK(loss_backward(&s) == GSL_SUCCESS);
  CHECK(is_near(q->dx, dh, 2 * layer_operations(q), magnitude));
  end_head(&s);
}

int main(void) {
  check_begin();
  test_all_shapes();
  test_large_logits();
  test_small_losses();
  test_equal_logits();
  test_not_finite();
  test_both_ways();
  return check_end();
}
