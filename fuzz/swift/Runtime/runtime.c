// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

#include "runtime.h"

// The leak sanitizer does not see pointers that Swift stores with tags, so it reports globals as
// leaks. Fewer freed blocks in quarantine and shorter stacks make the targets faster.
const char *__asan_default_options(void) {
  return "detect_leaks=0:quarantine_size_mb=16:malloc_context_size=8";
}

FILE *fuzz_redirect_stdout(FILE *file) {
  FILE *original = stdout;
  stdout = file;
  return original;
}
