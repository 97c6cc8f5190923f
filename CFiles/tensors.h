/* The types and shapes of tensors.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_TENSORS_H
#define RF_TENSORS_H

#include <recur/safetensors.h>
#include <stdint.h>

/* Finds a type by the name that files have for it; RECUR_TENSOR_TYPES if there is none. */
recur_tensor_type rf_tensor_type(const char *name);

/* Sets the number of elements and of bytes; false if one of them is more than PTRDIFF_MAX. */
bool rf_tensor_measure(recur_tensor *tensor);

/* A shape for a message, such as "[2, 3]". */
typedef struct {
  char text[96];
} rf_shape_text;
rf_shape_text rf_shape(const size_t *shape, size_t rank);

#define RF_SHAPE(shape, rank) (rf_shape(shape, rank).text)

/* The bits of element k of a tensor of type F64, F32, F16 or BF16 as a double or a float. The
   tensor of a float is not F64. */
uint64_t rf_double_bits(const recur_tensor *tensor, size_t k);
uint32_t rf_float_bits(const recur_tensor *tensor, size_t k);

/* Whether the type is one of those whose elements are exact as doubles, or as floats. */
bool rf_is_double(const recur_tensor *tensor);
bool rf_is_float(const recur_tensor *tensor);

#endif
