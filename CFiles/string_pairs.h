/* JSON objects of strings: the metadata of a file, and the caller's strings in it.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_STRING_PAIRS_H
#define RF_STRING_PAIRS_H

#include "json_text.h"

#include <recur/safetensors.h>

/* Reads the strings of an object, except the one with a key, which may be NULL. `what` names a
   string in a failure, such as " has the metadata". The strings belong to the object. */
int rf_pairs_read(const rf_source *source, const char *what, json_t *object, const char *except,
                  recur_metadata *pairs, size_t *count);

/* Adds strings to an object, sorted by key. */
int rf_pairs_add(const rf_source *source, const char *what, json_t *object,
                 const recur_metadata *pairs, size_t count);

/* Adds a value to an object, which owns it from then on. If it is NULL, its failure is the last
   one. The key must be UTF-8 and not be used yet. */
int rf_add(const rf_source *source, const char *what, json_t *object, const char *key,
           json_t *value);

#endif
