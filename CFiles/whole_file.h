/* Whole files: mapped into memory, and replaced atomically.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_WHOLE_FILE_H
#define RF_WHOLE_FILE_H

#include "failure.h"

#include <stdbool.h>

/* The bytes of a file. */
typedef struct {
  const unsigned char *data;
  size_t size;
  bool mapped;
} rf_bytes;

/* Maps the file of a source. */
int rf_map(const rf_source *source, rf_bytes *bytes);
void rf_unmap(const rf_bytes *bytes);

/* A part of a file to write. */
typedef struct {
  const void *data;
  size_t size;
} rf_chunk;

/* Writes a file for a source: see recur_safetensors_write(). */
int rf_replace_chunks(const rf_source *source, const char *path, const rf_chunk *chunks,
                      size_t count);

/* The same with a function that writes the bytes to a descriptor and returns a status. */
typedef int rf_write_function(const rf_source *source, void *data, int descriptor);
int rf_replace(const rf_source *source, const char *path, rf_write_function *write, void *data);

#endif
