/* One source, two precisions. A file of kernels is compiled as written for double; its last lines
   include switch_to_float.h and then the file itself. So headers that declare anything in both
   precisions have no guard; within them, what is not of a precision has one. Names follow GSL's
   grammar: double bears no mark, float stands after the concept.

     REAL                  double                  float
     MATRIX                gsl_matrix              gsl_matrix_float
     VECTOR                gsl_vector              gsl_vector_float
     RECUR(rnn, forward)   recur_rnn_forward       recur_rnn_float_forward      public
     KERNEL(product, nt)   rk_product_nt           rk_product_float_nt          not exported

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_PRECISION_H
#define RK_PRECISION_H

/* Only what is written as a fused multiply-add is one. (gcc in a standard's mode does so anyway.)
 */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#define REAL double
#define MATRIX gsl_matrix
#define VECTOR gsl_vector
#define RECUR(concept, name) recur_##concept##_##name
#define KERNEL(concept, name) rk_##concept##_##name

/* tanh or tanhf, DBL_MIN or FLT_MIN. */
#define LIBM(name) name
#define LIMIT(name) DBL_##name

#endif
