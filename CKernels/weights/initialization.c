/* Initial parameters: see recur/initialization.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/environment.h"
#include "math/orthogonal.h"
#include "weights/parameters.h"
#include "weights/schemes.h"

#include <math.h>
#include <stdlib.h>

static bool is_orthogonal(recur_scheme scheme) {
  return scheme == RECUR_SCHEME_ORTHOGONAL || scheme == RECUR_SCHEME_BLOCK_ORTHOGONAL;
}

static recur_scheme scheme_of(const recur_initialization *initialization, rk_parameter_kind kind) {
  switch (kind) {
  case RK_WEIGHT_HH:
    return initialization->recurrent;
  case RK_BIAS_IH:
  case RK_BIAS_HH:
    return initialization->bias;
  default:
    return initialization->input;
  }
}

/* The number of gates among the rows of a slice. */
static size_t gates_of(const recur_network *network, rk_parameter_kind kind, size_t rows) {
  if (kind == RK_WEIGHT_HR)
    return 1;
  return kind == RK_WEIGHT_PEEPHOLE ? rows : rk_sizes_of(network).G;
}

/* The scratch of one matrix, in doubles. */
static size_t scratch_for(recur_scheme scheme, size_t rows, size_t columns, size_t gates) {
  if (!is_orthogonal(scheme) || rows == 0 || columns == 0)
    return 0;
  const size_t height = scheme == RECUR_SCHEME_BLOCK_ORTHOGONAL ? rows / gates : rows;
  return height < columns ? rk_orthogonal_scratch(height, columns)
                          : rk_orthogonal_scratch(columns, height);
}

/* The maximum scratch of all matrices. Layers above the second are like the second. */
static size_t scratch_for_network(const recur_network *network,
                                  const recur_initialization *initialization) {
  size_t most = 0;
  for (size_t layer = 0; layer < network->layers && layer < 2; layer++)
    for (rk_parameter_kind kind = 0; kind < RK_RANDOM_PARAMETERS; kind++) {
      size_t rows, columns;
      rk_parameter_shape(network, layer, kind, &rows, &columns);
      const size_t doubles = scratch_for(scheme_of(initialization, kind), rows, columns,
                                         gates_of(network, kind, rows));
      most = doubles > most ? doubles : most;
    }
  return most;
}

/* Sets *scratch to NULL if none is needed. */
static int allocate(const char *function, size_t doubles, double **scratch) {
  const size_t bytes = rk_times(doubles, sizeof(double));
  *scratch = bytes > 0 && bytes <= PTRDIFF_MAX ? malloc(bytes) : NULL;
  if (bytes > 0 && *scratch == NULL)
    return rk_fail(GSL_ENOMEM, function, "scratch", "of %zu bytes cannot be allocated", bytes);
  return GSL_SUCCESS;
}

/* How one matrix is filled. */
typedef struct {
  recur_scheme scheme;
  size_t n;     /* of RECUR_SCHEME_UNIFORM */
  size_t gates; /* among its rows */
  rk_generator generator;
  double *scratch;
} plan;

static void rk_initialization_uniform(plan *p, double bound, gsl_matrix *m) {
  double units[2];
  for (size_t i = 0, e = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++, e++) {
      if (e % 2 == 0)
        rk_generator_next(&p->generator, units);
      m->data[i * m->tda + j] = (rk_real)(bound * (2 * units[e % 2] - 1));
    }
}

static void rk_initialization_orthogonal(plan *p, gsl_matrix m) {
  const bool wide = m.size1 < m.size2;
  const size_t count = wide ? m.size1 : m.size2, size = wide ? m.size2 : m.size1;
  rk_orthogonal_fill(&p->generator, count, size, p->scratch);
  for (size_t i = 0; i < m.size1; i++)
    for (size_t j = 0; j < m.size2; j++)
      m.data[i * m.tda + j] = (rk_real)p->scratch[wide ? i * size + j : j * size + i];
}

