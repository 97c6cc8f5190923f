/* Wrong arguments: a test lists the arguments of a function, and each of them is made wrong in
   every way. Each call must be refused, be described by recur_last_error, and leave all matrices
   unchanged, bit for bit.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "support/check.h"

#include <limits.h>
#include <recur/error.h>

enum {
  REQUIRED = 1,
  OUTPUT = 2,
  STATE_IN = 4, /* may be the same matrix as the final state */
  STATE_OUT = 8 | OUTPUT,
  ANY_ROWS = 16, /* any number of rows is valid */
  ANY_COLUMNS = 32,
  CONTIGUOUS = 64 /* a vector of stride 1 */
};

typedef struct {
  const char *name;
  int flags;
  void *pointer;                  /* the variable that points to it; NULL for a view in a struct */
  size_t *rows, *columns, *apart; /* fields of the view; a vector has no columns */
  void *data;                     /* the view's data field */
  size_t element;
} argument;

typedef struct {
  const char *function;
  int (*call)(void *problem);
  void *problem;
  void (*remember)(void);
  bool (*nothing_touched)(void);
  size_t count;
  argument arguments[20];
} tested_function;

/* slot: the variable that points to the view, or NULL. */
#define MATRIX_ARGUMENT(text, view, slot, flags)                                                   \
  {                                                                                                \
    text, flags, slot, &(view)->size1, &(view)->size2, &(view)->tda, &(view)->data,                \
        sizeof *(view)->data                                                                       \
  }
#define VECTOR_ARGUMENT(text, view, slot, flags)                                                   \
  { text, flags, slot, &(view)->size, NULL, &(view)->stride, &(view)->data, sizeof *(view)->data }

static inline char *pointer_at(const void *where) {
  char *pointer;
  memcpy(&pointer, where, sizeof pointer);
  return pointer;
}

static inline void set_pointer(void *where, const char *pointer) {
  memcpy(where, &pointer, sizeof pointer);
}

/* Calls the function, and checks the refusal. */
static inline bool refused(const tested_function *f, int status, const char *name) {
  f->remember();
  check_note("%s, wrong: %s, expected status %d", f->function, name, status);
  bool right = CHECK(f->call(f->problem) == status);
  const recur_error *e = recur_last_error();
  right = CHECK(f->nothing_touched()) && right;
  right = CHECK(e->status == status) && right;
  right = CHECK(strcmp(e->function, f->function) == 0) && right;
  right = CHECK(strcmp(e->argument, name) == 0) && right;
  right = CHECK(strstr(e->message, f->function) != NULL) && right;
  return CHECK(gives_reason(e)) && CHECK(strstr(e->message, name) != NULL) && right;
}

/* Calls the function with right arguments. A workspace does not check those of its last call
   again, so each wrong argument follows a right one. */
static inline void accepted(const tested_function *f) {
  check_note("%s, all right again", f->function);
  CHECK(f->call(f->problem) == GSL_SUCCESS);
}

/* Checks that a wrong shape is refused. */
static inline void refuse_shape(const tested_function *f, const argument *a, size_t rows,
                                size_t columns) {
  const size_t expected[] = {*a->rows, a->columns ? *a->columns : 1};
  char sizes[100];
  snprintf(sizes, sizeof sizes, "%zu x %zu, expected %zu x %zu", rows, columns, expected[0],
           expected[1]);
  *a->rows = rows;
  if (a->columns != NULL)
    *a->columns = columns;
  refused(f, GSL_EBADLEN, a->name);
  const recur_error *e = recur_last_error();
  CHECK(e->expected[0] == expected[0] && e->expected[1] == expected[1]);
  CHECK(e->found[0] == rows && e->found[1] == columns);
  CHECK(strstr(e->message, sizes) != NULL);
  *a->rows = expected[0];
  if (a->columns != NULL)
    *a->columns = expected[1];
}

static inline void refuse_wrong_shape(const tested_function *f, const argument *a, size_t rows,
                                      size_t columns) {
  refuse_shape(f, a, rows, columns);
  accepted(f);
}

/* Sizes too small and too large, and swapped rows and columns. */
static inline void refuse_shapes_of(const tested_function *f, const argument *a) {
  const size_t rows = *a->rows, columns = a->columns ? *a->columns : 1;
  const bool any_rows = a->flags & ANY_ROWS, any_columns = !a->columns || a->flags & ANY_COLUMNS;
  const size_t wrong_rows[] = {rows - 1, rows + 1, 2 * rows, SIZE_MAX};
  const size_t wrong_columns[] = {columns - 1, columns + 1, 2 * columns, SIZE_MAX};
  for (size_t i = 0; i < COUNT(wrong_rows); i++) {
    if (!any_rows)
      refuse_wrong_shape(f, a, wrong_rows[i], columns);
    if (!any_columns)
      refuse_wrong_shape(f, a, rows, wrong_columns[i]);
  }
  if (!any_rows && !any_columns && rows != columns)
    refuse_wrong_shape(f, a, columns, rows);
}

static inline void refuse_shapes(const tested_function *f) {
  for (const argument *a = f->arguments; a < f->arguments + f->count; a++)
    refuse_shapes_of(f, a);
}

