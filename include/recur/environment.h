/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The floating-point environment of the library's computations, for a program's own loops.
 *
 * The library's functions compute in this environment themselves (recur/network.h). A program that
 * updates parameters can use it for the update: the running means of an optimizer decay to
 * subnormal numbers where gradients stay zero, and those are 10 to 200 times slower on some
 * processors.
 */

#ifndef RECUR_ENVIRONMENT_H
#define RECUR_ENVIRONMENT_H

#ifdef __cplusplus
extern "C" {
#endif

/** Calls a function with rounding to nearest, without traps, and with subnormal numbers read and
 * written as zero.
 *
 * Afterwards, the environment of the caller is restored, including its flags. The function must
 * return.
 *
 * @param function  the function
 * @param context   its argument
 */
void recur_environment_call(void (*function)(void *context), void *context);

#ifdef __cplusplus
}
#endif

#endif
