/* recur/softmax.h: every wrong argument, labels above all.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"
#include "support/precision.h"

#include "heads/linear_problem.h"
#include "support/arguments.h"

#include <recur/softmax.h>

/* The arguments of all four functions; x is h, dx is dh. */
typedef struct {
  NAME(layer) q;
  gsl_vector_int label_view, *labels;
  VECTOR loss_view, dloss_view, *loss, *dloss;
  RECUR(softmax, workspace) * w;
} NAME(head);

static int NAME(forward)(void *head) {
  const NAME(head) *s = head;
  return RECUR(softmax, forward)(&s->q.p, s->q.x, s->q.y);
}

static int NAME(backward)(void *head) {
  const NAME(head) *s = head;
  return RECUR(softmax, backward)(&s->q.p, s->q.x, s->q.y, s->q.dy, s->q.dx, s->q.dp, s->w);
}

static int NAME(loss_forward)(void *head) {
  const NAME(head) *s = head;
  return RECUR(softmax, cross_entropy_forward)(&s->q.p, s->q.x, s->labels, s->q.y, s->loss);
}

static int NAME(loss_backward)(void *head) {
  const NAME(head) *s = head;
  return RECUR(softmax, cross_entropy_backward)(&s->q.p, s->q.x, s->labels, s->q.y, s->dloss,
                                                s->q.dx, s->q.dp, s->w);
}

/* Refuses what is wrong with the arguments listed and with the weight, the bias and h. */
#define REFUSE(name, function_called, s, weight_flags, h_flags, ...)                               \
  do {                                                                                             \
    const argument listed[] = {                                                                    \
        MATRIX_ARGUMENT("p->weight", &(s)->q.p.weight, NULL, REQUIRED | (weight_flags)),           \
        VECTOR_ARGUMENT("p->bias", &(s)->q.p.bias, NULL, 0),                                       \
        MATRIX_ARGUMENT("h", (s)->q.x, &(s)->q.x, REQUIRED | (h_flags)), __VA_ARGS__};             \
    tested_function f = {.function = TEXT(RECUR(softmax, name)),                                   \
                         .call = function_called,                                                  \
                         .problem = s,                                                             \
                         .remember = NAME(remember),                                               \
                         .nothing_touched = NAME(nothing_touched),                                 \
                         .count = COUNT(listed)};                                                  \
    memcpy(f.arguments, listed, sizeof listed);                                                    \
    refuse_everything_wrong(&f);                                                                   \
    NAME(refuse_labels)(&f, s);                                                                    \
    NAME(refuse_widths)(&f, s);                                                                    \
  } while (0)

static void NAME(refuse_labels)(const tested_function *f, NAME(head) * s) {
  static const int wrong[] = {-1, 4, INT_MIN, INT_MAX};
  if (strstr(f->function, "cross_entropy") == NULL)
    return;
  for (size_t row = 0; row < 3; row++)
    for (size_t k = 0; k < COUNT(wrong); k++) {
      int *label = &s->labels->data[row * s->labels->stride], right = *label;
      *label = wrong[k];
      refused(f, GSL_EINVAL, "labels");
      char text[40];
      snprintf(text, sizeof text, "%d in row %zu", wrong[k], row);
      CHECK(strstr(recur_last_error()->message, text) != NULL);
      *label = right;
    }
}

static void NAME(refuse_widths)(const tested_function *f, NAME(head) * s) {
  static const size_t wrong[] = {0, (size_t)INT_MAX + 1, SIZE_MAX};
  for (size_t k = 0; k < COUNT(wrong); k++) {
    s->q.p.weight.size2 = wrong[k];
    refused(f, GSL_EINVAL, "H");
    s->q.p.weight.size2 = s->q.I;
    if (strstr(f->function, "backward") != NULL)
      continue;
    s->q.p.weight.size1 = wrong[k];
    refused(f, GSL_EINVAL, "O");
    s->q.p.weight.size1 = s->q.O;
  }
}

