/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "failure.h"

#include <recur/error.h>

#include <stdarg.h>
#include <stdio.h>

int cm_fail(int status, const char *function, const char *argument, const char *format, ...) {
  recur_error error = {.status = status, .function = function, .argument = argument};
  const int start = snprintf(error.message, sizeof error.message, "%s: %s ", function, argument);
  va_list values;
  va_start(values, format);
  vsnprintf(error.message + start, sizeof error.message - (size_t)start, format, values);
  va_end(values);
  return recur_set_last_error(&error);
}
