/* The workspace of a model: the values of its nodes, and in training their gradients.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_MODEL_WORKSPACE_H
#define RK_MODEL_WORKSPACE_H

#include "base/matrix.h"
#include "model/model_weights.h"

/* The vectors among the arguments of a forward pass: theta, initial and final state. */
enum { RK_VECTORS = 3 };

struct recur_model_workspace {
  const recur_model *model;
  recur_mode mode;
  recur_threads *threads; /* or NULL */
  size_t T, B;
  rk_record record;        /* the last pass that was recorded */
  recur_model_weights own; /* training: packed for forward, then for backward */
  rk_steps *steps;         /* of each clock */
  rk_node_memory *nodes;   /* of each node */
  gsl_matrix *values;      /* of each node: views of its memory or of the caller's matrix */
  size_t *states;          /* the first element of each node's state, and the number of all */
  operand *operands;       /* the arguments of a call */
  rk_argument *last;       /* those of the last forward pass: vectors, features, outputs */
  bool checked;            /* whether they were valid */
  rk_call *calls;          /* of each node in a forward pass */
  bool *wanted, *first;    /* backward: see pass.c */
};

#endif
