/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "failure.h"

#include <recur/mpi.h>

#include <gsl/gsl_errno.h>

enum { LONGEST_MESSAGE = 1 << 30 }; /* The number of bytes of a message is an int. */

int recur_mpi_broadcast(void *bytes, size_t count, int root, MPI_Comm communicator) {
  int R;
  if (bytes == NULL && count > 0)
    return cm_fail(GSL_EFAULT, __func__, "bytes", "is NULL");
  if (MPI_Comm_size(communicator, &R) != MPI_SUCCESS)
    return cm_fail(GSL_EFAILED, __func__, "communicator", "is not one of MPI");
  if (root < 0 || root >= R)
    return cm_fail(GSL_EINVAL, __func__, "root", "is %d, expected 0 to below %d", root, R);
  for (size_t start = 0; start < count; start += LONGEST_MESSAGE) {
    const size_t left = count - start;
    if (MPI_Bcast((char *)bytes + start, (int)(left < LONGEST_MESSAGE ? left : LONGEST_MESSAGE),
                  MPI_BYTE, root, communicator) != MPI_SUCCESS)
      return cm_fail(GSL_EFAILED, __func__, "bytes", "could not be sent to another rank");
  }
  return GSL_SUCCESS;
}
