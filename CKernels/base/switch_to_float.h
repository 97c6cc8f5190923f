/* The second pass over a file of kernels: see precision.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define RECUR_FLOAT

#undef REAL
#undef MATRIX
#undef VECTOR
#undef RECUR
#undef KERNEL
#undef LIBM
#undef LIMIT

#define REAL float
#define MATRIX gsl_matrix_float
#define VECTOR gsl_vector_float
#define RECUR(concept, name) recur_##concept##_float_##name
#define KERNEL(concept, name) rk_##concept##_float_##name
#define LIBM(name) name##f
#define LIMIT(name) FLT_##name
