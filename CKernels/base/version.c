/* The version of the library.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/version.h>

const char *recur_version(void) {
  return RECUR_VERSION;
}
