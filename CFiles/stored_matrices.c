/* Matrices as inference stores them: see stored_matrices.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "stored_matrices.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value that is a half, as a half. */
static uint16_t half_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  const bool subnormal = magnitude >> 23 <= 127 - 15;
  return (uint16_t)(sign | (subnormal ? (uint32_t)(fabsf(value) * 0x1p24f)
                                      : (magnitude - ((127 - 15) << 23)) >> 13));
}

void *rf_halves_of(const recur_tensor *tensor, const float *values) {
  uint16_t *const halves = malloc(tensor->elements * sizeof *halves);
  for (size_t k = 0; halves != NULL && k < tensor->elements; k++)
    halves[k] = half_of(values[k]);
  return halves;
}

void *rf_bfloat16_of(const recur_tensor *tensor, const float *values) {
  uint16_t *const elements = malloc(tensor->elements * sizeof *elements);
  for (size_t k = 0; elements != NULL && k < tensor->elements; k++) {
    uint32_t bits;
    memcpy(&bits, &values[k], sizeof bits);
    elements[k] = (uint16_t)(bits >> 16);
  }
  return elements;
}

/* The largest integer of a rounded row is 127, and its product with the scale is exact. */
static float scale_of(const float *row, size_t columns) {
  float maximum = 0;
  for (size_t j = 0; j < columns; j++)
    maximum = fmaxf(maximum, fabsf(row[j]));
  return maximum / INT8_MAX;
}

float *rf_scales_of(const recur_tensor *tensor, const float *values) {
  const size_t rows = tensor->shape[0], columns = tensor->shape[1];
  const size_t room = strlen(tensor->name) + sizeof ".scale";
  float *const scales = malloc(rows * sizeof *scales + room);
  if (scales == NULL)
    return NULL;
  for (size_t i = 0; i < rows; i++)
    scales[i] = scale_of(values + i * columns, columns);
  snprintf((char *)(scales + rows), room, "%s.scale", tensor->name);
  return scales;
}

void *rf_integers_of(const recur_tensor *tensor, const float *values, const float *scales) {
  int8_t *const integers = malloc(tensor->elements);
  for (size_t k = 0; integers != NULL && k < tensor->elements; k++) {
    const float scale = scales[k / tensor->shape[1]];
    integers[k] = scale == 0 ? 0 : (int8_t)rintf(values[k] / scale);
  }
  return integers;
}
