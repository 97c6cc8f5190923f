/* One source, two precisions: a test is compiled as written for double; its last lines include
   switch_to_float.h and then the file itself, and then hold main, which calls double_run and
   float_run. Names of its own are NAME(...), names of the library RECUR(concept, ...).

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef PRECISION_H
#define PRECISION_H

#include <float.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

#define REAL double
#define MATRIX gsl_matrix
#define VECTOR gsl_vector
#define NAME(name) double_##name
#define RECUR(concept, name) recur_##concept##_##name
#define EPSILON DBL_EPSILON
#define LARGEST DBL_MAX
#define SMALLEST DBL_MIN
#define SENTINEL_BITS UINT64_C(0x7ff8dead00beef01)

/* TEXT(RECUR(rnn, forward)) is "recur_rnn_forward". */
#define TEXT(name) TEXT_OF(name)
#define TEXT_OF(name) #name

#define AT(m, i, j) ((m)->data[(i) * (m)->tda + (j)])
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
