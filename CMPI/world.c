/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "failure.h"

#include <recur/mpi.h>

#include <gsl/gsl_errno.h>

int recur_mpi_begin(int *rank, int *count) {
  int begun, level;
  if (rank == NULL || count == NULL)
    return cm_fail(GSL_EFAULT, __func__, rank == NULL ? "rank" : "count", "is NULL");
  if (MPI_Initialized(&begun) != MPI_SUCCESS ||
      (!begun && MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level) != MPI_SUCCESS) ||
      MPI_Query_thread(&level) != MPI_SUCCESS ||
      MPI_Comm_rank(MPI_COMM_WORLD, rank) != MPI_SUCCESS ||
      MPI_Comm_size(MPI_COMM_WORLD, count) != MPI_SUCCESS)
    return cm_fail(GSL_EFAILED, __func__, "rank", "is unknown: MPI cannot be initialized");
  if (level < MPI_THREAD_FUNNELED)
    return cm_fail(GSL_EUNIMPL, __func__, "rank", "cannot have threads with this MPI");
  return GSL_SUCCESS;
}

MPI_Comm recur_mpi_world(void) {
  return MPI_COMM_WORLD;
}

void recur_mpi_end(void) {
  int begun, ended;
  MPI_Initialized(&begun);
  MPI_Finalized(&ended);
  if (begun && !ended)
    MPI_Finalize();
}
