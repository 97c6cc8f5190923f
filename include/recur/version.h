/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The version of the header files and of the linked library.
 */

#ifndef RECUR_VERSION_H
#define RECUR_VERSION_H

/** The version of the header files, as a string. */
#define RECUR_VERSION "0.1.0"
/** The major version of the header files. */
#define RECUR_VERSION_MAJOR 0
/** The minor version of the header files. */
#define RECUR_VERSION_MINOR 1
/** The patch version of the header files. */
#define RECUR_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the version of the linked library: RECUR_VERSION when the library was compiled.
 *
 * @return a static string.
 */
const char *recur_version(void);

#ifdef __cplusplus
}
#endif

#endif
