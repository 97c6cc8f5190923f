/* What the Swift package shares with this library: see internal/for_swift.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <internal/for_swift.h>

#include "json_text.h"
#include "safetensors.h"

#include <errno.h>
#include <stdlib.h>

json_t *rf_swift_json(const char *text, size_t length, size_t file_size, rf_json_options options,
                      size_t *line) {
  const rf_source source = {__func__, "text", NULL};
  return rf_json_parse_by(&source, "", text, length, file_size, options, line);
}

void *rf_swift_header(const recur_tensor *tensors, size_t count, const recur_metadata *metadata,
                      size_t pairs, size_t *size) {
  const rf_source source = {__func__, "file", NULL};
  rf_chunk *const chunks = calloc(count + 1, sizeof *chunks);
  if (chunks == NULL) {
    rf_fail_memory(&source, count * sizeof *chunks);
    return NULL;
  }
  const int status = rf_header(&source, tensors, count, metadata, pairs, chunks);
  const rf_chunk start = chunks[0];
  free(chunks);
  if (status != GSL_SUCCESS) {
    free((void *)start.data);
    return NULL;
  }
  *size = start.size;
  return (void *)start.data;
}

typedef struct {
  int (*write)(void *context, int descriptor);
  void *context;
} swift_writer;

static int write_bytes(const rf_source *source, void *data, int descriptor) {
  const swift_writer *const writer = data;
  errno = writer->write(writer->context, descriptor);
  return errno == 0 ? GSL_SUCCESS : rf_fail_system(source, "write");
}

int rf_swift_replace(const char *path, int (*write)(void *context, int descriptor), void *context) {
  const rf_source source = {__func__, "file", NULL};
  return rf_replace(&source, path, write_bytes, &(swift_writer){write, context});
}
