/* The processors that this process may use.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_PROCESSORS_H
#define RK_PROCESSORS_H

#include <stddef.h>

/* The number of processors: at least 1, and at most the affinity of the calling thread and the CPU
   time of the control group allow. */
size_t rk_processors(void);

/* The processors' worth of time, rounded up, that version 2 of Linux' control groups allows: the
   minimum over the group named in `groups` (/proc/self/cgroup) and those above it, below `mount`.
   SIZE_MAX without a limit. */
size_t rk_processors_of_groups(const char *groups, const char *mount);

#endif
