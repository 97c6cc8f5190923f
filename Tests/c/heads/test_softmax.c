/* recur/softmax.h: every small shape against plain loops, gradients from dy and from labels, and
   what fusing softmax and logarithm is for: large logits and losses near 0.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "heads/linear_problem.h"

#include <recur/softmax.h>

#ifndef FLOAT_PASS
/* int labels have no second precision. They stand some numbers apart; what is between them is no
   label. */
static gsl_vector_int new_labels(size_t rows, size_t O, size_t stride) {
  gsl_vector_int labels = {.size = rows, .stride = stride};
  labels.data = malloc((rows * stride + 1) * sizeof(int));
  for (size_t i = 0; i < rows * stride; i++)
    labels.data[i] = i % stride ? -1 : (int)check_random_below(O);
  return labels;
}
#endif

/* A linear layer whose x is h, with labels and losses. */
typedef struct {
  NAME(layer) layer;
  gsl_vector_int labels;
  VECTOR loss, dloss;
  RECUR(softmax, workspace) * w;
} NAME(head);

static NAME(head) NAME(new_head)(size_t N, size_t H, size_t O, int absent) {
  check_note("%s N=%zu H=%zu O=%zu absent=%d", TEXT(REAL), N, H, O, absent);
  return (NAME(head)){.layer = NAME(new_layer)(N, H, O, absent),
                      .labels = new_labels(N, O, 1 + check_random_below(3)),
                      .loss = NAME(new_vector)(N),
                      .dloss = NAME(new_random_vector)(N),
                      .w = RECUR(softmax, workspace_alloc)(N, O)};
}

static void NAME(end_head)(NAME(head) * s) {
  free(s->labels.data);
  RECUR(softmax, workspace_free)(s->w);
  NAME(free_all)();
}

static size_t NAME(label)(const NAME(head) * s, size_t i) {
  return (size_t)s->labels.data[i * s->labels.stride];
}

static int NAME(forward)(const NAME(head) * s) {
  return RECUR(softmax, forward)(&s->layer.p, s->layer.x, s->layer.y);
}

static int NAME(backward)(const NAME(head) * s) {
  const NAME(layer) *q = &s->layer;
  return RECUR(softmax, backward)(&q->p, q->x, q->y, q->dy, q->dx, q->dp, s->w);
}

static int NAME(loss_forward)(NAME(head) * s) {
  return RECUR(softmax, cross_entropy_forward)(&s->layer.p, s->layer.x, &s->labels, s->layer.y,
                                               &s->loss);
}

static int NAME(loss_backward)(const NAME(head) * s) {
  const NAME(layer) *q = &s->layer;
  return RECUR(softmax, cross_entropy_backward)(&q->p, q->x, &s->labels, q->y, &s->dloss, q->dx,
                                                q->dp, s->w);
}

/* y becomes softmax of logits, and each loss is log sum exp - z_label. */
static void NAME(naive_softmax)(const NAME(head) * s, wide *y, wide *loss) {
  for (size_t n = 0; n < s->layer.N; n++) {
    wide *row = y + n * s->layer.O, sum = 0;
    const wide z = row[NAME(label)(s, n)];
    for (size_t o = 0; o < s->layer.O; o++)
      sum += row[o] = expl(row[o]);
    for (size_t o = 0; o < s->layer.O; o++)
      row[o] /= sum;
    loss[n] = logl(sum) - z;
  }
}

static void NAME(check_forward)(NAME(head) * s) {
  const size_t n = NAME(layer_operations)(&s->layer);
  const MATRIX got = NAME(column)(&s->loss);
  wide *y = wide_new(s->layer.N * s->layer.O), *loss = wide_new(s->layer.N);
  /* The error of a logit is that of its exponential, relative. */
  const wide magnitude = 1 + NAME(naive_layer)(&s->layer, y);
  NAME(naive_softmax)(s, y, loss);
  CHECK(NAME(forward)(s) == GSL_SUCCESS);
  CHECK(NAME(is)(s->layer.y, y, n, magnitude));
  NAME(fill)(s->layer.y, (REAL)NAN);
  CHECK(NAME(loss_forward)(s) == GSL_SUCCESS);
  CHECK(NAME(is)(s->layer.y, y, n, magnitude));
  CHECK(NAME(is)(&got, loss, n, magnitude));
}

