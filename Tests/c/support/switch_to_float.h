/* The second pass over a test: see precision.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define FLOAT_PASS

#undef REAL
#undef MATRIX
#undef VECTOR
#undef NAME
#undef RECUR
#undef EPSILON
#undef LARGEST
#undef SMALLEST
#undef SENTINEL_BITS

#define REAL float
#define MATRIX gsl_matrix_float
#define VECTOR gsl_vector_float
#define NAME(name) float_##name
#define RECUR(concept, name) recur_##concept##_float_##name
#define EPSILON FLT_EPSILON
#define LARGEST FLT_MAX
#define SMALLEST FLT_MIN
#define SENTINEL_BITS UINT32_C(0x7fc0beef)
