/* Wrong arguments: a call lists its views, and the input makes some of them wrong. A wrong view
   must be refused, or an access outside its memory would not be the library's fault. An accepted
   call must not have an output that shares an element with another argument.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef CORRUPTION_H
#define CORRUPTION_H

#include "target.h"

enum { MOST_VIEWS = 16, MOST_CORRUPTIONS = 3 };

typedef enum {
  INPUT,
  OUTPUT,
  FREE_OUTPUT, /* of any shape */
  STATE_IN,    /* may be the same matrix as the STATE_OUT of the same number */
  STATE_OUT
} view_role;

/* A matrix, or a vector as one column. */
typedef struct {
  view_role role;
  unsigned number;
  void *slot; /* the variable that points to the view; NULL for a view in a struct */
  size_t *rows, *columns, *apart;
  void *data; /* the view's data field */
  size_t element;
} view;

typedef struct {
  view views[MOST_VIEWS];
  size_t count;
  bool reshaped, moved;
} call;

static size_t one_column;

static inline void add_view(call *c, view v) {
  if (c->count == MOST_VIEWS)
    abort();
  one_column = 1;
  c->views[c->count++] = v;
}

#define ADD_MATRIX(call, matrix, variable, matrix_role, k)                                         \
  add_view(call, (view){matrix_role, k, variable, &(matrix)->size1, &(matrix)->size2,              \
                        &(matrix)->tda, &(matrix)->data, sizeof *(matrix)->data})
#define ADD_VECTOR(call, vector, variable, vector_role)                                            \
  add_view(call, (view){vector_role, 0, variable, &(vector)->size, &one_column, &(vector)->stride, \
                        &(vector)->data, sizeof *(vector)->data})

static inline unsigned char *pointer_in(const void *where) {
  unsigned char *pointer;
  memcpy(&pointer, where, sizeof pointer);
  return pointer;
}

static inline void set_pointer_in(void *where, const unsigned char *pointer) {
  memcpy(where, &pointer, sizeof pointer);
}

static inline size_t extent_of(const view *v) {
  return *v->rows == 0 || *v->columns == 0 ? 0 : (*v->rows - 1) * *v->apart + *v->columns;
}

/* Corruptions */

/* One size of one view, which disagrees with other arguments afterwards. */
static inline void corrupt_size(reader *r, call *c, view *v) {
  size_t *const size = take_byte(r) % 2 == 0 || v->columns == &one_column ? v->rows : v->columns;
  const size_t right = *size, wrong[] = {0, right - 1, right + 1, 2 * right + 1, take_extreme(r)};
  if (v->role == FREE_OUTPUT || c->reshaped || c->moved)
    return;
  *size = wrong[take_below(r, COUNT(wrong))];
  c->reshaped = true;
}

/* A distance of rows that is refused, or that does not matter. */
static inline void corrupt_distance(reader *r, view *v) {
  const size_t right = *v->apart, any = *v->rows <= 1 ? (size_t)INT_MAX : right;
  const size_t wrong[] = {0, *v->columns - 1, any, (size_t)INT_MAX + 1, (size_t)1 << 61, SIZE_MAX};
  *v->apart = wrong[take_below(r, COUNT(wrong))];
}

/* Onto the elements of another view, some elements before or after its start. */
static inline void move_view(reader *r, call *c, view *v) {
  const view *other = &c->views[take_below(r, c->count)];
  const ptrdiff_t elements = (ptrdiff_t)take_byte(r) % 32 - 8;
  const bool adopts = take_byte(r) % 2 == 0 && *other->apart >= *v->columns;
  const size_t right = *v->apart, apart = adopts ? *other->apart : right;
  const unsigned char *to = pointer_in(other->data);
  if (to == NULL || pointer_in(v->data) == NULL || other->element < v->element || c->reshaped ||
      apart > ARENA_BYTES)
    return;
  *v->apart = apart;
  const size_t bytes = extent_of(v) * v->element;
  to += elements * (ptrdiff_t)v->element;
  if (bytes > arena_used || to < arena || to > arena + arena_used - bytes) {
    *v->apart = right;
    return;
  }
  set_pointer_in(v->data, to);
  c->moved = true;
}

static inline void corrupt(reader *r, call *c) {
  const size_t times = take_below(r, MOST_CORRUPTIONS + 1);
  for (size_t k = 0; k < times; k++) {
    view *v = &c->views[take_below(r, c->count)];
    switch (take_below(r, 6)) {
    case 0:
      if (v->slot != NULL)
        set_pointer_in(v->slot, NULL);
      break;
    case 1:
      set_pointer_in(v->data, NULL);
      break;
    case 2:
      corrupt_size(r, c, v);
      break;
    case 3:
      if (!c->moved)
        corrupt_distance(r, v);
      break;
    default:
      move_view(r, c, v);
    }
  }
}

/* Accepted calls */

static inline bool is_given(const view *v) {
  return (v->slot == NULL || pointer_in(v->slot) != NULL) && pointer_in(v->data) != NULL;
}

static inline bool may_share(const view *a, const view *b) {
  const bool states = (a->role == STATE_IN && b->role == STATE_OUT) ||
                      (a->role == STATE_OUT && b->role == STATE_IN);
  return states && a->number == b->number && pointer_in(a->data) == pointer_in(b->data);
}

static inline bool contains(const view *v, const unsigned char *at) {
  const unsigned char *data = pointer_in(v->data);
  if (at < data || at >= data + extent_of(v) * v->element)
    return false;
  return (size_t)(at - data) / v->element % *v->apart < *v->columns;
}

static inline bool share(const view *a, const view *b) {
  const unsigned char *data = pointer_in(a->data);
  for (size_t i = 0; i < *a->rows; i++)
    for (size_t j = 0; j < *a->columns; j++)
      if (contains(b, data + (i * *a->apart + j) * a->element))
        return true;
  return false;
}

static inline void check_apart(const call *c) {
  for (size_t i = 0; i < c->count; i++)
    for (size_t j = 0; j < c->count; j++) {
      const view *a = &c->views[i], *b = &c->views[j];
      if (i != j && a->role != INPUT && a->role != STATE_IN && is_given(a) && is_given(b))
        REQUIRE(may_share(a, b) || !share(a, b));
    }
}

/* Ends a call that began with arena_close. If views moved, they may write to gaps. */
static inline bool finish(const call *c, int status, const char *function) {
  arena_open();
  if (status != GSL_SUCCESS)
    check_failure(status, function);
  else if (c->moved)
    check_apart(c);
  REQUIRE(c->moved || arena_intact());
  return status == GSL_SUCCESS;
}

/* Remembers all bytes. If views moved, gaps may be read. */
static inline void begin(const call *c) {
  arena_close();
  if (c->moved)
    arena_open();
}

#define CALL_CORRUPTED(call, function, arguments)                                                  \
  (begin(call), finish(call, function arguments, TEXT(function)))

#endif
