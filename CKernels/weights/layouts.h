/* The layouts in which other systems keep parameters: see recur/parameters.h.

   A layout is a list of tensors for each layer and direction. A tensor has one or two of Recur's
   slices, gate by gate, transposed or not.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_LAYOUTS_H
#define RK_LAYOUTS_H

#include "weights/parameters.h"

#include <recur/parameters.h>

/* The shape of a tensor: that of Recur's slice, its transpose, or a row per direction or bias. */
typedef enum { SAME, TRANSPOSED, ROW_PER_DIRECTION, ROW_PER_BIAS } rk_layout_form;

typedef struct {
  const char *name;        /* NULL: Recur's name */
  rk_parameter_kind first; /* the first of `count` slices of Recur */
  size_t count;
  rk_layout_form form;
} rk_layout_tensor;

/* A network in a layout. Its tensors are in groups: one group for each layer and direction, or, if
   a tensor has both directions, one for each layer. */
typedef struct {
  const recur_network *network;
  recur_layout layout;
  size_t joined; /* directions in one tensor */
  size_t groups_per_layer;
  const rk_layout_tensor *tensors[RK_PARAMETER_KINDS]; /* of each group */
  size_t tensors_per_group;
  size_t slices, count;
} rk_layout_arrangement;

/* Fills in *a; returns GSL_EUNIMPL if the layout does not support the network. */
int rk_layout_arrange(const char *function, const recur_network *network, recur_layout layout,
                      size_t element, rk_layout_arrangement *a);

/* Returns the gates of a slice, in order; for bias_hh, only the gates whose biases are not added to
   bias_ih. */
const char *rk_layout_order(const recur_cell *cell, recur_layout layout, rk_parameter_kind kind);

/* The number of elements in a tensor, and in the first groups. */
size_t rk_layout_tensor_count(const rk_layout_arrangement *a, size_t layer,
                              const rk_layout_tensor *t);
size_t rk_layout_count_in_groups(const rk_layout_arrangement *a, size_t groups);

/* The k-th tensor: its name, shape and offset. */
recur_parameter_slice rk_layout_slice(const rk_layout_arrangement *a, size_t k);

#endif