static void rk_initialization_fill(plan p, gsl_matrix *m) {
  if (m->size1 == 0 || m->size2 == 0)
    return;
  const size_t rows = m->size1 / p.gates;
  switch (p.scheme) {
  case RECUR_SCHEME_UNIFORM:
    rk_initialization_uniform(&p, 1 / sqrt((double)p.n), m);
    break;
  case RECUR_SCHEME_GLOROT:
    rk_initialization_uniform(&p, sqrt(6 / ((double)m->size1 + (double)m->size2)), m);
    break;
  case RECUR_SCHEME_ORTHOGONAL:
    rk_initialization_orthogonal(&p, *m);
    break;
  case RECUR_SCHEME_BLOCK_ORTHOGONAL:
    for (size_t first = 0; first < m->size1; first += rows)
      rk_initialization_orthogonal(&p, rk_matrix_rows(m, first, rows));
    break;
  case RECUR_SCHEME_ZEROS:
    rk_matrix_set_zero(m);
  }
}

/* Fills one layer and direction. The stream is 2*l + d. */
static void rk_initialization_fill_layer(const recur_network *network,
                                         const recur_initialization *initialization,
                                         uint32_t stream, double *scratch,
                                         rk_parameter_views *views) {
  for (rk_parameter_kind kind = 0; kind < RK_RANDOM_PARAMETERS; kind++) {
    gsl_matrix *m = &views->matrix[kind];
    const plan p = {.scheme = scheme_of(initialization, kind),
                    .n = network->hidden_size,
                    .gates = gates_of(network, kind, m->size1),
                    .generator = rk_generator_start(initialization->seed, stream, kind),
                    .scratch = scratch};
    rk_initialization_fill(p, m);
  }
  for (rk_parameter_kind kind = RK_RANDOM_PARAMETERS; kind < RK_PARAMETER_KINDS; kind++)
    for (size_t k = 0; k < views->matrix[kind].size1; k++)
      views->matrix[kind].data[k] = 1;
  if (!initialization->set_forget_gate_bias)
    return;
  const size_t H = network->hidden_size;
  for (size_t j = H; j < 2 * H; j++) {
    views->matrix[RK_BIAS_IH].data[j] = (rk_real)initialization->forget_gate_bias;
    views->matrix[RK_BIAS_HH].data[j] = 0;
  }
}

int recur_parameters_initialize(const recur_network *network,
                                const recur_initialization *initialization, gsl_vector *theta) {
  RK_COMPUTES;
  double *scratch;
  RK_TRY(rk_check_parameters(__func__, network, sizeof(rk_real)));
  RK_TRY(rk_check_initialization(__func__, initialization, RK_REAL_MAX));
  if (initialization->set_forget_gate_bias && !rk_has_forget_gate_bias(&network->cell))
    return rk_fail(GSL_EINVAL, __func__, "initialization->set_forget_gate_bias",
                   "is set, but the cell has no forget gate with a bias");
  RK_TRY(rk_vector_check_contiguous(__func__, theta, rk_parameter_count(network)));
  RK_TRY(allocate(__func__, scratch_for_network(network, initialization), &scratch));
  for (size_t l = 0; l < network->layers; l++)
    for (size_t d = 0; d < network->directions; d++) {
      rk_parameter_views views = rk_parameter_views_of(network, theta, l, d);
      const uint32_t stream = (uint32_t)(2 * l + d);
      rk_initialization_fill_layer(network, initialization, stream, scratch, &views);
    }
  free(scratch);
  return GSL_SUCCESS;
}

int recur_matrix_initialize(recur_scheme scheme, size_t n, uint64_t seed, uint32_t stream,
                            gsl_matrix *m) {
  RK_COMPUTES;
  RK_TRY(rk_check_scheme(__func__, "scheme", scheme, RECUR_SCHEME_ORTHOGONAL,
                         "zeros, uniform, glorot or orthogonal"));
  RK_TRY(rk_check_size(__func__, "n", n, 1));
  RK_REQUIRE(m);
  const operand operands[] = {REQUIRED(matrix, OUTPUT, m, m->size1, m->size2)};
  RK_CHECK(operands);
  plan p = {.scheme = scheme, .n = n, .gates = 1};
  p.generator = rk_generator_start(seed, stream, RK_RANDOM_PARAMETERS);
  RK_TRY(allocate(__func__, scratch_for(scheme, m->size1, m->size2, 1), &p.scratch));
  rk_initialization_fill(p, m);
  free(p.scratch);
  return GSL_SUCCESS;
}