/* Twice each, from the y in the problem. */
static void NAME(check_backward)(NAME(head) * s) {
  NAME(layer) *q = &s->layer;
  const size_t operations = 2 * NAME(layer_operations)(q);
  wide *dz = wide_new(q->N * q->O);
  for (size_t n = 0; n < q->N; n++) {
    wide mean = 0;
    for (size_t o = 0; o < q->O; o++)
      mean += (wide)AT(q->y, n, o) * AT(q->dy, n, o);
    for (size_t o = 0; o < q->O; o++)
      dz[n * q->O + o] = AT(q->y, n, o) * (AT(q->dy, n, o) - mean);
  }
  NAME(remember)();
  for (unsigned times = 1; times <= 2; times++) {
    CHECK(NAME(backward)(s) == GSL_SUCCESS);
    NAME(check_gradients)(q, dz, times, operations, 1); /* y, dy, 1 and dloss are at most 1 */
  }
  CHECK(NAME(layer_inputs_untouched)(q) && NAME(untouched)(q->y));
  for (size_t n = 0; n < q->N; n++)
    for (size_t o = 0; o < q->O; o++)
      dz[n * q->O + o] = ((wide)AT(q->y, n, o) - (o == NAME(label)(s, n) ? 1 : 0)) *
                         s->dloss.data[n * s->dloss.stride];
  if (q->dx != NULL)
    NAME(fill)(q->dx, (REAL)NAN);
  NAME(remember)();
  for (unsigned times = 1; times <= 2; times++) {
    CHECK(NAME(loss_backward)(s) == GSL_SUCCESS);
    NAME(check_gradients)(q, dz, times, operations, 1);
  }
  CHECK(NAME(layer_inputs_untouched)(q) && NAME(untouched)(q->y));
}

static void NAME(check_shape)(size_t N, size_t H, size_t O, int absent) {
  NAME(head) s = NAME(new_head)(N, H, O, absent);
  s.layer.dp = absent & NO_DP ? NULL : &s.layer.gradients;
  NAME(check_forward)(&s);
  NAME(check_backward)(&s);
  NAME(end_head)(&s);
}

static void NAME(test_all_shapes)(void) {
  static const size_t rows[] = {0, 1, 2, 5}, widths[] = {1, 2, 3, 8, 9};
  for (size_t n = 0; n < COUNT(rows); n++)
    for (size_t h = 0; h < COUNT(widths); h++)
      for (size_t o = 0; o < COUNT(widths); o++)
        for (int absent = 0; absent <= NOTHING_OPTIONAL; absent += absent < 8 ? 1 : 3)
          NAME(check_shape)(rows[n], widths[h], widths[o], absent);
}

/* A head of logits that are given: H = 1, h = 1, no bias. */
static NAME(head) NAME(head_of)(const REAL *logits, size_t O, int label) {
  NAME(head) s = NAME(new_head)(1, 1, O, NO_BIAS);
  AT(s.layer.x, 0, 0) = 1;
  for (size_t o = 0; o < O; o++)
    AT(&s.layer.p.weight, o, 0) = logits[o];
  s.labels.data[0] = label;
  s.dloss.data[0] = 1;
  return s;
}

static void NAME(test_large_logits)(void) {
  const REAL logits[] = {-1000, 1000, 0};
  const REAL losses[] = {2000, 0, 1000}, dz[3][3] = {{-1, 1, 0}, {0, 0, 0}, {0, 1, -1}};
  for (int label = 0; label < 3; label++) {
    NAME(head) s = NAME(head_of)(logits, 3, label);
    CHECK(NAME(loss_forward)(&s) == GSL_SUCCESS);
    CHECK(s.loss.data[0] == losses[label]);
    CHECK(AT(s.layer.y, 0, 0) == 0 && AT(s.layer.y, 0, 1) == 1 && AT(s.layer.y, 0, 2) == 0);
    s.layer.dp = &s.layer.gradients;
    NAME(fill)(&s.layer.dp->weight, 0);
    CHECK(NAME(loss_backward)(&s) == GSL_SUCCESS);
    for (size_t o = 0; o < 3; o++)
      CHECK(AT(&s.layer.dp->weight, o, 0) == dz[label][o]);
    NAME(end_head)(&s);
  }
}

