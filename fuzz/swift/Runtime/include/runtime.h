// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// What libFuzzer and the sanitizer call, and the assignment of `stdout`, which Swift 6 cannot
// express.

#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

__attribute__((no_sanitize("all"))) const char *__asan_default_options(void);

/// Changes an input; called by libFuzzer.
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

/// Redirects standard output, and returns its original file.
FILE *fuzz_redirect_stdout(FILE *file);
