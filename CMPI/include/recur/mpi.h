/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Training over MPI: the sum of a gradient vector over processes.
 *
 * All gradients of a network are one vector, so that one call sums them. Link with librecurmpi
 * (`make lib MPI=1`, `pkg-config recur-mpi`) and compile with mpicc.
 *
 * The sum is a fixed binary tree over the ranks of the communicator: ranks 0 and 1, ranks 2 and 3,
 * …; then pairs of these sums, and so on. All ranks receive bit-identical results. A batch is
 * divided into V shards, V a power of two, and a rank sums those that it owns, V/R neighbors, along
 * the lower levels of the same tree. Then the result does not depend on R, the number of ranks:
 *
 *     rank 0 of 2          rank 1 of 2
 *     (g0 + g1) + (g2 + g3)  +  (g4 + g5) + (g6 + g7)
 *
 * All ranks must call the same functions in the same order, with vectors of the same size. A call
 * is made from one thread at a time: initialize MPI with MPI_THREAD_SERIALIZED, or
 * MPI_THREAD_FUNNELED if only the main thread calls. By default, MPI ends all processes if a
 * message cannot be sent; with another error handler, the functions return GSL_EFAILED.
 */

#ifndef RECUR_MPI_H
#define RECUR_MPI_H

#include <gsl/gsl_vector.h>
#include <mpi.h>
#include <recur/attributes.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Replaces a vector by the sum of the vectors of all ranks, element by element.
 *
 * No memory is allocated. Each element is sent twice: ranks divide the elements among themselves,
 * and each rank sums its part. Short vectors are exchanged whole.
 *
 * @param v              the vector, with stride 1
 * @param communicator   R processes, R a power of two
 * @return GSL_SUCCESS; GSL_EFAULT for NULL; GSL_EINVAL for another stride or another number of
 *   processes; GSL_EFAILED if MPI reports an error
 */
RECUR_MUST_USE int recur_mpi_sum(gsl_vector *v, MPI_Comm communicator);

/** The same in single precision. */
RECUR_MUST_USE int recur_mpi_float_sum(gsl_vector_float *v, MPI_Comm communicator);

/** Replaces bytes by those of one rank.
 *
 * @param bytes         the bytes
 * @param count         their number, the same on all ranks
 * @param root          the rank that sends its bytes
 * @param communicator  the processes
 * @return GSL_SUCCESS; GSL_EFAULT for NULL; GSL_EINVAL if there is no such rank; GSL_EFAILED if MPI
 *   reports an error
 */
RECUR_MUST_USE int recur_mpi_broadcast(void *bytes, size_t count, int root, MPI_Comm communicator);

/* For languages that do not have C's macros. */

/** Initializes MPI for calls from one thread at a time, unless the program has done so.
 *
 * @param rank   receives the rank of this process in MPI_COMM_WORLD
 * @param count  receives the number of processes
 * @return GSL_SUCCESS; GSL_EFAULT for NULL; GSL_EUNIMPL if MPI does not support threads;
 * GSL_EFAILED if MPI reports an error
 */
RECUR_MUST_USE int recur_mpi_begin(int *rank, int *count);

/** Returns MPI_COMM_WORLD. */
MPI_Comm recur_mpi_world(void);

/** Finalizes MPI, unless the program has done so. All ranks must call it. */
void recur_mpi_end(void);

#ifdef __cplusplus
}
#endif

#endif
