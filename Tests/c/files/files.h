/* Files for tests: a temporary folder, bytes in memory, and calls that must be refused.
   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef FILES_H
#define FILES_H

#define _GNU_SOURCE /* mkdtemp, mkfifo and symlink under -std=c11 */

#include "support/check.h"

#include <dirent.h>
#include <recur/safetensors.h>
#include <unistd.h>

/* Bytes, which the caller frees. */
typedef struct {
  unsigned char *data;
  size_t size;
} file_bytes;

static char folder[] = "/tmp/recur-files-XXXXXX";

static inline void begin_files(void) {
  check_begin();
  if (mkdtemp(folder) == NULL)
    abort();
}

static inline const char *path_of(const char *name) {
  static char path[400];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

/* The number of files in the folder. */
static inline size_t count_files(void) {
  size_t count = 0;
  DIR *const open = opendir(folder);
  for (const struct dirent *file; (file = readdir(open)) != NULL;)
    count += strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0;
  closedir(open);
  return count;
}

static inline int end_files(void) {
  DIR *const open = opendir(folder);
  for (const struct dirent *file; (file = readdir(open)) != NULL;)
    if (unlink(path_of(file->d_name)) != 0)
      rmdir(path_of(file->d_name));
  closedir(open);
  CHECK(rmdir(folder) == 0);
  return check_end();
}

static inline file_bytes read_whole(const char *path) {
  FILE *const file = fopen(path, "rb");
  file_bytes b = {NULL, 0};
  if (!CHECK(file != NULL))
    return b;
  fseek(file, 0, SEEK_END);
  b = (file_bytes){malloc((size_t)ftell(file) + 1), (size_t)ftell(file)};
  rewind(file);
  CHECK(fread(b.data, 1, b.size, file) == b.size);
  fclose(file);
  return b;
}

static inline void write_whole(const char *path, const file_bytes *b) {
  FILE *const file = fopen(path, "wb");
  CHECK(file != NULL && fwrite(b->data, 1, b->size, file) == b->size);
  fclose(file);
}

/* A file with this header and a number of bytes 0, 1, 2, ... after it. */
static inline file_bytes file_of(const char *header, size_t values) {
  const uint64_t length = strlen(header);
  file_bytes b = {malloc(sizeof length + length + values + 1), sizeof length + length + values};
  memcpy(b.data, &length, sizeof length);
  memcpy(b.data + sizeof length, header, length);
  for (size_t k = 0; k < values; k++)
    b.data[sizeof length + length + k] = (unsigned char)k;
  return b;
}

/* Checks the last failure: its status and function, and a part of its message. */
static inline void check_failed_as(int status, const char *function, const char *reason) {
  const recur_error *const e = recur_last_error();
  check_note("%s, expected: %s", function, reason);
  CHECK(e->status == status && strcmp(e->function, function) == 0);
  CHECK(strncmp(e->message, function, strlen(function)) == 0 && gives_reason(e));
  CHECK(strstr(e->message, e->argument) != NULL);
  for (const char *c = e->message; *c != 0; c++)
    CHECK(*c >= ' ' && *c <= '~');
  if (!CHECK(strstr(e->message, reason) != NULL))
    fprintf(stderr, "%s\n", e->message);
}

#endif
