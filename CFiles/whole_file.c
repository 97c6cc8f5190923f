/* Whole files: see whole_file.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* flock, fsync, mmap and realpath under -std=c11 */

#include "whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(sizeof(size_t) >= sizeof(off_t), "a size of a file is a size in memory");

static int fail_irregular(const rf_source *source) {
  return rf_fail(source, GSL_EINVAL, " is not a regular file");
}

/* Reading */

static int map(const rf_source *source, int descriptor, rf_bytes *bytes) {
  struct stat status;
  if (fstat(descriptor, &status) != 0)
    return rf_fail_system(source, "fstat");
  if (!S_ISREG(status.st_mode))
    return fail_irregular(source);
  *bytes = (rf_bytes){.size = (size_t)status.st_size};
  /* An empty file cannot be mapped. */
  if (bytes->size == 0)
    return GSL_SUCCESS;
  void *const data = mmap(NULL, bytes->size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (data == MAP_FAILED)
    return rf_fail_system(source, "mmap");
  bytes->data = data;
  bytes->mapped = true;
  return GSL_SUCCESS;
}

/* Opening a pipe would wait for its writer without O_NONBLOCK. */
int rf_map(const rf_source *source, rf_bytes *bytes) {
  const int descriptor = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0)
    return rf_fail_system(source, "open");
  const int status = map(source, descriptor, bytes);
  close(descriptor);
  return status;
}

void rf_unmap(const rf_bytes *bytes) {
  if (bytes->mapped)
    munmap((void *)bytes->data, bytes->size);
}

/* Writing */

/* A file to replace: its path without links, its folder, and the partial file. */
typedef struct {
  char *path, *folder, *partial;
} places;

/* The path without links; NULL after a failure. */
static char *resolve(const rf_source *source, const char *file) {
  struct stat status;
  const bool exists = stat(file, &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    fail_irregular(source);
    return NULL;
  }
  char *const path = exists ? realpath(file, NULL) : strdup(file);
  if (path == NULL)
    rf_fail_system(source, "realpath");
  return path;
}

/* Sets the folder and the partial file; NULL if there is not enough memory. */
static void split(places *p) {
  static const char before[] = ".", after[] = ".partial";
  const char *const slash = strrchr(p->path, '/');
  const char *const name = slash == NULL ? p->path : slash + 1;
  const size_t lead = (size_t)(name - p->path);
  const size_t size = strlen(p->path) + sizeof before + sizeof after;
  p->folder = lead == 0 ? strdup(".") : strndup(p->path, lead);
  p->partial = malloc(size);
  if (p->partial != NULL)
    snprintf(p->partial, size, "%.*s%s%s%s", (int)lead, p->path, before, name, after);
}

/* Locks a partial file. *same is false if another writer renamed or removed the file while this
   process waited. */
static int lock(const rf_source *source, const places *p, int descriptor, bool *same) {
  struct stat opened, named;
  int result;
  do
    result = flock(descriptor, LOCK_EX);
  while (result != 0 && errno == EINTR);
  if (result != 0)
    return rf_fail_system(source, "flock");
  if (fstat(descriptor, &opened) != 0)
    return rf_fail_system(source, "fstat");
  if (stat(p->partial, &named) != 0) {
    *same = false;
    return errno == ENOENT ? GSL_SUCCESS : rf_fail_system(source, "stat");
  }
  *same = opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  return GSL_SUCCESS;
}

static void fail_open(const rf_source *source) {
  if (errno == ENOENT)
    rf_fail(source, GSL_EFAILED, ": its folder does not exist");
  else
    rf_fail_system(source, "open");
}

/* Opens the partial file for one writer at a time; -1 after a failure. */
static int open_locked(const rf_source *source, const places *p) {
  for (;;) {
    const int descriptor = open(p->partial, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    bool same = false;
    if (descriptor < 0) {
      fail_open(source);
      return -1;
    }
    const int status = lock(source, p, descriptor, &same);
    if (status == GSL_SUCCESS && same)
      return descriptor;
    close(descriptor);
    if (status != GSL_SUCCESS) {
      unlink(p->partial);
      return -1;
    }
  }
}

/* What to write, and how. */
typedef struct {
  rf_write_function *write;
  void *data;
} contents;

static int fill(const rf_source *source, const places *p, int descriptor, const contents *c) {
  if (ftruncate(descriptor, 0) != 0)
    return rf_fail_system(source, "ftruncate");
  RF_TRY(c->write(source, c->data, descriptor));
  if (fsync(descriptor) != 0)
    return rf_fail_system(source, "fsync");
  /* The lock must last until the file is renamed, so this closes a duplicate to detect write
     errors. */
  const int duplicate = dup(descriptor);
  if (duplicate < 0)
    return rf_fail_system(source, "dup");
  if (close(duplicate) != 0)
    return rf_fail_system(source, "close");
  if (rename(p->partial, p->path) != 0)
    return rf_fail_system(source, "rename");
  return GSL_SUCCESS;
}

/* Makes a rename in a folder durable. */
static int synchronize(const rf_source *source, const places *p) {
  const int descriptor = open(p->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return rf_fail_system(source, "open");
  const int status = fsync(descriptor) == 0 ? GSL_SUCCESS : rf_fail_system(source, "fsync");
  close(descriptor);
  return status;
}

static int replace(const rf_source *source, const places *p, const contents *c) {
  const int descriptor = open_locked(source, p);
  if (descriptor < 0)
    return recur_last_error()->status;
  const int status = fill(source, p, descriptor, c);
  if (status != GSL_SUCCESS)
    unlink(p->partial);
  close(descriptor);
  RF_TRY(status);
  return synchronize(source, p);
}

int rf_replace(const rf_source *source, const char *path, rf_write_function *write, void *data) {
  places p = {.path = resolve(source, path)};
  if (p.path == NULL)
    return recur_last_error()->status;
  split(&p);
  const int status = p.folder == NULL || p.partial == NULL
                         ? rf_fail_memory(source, strlen(p.path))
                         : replace(source, &p, &(contents){write, data});
  free(p.path);
  free(p.folder);
  free(p.partial);
  return status;
}

static int write_chunk(const rf_source *source, int descriptor, const rf_chunk *chunk) {
  const char *data = chunk->data;
  size_t rest = chunk->size;
  while (rest > 0) {
    const ssize_t written = write(descriptor, data, rest);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return rf_fail_system(source, "write");
    data += written;
    rest -= (size_t)written;
  }
  return GSL_SUCCESS;
}

typedef struct {
  const rf_chunk *chunks;
  size_t count;
} chunk_list;

static int write_chunks(const rf_source *source, void *data, int descriptor) {
  const chunk_list *const list = data;
  for (size_t k = 0; k < list->count; k++)
    RF_TRY(write_chunk(source, descriptor, &list->chunks[k]));
  return GSL_SUCCESS;
}

int rf_replace_chunks(const rf_source *source, const char *path, const rf_chunk *chunks,
                      size_t count) {
  return rf_replace(source, path, write_chunks, &(chunk_list){chunks, count});
}
