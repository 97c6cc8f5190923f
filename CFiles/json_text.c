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
  size_t names;      /* the maximum in one object, at a depth that is allowed */
  size_t longest;    /* the maximum of bytes without a separator or a space outside strings */
  bool begun, ended; /* whether the object or the array has begun, and ended */
  bool outside;      /* whether there is anything but spaces before or after it */
} extent;

/* What a byte outside strings is. */
enum { SEPARATOR = 1, OPENING = 2, CLOSING = 4, SPACE = 8 };

static const unsigned char KINDS[256] = {[','] = SEPARATOR,
                                         [':'] = SEPARATOR,
                                         ['['] = SEPARATOR | OPENING,
                                         ['{'] = SEPARATOR | OPENING,
                                         [']'] = CLOSING,
                                         ['}'] = CLOSING,
                                         [' '] = SPACE,
                                         ['\t'] = SPACE,
                                         ['\r'] = SPACE,
                                         ['\n'] = SPACE};

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

/* Returns the position after the string that begins at `start`, or a later one if it has no end. */
static size_t skip_string(const char *text, size_t length, size_t start) {
  size_t k = start + 1;
  while (k < length && text[k] != '"')
    k += text[k] == '\\' ? 2 : 1;
  return k + 1;
}

static extent measure(const char *text, size_t length) {
  extent found = {0};
  size_t names[MOST_NESTED + 1] = {0}; /* of the object that is open at each depth */
  size_t depth = 0, token = 0, k = 0;
  while (k < length) {
    const char c = text[k];
    const unsigned kind = KINDS[(unsigned char)c];
    found.begun |= (kind & OPENING) != 0;
    found.outside |= (!found.begun || found.ended) && kind != SPACE;
    if (kind == 0) {
      k = c == '"' ? skip_string(text, length, k) : k + 1;
      continue;
    }
    found.longest = larger(found.longest, k - token);
    token = ++k;
    found.separators += (kind & SEPARATOR) != 0;
    if (kind & OPENING && ++depth <= MOST_NESTED)
      names[depth] = 0;
    if (c == ':' && depth <= MOST_NESTED)
      found.names = larger(found.names, ++names[depth]);
    found.depth = larger(found.depth, depth);
    if (kind & CLOSING) {
      found.ended |= depth == 1;
      depth -= depth > 0;
    }
  }
  found.longest = larger(found.longest, k - token);
  return found;
}

/* Reading

   The parser keeps the current token in a buffer that grows. If it cannot grow within a string, the
   parser reads past it. So its text begins with a number that is longer than any token, in which a
   missing digit does no harm; and there was enough memory for it just before. The text is
   [1.0000...,TEXT]. */

typedef struct {
  const char *text;
  size_t length;
  size_t digits; /* 0 after the number */
  enum { BEGINNING, NUMBER, TEXT, END } place;
} input;

static size_t copy(void *buffer, size_t room, const char *text, size_t length) {
  const size_t size = length < room ? length : room;
  memcpy(buffer, text, size);
  return size;
}

static size_t next_bytes(void *buffer, size_t room, void *data) {
  input *const in = data;
  size_t size = 0;
  switch (in->place) {
  case BEGINNING:
    in->place = NUMBER;
    return copy(buffer, room, "[1.0", 4);
  case NUMBER:
    size = in->digits < room ? in->digits : room;
    memset(buffer, '0', size);
    in->digits -= size;
    if (size > 0)
      return size;
    in->place = TEXT;
    return copy(buffer, room, ",", 1);
  case TEXT:
    size = copy(buffer, room, in->text, in->length);
    in->text += size;
    in->length -= size;
    if (size > 0)
      return size;
    in->place = END;
    return copy(buffer, room, "]", 1);
  case END:
    break;
  }
  return 0;
}

static json_t *load(const char *text, size_t length, size_t longest, size_t flags,
                    json_error_t *error) {
  input in = {text, length, longest, BEGINNING};
  /* volatile: otherwise the compiler omits the allocation. */
  void *volatile available = malloc(4 * longest);
  free(available);
  if (available == NULL) {
    error->text[0] = 0;
    return NULL;
  }
  json_t *const both = json_load_callback(next_bytes, &in, JSON_REJECT_DUPLICATES | flags, error);
  json_t *const value = json_incref(json_array_get(both, 1));
  json_decref(both);
  return value;
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

static int check(const rf_source *source, const char *what, const char *text, size_t length,
                 size_t file_size, extent found) {
  const size_t most = FREE_SEPARATORS + file_size / BYTES_PER_SEPARATOR;
  /* jansson skips a zero byte after a number or a word. */
  if (memchr(text, 0, length) != NULL)
    return rf_fail(source, GSL_EINVAL, "%s is not valid JSON: it has a zero byte", what);
  if (found.outside || !found.begun)
    return rf_fail(source, GSL_EINVAL, "%s is not valid JSON: it is not a single object or array",
                   what);
  if (found.separators > most)
    return rf_fail(source, GSL_EINVAL, "%s has %zu separators in %zu bytes, expected at most %zu",
                   what, found.separators, file_size, most);
  if (found.depth > MOST_NESTED)
    return rf_fail(source, GSL_EINVAL, "%s nests %zu objects and arrays, expected at most %d", what,
                   found.depth, MOST_NESTED);
  return GSL_SUCCESS;
}

int rf_json_check(const rf_source *source, const char *what, const char *text, size_t length,
                  size_t file_size) {
  return check(source, what, text, length, file_size, measure(text, length));
}

json_t *rf_json_parse_by(const rf_source *source, const char *what, const char *text, size_t length,
                         size_t file_size, rf_json_options options, size_t *line) {
  const extent found = measure(text, length);
  *line = 1;
  if (check(source, what, text, length, file_size, found) != GSL_SUCCESS)
    return NULL;
  if (options.most_names > 0 && found.names > options.most_names) {
    rf_fail(source, GSL_EINVAL, "%s has an object with %zu names, expected at most %zu", what,
            found.names, options.most_names);
    return NULL;
  }
  json_error_t error = {.line = 1};
  json_t *const value = load(text, length, found.longest, options.flags, &error);
  if (value == NULL)
    fail(source, what, &error, length);
  *line = error.line > 1 ? (size_t)error.line : 1;
  return value;
}

json_t *rf_json_parse(const rf_source *source, const char *what, const char *text, size_t length,
                      size_t file_size) {
  size_t line;
  const rf_json_options options = {0};
  return rf_json_parse_by(source, what, text, length, file_size, options, &line);
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
    json_error_t error;
    const size_t length = strlen(text);
    json_t *const read = load(text, length, length, 0, &error);
    const bool same = json_equal(read, value);
    json_decref(read);
    if (same)
      return text;
    free(text);
  }
}

json_t *rf_json_string(const rf_source *source, const char *what, const char *text) {
  json_error_t error = {.line = 0};
  json_t *const string = json_pack_ex(&error, 0, "s", text);
  if (string == NULL && json_error_code(&error) == json_error_invalid_utf8)
    rf_fail(source, GSL_EINVAL, "%s %s is not UTF-8", what, RF_QUOTE(text));
  else if (string == NULL)
    rf_fail_memory(source, strlen(text));
  return string;
}
