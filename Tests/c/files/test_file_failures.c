/* Writing and reading files if a system call fails: an error names the call, the old file remains,
   and no partial file is left.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* The functions of the C library that CFiles/whole_file.c calls. One call fails. */

static const char *failing = "";
static int failing_number, failing_error; /* the call that fails, from 1 */

static bool fails(const char *call) {
  if (strcmp(call, failing) != 0 || --failing_number != 0)
    return false;
  errno = failing_error;
  return true;
}

int open(const char *path, int flags, ...) {
  return fails("open") ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
}

int close(int descriptor) {
  const bool failed = fails("close");
  return (int)syscall(SYS_close, descriptor) == 0 && !failed ? 0 : -1;
}

int dup(int descriptor) {
  return fails("dup") ? -1 : (int)syscall(SYS_dup, descriptor);
}

int flock(int descriptor, int operation) {
  return fails("flock") ? -1 : (int)syscall(SYS_flock, descriptor, operation);
}

int fsync(int descriptor) {
  return fails("fsync") ? -1 : (int)syscall(SYS_fsync, descriptor);
}

int ftruncate(int descriptor, off_t size) {
  return fails("ftruncate") ? -1 : (int)syscall(SYS_ftruncate, descriptor, size);
}

int rename(const char *from, const char *to) {
  return fails("rename") ? -1 : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

/* At most 7 bytes at once. */
ssize_t write(int descriptor, const void *data, size_t size) {
  return fails("write") ? -1 : syscall(SYS_write, descriptor, data, size < 7 ? size : 7);
}

char *realpath(const char *restrict path, char *restrict resolved) {
  (void)resolved;
  return fails("realpath") ? NULL : canonicalize_file_name(path);
}

int fstat(int descriptor, struct stat *status) {
  return fails("fstat") ? -1 : fstatat(descriptor, "", status, AT_EMPTY_PATH);
}

/* If "other" fails, the file is another one. */
int stat(const char *restrict path, struct stat *restrict status) {
  const int result = fails("stat") ? -1 : fstatat(AT_FDCWD, path, status, 0);
  if (fails("other"))
    status->st_ino++;
  return result;
}

void *mmap(void *at, size_t size, int protection, int flags, int descriptor, off_t offset) {
  if (fails("mmap"))
    return MAP_FAILED;
  return (void *)syscall(SYS_mmap, at, size, protection, flags, descriptor, offset);
}

static void fail_call(const char *call, int number, int error) {
  failing = call;
  failing_number = number;
  failing_error = error;
}

/* Writing */

static int write_string(const char *value) {
  const recur_metadata pair = {"a", value};
  return recur_safetensors_write(path_of("file"), NULL, 0, &pair, 1);
}

static bool has_string(const char *value) {
  recur_safetensors *const file = recur_safetensors_open(path_of("file"));
  const bool has = file != NULL && strcmp(recur_safetensors_string(file, "a"), value) == 0;
  recur_safetensors_close(file);
  return has;
}

static void refuse_call(const char *call, int number, int error, const char *left) {
  char reason[100];
  fail_call("", 0, 0);
  CHECK(write_string("old") == GSL_SUCCESS);
  fail_call(call, number, error);
  const int status = error == ENOMEM ? GSL_ENOMEM : GSL_EFAILED;
  CHECK(write_string("new") == status);
  fail_call("", 0, 0);
  snprintf(reason, sizeof reason, "/file\": %s: %s", call, strerror(error));
  check_failed_as(status, "recur_safetensors_write", reason);
  CHECK(has_string(left) && count_files() == 1);
}

static void accept_call(const char *call, int number, int error) {
  fail_call("", 0, 0);
  CHECK(write_string("old") == GSL_SUCCESS);
  check_note("%s, %s", call, strerror(error));
  fail_call(call, number, error);
  CHECK(write_string("new") == GSL_SUCCESS && failing_number <= 0);
  fail_call("", 0, 0);
  CHECK(has_string("new") && count_files() == 1);
}

static void test_writing(void) {
  refuse_call("realpath", 1, ENOMEM, "old");
  refuse_call("open", 1, EACCES, "old");
  refuse_call("flock", 1, EIO, "old");
  refuse_call("fstat", 1, EIO, "old");
  refuse_call("stat", 2, EIO, "old");
  refuse_call("ftruncate", 1, EIO, "old");
  refuse_call("write", 1, ENOSPC, "old");
  refuse_call("write", 9, EIO, "old");
  refuse_call("fsync", 1, EIO, "old");
  refuse_call("dup", 1, EMFILE, "old");
  refuse_call("close", 1, EIO, "old");
  refuse_call("rename", 1, EACCES, "old");
  /* The folder */
  refuse_call("open", 2, EMFILE, "new");
  refuse_call("fsync", 2, EIO, "new");
}

/* Interrupted calls are repeated, and so is the lock of a file that another writer renamed. */
static void test_repeated(void) {
  accept_call("flock", 1, EINTR);
  accept_call("write", 2, EINTR);
  accept_call("stat", 2, ENOENT);
  accept_call("other", 2, 0);
}

/* Reading */

static void test_reading(void) {
  static const struct {
    const char *call;
    int error;
  } calls[] = {{"open", EACCES}, {"fstat", EIO}, {"mmap", ENODEV}, {"mmap", ENOMEM}};
  char reason[100];
  for (size_t k = 0; k < COUNT(calls); k++) {
    fail_call(calls[k].call, 1, calls[k].error);
    CHECK(recur_safetensors_open(path_of("file")) == NULL);
    fail_call("", 0, 0);
    snprintf(reason, sizeof reason, "/file\": %s: %s", calls[k].call, strerror(calls[k].error));
    check_failed_as(calls[k].error == ENOMEM ? GSL_ENOMEM : GSL_EFAILED, "recur_safetensors_open",
                    reason);
  }
  CHECK(has_string("new"));
}

int main(void) {
  begin_files();
  test_writing();
  test_repeated();
  test_reading();
  return end_files();
}
