/* The storage of matrices in inference: see storage.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/storage.h"

#include "base/environment.h"
#include "base/half.h"

#include <recur/parameters.h>

static const rk_parameter_kind stored[] = {RK_WEIGHT_IH, RK_WEIGHT_HH, RK_WEIGHT_HR};
enum { STORED = sizeof stored / sizeof stored[0] };

int rk_check_storage(const char *function, const recur_network *network) {
#ifndef RK_FLOAT
  if (network->weight_storage != RECUR_STORAGE_FULL)
    return rk_fail(GSL_EUNIMPL, function, "network->weight_storage",
                   "is half, expected full in double precision");
#endif
  (void)function;
  (void)network;
  return GSL_SUCCESS;
}

/* Whether all elements are below the limit of halves; false for NaN. */
static bool rk_storage_fits(const gsl_matrix *m) {
  bool fits = true;
  for (size_t k = 0; k < m->size1 * m->size2; k++)
    fits &= rk_fabs(m->data[k]) < RK_HALF_LIMIT;
  return fits;
}

static void rk_storage_round(gsl_matrix *m) {
  for (size_t k = 0; k < m->size1 * m->size2; k++)
    m->data[k] = rk_half_value(rk_half_of((float)m->data[k]));
}

int rk_check_storable(const char *function, const char *node, const recur_network *network,
                      const gsl_vector *theta) {
  if (network->weight_storage == RECUR_STORAGE_FULL)
    return GSL_SUCCESS;
  for (size_t ld = 0; ld < network->layers * network->directions; ld++) {
    const size_t l = ld / network->directions, d = ld % network->directions;
    const rk_parameter_views p = rk_parameter_views_of(network, theta, l, d);
    for (size_t k = 0; k < STORED; k++)
      if (!rk_storage_fits(&p.matrix[stored[k]]))
        return rk_fail(GSL_EINVAL, function, "theta",
                       "has an element of %.80s%s%s_l%zu%s that is not below 65520, the limit of "
                       "halves",
                       node == NULL ? "" : node, node == NULL ? "" : ".",
                       rk_parameter_names[stored[k]], l, d == 1 ? "_reverse" : "");
  }
  return GSL_SUCCESS;
}

int recur_parameters_round(const recur_network *network, gsl_vector *theta) {
  RK_COMPUTES;
  RK_TRY(rk_check_parameters(__func__, network, sizeof(rk_real)));
  RK_TRY(rk_check_storage(__func__, network));
  RK_TRY(rk_vector_check_contiguous(__func__, theta, rk_parameter_count(network)));
  RK_TRY(rk_check_storable(__func__, NULL, network, theta));
  if (network->weight_storage == RECUR_STORAGE_FULL)
    return GSL_SUCCESS;
  for (size_t ld = 0; ld < network->layers * network->directions; ld++) {
    rk_parameter_views p =
        rk_parameter_views_of(network, theta, ld / network->directions, ld % network->directions);
    for (size_t k = 0; k < STORED; k++)
      rk_storage_round(&p.matrix[stored[k]]);
  }
  return GSL_SUCCESS;
}
