/* The storage of matrices in inference: see storage.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/storage.h"

#include "base/bfloat16.h"
#include "base/environment.h"
#include "base/half.h"
#include "base/quantized.h"
#include "configuration/options.h"

#include <recur/parameters.h>

static const rk_parameter_kind stored[] = {RK_WEIGHT_IH, RK_WEIGHT_HH, RK_WEIGHT_HR};

typedef struct {
  size_t fewest;   /* elements of W_hh: smaller matrices are in a cache anyway, and converting their
                      elements takes longer than reading full ones */
  size_t matrices; /* how many of `stored` are rounded: integers leave W_hr out */
  float limit;     /* magnitudes must be below it */
  const char *excess;
} storage_rule;

static const storage_rule rules[] = {
    [RECUR_STORAGE_FULL] = {0, 0, INFINITY, "is not finite"},
    [RECUR_STORAGE_HALF] = {65536, 3, RK_HALF_LIMIT, "is not below 65520, the limit of halves"},
    [RECUR_STORAGE_BFLOAT16] = {16384, 3, RK_BFLOAT16_LIMIT,
                                "is not below 3.39617e38, the limit of bfloat16"},
    [RECUR_STORAGE_INT8] = {16384, 2, INFINITY, "is not finite"}};

#ifdef RK_FLOAT
static int check_sizes(const char *function, const recur_network *network) {
  const recur_weight_storage storage = network->weight_storage;
  const char *name = rk_storage_names[storage];
  const rk_sizes s = rk_sizes_of(network);
  const size_t above = rk_layer_input(&s, network->layers - 1);
  const size_t inputs = s.I > above ? s.I : above, terms = inputs > s.P ? inputs : s.P;
  if (s.G * s.H * s.P < rules[storage].fewest)
    return rk_fail(GSL_EINVAL, function, "network->weight_storage",
                   "is %s, expected full for a W_hh of %zu elements, fewer than %zu", name,
                   s.G * s.H * s.P, rules[storage].fewest);
  if (storage == RECUR_STORAGE_INT8 && terms > RK_INT8_TERMS)
    return rk_fail(GSL_EINVAL, function, "network->weight_storage",
                   "is int8, expected bfloat16 or full for %zu inputs or units, more than %d",
                   terms, RK_INT8_TERMS);
  return GSL_SUCCESS;
}
#else
static int check_sizes(const char *function, const recur_network *network) {
  return rk_fail(GSL_EUNIMPL, function, "network->weight_storage",
                 "is %s, expected full in double precision",
                 rk_storage_names[network->weight_storage]);
}
#endif

int rk_check_storage(const char *function, const recur_network *network) {
  return network->weight_storage == RECUR_STORAGE_FULL ? GSL_SUCCESS
                                                       : check_sizes(function, network);
}

/* The value of a half that is finite. */
static float value_of_half(rk_half half) {
  const uint32_t magnitude = half & 0x7fff, sign = (uint32_t)(half & 0x8000) << 16;
  const float subnormal = (float)magnitude * 0x1p-24f;
  uint32_t bits = (magnitude << 13) + ((127 - 15) << 23);
  if (magnitude < 0x400)
    memcpy(&bits, &subnormal, sizeof bits);
  bits |= sign;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static float value_of_bfloat16(rk_bfloat16 b) {
  const uint32_t bits = (uint32_t)b << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Whether all magnitudes are below a limit; false for NaN. */
static bool rk_storage_fits(const gsl_matrix *m, rk_real limit) {
  bool fits = true;
  for (size_t k = 0; k < m->size1 * m->size2; k++)
    fits &= rk_fabs(m->data[k]) < limit;
  return fits;
}

static void rk_storage_round_row(rk_real *row, size_t n) {
  float maximum = 0;
  for (size_t j = 0; j < n; j++)
    maximum = fmaxf(maximum, fabsf((float)row[j]));
  const float scale = rk_int8_scale(maximum);
  for (size_t j = 0; j < n; j++)
    row[j] = scale * rk_int8_of((float)row[j], scale);
}

static void rk_storage_round(recur_weight_storage storage, gsl_matrix *m) {
  const size_t n = m->size1 * m->size2;
  switch (storage) {
  case RECUR_STORAGE_HALF:
    for (size_t k = 0; k < n; k++)
      m->data[k] = value_of_half(rk_half_of((float)m->data[k]));
    break;
  case RECUR_STORAGE_BFLOAT16:
    for (size_t k = 0; k < n; k++)
      m->data[k] = value_of_bfloat16(rk_bfloat16_of((float)m->data[k]));
    break;
  default: /* RECUR_STORAGE_INT8 */
    for (size_t i = 0; i < m->size1; i++)
      rk_storage_round_row(m->data + i * m->tda, m->size2);
  }
}

int rk_check_storable(const char *function, const char *node, const recur_network *network,
                      const gsl_vector *theta) {
  const storage_rule *rule = &rules[network->weight_storage];
  for (size_t ld = 0; ld < network->layers * network->directions; ld++) {
    const size_t l = ld / network->directions, d = ld % network->directions;
    const rk_parameter_views p = rk_parameter_views_of(network, theta, l, d);
    for (size_t k = 0; k < rule->matrices; k++)
      if (!rk_storage_fits(&p.matrix[stored[k]], (rk_real)rule->limit))
        return rk_fail(GSL_EINVAL, function, "theta", "has an element of %.80s%s%s_l%zu%s that %s",
                       node == NULL ? "" : node, node == NULL ? "" : ".",
                       rk_parameter_names[stored[k]], l, d == 1 ? "_reverse" : "", rule->excess);
  }
  return GSL_SUCCESS;
}

int recur_parameters_round(const recur_network *network, gsl_vector *theta) {
  RK_COMPUTES;
  RK_TRY(rk_check_parameters(__func__, network, sizeof(rk_real)));
  RK_TRY(rk_check_storage(__func__, network));
  RK_TRY(rk_vector_check_contiguous(__func__, theta, rk_parameter_count(network)));
  RK_TRY(rk_check_storable(__func__, NULL, network, theta));
  for (size_t ld = 0; ld < network->layers * network->directions; ld++) {
    rk_parameter_views p =
        rk_parameter_views_of(network, theta, ld / network->directions, ld % network->directions);
    for (size_t k = 0; k < rules[network->weight_storage].matrices; k++)
      rk_storage_round(network->weight_storage, &p.matrix[stored[k]]);
  }
  return GSL_SUCCESS;
}
