/* The linear output layer, over every row alike:

     y = W x + b
     dx = W^T dy      dW += sum dy x^T      db += sum dy

   Rows are examples: T*B of them for a sequence, any number in general. I input features (the H
   hidden units where it follows a recurrent layer), O output features, both at least 1.
   dW and db are added to, y and dx overwritten; no output may overlap another argument.

   Other names: torch.nn.Linear, keras.layers.Dense, ONNX Gemm.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_LINEAR_H
#define RECUR_LINEAR_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <recur/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The parameters, or their gradients: views that own nothing. Without data: no bias; a gradient
   that is not wanted. */
typedef struct {
  gsl_matrix weight; /* O x I */
  gsl_vector bias;   /* O */
} recur_linear_parameters;

/* How many numbers they are: O*I + O. */
RECUR_MUST_USE int recur_linear_parameters_count(size_t input_size, size_t output_size,
                                                 size_t *count);

/* Views into one contiguous vector of that many, in the order of the struct (stride 1). Only the
   owner of a vector that is not const may write through them. */
RECUR_MUST_USE int recur_linear_parameters_view(const gsl_vector *theta, size_t input_size,
                                                size_t output_size, recur_linear_parameters *p);

RECUR_MUST_USE int recur_linear_forward(const recur_linear_parameters *p,
                                        const gsl_matrix *x, /* T*B x I */
                                        gsl_matrix *y);      /* out: T*B x O */

RECUR_MUST_USE int recur_linear_backward(const recur_linear_parameters *p,
                                         const gsl_matrix *x,  /* T*B x I */
                                         const gsl_matrix *dy, /* T*B x O */
                                         gsl_matrix *dx,       /* out: T*B x I, or NULL */
                                         const recur_linear_parameters *dp); /* added to, or NULL */

/* The same in single precision. */

typedef struct {
  gsl_matrix_float weight;
  gsl_vector_float bias;
} recur_linear_float_parameters;

RECUR_MUST_USE int recur_linear_float_parameters_count(size_t input_size, size_t output_size,
                                                       size_t *count);
RECUR_MUST_USE int recur_linear_float_parameters_view(const gsl_vector_float *theta,
                                                      size_t input_size, size_t output_size,
                                                      recur_linear_float_parameters *p);
RECUR_MUST_USE int recur_linear_float_forward(const recur_linear_float_parameters *p,
                                              const gsl_matrix_float *x, gsl_matrix_float *y);
RECUR_MUST_USE int recur_linear_float_backward(const recur_linear_float_parameters *p,
                                               const gsl_matrix_float *x,
                                               const gsl_matrix_float *dy, gsl_matrix_float *dx,
                                               const recur_linear_float_parameters *dp);

#ifdef __cplusplus
}
#endif

#endif
