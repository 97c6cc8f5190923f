/* The processors that this process may use: see processors.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* sched_getaffinity and sysconf under -std=c11 */

#include "base/processors.h"

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST_PATH = 1024 };

/* A file `cpu.max` contains "quota period" in microseconds, or "max period". */
static size_t limit_of(const char *path) {
  unsigned long long quota, period;
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return SIZE_MAX;
  const int read = fscanf(file, "%llu %llu", &quota, &period);
  fclose(file);
  if (read != 2 || period == 0)
    return SIZE_MAX;
  const unsigned long long whole = quota / period + (quota % period != 0);
  return whole < 1 ? 1 : (size_t)whole;
}

/* Reads the path of the group in version 2, from the line "0::/path"; "" if there is none. */
static void read_group(const char *groups, char group[LONGEST_PATH]) {
  char line[LONGEST_PATH];
  group[0] = '\0';
  FILE *file = fopen(groups, "re");
  if (file == NULL)
    return;
  while (fgets(line, sizeof line, file) != NULL)
    if (strncmp(line, "0::/", 4) == 0) {
      line[strcspn(line, "\n")] = '\0';
      strcpy(group, line + 3);
    }
  fclose(file);
}

size_t rk_processors_of_groups(const char *groups, const char *mount) {
  char group[LONGEST_PATH], path[2 * LONGEST_PATH];
  size_t least = SIZE_MAX;
  read_group(groups, group);
  for (char *end = group + strlen(group); end != NULL; end = strrchr(group, '/')) {
    *end = '\0';
    if (snprintf(path, sizeof path, "%s%s/cpu.max", mount, group) < (int)sizeof path) {
      const size_t limit = limit_of(path);
      least = limit < least ? limit : least;
    }
  }
  return least;
}

static size_t in_affinity(void) {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return (size_t)CPU_COUNT(&set);
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online < 1 ? 1 : (size_t)online;
}

size_t rk_processors(void) {
  const size_t affinity = in_affinity();
  const size_t groups = rk_processors_of_groups("/proc/self/cgroup", "/sys/fs/cgroup");
  return groups < affinity ? groups : affinity;
}
