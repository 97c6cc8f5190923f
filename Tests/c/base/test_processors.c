/* base/processors.h: limits of control groups, in files of the kernel's format. The test compiles
   its own copy of base/processors.c, which calls the functions below.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* mkdtemp and other POSIX functions under -std=c11 */

#include "support/check.h"

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const FOLDERS[] = {"/a", "/a/b", "/a/b/c"};
static char folder_of_groups[64];
static bool files_are_mine, affinity_is_unknown;
static long processors_online;

/* The system's files are those below `folder_of_groups`, if files_are_mine. */
static FILE *tested_open(const char *path, const char *mode) {
  char mine[4096];
  if (files_are_mine && strcmp(path, "/proc/self/cgroup") == 0)
    snprintf(mine, sizeof mine, "%s/groups", folder_of_groups);
  else if (files_are_mine)
    snprintf(mine, sizeof mine, "%s%s", folder_of_groups, path + strlen("/sys/fs/cgroup"));
  return fopen(files_are_mine ? mine : path, mode);
}

static int tested_affinity(pid_t process, size_t size, cpu_set_t *set) {
  return affinity_is_unknown ? -1 : sched_getaffinity(process, size, set);
}

static long tested_sysconf(int name) {
  return affinity_is_unknown ? processors_online : sysconf(name);
}

#define fopen tested_open
#define sched_getaffinity tested_affinity
#define sysconf tested_sysconf
#include "base/processors.c"
#undef fopen

static void write_file(const char *folder, const char *name, const char *text) {
  char path[256];
  snprintf(path, sizeof path, "%s%s/%s", folder_of_groups, folder, name);
  FILE *file = fopen(path, "w");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static size_t limit_in(const char *groups) {
  char path[256];
  write_file("", "groups", groups);
  snprintf(path, sizeof path, "%s/groups", folder_of_groups);
  return rk_processors_of_groups(path, folder_of_groups);
}

/* The limit that one file of the group /a means. */
static size_t limit_meant_by(const char *text) {
  write_file("/a", "cpu.max", text);
  return limit_in("0::/a\n");
}

int main(void) {
  check_begin();
  strcpy(folder_of_groups, "/tmp/recur-processors-XXXXXX");
  CHECK(mkdtemp(folder_of_groups) != NULL);
  for (size_t k = 0; k < 3; k++) {
    char path[256];
    snprintf(path, sizeof path, "%s%s", folder_of_groups, FOLDERS[k]);
    CHECK(mkdir(path, 0700) == 0);
  }
  CHECK(rk_processors_of_groups("/nowhere", folder_of_groups) == SIZE_MAX);
  CHECK(limit_in("") == SIZE_MAX && limit_in("0::/a/b/c\n") == SIZE_MAX);

  /* A quota is rounded up to whole processors; at least one. */
  CHECK(limit_meant_by("max 100000\n") == SIZE_MAX && limit_meant_by("") == SIZE_MAX);
  CHECK(limit_meant_by("100000 0\n") == SIZE_MAX && limit_meant_by("x\n") == SIZE_MAX);
  CHECK(limit_meant_by("200000 100000\n") == 2 && limit_meant_by("200001 100000\n") == 3);
  CHECK(limit_meant_by("1000 100000\n") == 1 && limit_meant_by("0 100000\n") == 1);

  /* The minimum of the group and those above it; other lines do not matter. */
  write_file("/a/b", "cpu.max", "500000 100000\n");
  write_file("/a", "cpu.max", "700000 100000\n");
  CHECK(limit_in("12:cpu:/x\n0::/a/b/c\n") == 5 && limit_in("0::/a\n1:cpu:/a/b\n") == 7);
  write_file("", "cpu.max", "400000 100000\n");
  CHECK(limit_in("0::/a/b/c\n") == 4 && limit_in("0::/\n") == 4 && limit_in("0::/gone\n") == 4);

  /* The minimum of the affinity, or else of all processors, and the limit. */
  files_are_mine = affinity_is_unknown = true;
  for (long n = -1; n <= 9; n++) {
    processors_online = n;
    CHECK(rk_processors() == (size_t)(n < 1 ? 1 : n > 4 ? 4 : n));
  }
  affinity_is_unknown = files_are_mine = false;
  CHECK(rk_processors() >= 1);

  /* A path that is too long is cut; the limit of the root remains. */
  char *longest = calloc(1, 5000);
  memset(longest, 'p', 4998);
  memcpy(longest, "0::/", 4);
  CHECK(limit_in(longest) == 4);
  CHECK(rk_processors_of_groups("/proc/self/cgroup", longest) == SIZE_MAX);
  free(longest);

  for (size_t k = 4; k-- > 0;) {
    char path[256];
    const char *folder = k == 0 ? "" : FOLDERS[k - 1];
    const char *const files[] = {"cpu.max", "groups"};
    for (size_t f = 0; f < 2; f++) {
      snprintf(path, sizeof path, "%s%s/%s", folder_of_groups, folder, files[f]);
      unlink(path);
    }
    snprintf(path, sizeof path, "%s%s", folder_of_groups, folder);
    CHECK(rmdir(path) == 0);
  }
  return check_end();
}
