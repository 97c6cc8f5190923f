/* Failures of files: see failure.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void rf_escape(char *out, size_t room, const char *text) {
  size_t used = 0, fits = 0; /* fits: the length after which "..." still fits */
  for (; *text != 0; text++) {
    const unsigned char byte = (unsigned char)*text;
    char shown[5] = {*text};
    if (byte < 0x20 || byte > 0x7e)
      snprintf(shown, sizeof shown, "\\x%02x", byte);
    const size_t length = strlen(shown);
    if (used + length >= room) {
      memcpy(out + fits, "...", 4);
      return;
    }
    memcpy(out + used, shown, length);
    used += length;
    if (used + 3 < room)
      fits = used;
  }
  out[used] = 0;
}

rf_quoted rf_quote(const char *name) {
  rf_quoted quoted = {"\""};
  rf_escape(quoted.text + 1, sizeof quoted.text - 2, name);
  strcat(quoted.text, "\"");
  return quoted;
}

/* The end of a path says more than its beginning. */
static const char *end_of_path(const char *path) {
  enum { SHOWN = 56 };
  const size_t length = strlen(path);
  return length > SHOWN ? path + length - SHOWN : path;
}

static void begin(recur_error *error, const rf_source *source, int status) {
  *error =
      (recur_error){.status = status, .function = source->function, .argument = source->argument};
  const char *path = source->path == NULL ? NULL : end_of_path(source->path);
  snprintf(error->message, sizeof error->message, "%s: %s%s%s%s", source->function,
           source->argument, path == NULL ? "" : " ", path == source->path ? "" : "...",
           path == NULL ? "" : RF_QUOTE(path));
}

int rf_fail(const rf_source *source, int status, const char *format, ...) {
  recur_error error;
  begin(&error, source, status);
  const size_t used = strlen(error.message);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error.message + used, sizeof error.message - used, format, arguments);
  va_end(arguments);
  return recur_set_last_error(&error);
}

int rf_fail_system(const rf_source *source, const char *call) {
  const int status = errno == ENOMEM ? GSL_ENOMEM : GSL_EFAILED;
  return rf_fail(source, status, ": %s: %s", call, strerror(errno));
}

int rf_fail_memory(const rf_source *source, size_t bytes) {
  return rf_fail(source, GSL_ENOMEM, " needs %zu bytes, which cannot be allocated", bytes);
}

int rf_fail_size(const rf_source *source, size_t expected, size_t found) {
  recur_error error;
  begin(&error, source, GSL_EBADLEN);
  const size_t used = strlen(error.message);
  snprintf(error.message + used, sizeof error.message - used, " is %zu x 1, expected %zu x 1",
           found, expected);
  error.expected[0] = expected;
  error.found[0] = found;
  error.expected[1] = error.found[1] = 1;
  return recur_set_last_error(&error);
}
