/* What the Swift package shares with this library beyond its public headers. Not installed.

   Failures are described by recur_last_error(), whose message begins with the name of the function
   and of the argument.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_FOR_SWIFT_H
#define RF_FOR_SWIFT_H

#include <jansson.h>
#include <recur/safetensors.h>

typedef struct {
  size_t flags;      /* further flags of jansson */
  size_t most_names; /* the maximum number of names in one object; 0 for any number */
} rf_json_options;

/* Parses an object or an array in a file of some size. NULL after a failure; *line is then the line
   of the text, counted from 1. */
json_t *rf_swift_json(const char *text, size_t length, size_t file_size, rf_json_options options,
                      size_t *line);

/* Returns the first bytes of a file, up to its first tensor, with zeros as the checksum. The
   elements of the tensors are not read. NULL after a failure; otherwise, the caller frees the
   bytes. */
void *rf_swift_header(const recur_tensor *tensors, size_t count, const recur_metadata *metadata,
                      size_t pairs, size_t *size);

/* Writes a file atomically, as recur_safetensors_write() does. `write` writes the bytes to a
   descriptor and returns 0 or an error number of the system. */
int rf_swift_replace(const char *path, int (*write)(void *context, int descriptor), void *context);

#endif
