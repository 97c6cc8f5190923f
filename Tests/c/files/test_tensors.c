/* recur_tensor_read: the values of all types, exact in any floating-point environment.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include <limits.h>
#if defined __SSE2__
#include <xmmintrin.h>
#endif

enum { HALVES = 1 << 16, SAMPLES = 100000 };

static double doubles[SAMPLES];
static float floats[SAMPLES];

static recur_tensor tensor_of(recur_tensor_type type, const void *data, size_t count,
                              size_t element) {
  return (recur_tensor){.name = "a",
                        .type = type,
                        .rank = 1,
                        .shape = {count},
                        .elements = count,
                        .bytes = count * element,
                        .data = data};
}

static void read_both(const recur_tensor *tensor) {
  gsl_vector v = {.size = tensor->elements, .stride = 1, .data = doubles};
  gsl_vector_float w = {.size = tensor->elements, .stride = 1, .data = floats};
  CHECK(recur_tensor_read(tensor, &v) == GSL_SUCCESS);
  CHECK(recur_tensor_float_read(tensor, &w) == GSL_SUCCESS);
}

static bool same_double(double value, double expected) {
  return memcmp(&value, &expected, sizeof value) == 0;
}

static bool same_float(float value, float expected) {
  return memcmp(&value, &expected, sizeof value) == 0;
}

/* The value of a number of a format, by its definition; NaN as NAN. */
static double value_of(unsigned bits, int exponent_bits, int fraction_bits) {
  const int largest = (1 << exponent_bits) - 1, bias = largest / 2;
  const int exponent = bits >> fraction_bits & (unsigned)largest;
  const unsigned fraction = bits & ((1u << fraction_bits) - 1);
  const double sign = bits >> (exponent_bits + fraction_bits) ? -1 : 1;
  if (exponent == largest)
    return fraction == 0 ? sign * HUGE_VAL : NAN;
  return sign * (exponent == 0
                     ? ldexp(fraction, 1 - bias - fraction_bits)
                     : ldexp(fraction + (1u << fraction_bits), exponent - bias - fraction_bits));
}

/* All values of a type of two bytes. */
static void test_halves(recur_tensor_type type, int exponent_bits, int fraction_bits) {
  static uint16_t all[HALVES];
  size_t wrong = 0;
  for (size_t k = 0; k < HALVES; k++)
    all[k] = (uint16_t)k;
  const recur_tensor tensor = tensor_of(type, all, HALVES, sizeof *all);
  check_note("%s", recur_tensor_type_name(type));
  read_both(&tensor);
  for (unsigned k = 0; k < HALVES; k++) {
    const double value = value_of(k, exponent_bits, fraction_bits);
    const bool same = isnan(value)
                          ? isnan(doubles[k]) && isnan(floats[k])
                          : same_double(doubles[k], value) && same_float(floats[k], (float)value);
    wrong += !same;
  }
  CHECK(wrong == 0);
}

/* Random bits, and values at the limits. */
static void test_floats(void) {
  static uint32_t bits[SAMPLES] = {0,          0x80000000, 1,          0x80000001, 0x007fffff,
                                   0x00800000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x3f800000};
  size_t wrong = 0;
  for (size_t k = 10; k < SAMPLES; k++)
    bits[k] = (uint32_t)check_random_bits() & (k % 4 == 0 ? 0x807fffff : UINT32_MAX);
  const recur_tensor tensor = tensor_of(RECUR_TENSOR_F32, bits, SAMPLES, sizeof *bits);
  check_note("F32");
  read_both(&tensor);
  for (size_t k = 0; k < SAMPLES; k++) {
    const double value = value_of(bits[k], 8, 23);
    wrong += memcmp(&floats[k], &bits[k], sizeof bits[k]) != 0;
    wrong += isnan(value) ? !isnan(doubles[k]) : !same_double(doubles[k], value);
  }
  CHECK(wrong == 0);
}

