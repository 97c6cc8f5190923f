/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Function attributes for the compiler.
 */

#ifndef RECUR_ATTRIBUTES_H
#define RECUR_ATTRIBUTES_H

#if defined __GNUC__
/** Marks a function whose result, a status or a pointer that may be NULL, must not be ignored.
 *
 * GCC and Clang warn about a call that ignores the result. For other compilers the macro is empty.
 */
#define RECUR_MUST_USE __attribute__((warn_unused_result))
#else
#define RECUR_MUST_USE
#endif

#endif
