/* recur/version.h: whether the header files and the library have the
   same version.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/version.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  if (strcmp(RECUR_VERSION, recur_version()) == 0)
    puts("same version");
  else
    printf("headers: %s, library: %s\n", RECUR_VERSION,
           recur_version());
}

/* prints:
same version
*/
