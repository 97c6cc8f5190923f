/* A network's parameters in Recur's own layout: see recur/parameters.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_PARAMETERS_H
#define RK_PARAMETERS_H

#include "base/matrix.h"
#include "base/precision.h"
#include "configuration/sizes.h"

/* The parameters of one layer and direction, in order. */
typedef enum {
  RK_WEIGHT_IH,
  RK_WEIGHT_HH,
  RK_BIAS_IH,
  RK_BIAS_HH,
  RK_WEIGHT_HR,
  RK_WEIGHT_PEEPHOLE,
  RK_WEIGHT_LN_IH,
  RK_WEIGHT_LN_HH,
  RK_PARAMETER_KINDS,
  RK_RANDOM_PARAMETERS = RK_WEIGHT_LN_IH /* the number of kinds before the gains */
} rk_parameter_kind;

extern const char *const rk_parameter_names[RK_PARAMETER_KINDS];

/* The rows and columns of a parameter: 0 x 0 if the network does not have it. */
void rk_parameter_shape(const recur_network *network, size_t layer, rk_parameter_kind kind,
                        size_t *rows, size_t *columns);

/* The number of parameters of the network; saturating. */
size_t rk_parameter_count(const recur_network *network);

/* The number of parameters before those of a layer and direction; saturating. */
size_t rk_parameter_count_before(const recur_network *network, size_t layer, size_t direction);

/* Checks the network, and that its parameters fit into memory. */
int rk_check_parameters(const char *function, const recur_network *network, size_t element);

/* Views for one layer and direction. The view of a parameter that the network lacks
   has no data. */
typedef struct {
  gsl_matrix matrix[RK_PARAMETER_KINDS];
} rk_parameter_views;

rk_parameter_views rk_parameter_views_of(const recur_network *network, const gsl_vector *theta,
                                         size_t layer, size_t direction);

#endif