#define GRADIENTS(s)                                                                               \
  MATRIX_ARGUMENT("dh", (s)->q.dx, &(s)->q.dx, OUTPUT),                                            \
      MATRIX_ARGUMENT("dp->weight", &(s)->q.dp->weight, NULL, OUTPUT),                             \
      VECTOR_ARGUMENT("dp->bias", &(s)->q.dp->bias, NULL, OUTPUT)
#define LABELS(s) VECTOR_ARGUMENT("labels", (s)->labels, &(s)->labels, REQUIRED)

static void NAME(run)(void) {
  enum { LABEL_STRIDE = 2 };
  int label_numbers[3 * LABEL_STRIDE] = {1, -1, 0, -1, 3, -1};
  NAME(head)
  all = {.q = NAME(new_layer)(3, 2, 4, 0),
         .label_view = {.size = 3, .stride = LABEL_STRIDE, .data = label_numbers},
         .loss_view = NAME(new_vector)(3),
         .dloss_view = NAME(new_random_vector)(3),
         .w = RECUR(softmax, workspace_alloc)(3, 4)};
  NAME(head) *s = &all;
  s->q.dp = &s->q.gradients;
  s->labels = &s->label_view;
  s->loss = &s->loss_view;
  s->dloss = &s->dloss_view;
  REFUSE(forward, NAME(forward), s, ANY_ROWS | ANY_COLUMNS, ANY_ROWS,
         MATRIX_ARGUMENT("y", s->q.y, &s->q.y, REQUIRED | OUTPUT));
  REFUSE(cross_entropy_forward, NAME(loss_forward), s, ANY_ROWS | ANY_COLUMNS, ANY_ROWS, LABELS(s),
         MATRIX_ARGUMENT("y", s->q.y, &s->q.y, REQUIRED | OUTPUT),
         VECTOR_ARGUMENT("loss", s->loss, &s->loss, REQUIRED | OUTPUT));
  REFUSE(backward, NAME(backward), s, ANY_COLUMNS, 0,
         MATRIX_ARGUMENT("y", s->q.y, &s->q.y, REQUIRED),
         MATRIX_ARGUMENT("dy", s->q.dy, &s->q.dy, REQUIRED), GRADIENTS(s));
  REFUSE(cross_entropy_backward, NAME(loss_backward), s, ANY_COLUMNS, 0, LABELS(s),
         MATRIX_ARGUMENT("y", s->q.y, &s->q.y, REQUIRED),
         VECTOR_ARGUMENT("dloss", s->dloss, &s->dloss, REQUIRED), GRADIENTS(s));

  check_note("%s: no parameters, no workspace", TEXT(REAL));
  NAME(layer) *q = &s->q;
  NAME(remember)();
  CHECK(RECUR(softmax, forward)(NULL, q->x, q->y) == GSL_EFAULT);
  CHECK(RECUR(softmax, backward)(NULL, q->x, q->y, q->dy, q->dx, q->dp, s->w) == GSL_EFAULT);
  CHECK(RECUR(softmax, backward)(&q->p, q->x, q->y, q->dy, q->dx, q->dp, NULL) == GSL_EFAULT);
  CHECK(strcmp(recur_last_error()->argument, "w") == 0);
  CHECK(RECUR(softmax, cross_entropy_forward)(NULL, q->x, s->labels, q->y, s->loss) == GSL_EFAULT);
  RECUR(softmax, workspace) *w = s->w;
  s->w = NULL;
  CHECK(NAME(loss_backward)(s) == GSL_EFAULT);
  CHECK(NAME(nothing_touched)());
  RECUR(softmax, workspace_free)(w);
  RECUR(softmax, workspace_free)(NULL);
  NAME(free_all)();
}

#ifndef FLOAT_PASS
#include "support/switch_to_float.h"

#include "test_softmax_errors.c"

int main(void) {
  check_begin();
  double_run();
  float_run();
  return check_end();
}
#endif
