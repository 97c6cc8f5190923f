/* recur/softmax.h: every wrong argument, especially labels.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "heads/linear_problem.h"
#include "support/arguments.h"

#include <recur/softmax.h>

/* The arguments of all four functions, where x is h and dx is dh. */
typedef struct {
  linear_layer q;
  gsl_vector_int label_view, *labels;
  gsl_vector loss_view, dloss_view, *loss, *dloss;
  recur_softmax_workspace *w;
} softmax_arguments;

static int forward(void *head) {
  const softmax_arguments *s = head;
  return recur_softmax_forward(&s->q.p, s->q.x, s->q.y);
}

static int backward(void *head) {
  const softmax_arguments *s = head;
  return recur_softmax_backward(&s->q.p, s->q.x, s->q.y, s->q.dy, s->q.dx, s->q.dp, s->w);
}

static int loss_forward(void *head) {
  const softmax_arguments *s = head;
  return recur_softmax_cross_entropy_forward(&s->q.p, s->q.x, s->labels, s->q.y, s->loss);
}

static int loss_backward(void *head) {
  const softmax_arguments *s = head;
  return recur_softmax_cross_entropy_backward(&s->q.p, s->q.x, s->labels, s->q.y, s->dloss, s->q.dx,
                                              s->q.dp, s->w);
}

/* Makes each listed argument, the weight, the bias and h wrong, and checks the refusals. */
#define REFUSE(name, function_called, s, weight_flags, h_flags, ...)                               \
  do {                                                                                             \
    const argument listed[] = {                                                                    \
        MATRIX_ARGUMENT("p->weight", &(s)->q.p.weight, NULL, REQUIRED | (weight_flags)),           \
        VECTOR_ARGUMENT("p->bias", &(s)->q.p.bias, NULL, 0),                                       \
        MATRIX_ARGUMENT("h", (s)->q.x, &(s)->q.x, REQUIRED | (h_flags)), __VA_ARGS__};             \
    tested_function f = {.function = TEXT(name),                                                   \
                         .call = function_called,                                                  \
                         .problem = s,                                                             \
                         .remember = remember,                                                     \
                         .nothing_touched = nothing_touched,                                       \
                         .count = COUNT(listed)};                                                  \
    memcpy(f.arguments, listed, sizeof listed);                                                    \
    refuse_everything_wrong(&f);                                                                   \
    refuse_labels(&f, s);                                                                          \
    refuse_widths(&f, s);                                                                          \
  } while (0)

static void refuse_labels(const tested_function *f, softmax_arguments *s) {
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

static void refuse_widths(const tested_function *f, softmax_arguments *s) {
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

static void test_wrong_arguments(void) {
  enum { LABEL_STRIDE = 2 };
  int label_numbers[3 * LABEL_STRIDE] = {1, -1, 0, -1, 3, -1};
  softmax_arguments all = {.q = new_layer(3, 2, 4, 0),
                           .label_view = {.size = 3, .stride = LABEL_STRIDE, .data = label_numbers},
                           .loss_view = new_vector(3),
                           .dloss_view = new_random_vector(3),
                           .w = recur_softmax_workspace_alloc(3, 4)};
  softmax_arguments *s = &all;
  s->q.dp = &s->q.gradients;
  s->labels = &s->label_view;
  s->loss = &s->loss_view;
  s->dloss = &s->dloss_view;
  REFUSE(recur_softmax_forward, forward, s, ANY_ROWS | ANY_COLUMNS, ANY_ROWS,
         MATRIX_ARGUMENT("y", s->q.y, &s->q.y, REQUIRED | OUTPUT));
  REFUSE(recur_softmax_cross_entropy_forward, loss_forward, s, ANY_ROWS | ANY_COLUMNS, ANY_ROWS,
         LABELS(s), MATRIX_ARGUMENT("y", s->q.y, &s->q.y, REQUIRED | OUTPUT),
         VECTOR_ARGUMENT("loss", s->loss, &s->loss, REQUIRED | OUTPUT));
  REFUSE(recur_softmax_backward, backward, s, ANY_COLUMNS, 0,
         MATRIX_ARGUMENT("y", s->q.y, &s->q.y, REQUIRED),
         MATRIX_ARGUMENT("dy", s->q.dy, &s->q.dy, REQUIRED), GRADIENTS(s));
  REFUSE(recur_softmax_cross_entropy_backward, loss_backward, s, ANY_COLUMNS, 0, LABELS(s),
         MATRIX_ARGUMENT("y", s->q.y, &s->q.y, REQUIRED),
         VECTOR_ARGUMENT("dloss", s->dloss, &s->dloss, REQUIRED), GRADIENTS(s));

  check_note("no parameters, no workspace");
  linear_layer *q = &s->q;
  remember();
  CHECK(recur_softmax_forward(NULL, q->x, q->y) == GSL_EFAULT);
  CHECK(recur_softmax_backward(NULL, q->x, q->y, q->dy, q->dx, q->dp, s->w) == GSL_EFAULT);
  CHECK(recur_softmax_backward(&q->p, q->x, q->y, q->dy, q->dx, q->dp, NULL) == GSL_EFAULT);
  CHECK(strcmp(recur_last_error()->argument, "w") == 0);
  CHECK(recur_softmax_cross_entropy_forward(NULL, q->x, s->labels, q->y, s->loss) == GSL_EFAULT);
  recur_softmax_workspace *w = s->w;
  s->w = NULL;
  CHECK(loss_backward(s) == GSL_EFAULT);
  CHECK(nothing_touched());
  recur_softmax_workspace_free(w);
  recur_softmax_workspace_free(NULL);
  free_all();
}

int main(void) {
  check_begin();
  test_wrong_arguments();
  return check_end();
}
