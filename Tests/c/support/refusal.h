/* Checks a call that must be refused.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef REFUSAL_H
#define REFUSAL_H

#include "support/matrices.h"

#include <recur/error.h>

/* Checks the last failure, and that no matrix has changed since remember. */
static inline void check_refusal(int status, int expected, const char *function, const char *name) {
  check_note("%s refuses %s", function, name);
  const recur_error *e = recur_last_error();
  CHECK(status == expected && e->status == expected);
  CHECK(strcmp(e->function, function) == 0 && strcmp(e->argument, name) == 0);
  CHECK(strstr(e->message, function) != NULL && strstr(e->message, name) != NULL);
  CHECK(gives_reason(e));
  CHECK(nothing_touched());
}

#endif
