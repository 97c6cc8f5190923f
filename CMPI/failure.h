/* Errors, reported as by the other libraries.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef CM_FAILURE_H
#define CM_FAILURE_H

/* Sets the description that recur_last_error() returns, whose message begins with the function and
   the argument.

   Returns the status. */
__attribute__((format(printf, 4, 5))) int cm_fail(int status, const char *function,
                                                  const char *argument, const char *format, ...);

#endif
