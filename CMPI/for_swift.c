/* The only source of the Swift package's target. Without the package trait MPI, it is empty, so
   that the package does not need MPI.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifdef RECUR_MPI
#include "broadcast.c"
#include "failure.c"
#include "tree_sum.c"
#include "world.c"
#else
typedef int not_empty;
#endif
