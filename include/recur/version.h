/* The version of the library that is linked.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_VERSION_H
#define RECUR_VERSION_H

#define RECUR_VERSION "0.1.0"
#define RECUR_VERSION_MAJOR 0
#define RECUR_VERSION_MINOR 1
#define RECUR_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* RECUR_VERSION as it was when the library was compiled. */
const char *recur_version(void);

#ifdef __cplusplus
}
#endif

#endif
