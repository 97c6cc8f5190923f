/* The layouts in which other systems keep parameters: see recur/parameters.h.

   A layout is a list of tensors for each layer and direction. A tensor holds one or two of Recur's
   slices, gate after gate, as they are or transposed.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_LAYOUTS_H
#define RK_LAYOUTS_H

#include "weights/parameters.h"

#include <recur/parameters.h>

/* The shape of a tensor: columns as those of Recur's slice, or its transpose, or so many rows. */
typedef enum { SAME, TRANSPOSED, ROW_PER_DIRECTION, ROW_PER_BIAS } rk_layout_form;

typedef struct {
  const char *name;        /* NULL: Recur's */
  rk_parameter_kind first; /* of Recur's slices, `count` from that one on */
  size_t count;
  rk_layout_form form;
} rk_layout_tensor;

/* A network in a layout. Its tensors come in groups, one for each layer and direction; or one for
   each layer, where a tensor has both. */
typedef struct {
  const recur_network *network;
  recur_layout layout;
  size_t joined; /* directions in one tensor */
  size_t groups_per_layer;
  const rk_layout_tensor *tensors[RK_PARAMETER_KINDS]; /* those that there are, in each group */
  size_t tensors_per_group;
  size_t slices, count;
} rk_layout_arrangement;

/* Fills in *a, or says why the network has no place in the layout. */
int rk_layout_arrange(const char *function, const recur_network *network, recur_layout layout,
                      size_t element, rk_layout_arrangement *a);

/* The gates of a slice in their order; of bias_hh, those that are not added to bias_ih. */
const char *rk_layout_order(const recur_cell *cell, recur_layout layout, rk_parameter_kind kind);

/* How many numbers a tensor has, and the first groups. */
size_t rk_layout_tensor_count(const rk_layout_arrangement *a, size_t layer,
                              const rk_layout_tensor *t);
size_t rk_layout_count_in_groups(const rk_layout_arrangement *a, size_t groups);

/* The k-th tensor: its name, shape and offset. */
recur_parameter_slice rk_layout_slice(const rk_layout_arrangement *a, size_t k);

#endif
