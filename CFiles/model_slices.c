/* The parameters of a model as tensors: see model_slices.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "model_slices.h"

#include "tensors.h"

#include <string.h>

#define FAIL(...) rf_fail(source, GSL_EINVAL, __VA_ARGS__)

/* Whether a parameter has one dimension in PyTorch. */
static bool is_vector(const recur_node *node, const char *part) {
  return node->kind == RECUR_NODE_PRELU || node->kind == RECUR_NODE_LAYER_NORMALIZATION ||
         node->kind == RECUR_NODE_SCALE || strncmp(part, "bias", strlen("bias")) == 0 ||
         strncmp(part, "weight_ln_", strlen("weight_ln_")) == 0;
}

/* The type in which inference stores a parameter, if that is neither F64 nor F32: otherwise F64. */
static recur_tensor_type stored_type(const recur_node *node, const char *part) {
  const recur_weight_storage storage =
      node->kind == RECUR_NODE_NETWORK ? node->network.weight_storage : RECUR_STORAGE_FULL;
  const bool both = strncmp(part, "weight_ih", strlen("weight_ih")) == 0 ||
                    strncmp(part, "weight_hh", strlen("weight_hh")) == 0;
  const bool all = both || strncmp(part, "weight_hr", strlen("weight_hr")) == 0;
  switch (storage) {
  case RECUR_STORAGE_HALF:
    return all ? RECUR_TENSOR_F16 : RECUR_TENSOR_F64;
  case RECUR_STORAGE_BFLOAT16:
    return all ? RECUR_TENSOR_BF16 : RECUR_TENSOR_F64;
  case RECUR_STORAGE_INT8:
    return both ? RECUR_TENSOR_I8 : RECUR_TENSOR_F64;
  default:
    return RECUR_TENSOR_F64;
  }
}

void rf_next_slice(rf_slices *slices, recur_model_slice *slice, recur_tensor *tensor) {
  (void)!recur_model_parameters_slice(slices->model, slices->next++, slice);
  const size_t length = (size_t)(strrchr(slice->name, '.') - slice->name);
  const char *const part = slice->name + length + 1;
  const recur_node *node;
  for (;; slices->node++) {
    node = recur_model_node(slices->model, slices->node);
    if (strlen(node->name) == length && strncmp(node->name, slice->name, length) == 0)
      break;
  }
  *tensor = (recur_tensor){.name = slice->name,
                           .type = stored_type(node, part),
                           .rank = 2,
                           .shape = {slice->rows, slice->columns}};
  if (node->kind == RECUR_NODE_CONVOLUTION && strcmp(part, "weight") == 0) {
    tensor->rank = 3;
    tensor->shape[1] = slice->columns / node->convolution.kernel_size;
    tensor->shape[2] = node->convolution.kernel_size;
  } else if (is_vector(node, part)) {
    tensor->rank = 1;
    tensor->shape[1] = 0;
  }
}

/* Checks */

int rf_check_theta(const rf_source *source, size_t parameters, size_t size, size_t stride) {
  if (size != parameters)
    return rf_fail_size(source, parameters, size);
  if (stride != 1)
    return FAIL(" has a stride of %zu, expected 1", stride);
  return GSL_SUCCESS;
}

int rf_check_finite(const rf_source *source, const recur_tensor *tensor) {
  for (size_t k = 0; k < tensor->elements; k++)
    if ((rf_double_bits(tensor, k) >> 52 & 0x7ff) == 0x7ff)
      return FAIL(": tensor %s is not finite at index %zu", RF_QUOTE(tensor->name), k);
  return GSL_SUCCESS;
}
