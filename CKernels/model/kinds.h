/* The kinds of nodes: their names, and the sources and options that each has.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_KINDS_H
#define RK_KINDS_H

#include "model/graph.h"

/* Checks the options of node k, whose sources are resolved, and sets its value. The clocks of the
   model may grow by one. */
int rk_node_check(const char *function, recur_model *model, size_t k);

/* The number of parts of a node's parameters, and of their elements. */
void rk_node_count_parameters(const recur_model *model, const rk_node *node, size_t *parts,
                              size_t *elements);

/* Describes a part of a node's parameters, which exists. The offset counts from the first one. */
void rk_node_parameter(const recur_model *model, const rk_node *node, size_t k,
                       recur_model_slice *slice);

/* The error of a node: its number and name come before the reason. */
__attribute__((format(printf, 5, 6))) int rk_node_fail(int status, const char *function,
                                                       const recur_node *node, size_t k,
                                                       const char *format, ...);

#endif
