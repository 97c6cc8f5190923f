/* Strict JSON of limited size: see json_text.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "json_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A parsed value takes up to 120 bytes for each separator before it. So that a header never takes
   more than 16 times its size in memory, a text may have one separator for every 8 bytes of the
   file, and as many as fit in a mebibyte. */
enum { BYTES_PER_SEPARATOR = 8, FREE_SEPARATORS = 8000 };

/* The parser calls itself for nested values, and files of Recur nest 5 of them. */
enum { MOST_NESTED = 32 };

typedef struct {
  size_t separators; /* commas, colons and opening brackets outside strings */
  size_t depth;      /* the maximum */
} extent;

static extent measure(const char *text, size_t length) {
  extent found = {0};
  size_t depth = 0;
  bool inside = false;
  for (size_t k = 0; k < length; k++) {
    const char c = text[k];
    if (inside && c == '\\')
      k++;
    else if (c == '"')
      inside = !inside;
    else if (inside)
      continue;
    else if (c == ',' || c == ':')
      found.separators++;
    else if (c == '[' || c == '{') {
      found.separators++;
      found.depth = ++depth > found.depth ? depth : found.depth;
    } else if ((c == ']' || c == '}') && depth > 0)
      depth--;
  }
  return found;
}

/* The parser gives no reason if memory runs out. */
static int fail(const rf_source *source, const char *what, json_error_t *error, size_t length) {
  static const char option[] = " without JSON_ALLOW_NUL";
  char reason[JSON_ERROR_TEXT_LENGTH];
  if (error->text[0] == 0 || json_error_code(error) == json_error_out_of_memory)
    return rf_fail_memory(source, length);
  /* The option is one of the parser, which no caller can set. */
  char *const found = strstr(error->text, option);
  if (found != NULL)
    memmove(found, found + strlen(option), strlen(found + strlen(option)) + 1);
  rf_escape(reason, sizeof reason, error->text);
  return rf_fail(source, GSL_EINVAL, "%s is not valid JSON: %s", what, reason);
}

json_t *rf_json_parse(const rf_source *source, const char *what, const char *text, size_t length,
                      size_t file_size) {
  const size_t most = FREE_SEPARATORS + file_size / BYTES_PER_SEPARATOR;
  const extent found = measure(text, length);
  if (found.separators > most) {
    rf_fail(source, GSL_EINVAL, "%s has %zu separators in %zu bytes, expected at most %zu", what,
            found.separators, file_size, most);
    return NULL;
  }
  if (found.depth > MOST_NESTED) {
    rf_fail(source, GSL_EINVAL, "%s nests %zu objects and arrays, expected at most %d", what,
            found.depth, MOST_NESTED);
    return NULL;
  }
  /* jansson skips a zero byte after a number or a word. */
  if (memchr(text, 0, length) != NULL) {
    rf_fail(source, GSL_EINVAL, "%s is not valid JSON: it has a zero byte", what);
    return NULL;
  }
  json_error_t error;
  json_t *const value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
  if (value == NULL)
    fail(source, what, &error, length);
  return value;
}

char *rf_json_print(const json_t *value, size_t digits) {
  const size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(digits);
  const size_t size = json_dumpb(value, NULL, 0, flags);
  char *const text = size == 0 ? NULL : malloc(size + 1);
  if (text == NULL || json_dumpb(value, text, size, flags) != size) {
    free(text);
    return NULL;
  }
  text[size] = 0;
  return text;
}

/* 15 digits are the shortest text of a number that was written with at most 15. */
char *rf_json_print_exactly(const json_t *value) {
  enum { SHORT = 15, EXACT = 17 };
  for (size_t digits = SHORT;; digits++) {
    char *const text = rf_json_print(value, digits);
    if (text == NULL || digits == EXACT)
      return text;
    json_t *const read = json_loads(text, 0, NULL);
    const bool same = json_equal(read, value);
    json_decref(read);
    if (same)
      return text;
    free(text);
  }
}

json_t *rf_json_string(const rf_source *source, const char *what, const char *text) {
  json_error_t error;
  json_t *const string = json_pack_ex(&error, 0, "s", text);
  if (string == NULL && json_error_code(&error) == json_error_invalid_utf8)
    rf_fail(source, GSL_EINVAL, "%s %s is not UTF-8", what, RF_QUOTE(text));
  else if (string == NULL)
    rf_fail_memory(source, strlen(text));
  return string;
}
