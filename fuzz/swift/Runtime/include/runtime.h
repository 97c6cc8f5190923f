// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// What Swift 6 cannot express: a default of the address sanitizer, and the assignment of `stdout`.

#pragma once

#include <stdio.h>

__attribute__((no_sanitize("all"))) const char *__asan_default_options(void);

/// Redirects standard output, and returns its original file.
FILE *fuzz_redirect_stdout(FILE *file);
