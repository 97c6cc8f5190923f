/* New parameters, from a seed: uniform ones are the same everywhere, orthogonal ones as far as the
   compiler's and the mathematical library's rounding is; and in single precision they are those of
   double, rounded.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_INITIALIZATION_H
#define RECUR_INITIALIZATION_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  RECUR_SCHEME_ZEROS,
  RECUR_SCHEME_UNIFORM, /* in +-1/sqrt(n): torch's default, where n is H */
  RECUR_SCHEME_GLOROT,  /* weights: uniform in +-sqrt(6 / (rows + columns)) of the whole matrix */
  RECUR_SCHEME_ORTHOGONAL, /* weights: the whole matrix has orthonormal columns (or rows, if it has
                       fewer), uniform among such (Saxe et al. 2014) */
  RECUR_SCHEME_BLOCK_ORTHOGONAL /* weights: so each gate's block of rows for itself: H, of peepholes
                                   1 */
} recur_scheme;

typedef struct {
  recur_scheme input;     /* weight_ih, weight_hr, weight_peephole */
  recur_scheme recurrent; /* weight_hh */
  recur_scheme bias;      /* RECUR_SCHEME_ZEROS or RECUR_SCHEME_UNIFORM. The gains weight_ln_ih and
                             weight_ln_hh are 1 whatever the schemes are. */
  bool set_forget_gate_bias; /* LSTM that is not coupled, with biases: */
  double forget_gate_bias;   /* the f part of bias_ih, where that of bias_hh is 0 */
  uint64_t seed;
} recur_initialization;

/* Fills the whole vector. May allocate (GSL_ENOMEM). */
RECUR_MUST_USE int recur_parameters_initialize(const recur_network *network,
                                               const recur_initialization *initialization,
                                               gsl_vector *theta /* out */);
RECUR_MUST_USE int recur_parameters_float_initialize(const recur_network *network,
                                                     const recur_initialization *initialization,
                                                     gsl_vector_float *theta /* out */);

/* One matrix, of a layer outside of a network; n is that of RECUR_SCHEME_UNIFORM, at least 1, and
   RECUR_SCHEME_BLOCK_ORTHOGONAL an error, for there are no gates. Different streams of one seed are
   independent, of each other and of a network's. May allocate (GSL_ENOMEM). */
RECUR_MUST_USE int recur_matrix_initialize(recur_scheme scheme, size_t n, uint64_t seed,
                                           uint32_t stream, gsl_matrix *m /* out */);
RECUR_MUST_USE int recur_matrix_float_initialize(recur_scheme scheme, size_t n, uint64_t seed,
                                                 uint32_t stream, gsl_matrix_float *m /* out */);

#ifdef __cplusplus
}
#endif

#endif
