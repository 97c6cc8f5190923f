/* Strict JSON of limited size, parsed by jansson.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_JSON_TEXT_H
#define RF_JSON_TEXT_H

#include "failure.h"

#include <internal/for_swift.h>
#include <jansson.h>

/* Checks the limits of a text in a file of some size. `what` precedes the reason, such as " has a
   header that". */
int rf_json_check(const rf_source *source, const char *what, const char *text, size_t length,
                  size_t file_size);

/* Parses an object or an array in a file of some size; NULL after a failure. */
json_t *rf_json_parse(const rf_source *source, const char *what, const char *text, size_t length,
                      size_t file_size);

/* The same with options; *line is the line of a failure, from 1. */
json_t *rf_json_parse_by(const rf_source *source, const char *what, const char *text, size_t length,
                         size_t file_size, rf_json_options options, size_t *line);

/* The compact text of a value, to be freed with free(); NULL if memory runs out. The second one
   writes as many digits as make all numbers exact. */
char *rf_json_print(const json_t *value, size_t digits);
char *rf_json_print_exactly(const json_t *value);

/* A string; NULL after a failure, which `what` precedes: if the text is not UTF-8, or memory runs
   out. */
json_t *rf_json_string(const rf_source *source, const char *what, const char *text);

#endif
