/* The parameters of a model as the tensors of its file: see recur/model_file.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_MODEL_SLICES_H
#define RF_MODEL_SLICES_H

#include "failure.h"

#include <recur/model_file.h>

/* The strings of a model file. */
#define RF_MODEL_KIND "recur.kind"
#define RF_MODEL_VERSION "recur.version"
#define RF_MODEL_GRAPH "recur.model"
#define RF_MODEL_INFO "recur.info"
#define RF_MODEL_KIND_NAME "model"
#define RF_MODEL_VERSION_NUMBER "2"

/* Goes through the slices of a model, with the node of each. */
typedef struct {
  const recur_model *model;
  size_t next, node;
} rf_slices;

/* Describes the next slice as a tensor without elements. Its name is that of the slice. The type is
   that in which inference stores it: F16, BF16, I8, or F64 for all others. */
void rf_next_slice(rf_slices *slices, recur_model_slice *slice, recur_tensor *tensor);

/* Checks a vector of all parameters. */
int rf_check_theta(const rf_source *source, size_t parameters, size_t size, size_t stride);

/* Checks that a tensor of type F64, F32, F16 or BF16 is finite. */
int rf_check_finite(const rf_source *source, const recur_tensor *tensor);

#endif
