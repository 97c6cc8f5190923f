/* The sum of a vector over processes, along a fixed binary tree.

   Step k of the tree joins ranks that differ in bit k: both have the sums of 2^k ranks, and need
   that of 2^(k+1). For a long vector they divide their elements: each sums one half, sends the
   other, and later receives it (recursive halving and doubling; Rabenseifner 2004). The addition
   is the same one as if they exchanged whole vectors, which short vectors do.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "failure.h"

#include <recur/mpi.h>

#include <gsl/gsl_errno.h>
#include <stdbool.h>

/* A vector, the type of its elements, and its processes. */
typedef struct {
  char *data;
  size_t size; /* of an element */
  MPI_Datatype type;
  void (*add)(void *to, const void *terms, size_t count);
  MPI_Comm communicator;
} vector;

typedef struct {
  size_t first, count;
} range;

enum {
  SHORT = 1024,          /* Elements up to which whole vectors are exchanged. */
  CHUNK_BYTES = 1 << 15, /* Received terms stay in the cache until they are added. */
  MESSAGE = 1 << 28,     /* Elements of a message, whose number is an int. */
  MAX_LEVELS = 31
};

static void add_doubles(void *to, const void *terms, size_t count) {
  double *const a = to;
  const double *const b = terms;
  for (size_t k = 0; k < count; k++)
    a[k] += b[k];
}

static void add_floats(void *to, const void *terms, size_t count) {
  float *const a = to;
  const float *const b = terms;
  for (size_t k = 0; k < count; k++)
    a[k] += b[k];
}

static size_t min(size_t a, size_t b) {
  return a < b ? a : b;
}

/* The half of a range that a rank sums at a level of the tree. */
static range half(range r, bool upper) {
  const size_t lower = r.count / 2;
  return upper ? (range){r.first + lower, r.count - lower} : (range){r.first, lower};
}

/* The part of a range that chunk k exchanges; empty after its end. */
static range chunk(range r, size_t k, size_t size) {
  const size_t start = min(k * size, r.count);
  return (range){r.first + start, min(size, r.count - start)};
}

/* Sends the elements of one range to the partner. Receives those of another: into `scratch`, to add
   them, or in their places. */
static int exchange(const vector *v, range sent, range received, int partner, char *scratch) {
  const size_t size = scratch ? CHUNK_BYTES / v->size : MESSAGE;
  for (size_t k = 0; k * size < sent.count || k * size < received.count; k++) {
    const range out = chunk(sent, k, size), in = chunk(received, k, size);
    char *const place = v->data + in.first * v->size;
    if (MPI_Sendrecv(v->data + out.first * v->size, (int)out.count, v->type, partner, 0,
                     scratch ? scratch : place, (int)in.count, v->type, partner, 0, v->communicator,
                     MPI_STATUS_IGNORE) != MPI_SUCCESS)
      return GSL_EFAILED;
    if (scratch)
      v->add(place, scratch, in.count);
  }
  return GSL_SUCCESS;
}

/* Sums the vectors of R ranks: at each level, the ranges that this rank and its partner sum are the
   halves of their common range. */
static int sum(const vector *v, size_t count, int rank, int R) {
  _Alignas(double) char scratch[CHUNK_BYTES];
  range ranges[MAX_LEVELS + 1] = {{0, count}};
  int level = 0, status = GSL_SUCCESS;
  for (int bit = 1; bit < R && status == GSL_SUCCESS; bit *= 2, level++) {
    const bool upper = rank & bit, whole = count <= SHORT;
    const range all = ranges[level], own = whole ? all : half(all, upper);
    status = exchange(v, whole ? all : half(all, !upper), own, rank ^ bit, scratch);
    ranges[level + 1] = own;
  }
  for (int bit = R / 2; bit > 0 && status == GSL_SUCCESS && count > SHORT; bit /= 2, level--)
    status = exchange(v, ranges[level], half(ranges[level - 1], !(rank & bit)), rank ^ bit, NULL);
  return status;
}

static int checked_sum(const char *function, vector v, size_t count, size_t stride) {
  int rank, R;
  if (v.data == NULL && count > 0)
    return cm_fail(GSL_EFAULT, function, "v", "is NULL");
  if (stride != 1)
    return cm_fail(GSL_EINVAL, function, "v", "has stride %zu, expected 1", stride);
  if (MPI_Comm_rank(v.communicator, &rank) != MPI_SUCCESS ||
      MPI_Comm_size(v.communicator, &R) != MPI_SUCCESS)
    return cm_fail(GSL_EFAILED, function, "communicator", "is not one of MPI");
  if ((R & (R - 1)) != 0)
    return cm_fail(GSL_EINVAL, function, "communicator", "has %d ranks, expected a power of two",
                   R);
  if (sum(&v, count, rank, R) != GSL_SUCCESS)
    return cm_fail(GSL_EFAILED, function, "v", "could not be sent to another rank");
  return GSL_SUCCESS;
}

int recur_mpi_sum(gsl_vector *v, MPI_Comm communicator) {
  if (v == NULL)
    return cm_fail(GSL_EFAULT, __func__, "v", "is NULL");
  const vector doubles = {(char *)v->data, sizeof(double), MPI_DOUBLE, add_doubles, communicator};
  return checked_sum(__func__, doubles, v->size, v->stride);
}

int recur_mpi_float_sum(gsl_vector_float *v, MPI_Comm communicator) {
  if (v == NULL)
    return cm_fail(GSL_EFAULT, __func__, "v", "is NULL");
  const vector floats = {(char *)v->data, sizeof(float), MPI_FLOAT, add_floats, communicator};
  return checked_sum(__func__, floats, v->size, v->stride);
}
