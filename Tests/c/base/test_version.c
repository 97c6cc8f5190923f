/* recur/version.h

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"

#include <recur/version.h>

int main(void) {
  check_begin();
  CHECK(strcmp(recur_version(), RECUR_VERSION) == 0);
  unsigned major, minor, patch;
  char rest;
  CHECK(sscanf(recur_version(), "%u.%u.%u%c", &major, &minor, &patch, &rest) == 3);
  CHECK(major == RECUR_VERSION_MAJOR);
  CHECK(minor == RECUR_VERSION_MINOR);
  CHECK(patch == RECUR_VERSION_PATCH);
  return check_end();
}
