/* Double and single precision from one source.

   A source file is written for double precision, with GSL's names. Its twin in CKernels/float/
   defines RK_FLOAT and includes it, which compiles the same source for single precision: rk_real is
   float, and float_names.h renames the types and functions of GSL and of the library that exist in
   both precisions. If a name is missing there, the linker reports a duplicate symbol.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_PRECISION_H
#define RK_PRECISION_H

#include <float.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <recur/activation.h>
#include <recur/initialization.h>
#include <recur/linear.h>
#include <recur/model.h>
#include <recur/network.h>
#include <recur/parameters.h>
#include <recur/rnn.h>
#include <recur/softmax.h>

/* The compiler must not contract a * b + c. (In standard modes, gcc does not.) */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#ifdef RK_FLOAT
#include "base/float_names.h"
typedef float rk_real;
#define RK_REAL_MAX FLT_MAX
#define RK_REAL_MIN FLT_MIN
#define RK_REAL_TRUE_MIN FLT_TRUE_MIN
#define RK_REAL_EPSILON FLT_EPSILON
#define RK_REAL_MANT_DIG FLT_MANT_DIG
#define RK_REAL_MAX_EXP FLT_MAX_EXP
#define RK_REAL_MIN_EXP FLT_MIN_EXP
#define rk_exp expf
#define rk_fabs fabsf
#define rk_fmax fmaxf
#define rk_log1p log1pf
#define rk_sqrt sqrtf
#else
typedef double rk_real;
#define RK_REAL_MAX DBL_MAX
#define RK_REAL_MIN DBL_MIN
#define RK_REAL_TRUE_MIN DBL_TRUE_MIN
#define RK_REAL_EPSILON DBL_EPSILON
#define RK_REAL_MANT_DIG DBL_MANT_DIG
#define RK_REAL_MAX_EXP DBL_MAX_EXP
#define RK_REAL_MIN_EXP DBL_MIN_EXP
#define rk_exp exp
#define rk_fabs fabs
#define rk_fmax fmax
#define rk_log1p log1p
#define rk_sqrt sqrt
#endif

#endif
