/* What compilers are told of functions.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_ATTRIBUTES_H
#define RECUR_ATTRIBUTES_H

/* A status, or a pointer that may be NULL, that is ignored draws a warning. */
#if defined __GNUC__
#define RECUR_MUST_USE __attribute__((warn_unused_result))
#else
#define RECUR_MUST_USE
#endif

#endif