/* Where the right class is all but certain, loss and gradient keep their digits. */
static void NAME(test_small_losses)(void) {
  for (REAL gap = 1; gap < 80; gap += (REAL)4.5) {
    const REAL logits[] = {gap, 0};
    NAME(head) s = NAME(head_of)(logits, 2, 0);
    const wide loss = log1pl(expl(-gap)), dz = expl(-gap) / (1 + expl(-gap));
    CHECK(NAME(loss_forward)(&s) == GSL_SUCCESS);
    CHECK(fabsl(s.loss.data[0] - loss) <= check_tolerance(4, EPSILON, loss));
    s.layer.dp = &s.layer.gradients;
    NAME(fill)(&s.layer.dp->weight, 0);
    CHECK(NAME(loss_backward)(&s) == GSL_SUCCESS);
    CHECK(fabsl(AT(&s.layer.dp->weight, 0, 0) + dz) <= check_tolerance(6, EPSILON, dz));
    CHECK(fabsl(AT(&s.layer.dp->weight, 1, 0) - dz) <= check_tolerance(6, EPSILON, dz));
    NAME(end_head)(&s);
  }
}

/* The largest logit may be any, and more than one. */
static void NAME(test_equal_logits)(void) {
  const REAL logits[] = {-7, 3, 3, 3};
  NAME(head) s = NAME(head_of)(logits, 4, 3);
  const wide rest = expl(-10);
  CHECK(NAME(loss_forward)(&s) == GSL_SUCCESS);
  CHECK(fabsl(s.loss.data[0] - logl(3 + rest)) <= check_tolerance(8, EPSILON, 2));
  for (size_t o = 1; o < 4; o++)
    CHECK(fabsl(AT(s.layer.y, 0, o) - 1 / (3 + rest)) <= check_tolerance(8, EPSILON, 1));
  NAME(end_head)(&s);
}

static void NAME(test_not_finite)(void) {
  const REAL minus_infinity = (REAL)-INFINITY, hopeless[] = {0, minus_infinity};
  NAME(head) s = NAME(head_of)(hopeless, 2, 1);
  CHECK(NAME(loss_forward)(&s) == GSL_SUCCESS);
  CHECK(isinf(s.loss.data[0]) && s.loss.data[0] > 0);
  CHECK(AT(s.layer.y, 0, 0) == 1 && AT(s.layer.y, 0, 1) == 0);
  NAME(end_head)(&s);
  for (size_t place = 0; place < 3; place++) {
    REAL logits[] = {1, 2, 3};
    logits[place] = (REAL)NAN;
    s = NAME(head_of)(logits, 3, 0);
    CHECK(NAME(loss_forward)(&s) == GSL_SUCCESS);
    CHECK(isnan(s.loss.data[0]));
    CHECK(isnan(AT(s.layer.y, 0, 0)) && isnan(AT(s.layer.y, 0, 1)) && isnan(AT(s.layer.y, 0, 2)));
    NAME(end_head)(&s);
  }
}

/* The gradient of a loss by labels is that of its dy. */
static void NAME(test_both_ways)(void) {
  NAME(head) s = NAME(new_head)(5, 4, 3, 0);
  NAME(layer) *q = &s.layer;
  CHECK(NAME(loss_forward)(&s) == GSL_SUCCESS);
  NAME(fill)(q->dy, 0);
  wide *dh = wide_new(5 * 4), magnitude = 1;
  for (size_t n = 0; n < 5; n++) {
    const size_t label = NAME(label)(&s, n);
    AT(q->dy, n, label) = -s.dloss.data[n * s.dloss.stride] / AT(q->y, n, label);
    check_see(&magnitude, AT(q->dy, n, label));
  }
  CHECK(NAME(backward)(&s) == GSL_SUCCESS);
  for (size_t n = 0; n < 5; n++)
    for (size_t k = 0; k < 4; k++)
      dh[n * 4 + k] = AT(q->dx, n, k);
  CHECK(NAME(loss_backward)(&s) == GSL_SUCCESS);
  CHECK(NAME(is)(q->dx, dh, 2 * NAME(layer_operations)(q), magnitude));
  NAME(end_head)(&s);
}

static void NAME(run)(void) {
  NAME(test_all_shapes)();
  NAME(test_large_logits)();
  NAME(test_small_losses)();
  NAME(test_equal_logits)();
  NAME(test_not_finite)();
  NAME(test_both_ways)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_softmax.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
