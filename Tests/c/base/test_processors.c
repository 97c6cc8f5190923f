/* base/processors.h: limits of control groups, in files of the kernel's format.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* mkdtemp and other POSIX functions under -std=c11 */

#include "base/processors.h"
#include "support/check.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const FOLDERS[] = {"/a", "/a/b", "/a/b/c"};
static char mount[64];

static void write_file(const char *folder, const char *name, const char *text) {
  char path[256];
  snprintf(path, sizeof path, "%s%s/%s", mount, folder, name);
  FILE *file = fopen(path, "w");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static size_t limit_in(const char *groups) {
  char path[256];
  write_file("", "groups", groups);
  snprintf(path, sizeof path, "%s/groups", mount);
  return rk_processors_of_groups(path, mount);
}

/* The limit that one file of the group /a means. */
static size_t limit_of(const char *text) {
  write_file("/a", "cpu.max", text);
  return limit_in("0::/a\n");
}

int main(void) {
  check_begin();
  strcpy(mount, "/tmp/recur-processors-XXXXXX");
  CHECK(mkdtemp(mount) != NULL);
  for (size_t k = 0; k < 3; k++) {
    char path[256];
    snprintf(path, sizeof path, "%s%s", mount, FOLDERS[k]);
    CHECK(mkdir(path, 0700) == 0);
  }
  CHECK(rk_processors_of_groups("/nowhere", mount) == SIZE_MAX);
  CHECK(limit_in("") == SIZE_MAX && limit_in("0::/a/b/c\n") == SIZE_MAX);

  /* A quota is rounded up to whole processors; at least one. */
  CHECK(limit_of("max 100000\n") == SIZE_MAX && limit_of("") == SIZE_MAX);
  CHECK(limit_of("100000 0\n") == SIZE_MAX && limit_of("x\n") == SIZE_MAX);
  CHECK(limit_of("200000 100000\n") == 2 && limit_of("200001 100000\n") == 3);
  CHECK(limit_of("1000 100000\n") == 1 && limit_of("0 100000\n") == 1);

  /* The minimum of the group and those above it; other lines do not matter. */
  write_file("/a/b", "cpu.max", "500000 100000\n");
  write_file("/a", "cpu.max", "700000 100000\n");
  CHECK(limit_in("12:cpu:/x\n0::/a/b/c\n") == 5 && limit_in("0::/a\n1:cpu:/a/b\n") == 7);
  write_file("", "cpu.max", "400000 100000\n");
  CHECK(limit_in("0::/a/b/c\n") == 4 && limit_in("0::/\n") == 4 && limit_in("0::/gone\n") == 4);

  /* A path that is too long is cut; the limit of the mount remains. */
  char *longest = calloc(1, 5000);
  memset(longest, 'p', 4998);
  memcpy(longest, "0::/", 4);
  CHECK(limit_in(longest) == 4);
  free(longest);

  for (size_t k = 4; k-- > 0;) {
    char path[256];
    const char *folder = k == 0 ? "" : FOLDERS[k - 1];
    const char *const files[] = {"cpu.max", "groups"};
    for (size_t f = 0; f < 2; f++) {
      snprintf(path, sizeof path, "%s%s/%s", mount, folder, files[f]);
      unlink(path);
    }
    snprintf(path, sizeof path, "%s%s", mount, folder);
    CHECK(rmdir(path) == 0);
  }
  return check_end();
}
