/* Why a call failed.

   Every function of Recur that can fail returns GSL_SUCCESS or one of GSL's codes (GSL_EFAULT,
   GSL_EBADLEN, GSL_EINVAL, GSL_EUNIMPL, GSL_ENOMEM), or NULL where it returns a pointer, and then
   has touched no output. GSL's error handler is neither called nor changed.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_ERROR_H
#define RECUR_ERROR_H

#include <gsl/gsl_errno.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int status;           /* GSL_EBADLEN, ...; GSL_SUCCESS before the first failure */
  const char *function; /* "recur_network_forward" */
  const char *argument; /* "dy", "network->layers" */
  size_t expected[2];   /* GSL_EBADLEN: rows and columns asked for ... */
  size_t found[2];      /* ... and given; a vector has one column */
  char message[256];    /* a whole sentence of all of it */
} recur_error;

/* The last failure on the calling thread. It stays valid and unchanged until the next one there. */
const recur_error *recur_last_error(void);

#ifdef __cplusplus
}
#endif

#endif
