/* Measures recur_mpi_float_sum by the length of the vector, next to MPI_Allreduce, whose order of
   additions may depend on the number of processes.

   mpirun -n R mpi_sum

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/mpi.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 50 };

static int sum(gsl_vector_float *v) {
  return recur_mpi_float_sum(v, MPI_COMM_WORLD);
}

static int allreduce(gsl_vector_float *v) {
  return MPI_Allreduce(MPI_IN_PLACE, v->data, (int)v->size, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

/* The least seconds of a call over rounds: other programs only slow it down. */
static double seconds(int (*call)(gsl_vector_float *), gsl_vector_float *v, int calls) {
  double least = HUGE_VAL;
  int status = 0;
  for (int k = 0; k < ROUNDS; k++) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    for (int n = 0; n < calls; n++)
      status |= call(v);
    least = fmin(least, (MPI_Wtime() - start) / calls);
  }
  if (status != 0)
    exit(EXIT_FAILURE);
  return least;
}

int main(void) {
  int rank, R;
  if (recur_mpi_begin(&rank, &R) != 0)
    return EXIT_FAILURE;
  if (rank == 0)
    printf("| elements | recur_mpi_float_sum | MPI_Allreduce |\n|---|---|---|\n");
  for (size_t size = 1; size <= 10000000; size *= 10) {
    gsl_vector_float *v = gsl_vector_float_calloc(size);
    const int calls = size < 10000 ? 100 : size < 100000 ? 20 : 1;
    const double own = seconds(sum, v, calls), other = seconds(allreduce, v, calls);
    if (rank == 0)
      printf("| %zu | %.1f us | %.1f us |\n", size, 1e6 * own, 1e6 * other);
    gsl_vector_float_free(v);
  }
  recur_mpi_end();
  return EXIT_SUCCESS;
}
