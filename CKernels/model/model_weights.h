/* The weights of a model: packed for inference, or for a training pass.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_MODEL_WEIGHTS_H
#define RK_MODEL_WEIGHTS_H

#include "model/operation.h"

struct recur_model_weights {
  const recur_model *model;
  bool set;
  const rk_real *theta; /* training: the caller's parameters */
  rk_real *copy;        /* inference: the parameters of nodes that are not networks */
  rk_real *row;         /* scratch for packing */
  rk_node_weights *nodes;
};

/* Lays out the arrays in memory: see memory.h. Training needs neither the copy nor weights of
   networks. */
void rk_model_weights_lay_out(recur_model_weights *weights, bool training, char *memory,
                              size_t *used);

/* The parameters of a node; in inference not those of a network. */
const rk_real *rk_model_weights_of(const recur_model_weights *weights, const rk_node *node);

/* Packs the weight of node k from its parameters. */
void rk_model_weights_pack(const recur_model_weights *weights, size_t k, bool backward);

#endif
