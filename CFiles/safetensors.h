/* Files of the safetensors format: opening them on behalf of any function, and their checksum.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_SAFETENSORS_H
#define RF_SAFETENSORS_H

#include "failure.h"
#include "whole_file.h"

#include <recur/safetensors.h>
#include <stdint.h>

/* The maximum length of a header, set by the format; and that of the number before it. */
enum { RF_LONGEST_HEADER = 100000000, RF_LENGTH_BYTES = sizeof(uint64_t) };

#define RF_METADATA "__metadata__"
#define RF_CHECKSUM "recur.checksum"

/* Opens the file of a source, or bytes in memory. NULL after a failure. */
recur_safetensors *rf_open(const rf_source *source);
recur_safetensors *rf_open_memory(const rf_source *source, const void *file, size_t size);

/* Makes the first bytes of a file, up to its first tensor, with zeros as the checksum: chunks[0],
   which the caller frees, also after a failure. The tensors become the next chunks. */
int rf_header(const rf_source *source, const recur_tensor *tensors, size_t count,
              const recur_metadata *metadata, size_t pairs, rf_chunk *chunks);

/* Writes the file of a source. */
int rf_write(const rf_source *source, const recur_tensor *tensors, size_t count,
             const recur_metadata *metadata, size_t pairs);

/* The digits of a checksum, with an end. */
enum { RF_DIGITS = 8 };
typedef char rf_checksum[RF_DIGITS + 1];

/* The place of the digits within the first bytes of a file; NULL if there is none. */
const unsigned char *rf_checksum_place(const unsigned char *file, size_t header_end);

/* Computes the checksum of parts of a file. */
void rf_checksum_compute(const rf_chunk *chunks, size_t count, rf_checksum digits);

#endif
