/* Types, shapes and elements of tensors: see tensors.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "tensors.h"

#include "failure.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "Tensors in files are little-endian."
#endif

static const struct {
  const char *name;
  size_t size;
} types[RECUR_TENSOR_TYPES] = {[RECUR_TENSOR_F64] = {"F64", 8},  [RECUR_TENSOR_F32] = {"F32", 4},
                               [RECUR_TENSOR_F16] = {"F16", 2},  [RECUR_TENSOR_BF16] = {"BF16", 2},
                               [RECUR_TENSOR_I64] = {"I64", 8},  [RECUR_TENSOR_U64] = {"U64", 8},
                               [RECUR_TENSOR_I32] = {"I32", 4},  [RECUR_TENSOR_U32] = {"U32", 4},
                               [RECUR_TENSOR_I16] = {"I16", 2},  [RECUR_TENSOR_U16] = {"U16", 2},
                               [RECUR_TENSOR_I8] = {"I8", 1},    [RECUR_TENSOR_U8] = {"U8", 1},
                               [RECUR_TENSOR_BOOL] = {"BOOL", 1}};

const char *recur_tensor_type_name(recur_tensor_type type) {
  return (unsigned)type < RECUR_TENSOR_TYPES ? types[type].name : NULL;
}

recur_tensor_type rf_tensor_type(const char *name) {
  unsigned type = 0;
  while (type < RECUR_TENSOR_TYPES && strcmp(types[type].name, name) != 0)
    type++;
  return (recur_tensor_type)type;
}

bool rf_tensor_measure(recur_tensor *tensor) {
  size_t elements = 1;
  for (size_t k = 0; k < tensor->rank; k++)
    if (__builtin_mul_overflow(elements, tensor->shape[k], &elements) || elements > PTRDIFF_MAX)
      return false;
  tensor->elements = elements;
  return !__builtin_mul_overflow(elements, types[tensor->type].size, &tensor->bytes) &&
         tensor->bytes <= PTRDIFF_MAX;
}

rf_shape_text rf_shape(const size_t *shape, size_t rank) {
  rf_shape_text shown = {"["};
  for (size_t k = 0; k < rank; k++) {
    const size_t used = strlen(shown.text);
    snprintf(shown.text + used, sizeof shown.text - used, k == 0 ? "%zu" : ", %zu", shape[k]);
  }
  if (strlen(shown.text) < sizeof shown.text - 1)
    strcat(shown.text, "]");
  return shown;
}

/* Elements. Bits are converted as integers, so that subnormal numbers and NaN keep their value in
   any floating-point environment. */

bool rf_is_float(const recur_tensor *tensor) {
  return tensor->type == RECUR_TENSOR_F32 || tensor->type == RECUR_TENSOR_F16 ||
         tensor->type == RECUR_TENSOR_BF16;
}

bool rf_is_double(const recur_tensor *tensor) {
  return tensor->type == RECUR_TENSOR_F64 || rf_is_float(tensor);
}

/* Bits of the exponent and of the fraction. */
typedef struct {
  unsigned exponent, fraction;
} format;

static const format half = {5, 10}, single = {8, 23}, twice = {11, 52};

static inline uint64_t ones(unsigned count) {
  return (UINT64_C(1) << count) - 1;
}

/* The bits of a number in a wider format, in which a subnormal number is normal. */
static inline uint64_t widen(uint64_t bits, format from, format to) {
  const uint64_t sign = bits >> (from.exponent + from.fraction);
  const uint64_t special = ones(from.exponent);
  uint64_t exponent = bits >> from.fraction & special, fraction = bits & ones(from.fraction);
  const uint64_t shift = ones(to.exponent - 1) - ones(from.exponent - 1);
  if (exponent == special)
    exponent = ones(to.exponent);
  else if (exponent != 0)
    exponent += shift;
  else if (fraction != 0) {
    exponent = shift + 1;
    for (; fraction >> from.fraction == 0; fraction <<= 1)
      exponent--;
    fraction &= ones(from.fraction);
  }
  return sign << (to.exponent + to.fraction) | exponent << to.fraction |
         fraction << (to.fraction - from.fraction);
}

uint32_t rf_float_bits(const recur_tensor *tensor, size_t k) {
  uint32_t whole;
  uint16_t part;
  if (tensor->type == RECUR_TENSOR_F32) {
    memcpy(&whole, (const char *)tensor->data + k * sizeof whole, sizeof whole);
    return whole;
  }
  memcpy(&part, (const char *)tensor->data + k * sizeof part, sizeof part);
  return tensor->type == RECUR_TENSOR_BF16 ? (uint32_t)part << 16
                                           : (uint32_t)widen(part, half, single);
}

uint64_t rf_double_bits(const recur_tensor *tensor, size_t k) {
  uint64_t bits;
  if (tensor->type != RECUR_TENSOR_F64)
    return widen(rf_float_bits(tensor, k), single, twice);
  memcpy(&bits, (const char *)tensor->data + k * sizeof bits, sizeof bits);
  return bits;
}

static int check_read(const char *function, const recur_tensor *tensor, bool exact, size_t size,
                      size_t stride, const char *expected) {
  const rf_source source = {function, "tensor", NULL}, output = {function, "v", NULL};
  if (!exact) {
    const char *const name = recur_tensor_type_name(tensor->type);
    return rf_fail(&source, GSL_EINVAL, " %s is of type %s, expected %s", RF_QUOTE(tensor->name),
                   name == NULL ? "unknown" : name, expected);
  }
  if (size != tensor->elements)
    return rf_fail_size(&output, tensor->elements, size);
  if (stride != 1)
    return rf_fail(&output, GSL_EINVAL, " has a stride of %zu, expected 1", stride);
  return GSL_SUCCESS;
}

int recur_tensor_read(const recur_tensor *tensor, gsl_vector *v) {
  RF_REQUIRE(tensor);
  RF_REQUIRE(v);
  RF_TRY(check_read(__func__, tensor, rf_is_double(tensor), v->size, v->stride,
                    "F64, F32, F16 or BF16"));
  for (size_t k = 0; k < v->size; k++) {
    const uint64_t bits = rf_double_bits(tensor, k);
    memcpy(v->data + k, &bits, sizeof bits);
  }
  return GSL_SUCCESS;
}

int recur_tensor_float_read(const recur_tensor *tensor, gsl_vector_float *v) {
  RF_REQUIRE(tensor);
  RF_REQUIRE(v);
  RF_TRY(check_read(__func__, tensor, rf_is_float(tensor), v->size, v->stride, "F32, F16 or BF16"));
  for (size_t k = 0; k < v->size; k++) {
    const uint32_t bits = rf_float_bits(tensor, k);
    memcpy(v->data + k, &bits, sizeof bits);
  }
  return GSL_SUCCESS;
}
