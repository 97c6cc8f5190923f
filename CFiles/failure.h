/* Failures of files, for recur_last_error().

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_FAILURE_H
#define RF_FAILURE_H

#include <recur/error.h>

/* What a function reads or writes. A message begins with "function: argument", and the path in
   quotes if there is one. */
typedef struct {
  const char *function; /* the public function */
  const char *argument;
  const char *path; /* NULL for memory */
} rf_source;

/* Records a failure and returns its status. The reason follows the source without a space. */
__attribute__((format(printf, 3, 4))) int rf_fail(const rf_source *source, int status,
                                                  const char *format, ...);

/* A failure of the last system call, with its error number. */
int rf_fail_system(const rf_source *source, const char *call);

int rf_fail_memory(const rf_source *source, size_t bytes);

/* A vector of the wrong size. */
int rf_fail_size(const rf_source *source, size_t expected, size_t found);

/* Appends text as messages show it, up to room - 1 characters: printable ASCII; other bytes become
   "\xe9". A rest that does not fit becomes "...". room is at least 4. */
void rf_escape(char *out, size_t room, const char *text);

/* A name in quotes, for a message. */
typedef struct {
  char text[64];
} rf_quoted;
rf_quoted rf_quote(const char *name);

#define RF_QUOTE(name) (rf_quote(name).text)

#define RF_TRY(call)                                                                               \
  do {                                                                                             \
    const int status_ = (call);                                                                    \
    if (status_ != GSL_SUCCESS)                                                                    \
      return status_;                                                                              \
  } while (0)

#define RF_REQUIRE(pointer)                                                                        \
  do {                                                                                             \
    if ((pointer) == NULL)                                                                         \
      return rf_fail(&(rf_source){__func__, #pointer, NULL}, GSL_EFAULT, " is NULL");              \
  } while (0)

#endif