/* A tda that is less than the columns or more than INT_MAX. */
static inline void refuse_distances(const tested_function *f) {
  for (const argument *a = f->arguments; a < f->arguments + f->count; a++) {
    const size_t right = *a->apart,
                 wrong[] = {0, a->columns ? *a->columns - 1 : 0, (size_t)INT_MAX + 1, SIZE_MAX};
    for (size_t i = 0; i < COUNT(wrong); i++) {
      *a->apart = wrong[i];
      refused(f, GSL_EINVAL, a->name);
      *a->apart = right;
      accepted(f);
    }
  }
}

/* NULL, an empty view, and a matrix whose data alone is NULL. */
static inline void refuse_missing(const tested_function *f) {
  for (const argument *a = f->arguments; a < f->arguments + f->count; a++) {
    if (!(a->flags & REQUIRED))
      continue;
    if (a->pointer != NULL) {
      const char *right = pointer_at(a->pointer);
      set_pointer(a->pointer, NULL);
      refused(f, GSL_EFAULT, a->name);
      set_pointer(a->pointer, right);
      accepted(f);
    }
    if (a->columns == NULL)
      continue;
    const char *right = pointer_at(a->data);
    set_pointer(a->data, NULL);
    refused(f, GSL_EFAULT, a->name);
    set_pointer(a->data, right);
    accepted(f);
  }
}

/* An empty matrix without data is a wrong shape, and not the same as NULL. */
static inline void refuse_empty(const tested_function *f) {
  for (const argument *a = f->arguments; a < f->arguments + f->count; a++) {
    if (a->pointer == NULL || a->flags & (ANY_ROWS | ANY_COLUMNS))
      continue;
    const char *right = pointer_at(a->data);
    set_pointer(a->data, NULL);
    refuse_shape(f, a, 0, a->columns ? 0 : 1);
    set_pointer(a->data, right);
  }
}

static inline size_t extent(const argument *a) {
  return (*a->rows - 1) * *a->apart + (a->columns ? *a->columns : 1);
}

/* Whether a, if its data were at `data`, would share an element with b. */
static inline bool shares(const argument *a, const char *data, const argument *b) {
  for (size_t i = 0; i < *a->rows; i++)
    for (size_t j = 0; j < (a->columns ? *a->columns : 1); j++) {
      const ptrdiff_t at =
          data - pointer_at(b->data) + (ptrdiff_t)((i * *a->apart + j) * a->element);
      const size_t number = (size_t)at / b->element;
      if (at >= 0 && number < extent(b) && number % *b->apart < (b->columns ? *b->columns : 1))
        return true;
    }
  return false;
}

static inline void refuse_overlap(const tested_function *f, const argument *a, const argument *b,
                                  const char *data) {
  if (!shares(a, data, b))
    return;
  const char *right = pointer_at(a->data);
  set_pointer(a->data, data);
  f->remember();
  check_note("%s: %s overlaps %s", f->function, a->name, b->name);
  CHECK(f->call(f->problem) == GSL_EINVAL);
  CHECK(f->nothing_touched());
  const recur_error *e = recur_last_error();
  CHECK(e->status == GSL_EINVAL && strcmp(e->function, f->function) == 0);
  /* At its new place, it may also overlap a third argument, which may be found first. */
  CHECK(strstr(e->message, "overlaps") != NULL && strstr(e->message, a->name) != NULL);
  set_pointer(a->data, right);
}

/* Moves output a onto argument b: to the same address, one element before and after, with its first
   element on b's last, and its last on b's first. */
static inline void refuse_pair(const tested_function *f, const argument *a, const argument *b) {
  const char *start = pointer_at(b->data);
  const bool states = (a->flags & STATE_OUT) == STATE_OUT && b->flags & STATE_IN;
  if (!states || *a->apart != *b->apart)
    refuse_overlap(f, a, b, start);
  refuse_overlap(f, a, b, start + a->element);
  refuse_overlap(f, a, b, start - a->element);
  refuse_overlap(f, a, b, start + (extent(b) - 1) * b->element / a->element * a->element);
  refuse_overlap(f, a, b, start - (extent(a) - 1) * a->element);
}

/* With the original tda, and with the same tda for both, where interleaved matrices without common
   elements do not overlap. */
static inline void refuse_overlaps(const tested_function *f) {
  for (const argument *a = f->arguments; a < f->arguments + f->count; a++)
    for (const argument *b = f->arguments; b < f->arguments + f->count; b++) {
      if (a == b || !(a->flags & OUTPUT))
        continue;
      refuse_pair(f, a, b);
      if (a->flags & CONTIGUOUS)
        continue;
      const size_t right = *a->apart;
      *a->apart = *b->apart;
      if (*a->apart >= (a->columns ? *a->columns : 1))
        refuse_pair(f, a, b);
      *a->apart = right;
    }
}

static inline void refuse_everything_wrong(const tested_function *f) {
  check_note("%s, all right", f->function);
  CHECK(f->call(f->problem) == GSL_SUCCESS);
  refuse_shapes(f);
  refuse_distances(f);
  refuse_missing(f);
  refuse_empty(f);
  refuse_overlaps(f);
  accepted(f);
}

#endif