static void test_doubles(void) {
  static uint64_t bits[SAMPLES];
  for (size_t k = 0; k < SAMPLES; k++)
    bits[k] = check_random_bits();
  const recur_tensor tensor = tensor_of(RECUR_TENSOR_F64, bits, SAMPLES, sizeof *bits);
  gsl_vector v = {.size = SAMPLES, .stride = 1, .data = doubles};
  check_note("F64");
  CHECK(recur_tensor_read(&tensor, &v) == GSL_SUCCESS && memcmp(doubles, bits, sizeof bits) == 0);
}

/* Subnormal numbers keep their value where the processor reads and writes them as zero. */
static void test_environment(void) {
#if defined __SSE2__
  static const uint32_t bits[] = {1, 0x00400000};
  static const double expected[] = {0x1p-149, 0x1p-127};
  const recur_tensor tensor = tensor_of(RECUR_TENSOR_F32, bits, 2, sizeof *bits);
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);
  gsl_vector v = {.size = 2, .stride = 1, .data = doubles};
  const int status = recur_tensor_read(&tensor, &v);
  _mm_setcsr(before);
  CHECK(status == GSL_SUCCESS && memcmp(doubles, expected, sizeof expected) == 0);
#endif
}

/* The elements of a file need not be aligned. */
static void test_unaligned(void) {
  static const double values[] = {0.1, -3};
  char data[sizeof values + 8];
  for (size_t shift = 0; shift < 8; shift++) {
    memcpy(data + shift, values, sizeof values);
    const recur_tensor tensor = tensor_of(RECUR_TENSOR_F64, data + shift, 2, sizeof *values);
    gsl_vector v = {.size = 2, .stride = 1, .data = doubles};
    CHECK(recur_tensor_read(&tensor, &v) == GSL_SUCCESS);
    CHECK(memcmp(doubles, values, sizeof values) == 0);
  }
}

static void test_refusals(void) {
  static const uint64_t data[4] = {0};
  gsl_vector v = {.size = 3, .stride = 1, .data = doubles};
  gsl_vector_float w = {.size = 3, .stride = 1, .data = floats};
  recur_tensor tensor = tensor_of(RECUR_TENSOR_F32, data, 3, 4);
  doubles[0] = floats[0] = 7;
  CHECK(recur_tensor_read(NULL, &v) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_tensor_read", "tensor is NULL");
  CHECK(recur_tensor_read(&tensor, NULL) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_tensor_read", "v is NULL");
  CHECK(recur_tensor_float_read(NULL, &w) == GSL_EFAULT);
  CHECK(recur_tensor_float_read(&tensor, NULL) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_tensor_float_read", "v is NULL");
  v.size = 2;
  CHECK(recur_tensor_read(&tensor, &v) == GSL_EBADLEN);
  check_failed_as(GSL_EBADLEN, "recur_tensor_read", "v is 2 x 1, expected 3 x 1");
  CHECK(recur_last_error()->expected[0] == 3 && recur_last_error()->found[0] == 2);
  CHECK(recur_last_error()->expected[1] == 1 && recur_last_error()->found[1] == 1);
  w.stride = 2;
  CHECK(recur_tensor_float_read(&tensor, &w) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_tensor_float_read", "v has a stride of 2, expected 1");
  for (int type = RECUR_TENSOR_I64; type <= RECUR_TENSOR_TYPES; type++) {
    tensor.type = (recur_tensor_type)type;
    CHECK(recur_tensor_read(&tensor, &v) == GSL_EINVAL);
    check_failed_as(GSL_EINVAL, "recur_tensor_read", ", expected F64, F32, F16 or BF16");
    CHECK(recur_tensor_float_read(&tensor, &w) == GSL_EINVAL);
  }
  tensor.type = RECUR_TENSOR_F64;
  CHECK(recur_tensor_float_read(&tensor, &w) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_tensor_float_read",
                  "tensor \"a\" is of type F64, expected F32, F16 or BF16");
  CHECK(doubles[0] == 7 && floats[0] == 7);
}

int main(void) {
  begin_files();
  test_halves(RECUR_TENSOR_F16, 5, 10);
  test_halves(RECUR_TENSOR_BF16, 8, 7);
  test_floats();
  test_doubles();
  test_environment();
  test_unaligned();
  test_refusals();
  return end_files();
}
