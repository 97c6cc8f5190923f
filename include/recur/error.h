/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Errors: the status codes of GSL, and a description of the last failure.
 *
 * A function that can fail returns GSL_SUCCESS or one of the codes below; a function that returns a
 * pointer returns NULL. A call that fails has written to no output. Recur neither calls nor changes
 * GSL's error handler.
 *
 *     GSL_EFAULT   a required argument is NULL or has no data
 *     GSL_EBADLEN  a matrix or vector has the wrong size
 *     GSL_EINVAL   a value is out of range, the cell does not support an
 *                  option, an output overlaps another argument, or a
 *                  workspace is in the wrong state
 *     GSL_EUNIMPL  the combination of options is valid, but not supported
 *     GSL_ENOMEM   there is not enough memory
 *     GSL_EFAILED  a file cannot be read or written (recur/safetensors.h)
 *
 * In addition, a function that computes returns GSL_EINVAL or GSL_EUNIMPL if the environment
 * variable RECUR_INSTRUCTION_SET has a value that is unknown or not supported by the processor; see
 * recur/instruction_set.h.
 */

#ifndef RECUR_ERROR_H
#define RECUR_ERROR_H

#include <gsl/gsl_errno.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The description of a failed call. */
typedef struct {
  int status;           /**< The returned code, such as GSL_EBADLEN; GSL_SUCCESS before the first
                             failure. */
  const char *function; /**< The name of the function that failed. */
  const char *argument; /**< The argument at fault, such as "dy" or "network->layers". */
  size_t expected[2];   /**< With GSL_EBADLEN: the expected rows and columns; a vector has one
                             column. Otherwise 0. */
  size_t found[2];      /**< With GSL_EBADLEN: the rows and columns of the argument. Otherwise 0. */
  char message[256];    /**< The failure in one sentence, such as
                             "recur_network_forward: y is 4 x 5, expected 4 x 6". */
} recur_error;

/** Returns the description of the last failure on the calling thread.
 *
 * @return a pointer that is never NULL and that the library owns. The description changes only when
 *   another call fails on the same thread.
 */
const recur_error *recur_last_error(void);

/** Sets the description that recur_last_error() returns on the calling thread: for libraries that
 * are built on Recur, such as librecurfiles, and report errors in the same way.
 *
 * @param error  the description, which is copied; the names in it must last as long as the program
 * @return error->status; GSL_EFAULT, which is described instead, if error is NULL.
 */
int recur_set_last_error(const recur_error *error);

#ifdef __cplusplus
}
#endif

#endif
