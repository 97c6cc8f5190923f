/* Makes the n-th call of a function of the C library fail: see fail_nth.c.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef FAIL_NTH_H
#define FAIL_NTH_H

/* Begins to count the calls of a function. The n-th fails.
 *
 * @param call  its kind, one of kinds in fail_nth.c, such as allocate
 * @param n     1 for the next call
 * @param error the errno of the failure; 0 for a short read or write
 */
void fail_nth_arm(const char *call, long n, int error);

/* Stops counting. Returns whether a call failed. */
int fail_nth_disarm(void);

/* The number of allocations of the program that it has not freed. */
long fail_nth_live(void);

#endif
